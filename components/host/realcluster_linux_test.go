package host

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// connect gives machines addresses on one network: a bridge on the first of them.
func connect(t *testing.T, hub *machine, ms map[string]*machine) {
	t.Helper()
	hub.must("ip link show bridge >/dev/null 2>&1 || { ip link add bridge type bridge && ip link set bridge up; }")
	for address, m := range ms {
		port := "port" + address[strings.LastIndex(address, ".")+1:]
		// From within the hub's network but outside its process ids, so that the other end can be named by one of ours.
		enter := fmt.Sprintf("nsenter -t %d --net ip link add %s type veth peer name eth0 netns %d", hub.init, port, m.init)
		onThisSystem(t, enter)
		hub.must(fmt.Sprintf("ip link set %s master bridge up", port))
		m.must(fmt.Sprintf("ip address add %s/24 dev eth0 && ip link set eth0 up", address))
	}
}

func TestRealHostThreeNodes(t *testing.T) {
	needRoot(t)
	t.Parallel()
	cluster := testCluster(t, kafka.Spec{Brokers: 3})
	nodes, disks, ms := map[int]Machine{}, map[int]*dataDisk{}, map[int]*machine{}
	hub := startMachine(t, "hub")
	for id := 1; id <= 3; id++ {
		nodes[id], disks[id] = realMachine(t, cluster, id), newDataDisk(t)
		ms[id] = prepared(t, nodes[id], disks[id])
		connect(t, hub, map[string]*machine{nodes[id].Node.Address: ms[id]})
	}
	configuration := func(id int) Payload { return Configuration(nodes[id], ConfigurationOptions{Next: id < 3}) }

	t.Log("a machine that has no configuration yet has nothing to protect")
	ms[1].spared(Spare(nodes[1], ConfigurationOptions{}), "has not been configured yet")

	t.Log("first creation, one at a time: before there is a quorum, a node is done when it listens")
	if report := ms[1].configured(configuration(1)); report.State != StateListening || !report.Formatted {
		t.Fatalf("node 1: %+v", report)
	}
	t.Log("a configuration that comes again before the quorum forms is not held up by it")
	tuned := withProperty(t, nodes[1], "num.io.threads", "6")
	if report := ms[1].configured(Configuration(tuned, ConfigurationOptions{})); report.State != StateListening || !report.Restarted {
		t.Fatalf("node 1: %+v", report)
	}
	t.Log("before formation there is nothing to protect, whoever else the question's model knows")
	ms[1].spared(Spare(nodes[1], ConfigurationOptions{}), "the quorum has never formed")
	stranger := nodes[1]
	stranger.Node.ID = 7
	ms[1].refused(Spare(stranger, ConfigurationOptions{}), "this question is for another node. Wanted: NODE_ID=7", "Nothing was touched")
	for id := 2; id <= 3; id++ {
		want := StateListening
		if id == 3 { // two voters are a quorum, which tells the third what it needs
			want = StateInSync
		}
		if report := ms[id].configured(configuration(id)); report.State != want || !report.Formatted {
			t.Fatalf("node %d: %+v, want state %s", id, report, want)
		}
		if id == 2 {
			t.Log("first creation, interrupted: a voter that has never been there is not missed")
			ms[2].spared(Spare(nodes[2], ConfigurationOptions{}), "the cluster can spare any one node")
		}
	}
	if report := ms[1].configured(ClusterReady(nodes[1], ConfigurationOptions{})); report.State != StateClusterReady || report.Restarted {
		t.Fatalf("cluster: %+v", report)
	}

	t.Log("what one broker takes, the others give")
	ms[1].must("kafkalink-host produce")
	wantMessages(t, ms[2].must("kafkalink-host consume"))
	if got := ms[3].must("kafkalink-host check"); strings.Count(got, "(id: ") != 6 {
		t.Errorf("kafkalink-host check on node 3: want 3 brokers on 2 listeners, got:\n%s", got)
	}

	t.Log("with all in sync the cluster can spare a node, and grow, and get other ports: what is deployed counts")
	ms[1].spared(Spare(nodes[1], ConfigurationOptions{}), "the cluster can spare any one node")
	next := testCluster(t, kafka.Spec{Brokers: 5, Ports: kafka.Ports{Internal: 19092}}, kafka.Link{Name: "other", Pattern: "b<broker_id>.y.example:<port>", PortBase: 9292})
	ms[2].spared(Spare(realMachine(t, next, 2), ConfigurationOptions{}), "the cluster can spare any one node")

	t.Log("with the whole cluster in sync, a broker may restart")
	changed := withProperty(t, nodes[2], "num.io.threads", "4")
	wantReport(t, ms[2].configured(Configuration(changed, ConfigurationOptions{})),
		Report{State: StateInSync, Restarted: true, Changed: []string{"server.properties"}})

	t.Log("with one broker gone, none of the others may stop")
	ms[3].must("systemctl stop kafka.service")
	before := ms[2].kafkaPID()
	// However long this takes, controller 3 still counts as up to date, and what is left to refuse for is the partitions.
	ms[2].write("/etc/kafkalink/limits.local", testLimits+"QUORUM_LAG_MS=600000\n", "0644")
	ms[2].refused(configuration(2), "stopping node 2 is not safe, not even after 4 s",
		"without broker 2 these partitions would have fewer in-sync replicas than min.insync.replicas: test-topic-0", "operator.force: [2] in the stack's configuration skips this check")
	ms[2].write("/etc/kafkalink/limits.local", testLimits, "0644")
	ms[2].must(`set -e
		libraries=/usr/local/lib/kafkalink
		for library in host quorum safety; do source $libraries/$library.sh; done
		load_settings /etc/kafkalink
		majority_is_lost() { ! quorum_keeps_majority; }
		wait_until 20 majority_is_lost
		grep -x "without controller 2 only 1 of the 3 voters would be up to date, and the quorum needs 2" <<<"$reason"`)
	if after := ms[2].kafkaPID(); after != before {
		t.Errorf("Kafka was stopped in spite of the refusal: process %s became %s", before, after)
	}

	t.Log("nor may any machine be touched; the answer names what is out")
	for id := 1; id <= 2; id++ {
		ms[id].refused(Spare(nodes[id], ConfigurationOptions{}), "the cluster cannot spare a node, not even after 4 s: ",
			"broker 3 (replicas of test-topic-0, test-topic-1, test-topic-2", "controller 3", "Nothing was touched",
			"with the configuration as it was", "operator.force: [N]")
	}
	ms[1].spared(Spare(nodes[1], ConfigurationOptions{Force: true}), "breaks the glass")

	t.Log("a configuration that changes nothing, with another node next, says that this one cannot be spared")
	ms[1].write("/etc/kafkalink/limits.local", testLimits+"SYNC_SECONDS=4\n", "0644")
	ms[1].refused(Configuration(tuned, ConfigurationOptions{Attempt: 1, Next: true}), "nothing changed",
		"node 1 is in sync and runs the new configuration, but the cluster cannot spare the next one, not even after 4 s: ",
		"broker 3 (replicas of test-topic-0")
	wantReport(t, ms[1].configured(Configuration(tuned, ConfigurationOptions{Attempt: 2})), Report{State: StateInSync})
	ms[1].write("/etc/kafkalink/limits.local", testLimits, "0644")

	t.Log("a new machine with a blank disk is refused as a member of a running quorum that has data for it")
	ms[3].destroy()
	disks[3] = newDataDisk(t)
	ms[3] = prepared(t, nodes[3], disks[3])
	connect(t, hub, map[string]*machine{nodes[3].Node.Address: ms[3]})
	ms[3].refused(configuration(3), "is blank, but node 3 has a past: ", "Nothing was formatted")
	if got := ms[3].run("", "blkid -p "+diskPath); got.code != 2 {
		t.Errorf("the refused disk is not blank any more: %s", got.stdout)
	}

	t.Log("the operator allows it, and Kafka copies the data back")
	allowed := Configuration(nodes[3], ConfigurationOptions{AllowBlankDisk: true})
	if report := ms[3].configured(allowed); report.State != StateInSync || !report.Formatted {
		t.Fatalf("node 3: %+v", report)
	}
	wantMessages(t, ms[3].must("kafkalink-host consume"))
	if report := ms[2].configured(ClusterReady(nodes[2], ConfigurationOptions{})); report.State != StateClusterReady {
		t.Fatalf("cluster: %+v", report)
	}

	t.Log("an operator breaks the glass")
	ms[3].must("systemctl stop kafka.service")
	r := ms[2].apply(Configuration(nodes[2], ConfigurationOptions{Force: true}))
	if r.code != 0 || !strings.Contains(r.stderr, "breaks the glass: no safety check") {
		t.Fatalf("forced: exit code %d\n%s", r.code, r.stderr)
	}
}

func TestRealHostSeparateControllers(t *testing.T) {
	needRoot(t)
	t.Parallel()
	cluster := testCluster(t, kafka.Spec{Brokers: 2, Controllers: kafka.Controllers{Separate: true}})
	nodes, ms := map[int]Machine{}, map[int]*machine{}
	hub := startMachine(t, "hub")
	order := cluster.RestartOrder()
	for _, n := range order {
		nodes[n.ID] = realMachine(t, cluster, n.ID)
		ms[n.ID] = prepared(t, nodes[n.ID], newDataDisk(t))
		connect(t, hub, map[string]*machine{n.Address: ms[n.ID]})
	}
	for i, n := range order {
		id := n.ID
		t.Logf("first creation: node %d, %v", id, n.Roles)
		want := StateInSync
		if i < 2 { // no quorum yet
			want = StateListening
		}
		report := ms[id].configured(Configuration(nodes[id], ConfigurationOptions{Next: i+1 < len(order)}))
		if report.State != want || !report.Formatted || !report.Restarted {
			t.Fatalf("node %d: %+v, want state %s", id, report, want)
		}
	}
	broker, controllers := 0, []int{}
	for _, n := range order {
		if n.IsBroker() {
			broker = n.ID
		} else {
			controllers = append(controllers, n.ID)
		}
	}
	if report := ms[broker].configured(ClusterReady(nodes[broker], ConfigurationOptions{})); report.State != StateClusterReady {
		t.Fatalf("cluster: %+v", report)
	}
	for _, id := range []int{broker, controllers[0]} {
		ms[id].spared(Spare(nodes[id], ConfigurationOptions{}), "the cluster can spare any one node")
	}

	t.Log("the leader is out, and the next one has never heard from it: it is missed all the same")
	leader, err := strconv.Atoi(ms[broker].must("kafkalink-host status | awk '$6 == \"Leader\" { print $1 }'"))
	if err != nil {
		t.Fatal(err)
	}
	ms[leader].must("systemctl stop kafka.service")
	ms[broker].must(fmt.Sprintf(`set -e
		libraries=/usr/local/lib/kafkalink
		for library in host quorum; do source $libraries/$library.sh; done
		load_settings /etc/kafkalink
		wait_until 20 quorum_replication
		voter_never_fetched %[1]d && ! voter_is_new %[1]d`, leader))
	ms[broker].refused(Spare(nodes[broker], ConfigurationOptions{}), fmt.Sprintf("out or behind in the quorum: controller %d. Nothing was touched", leader))
}
