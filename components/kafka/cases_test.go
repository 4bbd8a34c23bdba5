package kafka_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

var update = flag.Bool("update", false, "write what the tests got into testdata")

// configuration is the part of a stack's configuration that is ours.
type configuration struct {
	Cluster kafka.Spec   `json:"cluster"`
	Links   []kafka.Link `json:"links"`
}

// textCase is a block of a testdata file:
//
//	# what is wrong
//	{"cluster": {...}, "links": [...]}
//	----
//	one line per finding
type textCase struct {
	name, config, want string
}

func readCases(t testing.TB, file string) []textCase {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	var cases []textCase
	for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		head, rest, ok := strings.Cut(block, "\n")
		require.True(t, ok && strings.HasPrefix(head, "# "), "a case begins with a comment: %s", block)
		config, want, ok := strings.Cut(rest, "\n----")
		require.True(t, ok, "a case has a ---- line: %s", block)
		cases = append(cases, textCase{strings.TrimPrefix(head, "# "), config, strings.TrimPrefix(want, "\n")})
	}
	return cases
}

// checkCases compares, or with -update rewrites, the findings of every case.
func checkCases(t *testing.T, file string, findings func(configuration) string) {
	t.Helper()
	cases := readCases(t, file)
	var rewritten []string
	for _, c := range cases {
		var config configuration
		decoder := json.NewDecoder(strings.NewReader(c.config))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&config), c.name)
		got := findings(config)
		rewritten = append(rewritten, fmt.Sprintf("# %s\n%s\n----\n%s\n", c.name, c.config, got))
		if *update {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got != c.want {
				t.Errorf("want\n%s\ngot\n%s\nto accept: go test ./components/kafka -update", c.want, got)
			}
		})
	}
	if *update {
		require.NoError(t, os.WriteFile(filepath.Join("testdata", file), []byte(strings.Join(rewritten, "\n")), 0o644))
	}
}

// golden compares a text with testdata/<file>, or writes it with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "to accept: go test ./components/kafka -update")
}

const tidbPattern = "<broker_id>.abc.eastus.azure.3199745.tidbcloud.com:<port>"

var tidb = kafka.Link{Name: "tidb", Pattern: tidbPattern}

// inSubnet gives node n the address 10.0.0.(10+n), as the documents number them.
func inSubnet(n kafka.Node) (string, error) {
	return fmt.Sprintf("10.0.%d.%d", (n.ID+10)/256, (n.ID+10)%256), nil
}

func resolve(spec kafka.Spec, links ...kafka.Link) (*kafka.Cluster, kafka.Findings) {
	return kafka.Resolve(spec, links, kafka.WithAddresses(inSubnet), kafka.WithIdentity("org/project/stack"))
}

func mustResolve(t *testing.T, spec kafka.Spec, links ...kafka.Link) *kafka.Cluster {
	t.Helper()
	c, findings := resolve(spec, links...)
	require.NoError(t, findings.Err())
	return c
}
