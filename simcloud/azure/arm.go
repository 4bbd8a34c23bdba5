package azure

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

// armType is a resource type as Azure Resource Manager has it: a kind with an address.
type armType struct {
	simcloud.Kind
	// path is the type's place under the resource group, with the inputs that fill it:
	// "Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}". Empty: the group itself.
	path  string
	names nameRule
}

const groupPath = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"

var parameter = regexp.MustCompile(`{(\w+)}`)

func (t armType) pattern() string {
	if t.path == "" {
		return groupPath
	}
	return groupPath + "/providers/" + t.path
}

// parameters are the inputs in the address, the resource's own name last.
func (t armType) parameters() []string {
	var names []string
	for _, match := range parameter.FindAllStringSubmatch(t.pattern(), -1) {
		if match[1] != "subscriptionId" {
			names = append(names, match[1])
		}
	}
	return names
}

func (t armType) nameInput() string {
	parameters := t.parameters()
	return parameters[len(parameters)-1]
}

// id fills the address in.
func (t armType) id(settings map[string]string, inputs simcloud.Properties) string {
	return parameter.ReplaceAllStringFunc(t.pattern(), func(match string) string {
		name := strings.Trim(match, "{}")
		if name == "subscriptionId" {
			return settings[name]
		}
		return inputs.Text(name)
	})
}

// kind completes the kernel's kind with what holds for all of ARM.
func (t armType) kind(schema *simcloud.Schema) *simcloud.Kind {
	kind := t.Kind
	parameters := t.parameters()
	own := t.nameInput()
	kind.Replaces = append(slices.Clone(kind.Replaces), parameters...)
	kind.Required = append(slices.Clone(kind.Required), own) // missing only where automatic naming is switched off
	kind.ID = func(identity *simcloud.Identity) (string, string) {
		id := t.id(identity.Settings, identity.Inputs)
		return id, parentOf(id)
	}
	kind.InputsOf = func(id string) simcloud.Properties {
		inputs := simcloud.Properties{}
		values := strings.Split(id, "/")
		for i, part := range strings.Split(t.pattern(), "/") {
			if name := strings.Trim(part, "{}"); name != part && name != "subscriptionId" && i < len(values) {
				inputs[name] = values[i]
			}
		}
		return inputs
	}
	kind.Check = func(c *simcloud.Checker) {
		t.names.check(c, own)
		if t.Check != nil {
			t.Check(c)
		}
	}
	if schema.HasInput(kind.Token, "location") {
		kind.Rules = append([]simcloud.Rule{locationGiven, locationKept}, kind.Rules...)
	}
	kind.Compute = func(tx *simcloud.Transaction) error {
		tx.After.Computed["etag"] = `W/"` + identifiers.GUID(tx.Unique("etag"+tx.After.Properties.JSON())) + `"`
		if tx.Creating() {
			tx.After.Computed["resourceGuid"] = identifiers.GUID(tx.Unique("resourceGuid"))
		}
		if t.Compute != nil {
			return t.Compute(tx)
		}
		return nil
	}
	return &kind
}

// get is the function that reads a resource of this type: azure-native:network:getSubnet. It takes "expand" and ignores it:
// azure-native v2 builds the query of a GET function and then asks without it.
func (t armType) get(cloud *simcloud.Cloud) *simcloud.Function {
	at := strings.LastIndexByte(t.Token, ':') + 1
	function := &simcloud.Function{Token: t.Token[:at] + "get" + t.Token[at:], Required: t.parameters(), Optional: []string{"expand"}}
	function.Invoke = func(view simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
		id := t.id(settings, arguments)
		r, ok := view.Get(id)
		if !ok {
			return nil, missing("", id, "")
		}
		shown := cloud.Show(view, r)
		shown["id"] = r.ID
		return shown, nil
	}
	return function
}

// parentOf is the id of what a resource lies in: another resource, or its group; a group lies in nothing.
func parentOf(id string) string {
	parts := strings.Split(id, "/")
	switch {
	case len(parts) <= 5: // /subscriptions/S/resourceGroups/G
		return ""
	case len(parts) <= 9: // and /providers/P/TYPE/NAME
		return strings.Join(parts[:5], "/")
	}
	return strings.Join(parts[:len(parts)-2], "/")
}

// groupOf is the id of the resource group a resource is in.
func groupOf(id string) string { return strings.Join(strings.Split(id, "/")[:5], "/") }

func nameOf(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// typeOf is ARM's name of a resource's type: Microsoft.Network/virtualNetworks/subnets.
func typeOf(id string) string {
	parts := strings.Split(id, "/")
	if len(parts) <= 5 {
		return "Microsoft.Resources/resourceGroups"
	}
	typed := parts[6:8]
	for i := 9; i < len(parts); i += 2 {
		typed = append(slices.Clone(typed), parts[i])
	}
	return strings.Join(typed, "/")
}
