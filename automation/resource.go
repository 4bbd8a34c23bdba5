package automation

import (
	"strings"
	"unicode"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func (t *tracker) resource(m apitype.StepEventMetadata) Resource {
	state := m.New
	if state == nil {
		state = m.Old
	}
	return t.named(m.URN, state != nil && !state.Custom)
}

func (t *tracker) named(urn string, component bool) Resource {
	return nameResource(urn, component, t.label)
}

// nameResource names a resource in the words of label, or else by type and name: "virtual machine kafka-broker-1".
func nameResource(urn string, component bool, label func(Resource) string) Resource {
	r := Resource{URN: urn, Type: typeOf(urn), Name: resource.URN(urn).Name(), Component: component}
	if label != nil {
		r.Label = label(r)
	}
	if r.Label == "" {
		r.Label = words(r.Type[strings.LastIndex(r.Type, ":")+1:]) + " " + r.Name
	}
	return r
}

func typeOf(urn string) string { return string(resource.URN(urn).Type()) }

// words spells a type's name: "PrivateLinkService" is "private link service", "NATGateway" is "nat gateway".
func words(name string) string {
	runes := []rune(name)
	var out strings.Builder
	for i, r := range runes {
		startsWord := unicode.IsUpper(r) && i > 0 &&
			(unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if startsWord {
			out.WriteByte(' ')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}
