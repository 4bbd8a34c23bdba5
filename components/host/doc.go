// Package host says what a virtual machine becomes: the user-data it boots with, once, and the
// configuration it is sent later, at first boot and at every change after.
//
// User-data is frozen and numbered ([UserDataVersion]): it prepares the machine and writes what a node
// is and stays (node id, roles, cluster id, voters, address). It never starts Kafka. Everything a node
// serves (server.properties, heap, the unit's changeable parts and the host scripts themselves) arrives
// as a [Payload], a readable bash script that the cloud's control plane runs on the machine. Its last
// line of output is the host's [Report], the only thing that counts as success.
//
// The package is pure: values in, text out. It knows no cloud and no Pulumi.
package host
