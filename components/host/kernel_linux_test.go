package host

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// withScripts puts the host scripts where a configuration puts them.
func (m *machine) withScripts() {
	m.t.Helper()
	m.must("mkdir -p /var/lib/kafkalink /var/log/kafkalink /etc/kafkalink")
	for _, name := range hostScripts {
		m.write(librariesPath+"/"+name, embeddedFile("scripts/"+name), "0755")
	}
	m.write("/etc/kafkalink/limits.env", limitsFile()+testLimits, "0644")
}

// inScripts runs a function of the host scripts.
func (m *machine) inScripts(scripts []string, command string) string {
	m.t.Helper()
	line := "set -euo pipefail; source /etc/kafkalink/limits.env"
	for _, name := range append([]string{"host.sh"}, scripts...) {
		line += "; source " + librariesPath + "/" + name
	}
	r := m.run("", line+"; "+command)
	if r.code != 0 {
		m.t.Fatalf("machine %s: %s: exit code %d\n%s%s", m.name, command, r.code, r.stdout, r.stderr)
	}
	return r.stderr
}

// TestNoKernelSettingIsMadeWorse walks every setting that we make, from a system whose own is worse, and from one whose own is better.
func TestNoKernelSettingIsMadeWorse(t *testing.T) {
	needRoot(t)
	t.Parallel()
	bounds := kernelBounds(testCluster(t, kafka.Spec{}))
	worse := map[string]int{"at-least": -1, "at-most": 1}
	for _, from := range []struct {
		name    string
		towards int
	}{{"worse", 1}, {"better", -1}} {
		t.Run(from.name, func(t *testing.T) {
			t.Parallel()
			m := startMachine(t, "kernel that is "+from.name)
			m.withScripts()
			m.write("/etc/kafkalink/kernel.bounds", bounds, "0644")
			m.write("/etc/sysctl.d/10-image.conf", "net.ipv4.ip_local_reserved_ports = 7000-7003\n", "0644")
			var want []string
			for line := range strings.Lines(bounds) {
				var name, rule string
				var bound int
				if strings.HasPrefix(line, "#") {
					continue
				}
				if n, _ := fmt.Sscan(line, &name, &rule, &bound); n < 2 {
					t.Fatalf("a bound that is none: %q", line)
				}
				if rule == "besides" {
					want = append(want, name+" = 9092,29092,39092,7000-7003")
					continue
				}
				if worse[rule] == 0 {
					t.Fatalf("%s: the rule %q is not known here", name, rule)
				}
				own := bound + from.towards*worse[rule]
				if own == bound {
					t.Fatalf("%s: %d is no other value", name, own)
				}
				m.setKernel(name, own)
				if from.towards > 0 {
					want = append(want, fmt.Sprintf("%s = %d", name, bound))
				}
			}
			m.inScripts([]string{"kernel.sh"}, "tune_kernel /etc/kafkalink/kernel.bounds")
			if got := m.must("grep -v '^#' /etc/sysctl.d/60-kafkalink.conf"); got != strings.Join(want, "\n") {
				t.Errorf("\n got %s\nwant %s", got, strings.Join(want, "\n"))
			}
			if got := m.must("tr -d '\\n' </proc/sys/net/ipv4/ip_local_reserved_ports"); got != "7000-7003,9092,29092,39092" {
				t.Errorf("reserved ports: %s", got)
			}

			t.Log("a second run changes nothing")
			before := m.must("cat /etc/sysctl.d/60-kafkalink.conf")
			m.inScripts([]string{"kernel.sh"}, "tune_kernel /etc/kafkalink/kernel.bounds")
			if after := m.must("cat /etc/sysctl.d/60-kafkalink.conf"); after != before {
				t.Errorf("\n got %s\nwant %s", after, before)
			}
		})
	}
}

// setKernel gives a setting a value of the system's own. All but those of the network are this system's, too: a file is in their place.
func (m *machine) setKernel(name string, value int) {
	m.t.Helper()
	path := "/proc/sys/" + strings.ReplaceAll(name, ".", "/")
	if strings.HasPrefix(name, "net.") {
		m.must(fmt.Sprintf("echo %d >%s", value, path))
		return
	}
	file := "/run/machine/" + name
	m.must(fmt.Sprintf("echo %d >%s && mount --bind %s %s", value, file, file, path))
}
