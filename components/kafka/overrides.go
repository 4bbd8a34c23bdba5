package kafka

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

var propertySyntax = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$`)

// merged are the user's properties of one node: its own over the cluster's.
func merged(cluster, node map[string]string) map[string]string {
	all := maps.Clone(cluster)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, node)
	return all
}

func (d *draft) checkProperties() {
	path := clusterPath.Child("properties")
	d.checkOverrides(path, d.spec.Properties, d.spec.Properties)
	for _, n := range d.nodes {
		if n.listed {
			d.checkProvidersAreCommon(n)
			d.checkOverrides(n.path.Child("properties"), n.Properties, merged(d.spec.Properties, n.Properties))
		}
	}
}

// checkProvidersAreCommon: a node with other providers could not read the
// references in the cluster's properties.
func (d *draft) checkProvidersAreCommon(n draftNode) {
	if value, set := n.Properties[providersKey]; set {
		d.invalid(n.path.Child("properties").Key(providersKey), value, "config providers are the same on every node",
			"move it to cluster.properties")
	}
}

// checkOverrides of one level; effective are those of this level and above.
func (d *draft) checkOverrides(path *field.Path, properties, effective map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		d.checkOverride(path, key, properties[key], effective)
	}
}

func (d *draft) checkOverride(path *field.Path, key, value string, effective map[string]string) {
	if !propertySyntax.MatchString(key) {
		if isSecretValue(key) {
			key = "(not shown, as it looks like a secret)"
		}
		d.invalid(path, key, "is no property name (letters, digits, dots, hyphens and underscores)", "write it as Kafka's documentation does")
		return
	}
	path = path.Key(key)
	if rule, remedy, owned := owner(key); owned {
		d.report(Forbidden(path, rule, remedy))
		return
	}
	if carriesSecret(key, value) {
		d.report(Forbidden(path, "looks like a secret, and would be readable in the host's script and in Pulumi's state",
			"put it into a file on the hosts and refer to it, as ${file:/etc/kafka/secrets.properties:key}"))
		return
	}
	if rule := valueProblem(value); rule != "" {
		d.invalid(path, value, rule, "write the value on one line, without spaces around it")
		return
	}
	if name, unknown := unknownProvider(value, effective); unknown {
		d.invalid(path, value, fmt.Sprintf("refers to a config provider %q that is not configured", name),
			"use file, dir or env, or configure it in config.providers")
		return
	}
	d.checkSecurity(path, key, value)
	d.warnOfOverride(path, key, value)
}

// valueProblem is the rule a value breaks, or "".
func valueProblem(value string) string {
	switch {
	case !utf8.ValidString(value):
		return "is not valid UTF-8"
	case strings.ContainsFunc(value, isLineBreakOrControl):
		return "has a line break or another control character"
	case strings.TrimSpace(value) != value:
		return "begins or ends with a space"
	}
	return ""
}

// isLineBreakOrControl adds Unicode's separators to its control characters:
// some readers take them for line ends.
func isLineBreakOrControl(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp)
}
