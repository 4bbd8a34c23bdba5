//go:build linux

package image

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
)

const javaPackage = "openjdk-17-jre-headless"

var javaVersion = regexp.MustCompile(`(?m)^JAVA_VERSION="([^"]+)"$`)

// debianJava is the distribution's own Java, of the release that hosts run, as an archive that needs no installation.
func (b builder) debianJava(ctx context.Context, a Archive, why error) (Package, error) {
	entry, err := b.once(ctx, "java-"+suite+"-"+javaPackage+"-1", func(partial string) error {
		b.progress("making an archive of Debian's " + javaPackage + ", once: " + why.Error())
		return b.repackJava(ctx, partial)
	})
	if err != nil {
		return Package{}, err
	}
	return packageAt(entry, false, "Debian's package "+javaPackage+", in place of "+path.Base(a.URL))
}

func (b builder) repackJava(ctx context.Context, target string) error {
	work := filepath.Join(target, "work")
	if err := os.Mkdir(work, 0o755); err != nil {
		return err
	}
	// Extracted, not installed: of what installing adds, the store of certificates is missing.
	if err := b.bootstrap(ctx, filepath.Join(work, "tree"), "extract", []string{javaPackage}); err != nil {
		return err
	}
	homes, err := filepath.Glob(filepath.Join(work, "tree/usr/lib/jvm/java-17-openjdk-*/release"))
	if err != nil {
		return err
	}
	if len(homes) != 1 {
		return fmt.Errorf("the package %s of Debian has %d Javas in it, not one", javaPackage, len(homes))
	}
	release, err := os.ReadFile(homes[0])
	if err != nil {
		return err
	}
	version := javaVersion.FindSubmatch(release)
	if version == nil {
		return fmt.Errorf("%s names no JAVA_VERSION", homes[0])
	}
	name := javaPackage + "-" + string(version[1])
	err = pack(filepath.Join(target, name+".tar.gz"), name, source{
		root: filepath.Dir(homes[0]),
		// Debian's has links into /etc: they lead into what was extracted.
		system: filepath.Join(work, "tree"),
	})
	return errors.Join(err, os.RemoveAll(work))
}
