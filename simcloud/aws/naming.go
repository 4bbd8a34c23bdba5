package aws

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/kafkalink/kafkalink/simcloud"
)

// naming is how a type's resources come by their names.
type naming struct {
	input    string
	noPrefix bool // the type takes no name prefix
	max      int
	rules    []nameRule
}

// nameRule is something asked of a name; what it says is the provider's sentence, with the name for %q.
type nameRule struct {
	bad  *regexp.Regexp
	says string
}

func (n *naming) prefixInput() string {
	if n.noPrefix {
		return n.input
	}
	return n.input + "Prefix"
}

func nameIn(n *naming, properties simcloud.Properties) string {
	if n == nil {
		return ""
	}
	return properties.Text(n.input)
}

func (n *naming) check(c *simcloud.Checker) {
	if !c.Inputs.Has(n.input) && !c.Inputs.Has(n.prefixInput()) {
		c.Fail(n.input, "'%s' cannot be chosen: the resource's name and %d random characters are longer than %d", n.input, randomDigits+1, n.max)
	}
	if !n.noPrefix && c.Inputs.Has(n.input) && c.Inputs.Has(n.prefixInput()) {
		c.Fail(n.input, "Conflicting configuration arguments: '%s' conflicts with '%s'", n.input, n.prefixInput())
	}
	c.Each(n.input, func(path string, value any) {
		name, ok := value.(string)
		if !ok {
			return
		}
		if len(name) > n.max {
			c.Fail(path, "'%s' is %q, %d characters long: must have at most %d", path, name, len(name), n.max)
		}
		for _, rule := range n.rules {
			if rule.bad.MatchString(name) {
				c.Fail(path, "'%s' is %q: %s", path, name, rule.says)
				return
			}
		}
	})
}

// given makes the name of a resource that has only a prefix of one, as the provider does when it creates.
func (n *naming) given(id func(*simcloud.Identity) (string, string)) func(*simcloud.Identity) (string, string) {
	return func(identity *simcloud.Identity) (string, string) {
		if prefix := identity.Inputs.Text(n.prefixInput()); !identity.Inputs.Has(n.input) && prefix != "" {
			identity.Inputs[n.input] = prefix + stamp(identity.Unique())
		}
		return id(identity)
	}
}

// stamp makes 26 digits of a hexadecimal text, as the provider's names have them after their prefix: a time and a count.
func stamp(unique string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= 'a' {
			return r - 'a' + '0'
		}
		return r
	}, unique)
	return "20260102" + digits[:10] + "00000001"
}

// chosen is the input by which the provider remembers which inputs are defaults of its own.
const chosen = "__defaults"

// defaults fills in names, the defaults of the provider's schema and the provider's own tags.
func defaults(schema *simcloud.Schema, types []awsType) func(*simcloud.Defaults) {
	byToken := map[string]awsType{}
	for _, t := range types {
		byToken[t.Token] = t
	}
	return func(d *simcloud.Defaults) {
		t := byToken[d.Kind.Token]
		for _, name := range t.documents {
			writeDocument(d.Inputs, name)
		}
		if schema.HasInput(t.Token, "tags") {
			addDefaultTags(d)
		}
		var filled []string
		for _, name := range slices.Sorted(maps.Keys(t.inputDefaults)) {
			if rival := t.undefaulted[name]; !d.Inputs.Has(name) && (rival == "" || !d.Inputs.Has(rival)) {
				d.Inputs[name] = t.inputDefaults[name]
				filled = append(filled, name)
			}
		}
		if t.name != nil && t.name.choose(d) {
			filled = append(filled, t.name.input)
		}
		d.Inputs[chosen] = texts(filled)
	}
}

// randomDigits are those at the end of a chosen name.
const randomDigits = 7

// choose gives a resource a name unless the program does; it says whether the name is the provider's.
func (n *naming) choose(d *simcloud.Defaults) bool {
	if d.Inputs.Has(n.input) || d.Inputs.Has(n.prefixInput()) {
		return false
	}
	if slices.Contains(d.Before.Texts(chosen), n.input) {
		d.Inputs[n.input] = d.Before[n.input]
		return true
	}
	name, err := resource.NewUniqueName(d.Seed, d.Name+"-", randomDigits, n.max, nil)
	if err != nil {
		return false
	}
	d.Inputs[n.input] = name
	return true
}

// namedByHand says when a replacement must delete first: the program gave the name, and it stays.
func namedByHand(types []awsType) func(kind *simcloud.Kind, before, after simcloud.Properties) bool {
	names := map[string]string{}
	for _, t := range types {
		if t.name != nil {
			names[t.Token] = t.name.input
		}
	}
	return func(kind *simcloud.Kind, _, after simcloud.Properties) bool {
		name, ok := names[kind.Token]
		return ok && after.Has(name) && !slices.Contains(after.Texts(chosen), name)
	}
}

// writeDocument turns a document that a program gave as an object into text, as the provider does.
func writeDocument(inputs simcloud.Properties, name string) {
	object := inputs.Object(name)
	if object == nil {
		return
	}
	if simcloud.HoldsUnknown(map[string]any(object)) {
		inputs[name] = simcloud.Unknown{}
	} else if text, err := json.Marshal(object); err == nil {
		inputs[name] = string(text)
	}
}

// addDefaultTags adds the tags of aws:defaultTags, which a resource's own win over.
func addDefaultTags(d *simcloud.Defaults) {
	var configured struct{ Tags map[string]any }
	_, unknown := d.Inputs["tags"].(simcloud.Unknown)
	if unknown || json.Unmarshal([]byte(d.Settings["defaultTags"]), &configured) != nil || len(configured.Tags) == 0 {
		return
	}
	tags := maps.Clone(configured.Tags)
	for name, value := range d.Inputs.Object("tags") {
		tags[name] = value
	}
	d.Inputs["tags"] = tags
}
