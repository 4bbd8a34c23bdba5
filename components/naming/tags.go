package naming

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// What Azure and AWS take.
const (
	mostTags    = 50
	longestText = 256
)

// CheckTags reports tags that are too many beside a number of our own, or too long, and whatever checkName does.
func CheckTags(path *field.Path, tags map[string]string, own int, checkName func(path *field.Path, name string) field.ErrorList) (errs field.ErrorList) {
	if most := mostTags - own; len(tags) > most {
		errs = append(errs, field.TooMany(path, len(tags), most))
	}
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		errs = append(errs, checkName(path.Key(name), name)...)
		if len(tags[name]) > longestText {
			errs = append(errs, field.TooLong(path.Key(name), "", longestText))
		}
	}
	return errs
}

// Overlay lays tags over each other: of two of one name the later counts.
func Overlay[M ~map[string]V, V any](layers ...M) M {
	all := M{}
	for _, layer := range layers {
		maps.Copy(all, layer)
	}
	return all
}
