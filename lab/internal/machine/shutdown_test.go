//go:build linux

package machine

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAHostShutsDownInItsOwnTimeAndComesBackWhenItIsStarted(t *testing.T) {
	t.Parallel()
	s := spec(t, noUserData)
	s.NameServer, s.Authority = netip.MustParseAddr("169.254.169.253"), []byte("-----BEGIN CERTIFICATE-----\nlab\n-----END CERTIFICATE-----\n")
	d := disk(t, 1)
	h := boot(t, s)
	require.Equal(t, "nameserver 169.254.169.253", must(t, h, "cat /etc/resolv.conf"))
	require.Equal(t, "lab", must(t, h, "tail -n 2 /etc/ssl/certs/ca-certificates.crt | head -n 1"))
	must(t, h, "aws --version && test $(grep -c BEGIN /etc/ssl/certs/ca-certificates.crt) -gt 100")

	require.NoError(t, h.Attach(d, []string{lun0}))
	require.False(t, h.Mounted(d))
	must(t, h, formatAndMount)
	require.True(t, h.Mounted(d))
	must(t, h, "systemd-run --quiet --unit=slow --property=ExecStop='/bin/sh -c \"sleep 1; echo stopped >/var/lib/kafka/said\"' --property=RequiresMountsFor=/var/lib/kafka sleep infinity")

	require.NoError(t, h.Shutdown(t.Context()))
	require.False(t, h.Running())
	require.False(t, h.Mounted(d))
	require.NoError(t, h.Shutdown(t.Context()), "once more")

	require.NoError(t, h.Restart(t.Context()))
	require.Equal(t, "stopped", must(t, h, "mountpoint -q /var/lib/kafka || mount /var/lib/kafka; cat /var/lib/kafka/said"))
	require.True(t, h.Mounted(d))
}
