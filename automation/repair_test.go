//go:build !windows

package automation

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhereABackendOfFilesIs(t *testing.T) {
	t.Parallel()
	op := &operation{dir: "/project", command: &command{env: []string{"HOME=/home/maria"}}}
	for backend, want := range map[string]string{
		"file:///var/state":              "/var/state",
		"file:///var/my%20state?no_tmp=": "/var/my state",
		"file://~":                       "/home/maria",
		"file://~/state":                 "/home/maria/state",
		"file://./state":                 "/project/state",
		"s3://state":                     "",
		"https://api.pulumi.com":         "",
	} {
		require.Equal(t, want, op.directory(backend), backend)
	}
}
