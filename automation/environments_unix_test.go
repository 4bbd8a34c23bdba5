//go:build !windows

package automation

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The CLI is a stand-in that prints what the real one does: Pulumi Cloud alone opens environments.
func TestAStackThatTakesValuesFromAnEnvironment(t *testing.T) {
	t.Parallel()
	dir := projectFiles(t, map[string]string{
		"Pulumi.yaml": "name: house\nruntime: go", "Pulumi.dev.yaml": "environment: [acme/dev]\nconfig: {kafkalink:cloud: mars}",
	})
	options := Options{Dir: dir, Programs: moon(), Env: os.Environ()}
	_, err := Open(options)
	require.ErrorIs(t, err, ErrEnvironment)

	engine, called := script(t, `cat <<'JSON'
{
  "kafkalink:cloud": {"value": "moon", "secret": false},
  "kafkalink:cluster": {"value": "{\"brokers\":3,\"key\":\"[secret]\"}", "objectValue": {"brokers": 3, "key": "[secret]"}, "secret": true},
  "house:password": {"secret": true},
  "house:token": {"value": "[secret]", "secret": true},
  "house:motto": {"value": "[secret]", "secret": false}
}
JSON`)
	options.Engine = engine
	stack, err := OpenResolved(t.Context(), options)
	require.NoError(t, err)
	require.Equal(t, Configuration{
		"kafkalink:cloud":   "moon",
		"kafkalink:cluster": map[string]any{"brokers": 3, "key": SecretPlaceholder},
		"house:password":    SecretPlaceholder,
		"house:token":       SecretPlaceholder,
		"house:motto":       "[secret]",
	}, stack.Configuration)
	require.Contains(t, called(), "config --json --non-interactive --stack dev")
	require.NotContains(t, called(), "show-secrets")

	for says, want := range map[string]struct {
		kind Kind
		next string
	}{
		"echo 'error: environments are not supported by backend file://~' >&2; exit 255": {KindLogin, "`pulumi login`"},
		"echo 'error: PULUMI_ACCESS_TOKEN must be set for login' >&2; exit 3":            {KindLogin, "`pulumi login`"},
		"echo 'error: no stack named dev' >&2; exit 6":                                   {KindStackNotFound, "`pulumi stack init dev`"},
		"echo 'error: acme/dev does not evaluate' >&2; exit 255":                         {KindOther, "`pulumi config --stack dev` must show"},
	} {
		options.Engine, _ = script(t, says)
		_, err = OpenResolved(t.Context(), options)
		var known *Error
		require.ErrorAs(t, err, &known)
		require.Equal(t, want.kind, known.Kind, says)
		require.Contains(t, known.Next, want.next)
		_, why, _ := strings.Cut(says, "error: ")
		why, _, _ = strings.Cut(why, "'")
		require.Contains(t, known.Why, why)
	}

	options.Engine, _ = script(t, "exec sleep 1000")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = OpenResolved(ctx, options)
	var known *Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, KindCancelled, known.Kind)
}
