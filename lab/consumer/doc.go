// Package consumer is the consumer's side of a link: it resolves the advertised names as the consumer does, and asks,
// with a real Kafka client and through nothing but the link, whether Kafka is there as it was promised. It knows of no
// cloud: it is told what the consumer is told, and makes its connections with a function that it is given.
package consumer
