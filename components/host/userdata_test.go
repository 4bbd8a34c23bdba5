package host

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/components/kafka"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// goldenMachines are the hosts whose user-data is frozen: each distribution and each kind of node.
func goldenMachines(t *testing.T) map[string]Machine {
	t.Helper()
	machines := map[string]Machine{
		"broker-only":         testMachine(t, testCluster(t, kafka.Spec{Brokers: 5}), 5),
		"separate-controller": testMachine(t, testCluster(t, kafka.Spec{Controllers: kafka.Controllers{Separate: true}}), 101),
	}
	for _, distribution := range Distributions() {
		m := testMachine(t, testCluster(t, kafka.Spec{}), 1)
		m.Config.Distribution = distribution
		machines[distribution] = m
	}
	return machines
}

func TestUserDataIsFrozen(t *testing.T) {
	t.Parallel()
	hashes := map[string]string{}
	for name, m := range goldenMachines(t) {
		userData, err := UserData(m)
		if err != nil {
			t.Fatal(err)
		}
		hashes[name] = sha256Hex(userData)
	}
	text, err := json.MarshalIndent(map[string]any{"version": UserDataVersion, "sha256": hashes}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "userdata.json", string(text)+"\n",
		"the user-data changed, which replaces VMs: bump UserDataVersion and say so in the CHANGELOG")
}

func TestGoldenHostFiles(t *testing.T) {
	t.Parallel()
	m := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	userData, err := UserData(m)
	if err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "broker-1.user-data.yaml", userData, "the user-data of the documents' broker 1 changed")
	p := Configuration(m, ConfigurationOptions{})
	var variable strings.Builder
	for _, f := range p.contents() {
		if !strings.HasSuffix(f.name, ".sh") {
			variable.WriteString("==> " + f.name + "\n" + f.content)
		}
	}
	compareGolden(t, "broker-1.configuration.txt", variable.String(), "the configuration of the documents' broker 1 changed")
}

// compareGolden compares got with a golden file, or rewrites it with -update.
func compareGolden(t *testing.T, name, got, means string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	t.Errorf("%s.\n%s, %s\nIf that is intended: go test ./components/host/ -update", means, path, firstDifference(got, string(want)))
}

func firstDifference(got, want string) string {
	gotLines, wantLines := strings.SplitAfter(got, "\n"), strings.SplitAfter(want, "\n")
	for i := range min(len(gotLines), len(wantLines)) {
		if gotLines[i] != wantLines[i] {
			return fmt.Sprintf("line %d:\n got %q\nwant %q", i+1, gotLines[i], wantLines[i])
		}
	}
	return fmt.Sprintf("got %d lines, want %d", len(gotLines), len(wantLines))
}

// What may change later must not be in what is frozen.
func TestUserDataHoldsNothingThatMayChange(t *testing.T) {
	t.Parallel()
	plain := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	changed := plain
	changed.Cluster = testCluster(t, kafka.Spec{Brokers: 5, Properties: map[string]string{"num.io.threads": "8"}},
		documentsLink, kafka.Link{Name: "second", Pattern: "<broker_id>.x.example:<port>", PortBase: 9192})
	changed.MemoryMiB, changed.Config.Heap = 65536, "3g"
	changed.Disk = Disk{Paths: []string{"/dev/disk/azure/data/by-lun/7"}}
	before, err := UserData(plain)
	if err != nil {
		t.Fatal(err)
	}
	after, err := UserData(changed)
	if err != nil {
		t.Fatal(err)
	}
	if before != after {
		t.Error("a link, a property, brokers, heap, size or disk path changes the user-data, and so replaces the machine")
	}
	if Configuration(plain, ConfigurationOptions{}).Digest() == Configuration(changed, ConfigurationOptions{}).Digest() {
		t.Error("the same changes do not change the configuration")
	}
}

func TestUserDataStartsNoKafka(t *testing.T) {
	t.Parallel()
	for name, m := range goldenMachines(t) {
		userData, err := UserData(m)
		if err != nil {
			t.Fatal(err)
		}
		var config cloudConfig
		if err := yaml.Unmarshal([]byte(userData), &config); err != nil {
			t.Fatal(err)
		}
		for _, f := range config.WriteFiles {
			if strings.HasSuffix(f.Path, "server.properties") {
				t.Errorf("%s: user-data writes %s, and Kafka could start", name, f.Path)
			}
			for _, word := range []string{"systemctl start", "systemctl enable", "systemctl restart", "mkfs.ext4 -", "kafka-storage.sh"} {
				if strings.Contains(f.Content, word) {
					t.Errorf("%s: %s holds %q", name, f.Path, word)
				}
			}
		}
	}
}

func TestUserDataFailsOnAnInvalidConfig(t *testing.T) {
	t.Parallel()
	m := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	m.Config.Distribution = "plan9"
	if _, err := UserData(m); err == nil || !strings.HasPrefix(err.Error(), "user-data of node 1: hosts.distribution: ") {
		t.Errorf("got %v", err)
	}
}

func TestUserDataIsSmall(t *testing.T) {
	t.Parallel()
	const least = 16 * 1024 // of all clouds, that of which machines take least
	for name, m := range goldenMachines(t) {
		userData, err := UserData(m)
		if err != nil {
			t.Fatal(err)
		}
		if len(userData) > least {
			t.Errorf("%s: user-data is %d bytes, more than %d", name, len(userData), least)
		}
	}
}
