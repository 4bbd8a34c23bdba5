package kafka

import (
	"regexp"
	"strconv"
)

// versionSyntax admits the releases whose KRaft quorum is, or may be, static
// and whose server.properties are as rendered here.
var versionSyntax = regexp.MustCompile(`^3\.([789])\.(0|[1-9][0-9]{0,2})$`)

// scramIsBroken tells whether the version has CVE-2024-56128, by which SCRAM
// without TLS can be replayed. Fixed in 3.7.2, 3.8.1 and 3.9.0.
func scramIsBroken(version string) bool {
	parts := versionSyntax.FindStringSubmatch(version)
	if parts == nil {
		return false
	}
	patch, _ := strconv.Atoi(parts[2])
	return parts[1] == "7" && patch < 2 || parts[1] == "8" && patch < 1
}
