package templates

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the archives anew")

func TestTheArchivesAreTheDirectories(t *testing.T) {
	t.Parallel()
	for cloud, embedded := range map[string][]byte{"azure": Azure, "aws": AWS} {
		entries, err := os.ReadDir(cloud)
		if err != nil {
			t.Fatal(err)
		}
		archive := &txtar.Archive{Comment: []byte("Written by `make golden` from " + cloud + "/.\n")}
		for _, entry := range entries {
			text, err := os.ReadFile(filepath.Join(cloud, entry.Name()))
			if err != nil {
				t.Fatal(err)
			}
			archive.Files = append(archive.Files, txtar.File{Name: entry.Name(), Data: text})
		}
		want := txtar.Format(archive)
		if *update {
			if err := os.WriteFile(cloud+".txtar", want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if !bytes.Equal(want, embedded) {
			t.Errorf("%s.txtar is not what is in %s/: run `make golden`", cloud, cloud)
		}
	}
}
