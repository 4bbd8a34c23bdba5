package consumer

import (
	"context"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDialerDoesNotKnockTwiceWhereNobodyAnswered(t *testing.T) {
	t.Parallel()
	const silent, refusing = "192.168.100.4:9093", "192.168.100.4:9094"
	dialled := map[string]int{}
	d := &dialer{silent: map[string]silence{}, options: Options{
		Dial: func(_ context.Context, _, address string) (net.Conn, error) {
			dialled[address]++
			if address == refusing {
				return nil, syscall.ECONNREFUSED
			}
			return nil, os.ErrDeadlineExceeded
		},
	}}
	for range 3 {
		_, err := d.dial(t.Context(), "tcp", silent)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		_, err = d.dial(t.Context(), "tcp", refusing)
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
	}
	require.Equal(t, map[string]int{silent: 1, refusing: 3}, dialled)

	s := d.silent[silent]
	s.until = time.Now()
	d.silent[silent] = s
	_, err := d.dial(t.Context(), "tcp", silent)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.Equal(t, 2, dialled[silent], "later it may answer again")
}
