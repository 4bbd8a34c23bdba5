package fabric

import (
	"net/http"
	"net/netip"
)

// Facility is a web service that a cloud has for its machines.
type Facility struct {
	Address netip.AddrPort
	// Name by which machines find it, over TLS, on the internet: they need a way out. "": at its address, beside the
	// machine, where no filter and no route is in the way.
	Name    string
	Handler http.Handler
}
