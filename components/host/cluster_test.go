package host

import (
	"fmt"
	"testing"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// documentsLink is the link of the documents' Azure set-up.
var documentsLink = kafka.Link{
	Name:    "tidb",
	Pattern: "<broker_id>.abc.eastus.azure.3199745.tidbcloud.com:<port>",
}

// testCluster resolves a cluster whose nodes have the addresses 10.0.0.11, 10.0.0.12, ... by position.
func testCluster(t *testing.T, spec kafka.Spec, links ...kafka.Link) *kafka.Cluster {
	t.Helper()
	spec.ID = "BRl69zcmTFmiPaoaANybiw"
	if len(spec.Zones) == 0 {
		spec.Zones = []string{"1", "2", "3"}
	}
	if len(links) == 0 {
		links = []kafka.Link{documentsLink}
	}
	next := 10
	cluster, findings := kafka.Resolve(spec, links, kafka.WithAddresses(func(kafka.Node) (string, error) {
		next++
		return fmt.Sprintf("10.0.0.%d", next), nil
	}))
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	return cluster
}

// testMachine is a node of a cluster on hardware like the documents'.
func testMachine(t *testing.T, cluster *kafka.Cluster, id int) Machine {
	t.Helper()
	node, found := cluster.Node(id)
	if !found {
		t.Fatalf("no node %d", id)
	}
	return Machine{
		Cluster:   cluster,
		Node:      node,
		MemoryMiB: 8192,
		Disk:      Disk{Paths: []string{"/dev/disk/azure/data/by-lun/0", "/dev/disk/azure/scsi1/lun0"}},
	}
}
