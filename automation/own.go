package automation

import (
	"os"
	"path/filepath"
	"strings"
)

// ownDir, below a project's directory, holds what operations keep there: nothing that anybody should commit.
const ownDir = ".kafkalink"

// makeOwn makes a directory below ownDir, with its parents.
func makeOwn(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	own := dir[:strings.LastIndex(dir, ownDir)+len(ownDir)]
	return os.WriteFile(filepath.Join(own, ".gitignore"), []byte("*\n"), 0o600)
}
