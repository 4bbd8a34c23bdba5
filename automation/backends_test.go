//go:build backends

package automation_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/automation"
)

// A stand-in is somebody else's imitation of a cloud's storage, on this machine, that `make backends` fetches.
type standIn struct {
	command func(host, port, dir string) []string
	// bucket makes the bucket "kafkalink".
	bucket func(t *testing.T, address string)
	// env is what a user sets to keep state there.
	env func(address string) []string
}

var standIns = map[string]standIn{
	"S3": {
		command: func(host, port, _ string) []string {
			return []string{"../bin/gofakes3", "-host", host + ":" + port, "-backend", "memory", "-initialbucket", "kafkalink"}
		},
		env: func(address string) []string {
			return []string{
				"PULUMI_BACKEND_URL=s3://kafkalink?region=us-east-1&disableSSL=true&s3ForcePathStyle=true&endpoint=http://" + address,
				"AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret",
			}
		},
	},
	"Google Storage": {
		command: func(host, port, _ string) []string {
			return []string{"../bin/fake-gcs-server", "-scheme", "http", "-backend", "memory", "-host", host, "-port", port, "-public-host", host + ":" + port}
		},
		bucket: func(t *testing.T, address string) {
			request(t, http.MethodPost, "http://"+address+"/storage/v1/b?project=kafkalink", `{"name": "kafkalink"}`, nil)
		},
		env: func(address string) []string {
			return []string{"PULUMI_BACKEND_URL=gs://kafkalink", "STORAGE_EMULATOR_HOST=" + address, "GOOGLE_OAUTH_ACCESS_TOKEN=token"}
		},
	},
	"Azure Blob": {
		command: func(host, port, dir string) []string {
			return []string{"node", "../.cache/azurite/node_modules/azurite/dist/src/blob/main.js", "--blobHost", host, "--blobPort", port,
				"--location", dir, "--skipApiVersionCheck", "--disableTelemetry"}
		},
		bucket: func(t *testing.T, address string) {
			date, path := time.Now().UTC().Format(http.TimeFormat), "/devstoreaccount1/kafkalink"
			signed := "PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:" + date + "\nx-ms-version:2021-12-02\n/devstoreaccount1" + path + "\nrestype:container"
			key, err := base64.StdEncoding.DecodeString(azuriteKey)
			require.NoError(t, err)
			mac := hmac.New(sha256.New, key)
			mac.Write([]byte(signed))
			request(t, http.MethodPut, "http://"+address+path+"?restype=container", "", map[string]string{
				"x-ms-date": date, "x-ms-version": "2021-12-02",
				"Authorization": "SharedKey devstoreaccount1:" + base64.StdEncoding.EncodeToString(mac.Sum(nil)),
			})
		},
		env: func(address string) []string {
			return []string{
				"PULUMI_BACKEND_URL=azblob://kafkalink?protocol=http&localemu=true&domain=" + address,
				"AZURE_STORAGE_ACCOUNT=devstoreaccount1", "AZURE_STORAGE_KEY=" + azuriteKey,
			}
		},
	},
}

// azuriteKey is the one that Azurite documents for everybody.
const azuriteKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

func request(t *testing.T, method, url, body string, headers map[string]string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Less(t, response.StatusCode, 300)
}

// start runs a stand-in until the test ends, and returns its address.
func (s standIn) start(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	host, port, _ := strings.Cut(address, ":")
	words := s.command(host, port, t.TempDir())
	ctx, stop := context.WithCancel(context.Background())
	server := exec.CommandContext(ctx, words[0], words[1:]...)
	said, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	server.Stdout, server.Stderr = said, said
	require.NoError(t, server.Start(), "run `make backends`")
	t.Cleanup(func() {
		stop()
		_ = server.Wait() // it was killed
		if text, err := os.ReadFile(said.Name()); err == nil && t.Failed() {
			t.Logf("%s", text)
		}
	})
	require.Eventually(t, func() bool {
		connection, err := net.DialTimeout("tcp", address, time.Second)
		return err == nil && connection.Close() == nil
	}, time.Minute, 100*time.Millisecond)
	if s.bucket != nil {
		s.bucket(t, address)
	}
	return address
}

// TestBackends goes through a stack's life with its state in each storage: examined, made, locked, unlocked, destroyed.
func TestBackends(t *testing.T) {
	for name, s := range standIns {
		t.Run(name, func(t *testing.T) {
			h, home := newHouse(t), t.TempDir()
			run := realRun(home, append(s.env(s.start(t)), "PULUMI_CONFIG_PASSPHRASE=of the user")...)

			found, err := h.stack(run).Examine(t.Context(), nil)
			require.NoError(t, err)
			for _, check := range found.Stack {
				require.False(t, check.Missing, "%+v", check)
			}
			up, err := h.stack(run).Up(t.Context(), nil)
			require.NoError(t, err)
			require.NotNil(t, up.Outputs)

			t.Log("two at once: the second is told who holds it")
			begun, goOn := make(chan struct{}), make(chan struct{})
			slow := h.stack(run, func(o *automation.Options) {
				made := o.Programs[0].Run
				o.Programs[0].Run = func(ctx *pulumi.Context) error {
					close(begun)
					<-goOn
					return made(ctx)
				}
			})
			ended := make(chan error)
			go func() { _, err := slow.Up(t.Context(), nil); ended <- err }()
			select {
			case <-begun:
			case err := <-ended:
				t.Fatalf("it ended before its program ran: %v", err)
			}
			_, err = h.stack(run).Up(t.Context(), nil)
			known := failure(t, automation.KindLocked, err)
			require.Contains(t, known.Why, "held by ")
			require.Contains(t, known.Why, ", process ")
			close(goOn)
			require.NoError(t, <-ended)

			_, err = h.stack(run).Refresh(t.Context(), nil)
			require.NoError(t, err)
			_, err = h.stack(run).Destroy(t.Context(), automation.DestroyOptions{}, nil)
			require.NoError(t, err)
		})
	}
}
