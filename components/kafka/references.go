package kafka

import (
	"regexp"
	"slices"
	"strings"
)

// referenceSyntax is Kafka's own: ${provider:path:key} or ${provider:key}
// (org.apache.kafka.common.config.ConfigTransformer).
var referenceSyntax = regexp.MustCompile(`\$\{([^}]*?):(([^}]*?):)?([^}]*?)\}`)

// configProviders come with Kafka; those that a node's properties refer to are
// configured for it, unless the user configures providers himself.
var configProviders = map[string]string{
	"dir":       "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
	"directory": "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
	"env":       "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
	"file":      "org.apache.kafka.common.config.provider.FileConfigProvider",
}

const providersKey = "config.providers"

// withoutReferences is what of a value is written down, and not fetched by the
// host.
func withoutReferences(value string) string { return referenceSyntax.ReplaceAllString(value, "") }

// referredProviders are the names of the providers used in values, sorted.
func referredProviders(properties map[string]string) []string {
	var names []string
	for _, value := range properties {
		for _, found := range referenceSyntax.FindAllStringSubmatch(value, -1) {
			names = append(names, found[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// providerSettings configures the providers that the properties refer to.
func providerSettings(properties map[string]string) []property {
	if _, set := properties[providersKey]; set {
		return nil
	}
	names := referredProviders(properties)
	if len(names) == 0 {
		return nil
	}
	settings := []property{{providersKey, strings.Join(names, ",")}}
	for _, name := range names {
		settings = append(settings, property{providersKey + "." + name + ".class", configProviders[name]})
	}
	return settings
}

// unknownProvider is the first provider a value refers to that nobody
// configures.
func unknownProvider(value string, properties map[string]string) (string, bool) {
	own, set := properties[providersKey]
	for _, found := range referenceSyntax.FindAllStringSubmatch(value, -1) {
		name := found[1]
		known := configProviders[name] != ""
		if set {
			known = slices.Contains(strings.Split(strings.ReplaceAll(own, " ", ""), ","), name)
		}
		if !known {
			return name, true
		}
	}
	return "", false
}
