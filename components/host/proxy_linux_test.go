package host

import (
	"testing"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// A proxy that knows the files of the directory in which it runs, whatever host is asked for.
const fileProxy = `
import http.server, posixpath
class Proxy(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if not self.path.startswith("http://mirror.example/"):
            return self.send_error(405, "not asked as a proxy")
        self.path = "/" + posixpath.basename(self.path)
        super().do_GET()
http.server.HTTPServer(("127.0.0.1", 3128), Proxy).serve_forever()
`

func TestPreparationFetchesThroughTheProxy(t *testing.T) {
	needRoot(t)
	t.Parallel()
	directory := t.TempDir()
	_, javaSum := archive(t, directory, "jre-21", "bin/java")
	_, kafkaSum := archive(t, directory, "kafka_2.13-3.7.1", "bin/kafka-server-start.sh")
	node := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	node.Config.Java = Source{URL: "http://mirror.example/jre-21.tgz", SHA256: javaSum}
	node.Config.Kafka = Source{URL: "http://mirror.example/kafka_2.13-3.7.1.tgz", SHA256: kafkaSum}
	node.Config.Proxy = "http://127.0.0.1:3128"
	userData, err := UserData(node)
	if err != nil {
		t.Fatal(err)
	}
	m := startMachine(t, "host behind a proxy")
	m.write("/run/machine/proxy.py", fileProxy, "0644")
	m.must("cd " + directory + ` && { setsid /usr/bin/python3 /run/machine/proxy.py >/dev/null 2>&1 </dev/null & }
		for i in $(seq 100); do (: </dev/tcp/127.0.0.1/3128) 2>/dev/null && exit 0; sleep 0.1; done; exit 1`)
	if r := m.firstBoot(userData); r.code != 0 {
		t.Fatalf("prepare.sh: %d\n%s", r.code, r.stderr)
	}
	m.must("test -x /opt/kafka/bin/kafka-server-start.sh -a -x /opt/java/bin/java -a -e /var/lib/kafkalink/prepared")
}
