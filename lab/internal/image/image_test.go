//go:build linux

package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("this test builds a host image and makes namespaces: run it as root")
	}
	if err := Missing(); err != nil {
		t.Fatal(err)
	}
}

// cache is the repository's: what takes long is built once, whatever the tests are about.
func cache(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../.cache/lab")
	require.NoError(t, err)
	return dir
}

// unreachable is an address of this machine where nobody listens: not one that was free a moment ago, which another test
// may have by now.
func unreachable(file string) string { return "http://127.0.0.1:1/" + file }

var (
	digest256 = strings.Repeat("0", 64)
	fixedTime = time.Unix(1e9, 0)
)

func TestHostImageHasWhatUserDataNeeds(t *testing.T) {
	needRoot(t)
	t.Parallel()
	img, err := Prepare(t.Context(), Options{Cache: cache(t), Progress: func(s string) { t.Log(s) }})
	require.NoError(t, err)
	require.Zero(t, img.Java)
	require.Zero(t, img.Kafka)
	// The commands for which user-data would ask a package manager, and what the lab itself calls.
	for _, command := range []string{
		"awk", "blkid", "cmp", "curl", "flock", "gzip", "mkfs.ext4", "ps", "tar", "sudo", "ip", "cloud-init", "systemd-run",
	} {
		found := false
		for _, dir := range []string{"usr/bin", "usr/sbin"} {
			// Not os.Stat: links like awk's are absolute, and lead out of the tree.
			if _, err := os.Lstat(filepath.Join(img.Root, dir, command)); err == nil {
				found = true
			}
		}
		require.True(t, found, "the image has no %s", command)
	}
	// Nothing in it is one host's: identities, and the name servers of the machine that built it.
	keys, err := filepath.Glob(filepath.Join(img.Root, "etc/ssh/ssh_host_*"))
	require.NoError(t, err)
	require.Empty(t, keys)
	id, err := os.ReadFile(filepath.Join(img.Root, "etc/machine-id"))
	require.NoError(t, err)
	require.Empty(t, id)
	names, err := os.ReadFile(filepath.Join(img.Root, "etc/resolv.conf"))
	require.NoError(t, err)
	require.NotContains(t, string(names), "nameserver ")
	// The user that runs Kafka comes from user-data.
	users, err := os.ReadFile(filepath.Join(img.Root, "etc/passwd"))
	require.NoError(t, err)
	require.NotContains(t, string(users), "kafka")
}

func TestWithoutTheirURLsKafkaIsAssembledAndJavaIsTheDistributions(t *testing.T) {
	needRoot(t)
	t.Parallel()
	img, err := Prepare(t.Context(), Options{
		Cache:    cache(t),
		Java:     Archive{URL: unreachable("OpenJDK21U-jre.tar.gz"), SHA256: digest256},
		Kafka:    Archive{URL: unreachable("kafka_2.13-3.7.1.tgz"), SHA256: digest256},
		Progress: func(s string) { t.Log(s) },
	})
	require.NoError(t, err)

	require.False(t, img.Java.Official)
	require.Equal(t, "Debian's package openjdk-17-jre-headless, in place of OpenJDK21U-jre.tar.gz", img.Java.From)
	java := unpack(t, img.Java)
	said, err := exec.Command(filepath.Join(java, "bin/java"), "-version").CombinedOutput()
	require.NoError(t, err, string(said))
	require.Contains(t, string(said), `openjdk version "17.`)
	requireStandsAlone(t, java)

	require.False(t, img.Kafka.Official)
	require.Equal(t, "kafka_2.13-3.7.1.tgz", img.Kafka.Name)
	kafka := unpack(t, img.Kafka)
	require.Equal(t, "kafka_2.13-3.7.1", filepath.Base(kafka))
	require.FileExists(t, filepath.Join(kafka, "libs/kafka_2.13-3.7.1.jar"))
	require.FileExists(t, filepath.Join(kafka, "config/log4j.properties"))
	// It runs, with the Java that hosts get beside it.
	id := exec.Command(filepath.Join(kafka, "bin/kafka-storage.sh"), "random-uuid")
	id.Env = append(os.Environ(), "JAVA_HOME="+java)
	said, err = id.CombinedOutput()
	require.NoError(t, err, string(said))
	require.Len(t, strings.TrimSpace(string(said)), 22)
}

// unpack unpacks an archive as hosts do and gives its one directory.
func unpack(t *testing.T, p Package) string {
	t.Helper()
	content, err := os.ReadFile(p.Path)
	require.NoError(t, err)
	sum := sha256.Sum256(content)
	require.Equal(t, hex.EncodeToString(sum[:]), p.SHA256)
	dir := t.TempDir()
	said, err := exec.Command("tar", "-xzf", p.Path, "-C", dir, "--no-same-owner").CombinedOutput()
	require.NoError(t, err, string(said))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	return filepath.Join(dir, entries[0].Name())
}

func requireStandsAlone(t *testing.T, dir string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink == 0 {
			return err
		}
		target, err := os.Readlink(path)
		require.NoError(t, err)
		require.False(t, filepath.IsAbs(target), "%s leads to %s", path, target)
		_, err = os.Stat(path)
		return err
	}))
}

func TestAnotherKafkaThanTheOneThatCanBeAssembledNeedsItsURL(t *testing.T) {
	t.Parallel()
	b := builder{cache: t.TempDir(), progress: func(string) {}}
	at := unreachable("kafka_2.13-3.9.1.tgz")
	_, err := b.archive(t.Context(), "Kafka", Archive{URL: at, SHA512: strings.Repeat("0", 128)}, b.assembledKafka)
	require.ErrorContains(t, err, "get Kafka for the hosts: ")
	require.ErrorContains(t, err, "connection refused")
	require.ErrorContains(t, err, "Only Kafka 3.7.1 can be assembled in its place")
	require.Empty(t, entries(t, b.cache))
}

// entries of a cache, without its locks.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".lock") {
			names = append(names, file.Name())
		}
	}
	return names
}

// never is what must not be asked for in place of an archive.
func never(context.Context, Archive, error) (Package, error) {
	return Package{}, errors.New("the archive was to be downloaded, not replaced")
}

func TestTheConfiguredArchiveIsDownloadedOnceAndVerified(t *testing.T) {
	t.Parallel()
	content := []byte("an archive")
	sum256, sum512 := sha256.Sum256(content), sha512.Sum512(content)
	asked := atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/gzip")
		_, _ = w.Write(content)
	}))
	defer server.Close()
	b := builder{cache: t.TempDir(), progress: func(string) {}}
	at := server.URL + "/dist/kafka.tgz"
	for _, a := range []Archive{
		{URL: at, SHA512: strings.ToUpper(hex.EncodeToString(sum512[:]))}, {URL: at, SHA512: hex.EncodeToString(sum512[:])},
	} {
		p, err := b.archive(t.Context(), "Kafka", a, never)
		require.NoError(t, err)
		require.Equal(t, Package{
			Path: p.Path, Name: "kafka.tgz", SHA256: hex.EncodeToString(sum256[:]), Official: true, From: at + ", as configured",
		}, p)
		require.EqualValues(t, 1, asked.Load())
	}

	_, err := b.archive(t.Context(), "Java", Archive{URL: at, SHA256: digest256}, never)
	require.ErrorContains(t, err, at+" has the sha256 "+hex.EncodeToString(sum256[:])+", and the configuration says "+digest256)
	_, err = b.archive(t.Context(), "Java", Archive{URL: at}, never)
	require.ErrorContains(t, err, "has no checksum")
	require.Len(t, entries(t, b.cache), 1)
}

func TestAServerThatDoesNotGiveTheArchiveIsLikeNone(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"an error":        func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"a page":          func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>log in first")) },
		"half a download": func(w http.ResponseWriter, _ *http.Request) { half(w) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(answer)
			defer server.Close()
			b := builder{cache: t.TempDir(), progress: func(string) {}}
			p, err := b.archive(t.Context(), "Java", Archive{URL: server.URL + "/java.tgz", SHA256: digest256},
				func(_ context.Context, _ Archive, why error) (Package, error) { return Package{From: why.Error()}, nil })
			require.NoError(t, err)
			require.Contains(t, p.From, "cannot be had from here")
			require.Empty(t, entries(t, b.cache))
		})
	}
}

func half(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/gzip")
	w.Header().Set("Content-Length", "100")
	_, _ = w.Write([]byte("half"))
}

func TestWhatIsCachedIsBuiltOnceHoweverManyAsk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// What a build that was killed left behind.
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "thing.partial", "half"), 0o755))
	builds := atomic.Int32{}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			b := builder{cache: dir, progress: func(string) {}}
			entry, err := b.once(t.Context(), "thing", func(partial string) error {
				builds.Add(1)
				return os.WriteFile(filepath.Join(partial, "whole"), nil, 0o644)
			})
			if err != nil || entry != filepath.Join(dir, "thing") {
				t.Errorf("got %s, %v", entry, err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, builds.Load())
	require.Equal(t, []string{"thing"}, entries(t, dir))
	require.NoDirExists(t, filepath.Join(dir, "thing", "half"))
}

func TestABuildThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	b := builder{cache: t.TempDir(), progress: func(string) {}}
	broken := errors.New("broken")
	_, err := b.once(t.Context(), "thing", func(string) error { return broken })
	require.ErrorIs(t, err, broken)
	require.Empty(t, entries(t, b.cache))
}

func TestWhoWaitsForAnothersBuildCanBeStopped(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	b := builder{cache: t.TempDir(), progress: func(said string) {
		if strings.HasPrefix(said, "waiting for another run") {
			cancel()
		}
	}}
	unlock, err := b.lock(t.Context(), "thing")
	require.NoError(t, err)
	defer unlock()
	_, err = b.once(ctx, "thing", func(string) error { return nil })
	require.ErrorIs(t, err, context.Canceled)
}

func TestACancelledBuildEndsEverythingItStarted(t *testing.T) {
	needRoot(t)
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	fifo := filepath.Join(t.TempDir(), "fifo")
	require.NoError(t, exec.Command("mkfifo", fifo).Run())
	ended := make(chan error, 1)
	go func() {
		// A grandchild that holds the other end for as long as it lives.
		ended <- confined(ctx, "", "sh", "-c", `sh -c 'exec 3>"$0"; echo up >&3; sleep 1000' "$0" & wait`, fifo)
	}()
	reader, err := os.Open(fifo)
	require.NoError(t, err)
	defer reader.Close() //nolint:errcheck // only read
	first := make([]byte, 3)
	_, err = io.ReadFull(reader, first)
	require.NoError(t, err)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	rest, err := io.ReadAll(reader)
	require.NoError(t, err)
	require.Empty(t, rest)
}

func TestPackedArchivesDependOnContentOnlyAndResolveLinksThatLeadOut(t *testing.T) {
	t.Parallel()
	system := t.TempDir()
	root := filepath.Join(system, "usr/java")
	for name, content := range map[string]string{
		"usr/java/bin/java": "program", "usr/java/lib/a": "a", "etc/java/security": "policy", "etc/java/more/deep": "deep",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(system, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(system, name), []byte(content), 0o644))
	}
	require.NoError(t, os.Chmod(filepath.Join(root, "bin/java"), 0o755))
	for link, to := range map[string]string{
		"conf": "/etc/java", "relative": "../../etc/java/security", "lib/inside": "a", "gone": "/etc/ssl/cacerts",
	} {
		require.NoError(t, os.Symlink(to, filepath.Join(root, link)))
	}
	archive := func() []byte {
		file := filepath.Join(t.TempDir(), "a.tgz")
		require.NoError(t, pack(file, "java-1", source{root: root, system: system}))
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		return content
	}
	first := archive()
	require.NoError(t, os.Chtimes(filepath.Join(root, "lib/a"), fixedTime, fixedTime))
	require.True(t, bytes.Equal(first, archive()))

	got := map[string]string{}
	zip, err := gzip.NewReader(bytes.NewReader(first))
	require.NoError(t, err)
	for reader := tar.NewReader(zip); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		content, err := io.ReadAll(reader)
		require.NoError(t, err)
		got[header.Name] = header.FileInfo().Mode().String() + " " + header.Linkname + string(content)
	}
	require.Equal(t, map[string]string{
		"java-1/": "drwxr-xr-x ", "java-1/bin/": "drwxr-xr-x ", "java-1/bin/java": "-rwxr-xr-x program",
		"java-1/conf/": "drwxr-xr-x ", "java-1/conf/more/": "drwxr-xr-x ", "java-1/conf/more/deep": "-rw-r--r-- deep",
		"java-1/conf/security": "-rw-r--r-- policy", "java-1/relative": "-rw-r--r-- policy",
		"java-1/lib/": "drwxr-xr-x ", "java-1/lib/a": "-rw-r--r-- a", "java-1/lib/inside": "Lrwxrwxrwx a",
	}, got)
}

func TestMirrorServesTheTwoArchivesAndNothingElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	java, kafka := filepath.Join(dir, "java.tar.gz"), filepath.Join(dir, "kafka.tgz")
	require.NoError(t, os.WriteFile(java, []byte("java"), 0o644))
	require.NoError(t, os.WriteFile(kafka, []byte("kafka"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "secret"), []byte("secret"), 0o644))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	mirror := Serve(listener, &Image{
		Java: Package{Path: java, Name: "java.tar.gz"}, Kafka: Package{Path: kafka, Name: "kafka.tgz"},
	})
	get := func(name string) (int, string) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String()+name, nil)
		require.NoError(t, err)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		defer response.Body.Close() //nolint:errcheck // only read
		content, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, string(content)
	}
	code, content := get("/java.tar.gz")
	require.Equal(t, http.StatusOK, code)
	require.Equal(t, "java", content)
	_, content = get("/kafka.tgz")
	require.Equal(t, "kafka", content)
	for _, other := range []string{"/secret", "/", "/../secret", "/kafka.tgz/../secret"} {
		code, _ = get(other)
		require.Equal(t, http.StatusNotFound, code, other)
	}
	require.NoError(t, mirror.Close())
	require.NoError(t, mirror.Close())
	_, err = listener.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
}

func TestWhatIsMissingIsToldWithTheCommandThatBringsIt(t *testing.T) {
	t.Parallel()
	err := missingError([]tool{{"systemd-nspawn", "systemd-container"}, {"mmdebstrap", "mmdebstrap"}})
	require.EqualError(t, err, "not found on this machine: systemd-nspawn, mmdebstrap. On Debian or Ubuntu, as root: "+
		"apt-get update && apt-get install -y systemd-container mmdebstrap")
	require.NoError(t, missingError(nil))
}
