// Package azure holds the Pulumi components that stand up Kafka on Azure virtual machines and expose it through a
// Private Link Service.
//
// Three components make a cluster: Network (where it lives), Link (a consumer's way in: an internal load balancer and
// its Private Link Service) and Brokers (the machines, and the chain that configures them one at a time). They meet in
// plain values, so everything that can be wrong is said by a plan's Validate before anything is registered.
//
// On Azure, membership in a backend pool is written on the network interface, so a Link is made before the brokers it
// reaches and exports its pools by node id. To expose machines this package did not create, put those pools on their
// network interfaces.
package azure
