//go:build linux

package image

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
)

// kafkaFiles are the scripts and the configuration that Maven's jars of Kafka come without, and the list of the jars.
// tools/assemble-kafka uses them too.
//
//go:embed kafka
var kafkaFiles embed.FS

const (
	kafkaAssembled = "kafka_2.13-" + kafkaVersion
	kafkaVersion   = "3.7.1" // as in kafka/pom.xml
)

var kafkaFile = regexp.MustCompile(`kafka_[0-9.]+-([0-9][0-9.]*[0-9])\.(tgz|tar\.gz)`)

// assembledKafka has the layout of the official archive, jars from Maven, and scripts of ours.
func (b builder) assembledKafka(ctx context.Context, a Archive, why error) (Package, error) {
	version := kafkaFile.FindStringSubmatch(path.Base(a.URL))
	if version == nil || version[1] != kafkaVersion {
		return Package{}, fmt.Errorf("%w. Only Kafka %s can be assembled in its place: let this machine reach the URL, or "+
			"rehearse that version", why, kafkaVersion)
	}
	files, err := filesDigest(kafkaFiles)
	if err != nil {
		return Package{}, err
	}
	entry, err := b.once(ctx, "kafka-assembled-"+kafkaVersion+"-"+files, func(partial string) error {
		b.progress("assembling Kafka " + kafkaVersion + " from Maven's jars, once: " + why.Error())
		return b.assemble(ctx, filepath.Join(partial, kafkaAssembled+".tgz"))
	})
	if err != nil {
		return Package{}, err
	}
	return packageAt(entry, false,
		"assembled from Maven's jars of Kafka "+kafkaVersion+" and scripts of the lab, in place of "+path.Base(a.URL))
}

func (b builder) assemble(ctx context.Context, target string) error {
	for _, tool := range []string{"mvn", "java"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("the archive cannot be reached, and %s, which would fetch Kafka's jars, is not on PATH. "+
				"On Debian or Ubuntu, as root: apt-get update && apt-get install -y --no-install-recommends "+
				"maven default-jre-headless", tool)
		}
	}
	work := filepath.Join(filepath.Dir(target), "work")
	files, err := fs.Sub(kafkaFiles, "kafka")
	if err != nil {
		return err
	}
	if err := os.CopyFS(work, files); err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err := confined(ctx, work, "mvn", "--batch-mode", "--quiet", "-f", "pom.xml", "dependency:copy-dependencies",
			"-DincludeScope=runtime", "-DoutputDirectory="+filepath.Join(work, "libs"))
		if err == nil {
			break
		}
		if attempt == 3 || ctx.Err() != nil {
			return fmt.Errorf("fetch Kafka's jars: %w", err)
		}
		b.progress(fmt.Sprintf("Maven failed, attempt %d of 3 follows", attempt+1))
	}
	if err := os.Remove(filepath.Join(work, "pom.xml")); err != nil {
		return err
	}
	scripts, err := filepath.Glob(filepath.Join(work, "bin", "*.sh"))
	if err != nil {
		return err
	}
	for _, script := range scripts {
		if err := os.Chmod(script, 0o755); err != nil {
			return err
		}
	}
	return errors.Join(pack(target, kafkaAssembled, source{root: work}), os.RemoveAll(work))
}
