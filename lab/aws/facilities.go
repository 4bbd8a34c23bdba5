package aws

import (
	"net/netip"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
)

// Account is how facilities see and change the simulated account.
type Account struct {
	Region string
	View   func() simcloud.View
	// PutParameter is what an instance asks of Systems Manager, in its own name: simcloud/aws.PutParameter.
	PutParameter func(instanceID, name, value string, overwrite bool) error
}

var (
	metadataAddress = netip.MustParseAddrPort("169.254.169.254:80")
	// ssmAddress is of a range reserved for documentation (RFC 5737).
	ssmAddress = netip.MustParseAddrPort("203.0.113.20:443")
)

// Facilities are the instance metadata service, and the API of Systems Manager in a region, as far as instances of ours use
// it: to put parameters.
func Facilities(account Account) []fabric.Facility {
	issued := &credentials{}
	return []fabric.Facility{
		{Address: metadataAddress, Handler: &metadata{account: account, credentials: issued}},
		{Address: ssmAddress, Name: "ssm." + account.Region + ".amazonaws.com", Handler: &systemsManager{account: account, credentials: issued}},
	}
}
