package host

import (
	"fmt"
	"strings"
)

// identity is what a machine is and stays, as NAME=value lines: user-data writes it, and a payload is
// applied only where it finds the same.
func (m Machine) identity() string {
	return fmt.Sprintf("NODE_ID=%d\nROLES=%s\nCLUSTER_ID=%s\nVOTERS=%s\nADDRESS=%s\nCONTROLLER_PORT=%d\nINTERNAL_PORT=%d\n",
		m.Node.ID, m.roles(), m.Cluster.ID, m.Cluster.Voters(), m.Node.Address,
		m.Cluster.Ports.Controller, m.Cluster.Ports.Internal)
}

func (m Machine) roles() string {
	roles := make([]string, len(m.Node.Roles))
	for i, role := range m.Node.Roles {
		roles[i] = string(role)
	}
	return strings.Join(roles, ",")
}
