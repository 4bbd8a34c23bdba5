package azure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/azure"
)

func TestARegisteredSubscriptionEncryptsAtHostButNotARunningMachine(t *testing.T) {
	t.Parallel()
	s := fill(emptyWith(t, azure.CloudWith(azure.Features{EncryptionAtHost: true}), simcloud.Options{}))
	require.NoError(t, nic2(s))
	for _, value := range []bool{false, true} {
		require.EqualError(t, update("vm1", inVM1("securityProfile.encryptionAtHost", value))(s),
			refusal(409, "OperationNotAllowed", "'securityProfile.encryptionAtHost' of VM vm1 can be changed only while it is deallocated."))
	}
	encrypted := with(with(machine("x", "nic2", "disk1", "1"), "storageProfile.dataDisks", list{}), "securityProfile.encryptionAtHost", true)
	require.NoError(t, create("VirtualMachine", "x", encrypted)(s))
}
