package host

import (
	"fmt"
	"testing"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Where a machine's image has its software.
const (
	imageKafka = "/opt/image/kafka"
	imageJava  = "/opt/image/java"
)

// realMachine is node id of a cluster, as a machine under test takes it.
func realMachine(t *testing.T, cluster *kafka.Cluster, id int) Machine {
	t.Helper()
	m := testMachine(t, cluster, id)
	m.MemoryMiB = 0
	m.Disk = Disk{Paths: []string{"/run/machine/not-this-one", diskPath}}
	m.Config = Config{
		Distribution: "debian-12",
		Kafka:        Source{Path: imageKafka},
		Java:         Source{Path: imageJava},
		Heap:         "256m",
	}
	return m
}

// prepared starts a machine with a fresh system disk and boots it with its user-data.
func prepared(t *testing.T, node Machine, disk *dataDisk) *machine {
	t.Helper()
	m := startMachine(t, fmt.Sprintf("node %d", node.Node.ID))
	m.mount(kafkaDirectory(t), imageKafka)
	m.mount(javaDirectory(t), imageJava)
	if disk != nil {
		disk.attach(m)
	}
	userData, err := UserData(node)
	if err != nil {
		t.Fatal(err)
	}
	if r := m.firstBoot(userData); r.code != 0 {
		t.Fatalf("prepare.sh: %s", r.stderr)
	}
	return m
}

// mount shows a directory of this system to a machine, wherever the way to it may be closed to user kafka.
func (m *machine) mount(from, to string) {
	m.must(fmt.Sprintf("mkdir -p %s && mount --bind %s %s", to, shellQuote(from), to))
}

func TestRealHostOneNode(t *testing.T) {
	needRoot(t)
	t.Parallel()
	cluster := testCluster(t, kafka.Spec{Brokers: 1})
	node := realMachine(t, cluster, 1)
	configuration := Configuration(node, ConfigurationOptions{})
	disk := newDataDisk(t)

	m := prepared(t, node, nil)
	m.must("ip address add 10.0.0.11/24 dev lo")

	t.Log("without a data disk nothing is formatted and Kafka does not start")
	m.refused(configuration, "no data disk at /run/machine/not-this-one /run/machine/lun0 after 2 s")
	if pid := m.kafkaPID(); pid != "0" {
		t.Errorf("Kafka runs without a data disk, as process %s", pid)
	}
	disk.attach(m)

	t.Log("another node's payload is refused")
	stranger := node
	stranger.Node.ID = 7
	m.refused(Configuration(stranger, ConfigurationOptions{}),
		"this payload is for another node. Wanted: NODE_ID=7", "This machine is: NODE_ID=1")

	t.Log("a step that another one keeps waiting gives up")
	r := m.run(configuration.Script(), `cat >/run/machine/payload && chmod 700 /run/machine/payload
		exec 9>/run/kafkalink.lock && flock 9 && /run/machine/payload 9>&- </dev/null`)
	wantFailure(t, r, "another configuration step has held the lock for 2 s")

	t.Log("a disk that holds something else is not touched")
	m.must("printf 'somebody else wrote this' | dd of=" + diskPath + " bs=1 seek=4096 conv=notrunc status=none")
	m.refused(configuration, "holds something that is not kafkalink's (unknown): nothing was touched")
	m.must("dd if=/dev/zero of=" + diskPath + " bs=4096 count=2 conv=notrunc status=none")

	t.Log("first creation formats the disk, once, and starts Kafka")
	report := m.configured(configuration)
	wantReport(t, report, Report{State: StateListening, Restarted: true, Formatted: true,
		Changed: []string{"server.properties", "kafka.env", "log4j.properties", "kafkalink.conf", "heap.env"}})
	if got := m.must("cat /proc/$(systemctl show --property=MainPID --value kafka.service)/cmdline | tr '\\0' ' '"); !containsAll(got, "-Xmx256m", "kafka.Kafka /etc/kafka/server.properties") {
		t.Errorf("Kafka runs as %s", got)
	}
	if got := m.must("stat -c %U /proc/$(systemctl show --property=MainPID --value kafka.service)"); got != "kafka" {
		t.Errorf("Kafka runs as user %s, want kafka", got)
	}

	t.Log("no connection that a process opens takes a listener's port")
	if got := m.must("tr -d '\\n' </proc/sys/net/ipv4/ip_local_reserved_ports"); got != "9092,29092,39092" {
		t.Errorf("reserved ports: %s", got)
	}

	t.Log("the operator's commands work")
	if got := m.must("kafkalink-host check"); !containsAll(got, "INTERNAL: bootstrap on 10.0.0.11:9092", "EXTERNAL: bootstrap on 10.0.0.11:39092",
		"b1.abc.eastus.azure.3199745.tidbcloud.com:9093 (id: 1") {
		t.Errorf("kafkalink-host check:\n%s", got)
	}
	m.must("REPLICATION=1 kafkalink-host produce")
	wantMessages(t, m.must("kafkalink-host consume"))
	if got := m.must("kafkalink-host status"); !containsAll(got, "service: active", "Leader", "partitions not in sync: none") {
		t.Errorf("kafkalink-host status:\n%s", got)
	}

	t.Log("the same configuration again changes nothing and restarts nothing")
	before := m.kafkaPID()
	again := Configuration(node, ConfigurationOptions{Attempt: 1})
	wantReport(t, m.configured(again), Report{State: StateInSync})
	if after := m.kafkaPID(); after != before {
		t.Errorf("Kafka was restarted: process %s became %s", before, after)
	}

	t.Log("a configuration with which Kafka does not start is taken back")
	m.refused(Configuration(withProperty(t, node, "log.cleaner.threads", "-1"), ConfigurationOptions{}),
		"Kafka is not running (systemd: failed)", "The previous configuration is restored and Kafka runs with it",
		"Invalid value -1 for configuration log.cleaner.threads")
	if got := m.must("cat /etc/kafka/server.properties"); got+"\n" != cluster.ServerProperties(node.Node) {
		t.Errorf("server.properties was not restored:\n%s", got)
	}
	m.must("kafkalink-host consume")

	t.Log("a good one restarts Kafka")
	tuned := withProperty(t, node, "num.io.threads", "4")
	wantReport(t, m.configured(Configuration(tuned, ConfigurationOptions{})),
		Report{State: StateInSync, Restarted: true, Changed: []string{"server.properties"}})

	t.Log("Kafka does not start when its disk is not mounted")
	m.must("systemctl stop kafka.service && umount /var/lib/kafka")
	if r := m.run("", "systemctl start kafka.service"); r.code == 0 || m.kafkaPID() != "0" {
		t.Errorf("Kafka started without its mount: exit code %d, process %s", r.code, m.kafkaPID())
	}

	t.Log("a blank disk in place of the formatted one is refused, until the operator allows it")
	blank := newDataDisk(t)
	blank.attach(m)
	m.refused(Configuration(tuned, ConfigurationOptions{}),
		"is blank, but node 1 has a past: this machine's data disk was formatted before", "set operator.acceptBlankDisk: [1] in the stack's configuration")
	wantReport(t, m.configured(Configuration(tuned, ConfigurationOptions{AllowBlankDisk: true})),
		Report{State: StateInSync, Restarted: true, Formatted: true})
	m.destroy()

	t.Log("a new machine keeps the data of a formatted disk, whatever number user kafka has there")
	m = startMachine(t, "node 1, replaced")
	m.mount(kafkaDirectory(t), imageKafka)
	m.mount(javaDirectory(t), imageJava)
	m.must("ip address add 10.0.0.11/24 dev lo && useradd --system somebody && useradd --system --no-create-home kafka")
	disk.attach(m)
	userData, err := UserData(tuned)
	if err != nil {
		t.Fatal(err)
	}
	m.firstBoot(userData)
	report = m.configured(Configuration(tuned, ConfigurationOptions{}))
	if report.Formatted || !report.Restarted {
		t.Errorf("report %+v: want Kafka started and nothing formatted", report)
	}
	wantMessages(t, m.must("kafkalink-host consume"))
	m.must("systemctl stop kafka.service")

	t.Log("a disk of a quorum of other voters is refused")
	moved := realMachine(t, testCluster(t, kafka.Spec{Brokers: 1, Ports: kafka.Ports{Controller: 29093}}), 1)
	m.must("cp /etc/kafkalink/identity /run/machine/identity && sed -i s/29092/29093/ /etc/kafkalink/identity")
	m.refused(Configuration(moved, ConfigurationOptions{}),
		"was formed by the voters 1@10.0.0.11:29092, and this configuration says 1@10.0.0.11:29093", "Kafka was not started")
	m.must("cp /run/machine/identity /etc/kafkalink/identity")

	t.Log("another node's disk is refused")
	m.must("sed -i s/^node.id=1/node.id=2/ /var/lib/kafka/data/meta.properties")
	m.refused(Configuration(tuned, ConfigurationOptions{}), "the data disk belongs to another node (node.id=2 cluster.id=BRl69zcmTFmiPaoaANybiw)")

	t.Log("a disk with files but without meta.properties is neither blank nor formatted")
	m.must("rm /var/lib/kafka/data/meta.properties")
	m.refused(Configuration(tuned, ConfigurationOptions{}), "/var/lib/kafka/data holds files but no meta.properties")
	m.must("rm -r /var/lib/kafka/data && touch /var/lib/kafka/letter")
	m.refused(Configuration(tuned, ConfigurationOptions{AllowBlankDisk: true}), "holds files that are not Kafka's: letter")
}
