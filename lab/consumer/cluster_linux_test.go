package consumer_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// domain of the names that the brokers advertise on their listener for the link.
const domain = "abc.eastus.azure.3199745.tidbcloud.com"

const nodes = 3

// cluster is a real Kafka on loopback: nodes 1 to 3, each broker and controller. What it advertises on LINK is
// "b<id>.<domain>:<9092 + id>", which nobody finds without the link.
type cluster struct {
	dir, home string
	internal  [nodes + 1]string // loopback addresses of the listeners, by node id
	link      [nodes + 1]string
	processes [nodes + 1]*exec.Cmd
}

func kafkaHome(t *testing.T) string {
	t.Helper()
	home, err := filepath.Abs("../../.cache/kafka_2.13-3.7.1")
	require.NoError(t, err)
	if _, err := os.Stat(filepath.Join(home, ".complete")); err != nil {
		t.Fatalf("this test needs a real Kafka: run tools/assemble-kafka at the repository's root, which makes %s: %v", home, err)
	}
	if _, err := exec.LookPath("java"); err != nil {
		t.Fatalf("this test needs Java: apt-get install -y --no-install-recommends openjdk-17-jre-headless: %v", err)
	}
	return home
}

// freeAddresses are held all at once, so that they differ.
func freeAddresses(t *testing.T, n int) []string {
	t.Helper()
	var addresses []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer func() { require.NoError(t, l.Close()) }()
		addresses = append(addresses, l.Addr().String())
	}
	return addresses
}

func startCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{dir: t.TempDir(), home: kafkaHome(t)}
	free := freeAddresses(t, 3*nodes)
	var voters []string
	var controllers [nodes + 1]string
	for id := 1; id <= nodes; id++ {
		c.internal[id], c.link[id], controllers[id] = free[3*id-3], free[3*id-2], free[3*id-1]
		voters = append(voters, fmt.Sprintf("%d@%s", id, controllers[id]))
	}
	var formatting sync.WaitGroup
	failures := make([]error, nodes+1)
	for id := 1; id <= nodes; id++ {
		properties := []string{
			"process.roles=broker,controller",
			"node.id=" + strconv.Itoa(id),
			"controller.quorum.voters=" + strings.Join(voters, ","),
			"controller.listener.names=CONTROLLER",
			"listener.security.protocol.map=CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,LINK:PLAINTEXT",
			"inter.broker.listener.name=INTERNAL",
			fmt.Sprintf("listeners=CONTROLLER://%s,INTERNAL://%s,LINK://%s", controllers[id], c.internal[id], c.link[id]),
			fmt.Sprintf("advertised.listeners=INTERNAL://%s,LINK://b%d.%s:%d", c.internal[id], id, domain, 9092+id),
			"log.dirs=" + c.path(id, "data"),
			"num.network.threads=1", "num.io.threads=2", "log.cleaner.enable=false",
			// What a killed broker leaves is taken over soon.
			"broker.session.timeout.ms=3000", "broker.heartbeat.interval.ms=500",
			"controller.quorum.fetch.timeout.ms=1000", "controller.quorum.election.timeout.ms=500",
		}
		require.NoError(t, os.MkdirAll(c.path(id, "data"), 0o755))
		require.NoError(t, os.WriteFile(c.path(id, "server.properties"), []byte(strings.Join(properties, "\n")), 0o644))
		formatting.Go(func() {
			format := c.command(id, "kafka-storage.sh", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", c.path(id, "server.properties"))
			if out, err := format.CombinedOutput(); err != nil {
				failures[id] = fmt.Errorf("node %d cannot be formatted: %w\n%s", id, err, out)
			}
		})
	}
	formatting.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
	for id := 1; id <= nodes; id++ {
		c.start(t, id)
		t.Cleanup(func() { c.kill(id) })
	}
	c.awaitBrokers(t)
	return c
}

func (c *cluster) path(id int, name string) string {
	return filepath.Join(c.dir, strconv.Itoa(id), name)
}

// command of Kafka for a node, with a small heap, that does not outlive this process.
func (c *cluster) command(id int, script string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.home, "bin", script), args...)
	cmd.Env = append(os.Environ(), "KAFKA_HEAP_OPTS=-Xmx256m", "LOG_DIR="+c.path(id, "logs"),
		"KAFKA_JVM_PERFORMANCE_OPTS=-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Djava.awt.headless=true")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

func (c *cluster) start(t *testing.T, id int) {
	t.Helper()
	log, err := os.OpenFile(c.path(id, "console.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	require.NoError(t, err)
	defer func() { require.NoError(t, log.Close()) }()
	cmd := c.command(id, "kafka-server-start.sh", c.path(id, "server.properties"))
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, cmd.Start())
	c.processes[id] = cmd
}

// kill takes the process away at once; the scripts replace themselves with Java, so that it is Kafka itself.
func (c *cluster) kill(id int) {
	if cmd := c.processes[id]; cmd != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // says that it was killed
		c.processes[id] = nil
	}
}

// client goes around the link, and begins with the given addresses.
func client(t *testing.T, seeds ...string) *kgo.Client {
	t.Helper()
	c, err := kgo.NewClient(kgo.SeedBrokers(seeds...), kgo.DisableClientMetrics())
	require.NoError(t, err)
	return c
}

func (c *cluster) admin(t *testing.T) *kadm.Client {
	t.Helper()
	around := client(t, c.internal[1:]...)
	t.Cleanup(around.Close)
	return kadm.NewClient(around)
}

// awaitBrokers waits until every broker knows all; nothing else says so.
func (c *cluster) awaitBrokers(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for id := 1; id <= nodes; {
		asked := client(t, c.internal[id]) // anew each time, so that it is this broker who answers
		known, err := kadm.NewClient(asked).ListBrokers(ctx)
		asked.Close()
		if err == nil && len(known) == nodes {
			id++
			continue
		}
		select {
		case <-ctx.Done():
			for id := 1; id <= nodes; id++ {
				console, _ := os.ReadFile(c.path(id, "console.log"))
				t.Logf("node %d:\n%s", id, console[max(0, len(console)-4000):])
			}
			t.Fatalf("of %d brokers, broker %d knows %v: %v", nodes, id, known.NodeIDs(), err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// gone waits until there is no such topic; every broker learns of a deletion in its own time.
func (c *cluster) gone(t *testing.T, topic string) {
	t.Helper()
	require.NotEmpty(t, topic)
	admin := c.admin(t)
	require.Eventually(t, func() bool {
		listed, err := admin.ListTopics(t.Context())
		return err == nil && !listed.Has(topic)
	}, 30*time.Second, 100*time.Millisecond, "topic %s is still there", topic)
}

// write a record that is nobody's.
func (c *cluster) write(t *testing.T, topic string, value []byte) {
	t.Helper()
	around := client(t, c.internal[1:]...)
	defer around.Close()
	require.NoError(t, around.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Value: value}).FirstErr())
}
