package kafka

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	placeholderSyntax = regexp.MustCompile(`<[^<>]*>`)
	placeholders      = []string{placeholderBroker, placeholderNode, placeholderZone, placeholderRandom, placeholderUnique, placeholderPort}
	// randomSyntax is TiDB Cloud's own rule for the string.
	randomSyntax = regexp.MustCompile(`^[0-9a-z]+$`)
	// uniqueSyntax is that of a part of a host name.
	uniqueSyntax = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

const examplePattern = `as "<broker_id>.abc.eastus.azure.3199745.tidbcloud.com:<port>" or "<broker_id>.<zone>.<unique_name>.aws.plc.tidbcloud.com:<port>"`

func (d *draft) checkPattern(i int) {
	path, pattern := linkPath(i).Child("pattern"), d.links[i].Pattern
	if pattern == "" {
		d.report(Missing(path, "brokers advertise themselves by it", "copy the Kafka Advertised Listener Pattern from TiDB Cloud, "+examplePattern))
		return
	}
	ok := d.checkRandom(i) && d.checkUniqueName(i)
	for _, found := range placeholderSyntax.FindAllString(pattern, -1) {
		if !slices.Contains(placeholders, found) {
			d.invalid(path, pattern, fmt.Sprintf("has the unknown placeholder %q", found), "use only "+strings.Join(placeholders, ", "))
			ok = false
		}
	}
	if strings.Count(pattern, placeholderPort) != 1 || !strings.HasSuffix(pattern, ":"+placeholderPort) {
		d.invalid(path, pattern, `must have <port> once, as ":<port>" at its end`, "copy it from TiDB Cloud as it is")
		ok = false
	}
	if !strings.Contains(pattern, placeholderBroker) && !strings.Contains(pattern, placeholderNode) {
		d.invalid(path, pattern, "has no placeholder for the broker, so all brokers would have one name",
			"put "+placeholderBroker+" or "+placeholderNode+" where the broker's id belongs")
		ok = false
	}
	if slices.Contains(strings.Split(d.links[i].hostPattern(), "."), standIn) {
		d.invalid(path, pattern, "has the word "+standIn+", which stands for a name that the consumer is given", "write "+placeholderUnique+" in its place")
		ok = false
	}
	if ok {
		d.checkAdvertisedHosts(i)
	}
}

func (d *draft) checkRandom(i int) bool {
	l, path := d.links[i], linkPath(i).Child("random")
	inPattern := strings.Contains(l.Pattern, placeholderRandom)
	switch {
	case l.Random == "" && inPattern:
		d.report(Missing(path, "the pattern has "+placeholderRandom, "set the unique random string you gave TiDB Cloud"))
		return false
	case l.Random == "":
		return true
	case !randomSyntax.MatchString(l.Random):
		d.invalid(path, l.Random, "has characters other than digits and lower-case letters", "use the unique random string you gave TiDB Cloud")
		return false
	case !inPattern && !slices.Contains(strings.Split(l.hostPattern(), "."), l.Random):
		d.invalid(path, l.Random, "is not in the pattern, so the consumer would be told another string than brokers advertise",
			"remove it, or put "+placeholderRandom+" into the pattern")
		return false
	}
	return true
}

// checkUniqueName lets a name be unknown: the consumer has it only after it has
// connected.
func (d *draft) checkUniqueName(i int) bool {
	l, path := d.links[i], linkPath(i).Child("uniqueName")
	switch {
	case !l.Bound():
		d.Warnings = append(d.Warnings, Missing(path, "until it is known, the consumer connects and reaches no broker by its name",
			"let the consumer connect, then run `kafkalink bind --link "+l.Name+" --unique-name NAME` with the name that it shows"))
	case l.UniqueName == "":
	case !strings.Contains(l.Pattern, placeholderUnique):
		d.invalid(path, l.UniqueName, "is nowhere in the pattern", "put "+placeholderUnique+" into the pattern, or remove the name")
		return false
	case !uniqueSyntax.MatchString(l.UniqueName):
		d.invalid(path, l.UniqueName, "is no part of a host name: at most 63 lower-case letters, digits and inner hyphens",
			"copy the unique name exactly as the consumer shows it")
		return false
	}
	return true
}

// checkAdvertisedHosts reports the first broker whose name is wrong; what is
// wrong with one is mostly wrong with all.
func (d *draft) checkAdvertisedHosts(i int) {
	l, path := d.links[i], linkPath(i).Child("pattern")
	taken := map[string]int{}
	for _, n := range d.brokers() {
		if n.Zone == "" && strings.Contains(l.Pattern, placeholderZone) {
			d.invalid(path, l.Pattern, fmt.Sprintf("has %s, and broker %d has no zone", placeholderZone, n.ID), "give every broker a zone")
			return
		}
		host := l.AdvertisedHost(n.Node)
		if problem := dnsNameProblem(host); problem != "" {
			d.invalid(path, l.Pattern, fmt.Sprintf("names broker %d %q: %s", n.ID, host, problem), "copy the pattern exactly as the consumer shows it")
			return
		}
		if rival, used := taken[host]; used && rival != n.ID {
			d.invalid(path, l.Pattern, fmt.Sprintf("names both broker %d and broker %d %q", rival, n.ID, host), "separate the placeholders by a dot or a letter")
			return
		}
		taken[host] = n.ID
	}
	if strings.Contains(strings.ReplaceAll(placeholderSyntax.ReplaceAllString(l.Pattern, ""), ":", ""), "_") {
		d.warn(path, l.Pattern, "has an underscore, which host names have not", "if it is a stand-in, put in the name the consumer was given")
	}
}

// warnOfSharedNames: one name cannot lead to two endpoint services, unless two
// consumers resolve it apart.
func (d *draft) warnOfSharedNames() {
	taken := map[string]int{}
	for i, l := range d.links {
		name := l.AdvertisedPattern()
		rival, used := taken[name]
		if used && name != "" && d.links[rival].Endpoint != l.Endpoint {
			d.warn(linkPath(i).Child("pattern"), l.Pattern,
				fmt.Sprintf("names brokers as links[%d] does, on another endpoint", rival),
				"ask the consumer for a pattern of its own, unless it resolves these names itself")
			continue
		}
		taken[name] = i
	}
}
