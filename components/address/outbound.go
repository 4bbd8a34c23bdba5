package address

import "k8s.io/apimachinery/pkg/util/validation/field"

// Ways out of the brokers' subnets.
const (
	OutboundNATGateway = "natGateway"
	OutboundNone       = "none"
)

// CheckOutbound reports what is no way out.
func CheckOutbound(path *field.Path, outbound string) field.ErrorList {
	if outbound == OutboundNATGateway || outbound == OutboundNone {
		return nil
	}
	return field.ErrorList{field.NotSupported(path, outbound, []string{OutboundNATGateway, OutboundNone})}
}
