// Package network makes a fabric.Fabric real on one Linux machine: a network namespace per role, virtual cables between
// them, and nftables rules that do what the cloud's load balancers, filters and private links do.
//
//	consumer ── link ── vnet ─┬─ h1, h2, … a namespace per network interface
//	                          └─ internet
//
// A load balancer that has a node in each zone (fabric.Node) is addresses of vnet: a node's inbound filters are asked before
// its address is translated to a target's, its outbound ones after that, and the target's inbound ones when the source has
// become the node's. What a cloud serves to its machines, such as instance metadata, listens in vnet too, beside all filters.
//
// All namespaces are called <prefix>-<role>. Nothing but these names is visible in the machine's own network: no link,
// no address, no rule. Every rule that decides something counts what it decides, under a text for people; these
// counters and Trace are the evidence that a diagnosis is made of.
//
// Routers forget idle connections after the time that the cloud does (fabric.Idle); Hasten lets that time pass faster.
//
// Not modelled: latency, bandwidth, IPv6, peered or overlapping virtual networks, connections that the
// internet begins. As in the cloud, a changed rule is asked for new connections only; those under way go on.
package network
