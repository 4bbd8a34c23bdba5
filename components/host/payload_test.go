package host

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestPayloadIsDeterministic(t *testing.T) {
	t.Parallel()
	render := func() string {
		m := testMachine(t, testCluster(t, kafka.Spec{Properties: map[string]string{"num.io.threads": "8", "num.network.threads": "4"}}), 2)
		return Configuration(m, ConfigurationOptions{Attempt: 1, VMDigest: "vm"}).Script()
	}
	if first, second := render(), render(); first != second {
		t.Error("two renderings of the same machine differ")
	}
}

// The digest says what the host becomes; the run says which sending made it so.
func TestPayloadDigestAndRun(t *testing.T) {
	t.Parallel()
	cluster := testCluster(t, kafka.Spec{})
	base := testMachine(t, cluster, 1)
	resized := base
	resized.MemoryMiB *= 2
	tuned := base
	tuned.Cluster = testCluster(t, kafka.Spec{Properties: map[string]string{"num.io.threads": "8"}})
	linked := base
	linked.Cluster = testCluster(t, kafka.Spec{}, documentsLink, kafka.Link{Name: "second", Pattern: "<broker_id>.x.example:<port>", PortBase: 9192})
	larger := base
	larger.Cluster = testCluster(t, kafka.Spec{Brokers: 5})
	for _, c := range []struct {
		name        string
		machine     Machine
		options     ConfigurationOptions
		digest, run bool // whether they change
	}{
		{"same", base, ConfigurationOptions{}, false, false},
		{"attempt", base, ConfigurationOptions{Attempt: 1}, false, true},
		{"another VM", base, ConfigurationOptions{VMDigest: "other"}, false, true},
		{"blank disk allowed", base, ConfigurationOptions{AllowBlankDisk: true}, false, true},
		{"forced", base, ConfigurationOptions{Force: true}, false, true},
		{"another node next", base, ConfigurationOptions{Next: true}, false, true},
		{"more memory, another heap", resized, ConfigurationOptions{}, true, true},
		{"property", tuned, ConfigurationOptions{}, true, true},
		{"link", linked, ConfigurationOptions{}, true, true},
		{"two more brokers touch nobody", larger, ConfigurationOptions{}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			was, is := Configuration(base, ConfigurationOptions{}), Configuration(c.machine, c.options)
			if got := was.Digest() != is.Digest(); got != c.digest {
				t.Errorf("digest changed: %t, want %t", got, c.digest)
			}
			if got := was.Run() != is.Run(); got != c.run {
				t.Errorf("run changed: %t, want %t", got, c.run)
			}
			if got := was.Script() != is.Script(); got != c.run {
				t.Errorf("script changed: %t, want %t", got, c.run)
			}
		})
	}
}

func TestPayloadCarriesEveryFileWholeAndReadable(t *testing.T) {
	t.Parallel()
	cluster := testCluster(t, kafka.Spec{})
	p := Configuration(testMachine(t, cluster, 1), ConfigurationOptions{})
	script := p.Script()
	for _, f := range p.contents() {
		if !strings.HasSuffix(f.content, "\n") {
			t.Errorf("%s does not end in a newline, so the host's digest would differ", f.name)
		}
		want := "/" + f.name + "\" <<'KAFKALINK_END'\n" + f.content + "KAFKALINK_END\n"
		if strings.Contains(script, want) == f.packed {
			t.Errorf("%s is not in the script as it is", f.name)
		}
	}
	if !strings.Contains(script, "\nadvertised.listeners=INTERNAL://10.0.0.11:9092,EXTERNAL://b1.abc.eastus.azure.3199745.tidbcloud.com:9093\n") {
		t.Error("a reader of the script does not find the advertised listeners")
	}
	// AWS's documents hold 64 KB, and parameters are sent in base64.
	if size := len(script); size > 48*1024 {
		t.Errorf("the script has %d bytes, more than 49152", size)
	}
}

func TestHeredocsEndWhereTheirContentDoes(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"plain\n":                             "KAFKALINK_END",
		"x KAFKALINK_END\n":                   "KAFKALINK_END",
		"a\nKAFKALINK_END\nb\n":               "KAFKALINK_END_",
		"KAFKALINK_END\nKAFKALINK_END_\nrm\n": "KAFKALINK_END__",
	} {
		if got := delimiter(content); got != want {
			t.Errorf("delimiter(%q) = %s, want %s", content, got, want)
		}
	}
}

func TestScriptsSourceOnlyWhatThePayloadCarries(t *testing.T) {
	t.Parallel()
	m := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	sourced := regexp.MustCompile(`(?m)^\s*source "\$\w+/([a-z.-]+\.(?:sh|env))"`)
	for _, p := range []Payload{Configuration(m, ConfigurationOptions{}), ClusterReady(m, ConfigurationOptions{}), Spare(m, ConfigurationOptions{})} {
		carried := map[string]bool{"run.env": true}
		step := ""
		for _, f := range p.contents() {
			carried[f.name] = true
			if f.name == p.step {
				step = f.content
			}
		}
		found := sourced.FindAllStringSubmatch(step, -1)
		if len(found) == 0 {
			t.Errorf("%s is not carried, or sources nothing", p.step)
		}
		for _, s := range found {
			if !carried[s[1]] {
				t.Errorf("%s sources %s, which the payload does not carry", p.step, s[1])
			}
		}
	}
}

// The cloud must not give up before the host does.
func TestPayloadTimeoutCoversTheHostsOwnLimits(t *testing.T) {
	t.Parallel()
	m := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	for name, c := range map[string]struct {
		payload Payload
		longest string
	}{
		"configuration":               {Configuration(m, ConfigurationOptions{}), "SYNC_SECONDS"},
		"configuration, another next": {Configuration(m, ConfigurationOptions{Next: true}), "SYNC_SECONDS"},
		"cluster ready":               {ClusterReady(m, ConfigurationOptions{}), "SYNC_SECONDS"},
		"spare":                       {Spare(m, ConfigurationOptions{}), "SAFETY_SECONDS"},
	} {
		got := c.payload.Timeout()
		if got <= limitOf(c.longest) {
			t.Errorf("%s: %s, want more than its longest wait of %s", name, got, limitOf(c.longest))
		}
		if got >= 87*time.Minute {
			t.Errorf("%s: %s, and Azure allows 90 minutes", name, got)
		}
	}
}

// Nothing is restored for what other nodes do: the two last waits exclude each other.
func TestStepTimeoutIsTheLongerOfTwoWays(t *testing.T) {
	t.Parallel()
	restored := 180 + 900 + 180 + 3*30 + 600 + 330 + 300 + 900 + 12 + (330 + 300 + 900)
	for next, want := range map[bool]int{false: restored, true: restored} {
		if got := int(stepTimeout(next).Seconds()); got != want {
			t.Errorf("another node next %t: %d s, want %d s", next, got, want)
		}
	}
}
