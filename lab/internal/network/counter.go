package network

// Counter is how many packets met a rule of the network, since the network was opened. A rule about connections, like a
// load balancer's, counts only the first packet of each, and again where that is repeated.
type Counter struct {
	ID      string `json:"id"`    // the first word of the nftables rule's comment
	Where   string `json:"where"` // "private link" or "cloud network"
	What    string `json:"what"`  // unique there
	Drops   bool   `json:"drops"`
	Packets uint64 `json:"packets"`
}
