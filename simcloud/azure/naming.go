package azure

import (
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/kafkalink/kafkalink/simcloud"
)

// nameRule is what Azure asks of the names of a type; see "Naming rules and restrictions for Azure
// resources". Azure says so when it creates; the simulation says so already in a preview.
type nameRule struct {
	min, max int
	pattern  *regexp.Regexp
	says     string
}

var (
	groupNames = nameRule{1, 90, regexp.MustCompile(`^[-\w.()]*[-\w()]$`),
		"letters, digits, underscores, hyphens, periods and parentheses, not ending in a period"}
	networkNames = nameRule{1, 80, regexp.MustCompile(`^[a-zA-Z0-9]([\w.-]*\w)?$`),
		"letters, digits, underscores, periods and hyphens, starting with a letter or digit and ending in one or in an underscore"}
	virtualNetworkNames = nameRule{2, 64, networkNames.pattern, networkNames.says}
	diskNames           = nameRule{1, 80, regexp.MustCompile(`^[\w.-]+$`), "letters, digits, underscores, periods and hyphens"}
	machineNames        = nameRule{1, 64, regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9_])?$`),
		"letters, digits, underscores, periods and hyphens, starting with a letter or digit and not ending in a period or hyphen"}
	commandNames = nameRule{1, 80, regexp.MustCompile(`^[\w.-]+$`), diskNames.says}
)

func (rule nameRule) check(c *simcloud.Checker, input string) {
	c.Each(input, func(path string, value any) {
		name, ok := value.(string)
		if !ok {
			return
		}
		if len(name) < rule.min || len(name) > rule.max {
			c.Fail(path, "'%s' is %q, %d characters long: must have %d to %d", path, name, len(name), rule.min, rule.max)
		} else if !rule.pattern.MatchString(name) {
			c.Fail(path, "'%s' is %q: must consist of %s", path, name, rule.says)
		}
	})
}

// randomName is the input by which azure-native remembers that it chose a resource's name, and so can
// create a replacement before it deletes the old one.
const randomName = "__createBeforeDelete"

// defaults fills in names and locations as azure-native does.
func defaults(schema *simcloud.Schema, types []armType) func(*simcloud.Defaults) {
	byToken := map[string]armType{}
	for _, t := range types {
		byToken[t.Token] = t
	}
	return func(d *simcloud.Defaults) {
		t := byToken[d.Kind.Token]
		if own := t.nameInput(); !d.Inputs.Has(own) {
			chooseName(d, own)
		}
		if schema.HasInput(t.Token, "location") && !d.Inputs.Has("location") {
			if location := chooseLocation(d); location != "" {
				d.Inputs["location"] = location
			}
		}
	}
}

func chooseName(d *simcloud.Defaults, own string) {
	if d.Before.Has(own) {
		d.Inputs[own] = d.Before[own]
		if d.Before.True(randomName) {
			d.Inputs[randomName] = true
		}
		return
	}
	if name, err := resource.NewUniqueName(d.Seed, d.Name, 8, 0, nil); err == nil {
		d.Inputs[own], d.Inputs[randomName] = name, true
	}
}

// chooseLocation asks the resource's past, the configuration, then the resource group.
func chooseLocation(d *simcloud.Defaults) string {
	if location := d.Before.Text("location"); location != "" {
		return location
	}
	if location := d.Settings["location"]; location != "" {
		return location
	}
	group := d.Inputs.Text("resourceGroupName")
	if group == "" || d.Kind.Token == tokenResourceGroup {
		return ""
	}
	id := strings.NewReplacer("{subscriptionId}", d.Settings["subscriptionId"], "{resourceGroupName}", group).Replace(groupPath)
	if r, ok := d.World.Get(id); ok {
		return r.Properties.Text("location")
	}
	return ""
}
