package azure

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// CheckTags reports tags that Azure would refuse. Source: "Use tags to organize your Azure resources".
func CheckTags(path *field.Path, tags map[string]string) (errs field.ErrorList) {
	if len(tags) > 50-1 { // a Run Command carries one of ours
		errs = append(errs, field.TooMany(path, len(tags), 50-1))
	}
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		if len(name) > 512 || name == "" || strings.ContainsAny(name, `<>%&\?/`) {
			errs = append(errs, kafka.Invalid(path.Key(name), name, "is not a tag name Azure takes", `use 1 to 512 characters, none of <>%&\?/`))
		}
		if len(tags[name]) > 256 {
			errs = append(errs, field.TooLong(path.Key(name), "", 256))
		}
	}
	return errs
}

// tagged adds a tag of ours, which no tag of the user's replaces.
func tagged(tags map[string]string, name, value string) map[string]string {
	all := maps.Clone(tags)
	if all == nil {
		all = map[string]string{}
	}
	all[name] = value
	return all
}
