package aws

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/naming"
)

// ownTags are those of ours that a machine carries besides the user's.
const ownTags = 4

// CheckTags reports tags that AWS would refuse. Source: "Tag naming limits and requirements".
func CheckTags(path *field.Path, tags map[string]string) field.ErrorList {
	return naming.CheckTags(path, tags, ownTags, func(path *field.Path, name string) field.ErrorList {
		switch {
		case len(name) > 128 || !tagName.MatchString(name):
			return field.ErrorList{kafka.Invalid(path, name, "is not a tag name AWS takes", "use 1 to 128 letters, digits, spaces and . _ : / = + @ -")}
		case strings.HasPrefix(strings.ToLower(name), "aws:"):
			return field.ErrorList{kafka.Invalid(path, name, "begins with aws:, which is AWS's own", "choose another")}
		case name == "Name":
			return field.ErrorList{kafka.Forbidden(path, "every resource has a name of its own", "set the names of network, machines and links")}
		}
		return nil
	})
}

// named adds the tag by which AWS's console names a resource, and others of ours, which no tag of the user's replaces.
func named(tags map[string]string, name string, others map[string]string) pulumi.StringMap {
	return pulumi.ToStringMap(naming.Overlay(tags, others, map[string]string{"Name": name}))
}
