package templates

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write azure.txtar anew")

func TestTheArchiveIsTheDirectory(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("azure")
	if err != nil {
		t.Fatal(err)
	}
	archive := &txtar.Archive{Comment: []byte("Written by `make golden` from azure/.\n")}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join("azure", entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		archive.Files = append(archive.Files, txtar.File{Name: entry.Name(), Data: text})
	}
	want := txtar.Format(archive)
	if *update {
		if err := os.WriteFile("azure.txtar", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(want, Azure) {
		t.Error("azure.txtar is not what is in azure/: run `make golden`")
	}
}
