package kafka

import (
	"fmt"
	"regexp"
	"strings"
)

// Lengths of RFC 1035.
const (
	maxDNSName  = 253
	maxDNSLabel = 63
)

var (
	// The underscore is no host name character (RFC 952), but AWS's documents
	// use it in the placeholder "unique_name"; a warning says so.
	dnsLabel = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$`)
	digits   = regexp.MustCompile(`^[0-9]+$`)
)

// dnsNameProblem is the rule a lower-case DNS name breaks, or "".
func dnsNameProblem(name string) string {
	if len(name) > maxDNSName {
		return fmt.Sprintf("a DNS name has at most %d characters, this has %d", maxDNSName, len(name))
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		switch {
		case label == "":
			return "a DNS name has no empty part between dots"
		case len(label) > maxDNSLabel:
			return fmt.Sprintf("a part of a DNS name has at most %d characters, %q has %d", maxDNSLabel, label, len(label))
		case !dnsLabel.MatchString(label):
			return fmt.Sprintf("a part of a DNS name has lower-case letters, digits and inner hyphens, %q has not", label)
		}
	}
	if last := labels[len(labels)-1]; digits.MatchString(last) {
		return fmt.Sprintf("a DNS name does not end in a number, %q does", name)
	}
	return ""
}
