package tests

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
)

// foreignOnAWS is what other people have in the account and region of the documents' set-up: volumes, interfaces and
// documents whose tags and names are like ours, with our addresses in a network of their own.
func foreignOnAWS(w *simcloud.World) error {
	const vpc, subnet = "vpc-0ffffffffffffffff", "subnet-0fffffffffffffff1"
	theirs := aws.Existing{
		Subnets:   []aws.ExistingSubnet{{ID: subnet, Vpc: vpc, CIDR: "10.0.0.0/18", ZoneID: "usw2-az1"}},
		Documents: []string{"kafkalink-kafka-00000000", "kafkalink-kafka"},
	}
	for i, zone := range []string{"usw2-az1", "usw2-az2", "usw2-az3"} {
		for j, name := range []string{"broker-node-%d-data-copy", "broker-node-1%d-data", "other-node-%d-data", "Broker-node-%d-data"} {
			theirs.Volumes = append(theirs.Volumes, aws.ExistingVolume{
				ID: fmt.Sprintf("vol-0ffffffffffffff%d%d", i, j), ZoneID: zone, Tags: map[string]string{"Name": fmt.Sprintf(name, i+1)},
			})
		}
		theirs.Interfaces = append(theirs.Interfaces, aws.ExistingInterface{
			ID: fmt.Sprintf("eni-0ffffffffffffff%d", i), Subnet: subnet, Address: fmt.Sprintf("10.0.0.%d", 4+i),
			Tags: map[string]string{"Name": fmt.Sprintf("broker-node-%d", i+1)},
		})
	}
	// One has our tags, in a zone where our volume of that name is not.
	theirs.Volumes = append(theirs.Volumes, aws.ExistingVolume{
		ID: "vol-0fffffffffffffff0", ZoneID: "usw2-az3", Tags: map[string]string{"Name": "broker-node-1-data"},
	})
	return theirs.Put(w)
}

// foreign is what others have in a cloud, as it was before a stack came.
type foreign []*simcloud.Resource

// settled puts what others have into a cloud that is empty.
func (c cloud) settled(w *simcloud.World) error {
	if c.foreign == nil {
		return nil
	}
	return c.foreign(w)
}

// settle does so, and remembers it.
func settle(t *testing.T, c cloud, server *simcloud.Server) foreign {
	t.Helper()
	require.NoError(t, server.Mutate(c.settled))
	return server.View().List("")
}

// wantUntouched wants each of them as it was.
func (f foreign) wantUntouched(t *testing.T, view simcloud.View, what string) {
	t.Helper()
	for _, was := range f {
		now, there := view.Get(was.ID)
		require.True(t, there, "%s: %s is gone", what, was.ID)
		require.Equal(t, was.Properties, now.Properties, "%s: %s", what, was.ID)
		require.Equal(t, was.Computed, now.Computed, "%s: %s", what, was.ID)
	}
}

// others are the ids of a cloud's resources without theirs.
func (f foreign) others(view simcloud.View) []string {
	return slices.DeleteFunc(ids(view), func(id string) bool {
		return slices.ContainsFunc(f, func(r *simcloud.Resource) bool { return shownID(r.ID) == id })
	})
}
