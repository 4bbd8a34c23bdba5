package kafka

import (
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

var scramKey = regexp.MustCompile(`(?i)(^|\.)sasl\.(enabled\.mechanisms|mechanism\.[a-z.]*protocol)$`)

// checkSecurity of a property. All listeners are PLAINTEXT, so what configures
// TLS or SASL is unused, and SCRAM would be without TLS.
func (d *draft) checkSecurity(path *field.Path, key, value string) {
	if asksForSCRAM(key, value) && scramIsBroken(d.spec.Version) {
		d.invalid(path, value, fmt.Sprintf("SCRAM without TLS is open to replay in Kafka %s (CVE-2024-56128)", d.spec.Version),
			"set cluster.version to 3.7.2, 3.8.1, 3.9.0 or later, or remove it")
		return
	}
	lower := strings.ToLower(key)
	for _, prefix := range []string{"sasl.", "ssl.", "listener.name."} {
		if strings.HasPrefix(lower, prefix) {
			d.warn(path, key, "has no effect: every listener is PLAINTEXT", "remove it")
			return
		}
	}
}

func asksForSCRAM(key, value string) bool {
	if strings.Contains(value, "ScramLoginModule") || strings.Contains(strings.ToLower(key), ".scram-sha-") {
		return true
	}
	return scramKey.MatchString(key) && strings.Contains(strings.ToUpper(value), "SCRAM")
}
