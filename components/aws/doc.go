// Package aws holds the Pulumi components that stand up Kafka on EC2 instances and expose it through a VPC endpoint
// service.
//
// Three components make a cluster: Network (where it lives), Link (a consumer's way in: an internal Network Load Balancer
// and its VPC endpoint service) and Brokers (the machines, and the chain that configures them one at a time). They meet in
// plain values, so everything that can be wrong is said by a plan's Validate before anything is registered.
//
// Availability zones are named by their ids, like usw2-az1, which mean the same in every account; their names, like
// us-west-2a, do not. A target group leads to addresses, so a Link takes the addresses of any brokers, also of those that
// this package did not create.
package aws
