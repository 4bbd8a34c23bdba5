package azure

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/naming"
)

// ownTags are those of ours that a machine carries besides the user's.
const ownTags = 2

// CheckTags reports tags that Azure would refuse. Source: "Use tags to organize your Azure resources".
func CheckTags(path *field.Path, tags map[string]string) field.ErrorList {
	return naming.CheckTags(path, tags, ownTags, func(path *field.Path, name string) field.ErrorList {
		if len(name) > 512 || name == "" || strings.ContainsAny(name, `<>%&\?/`) {
			return field.ErrorList{kafka.Invalid(path, name, "is not a tag name Azure takes", `use 1 to 512 characters, none of <>%&\?/`)}
		}
		return nil
	})
}
