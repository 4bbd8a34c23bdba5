// Package kafka is the model of one Apache Kafka cluster and of the links
// through which other accounts reach it.
//
// It is pure: plain values in, plain values out. Resolve turns what a user
// wrote into a Cluster, or reports every problem at once. All else is derived
// from the Cluster: the port map, server.properties, bootstrap ports, and the
// hand-off to the consumer.
package kafka
