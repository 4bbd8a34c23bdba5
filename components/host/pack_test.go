package host

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// TestPackedScriptsAreTheScripts fails after a change of a script until the archive is made anew.
func TestPackedScriptsAreTheScripts(t *testing.T) {
	t.Parallel()
	want := map[string]string{}
	for _, name := range packedScripts {
		want[name] = embeddedFile("scripts/" + name)
	}
	if maps.Equal(unpacked(t, scriptsArchive), want) {
		return
	}
	if !*update {
		t.Fatal("scripts.tgz does not hold the scripts as they are: go test ./components/host -run Packed -update")
	}
	if err := os.WriteFile("scripts.tgz", packed(t, want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestPayloadsUnpackToTheScripts(t *testing.T) {
	t.Parallel()
	m := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	archive := regexp.MustCompile(`(?s)\nbase64 -d <<'KAFKALINK_END' \| tar -xzf - -C "\$incoming"\n(.*?)\nKAFKALINK_END\n`)
	for _, p := range []Payload{Configuration(m, ConfigurationOptions{}), ClusterReady(m, ConfigurationOptions{}), Spare(m, ConfigurationOptions{})} {
		found := archive.FindStringSubmatch(p.Script())
		if found == nil {
			t.Fatalf("%s carries no archive", p.step)
		}
		content, err := base64.StdEncoding.DecodeString(found[1])
		if err != nil {
			t.Fatal(err)
		}
		scripts := unpacked(t, content)
		for _, f := range p.contents() {
			if f.packed && scripts[f.name] != f.content {
				t.Errorf("%s of %s is not in the archive as it is", f.name, p.step)
			}
		}
		if scripts[p.step] == "" {
			t.Errorf("the step %s is not in the archive", p.step)
		}
	}
}

func unpacked(t *testing.T, archive []byte) map[string]string {
	t.Helper()
	files := map[string]string{}
	if len(archive) == 0 {
		return files
	}
	plain, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	for reader := tar.NewReader(plain); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		files[header.Name] = string(content)
	}
}

// packed is an archive without times and owners, so that the same files give the same.
func packed(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var archive bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&archive, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	writer := tar.NewWriter(compressed)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := writer.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(files[name])), Format: tar.FormatUSTAR}); err != nil {
			t.Fatal(err)
		}
		if _, err := writer.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	for _, closer := range []io.Closer{writer, compressed} {
		if err := closer.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return archive.Bytes()
}
