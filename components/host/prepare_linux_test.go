package host

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// archive packs one program as a release archive would, in a directory of its own, and gives the file
// and its SHA-256.
func archive(t *testing.T, directory, name, program string) (file, sum string) {
	t.Helper()
	path := filepath.Join(directory, name, program)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	file = filepath.Join(directory, name+".tgz")
	if out, err := exec.Command("tar", "-czf", file, "-C", directory, name).CombinedOutput(); err != nil {
		t.Fatalf("tar: %v: %s", err, out)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(content)
	return file, hex.EncodeToString(digest[:])
}

// serve has the machine itself serve a directory on loopback.
func (m *machine) serve(directory string, port int) {
	m.t.Helper()
	m.must(fmt.Sprintf(`cd %[1]s && { setsid /usr/bin/python3 -m http.server %[2]d --bind 127.0.0.1 >/dev/null 2>&1 </dev/null & }
		for i in $(seq 100); do curl --silent --fail --output /dev/null http://127.0.0.1:%[2]d/ && exit 0; /usr/bin/sleep 0.1; done
		exit 1`, directory, port))
}

func TestPreparationFetchesAndVerifiesArchives(t *testing.T) {
	needRoot(t)
	t.Parallel()
	mirror := t.TempDir()
	_, javaSum := archive(t, mirror, "jre-21", "bin/java")
	_, kafkaSum := archive(t, mirror, "kafka_2.13-3.7.1", "bin/kafka-server-start.sh")

	node := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	const at = "http://127.0.0.1:8000/"
	node.Config.Java = Source{URL: at + "jre-21.tar.gz", SHA256: javaSum}
	node.Config.Kafka = Source{URL: at + "kafka_2.13-3.7.1.tgz", SHA256: strings.Repeat("0", 64)}
	if err := os.Rename(filepath.Join(mirror, "jre-21.tgz"), filepath.Join(mirror, "jre-21.tar.gz")); err != nil {
		t.Fatal(err)
	}
	m := startMachine(t, "mirror and host")
	m.serve(mirror, 8000)
	boot := func() result {
		userData, err := UserData(node)
		if err != nil {
			t.Fatal(err)
		}
		return m.firstBoot(userData)
	}

	t.Log("what does not have the configured checksum is not installed, and configurations say so")
	wantFailure(t, boot(), "has the checksum "+kafkaSum+", not the configured one")
	if got := m.run("", "test -e /opt/kafka"); got.code == 0 {
		t.Error("Kafka was installed in spite of its checksum")
	}
	m.refused(Configuration(node, ConfigurationOptions{}), "the preparation of this machine failed: kafka from "+at)

	t.Log("with the right one it is, for good: a second run fetches nothing")
	node.Config.Kafka.SHA256 = kafkaSum
	if r := boot(); r.code != 0 || !strings.Contains(r.stderr, "fetching "+at+"kafka_2.13-3.7.1.tgz") ||
		strings.Contains(r.stderr, "fetching "+at+"jre") {
		t.Fatalf("prepare.sh: %d\n%s", r.code, r.stderr)
	}
	m.must("test -x /opt/kafka/bin/kafka-server-start.sh -a -x /opt/java/bin/java -a -e /var/lib/kafkalink/prepared -a ! -e /var/lib/kafkalink/prepare.failed")
	if r := boot(); r.code != 0 || strings.Contains(r.stderr, "fetching") {
		t.Fatalf("prepare.sh, again: %d\n%s", r.code, r.stderr)
	}
}

func TestAFailedPreparationIsRepeatedByTheConfiguration(t *testing.T) {
	needRoot(t)
	t.Parallel()
	const at, silent = "http://127.0.0.1:8000/", "http://127.0.0.1:8001/"
	served, kept := t.TempDir(), t.TempDir()
	_, javaSum := archive(t, served, "jre-21", "bin/java")
	kafkaFile, kafkaSum := archive(t, kept, "kafka_2.13-3.7.1", "bin/kafka-server-start.sh")
	node := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	node.Config.Java = Source{Mirror: silent + "jre-21.tgz", URL: at + "jre-21.tgz", SHA256: javaSum}
	node.Config.Kafka = Source{Mirror: silent + "kafka-3.7.1.tgz", URL: at + "kafka_2.13-3.7.1.tgz", SHA256: kafkaSum}
	m := startMachine(t, "host with two sources")
	m.write("/usr/local/bin/sleep", "#!/bin/sh\n", "0755") // pauses are not what this is about
	m.serve(served, 8000)
	userData, err := UserData(node)
	if err != nil {
		t.Fatal(err)
	}

	t.Log("Java's second source serves where the mirror does not; of Kafka there is none")
	r := m.firstBoot(userData)
	wantFailure(t, r, "kafka is not at "+at+"kafka_2.13-3.7.1.tgz (404)")
	wantFailure(t, r, "cannot fetch kafka from "+silent+"kafka-3.7.1.tgz")
	m.must("test -x /opt/java/bin/java -a ! -e /var/lib/kafkalink/prepared")
	if n := strings.Count(r.stderr, "fetching "+at+"kafka_2.13-3.7.1.tgz"); n != 1 {
		t.Errorf("a source without the file was asked %d times, wanted once", n)
	}
	if n := strings.Count(r.stderr, "fetching "+silent+"kafka-3.7.1.tgz"); n != 5 {
		t.Errorf("a source that did not answer was asked %d times, wanted five", n)
	}

	t.Log("a configuration prepares again, and says why that failed, too")
	p := Configuration(node, ConfigurationOptions{})
	m.refused(p, "preparing it again", "the preparation of this machine failed: kafka is not at "+at, "Run up again")

	t.Log("when the cause is gone the same configuration goes on from there")
	if err := os.Link(kafkaFile, filepath.Join(served, "kafka_2.13-3.7.1.tgz")); err != nil {
		t.Fatal(err)
	}
	m.refused(p, "preparing it again", "no data disk at ")
	m.must("test -x /opt/kafka/bin/kafka-server-start.sh -a -e /var/lib/kafkalink/prepared -a ! -e /var/lib/kafkalink/prepare.failed")
	if again := m.apply(p); strings.Contains(again.stderr, "preparing it again") {
		t.Errorf("a machine that is prepared was prepared again:\n%s", again.stderr)
	}

	t.Log("so does one that finds a preparation that a power cut ended, which left no word")
	m.must("rm -r /var/lib/kafkalink/prepared /opt/java")
	m.write("/usr/local/bin/cloud-init", "#!/bin/sh\nexit 0\n", "0755")
	m.refused(p, "it was cut off; preparing it again", "no data disk at ")
	m.must("test -e /var/lib/kafkalink/prepared -a -x /opt/java/bin/java")
}
