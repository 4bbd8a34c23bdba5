// Package lab is a data plane for simulated clouds, on one Linux machine, as root: networks become network namespaces
// and nftables rules, virtual machines become containers that boot their own user-data with cloud-init and systemd,
// data disks become files that outlive their machines. It acts on what is deployed in the simulated cloud, never on
// what a program meant to deploy, so that a mistake breaks the lab as it would break the cloud.
//
// README.md says what it does not model.
package lab
