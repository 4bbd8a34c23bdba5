package examination

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Images is how a cloud is asked about the images of machines in a region.
type Images struct {
	Region string
	// Wanted is the image that a machine is to have, "" for one that is not to be asked about.
	Wanted func(machine Planned) string
	// Architecture of a machine's image, and whether the image is there.
	Architecture func(machine Planned) (architecture string, there bool, err error)
	// Size of a machine, and what is known of its architectures.
	Size func(machine Planned) (name string, architectures []string)
	// List is the command that shows which images there are.
	List func(machine Planned) string
	// Unknown is the check of an image that cannot be asked about.
	Unknown func(subject string, err error) Check
}

// Checks are one for each image that machines are to have: that it is in the region, if a machine is to be made from it, and of
// their sizes' architecture.
func (i Images) Checks(machines []Planned) (checks []Check) {
	for _, image := range Groups(machines, i.Wanted) {
		subject, one := "image "+image.Wanted, image.Members[0]
		architecture, there, err := i.Architecture(one)
		switch {
		case err != nil:
			checks = append(checks, i.Unknown(subject, err))
		case !there && allStay(image.Members):
			checks = append(checks, Check{Subject: subject, Detail: "is no longer in " + i.Region + "; the machines that were made from it keep it"})
		case !there:
			checks = append(checks, Check{Subject: subject, Missing: true, Detail: "is not in " + i.Region, Next: "choose another: " + i.List(one)})
		default:
			checks = append(checks, Judge(subject, unfit(architecture, image.Members, i.Size),
				fmt.Sprintf("is in %s, %s", i.Region, architecture), "choose an image and sizes of one architecture"))
		}
	}
	return checks
}

func allStay(machines []Planned) bool {
	return !slices.ContainsFunc(machines, func(m Planned) bool { return !m.Stays })
}

// unfit is the problem with machines whose size is of another architecture than their image, if there are any. A size of
// which nothing is known fits.
func unfit(architecture string, machines []Planned, size func(Planned) (name string, architectures []string)) []string {
	others := map[string]bool{}
	for _, m := range machines {
		name, has := size(m)
		if len(has) > 0 && !slices.ContainsFunc(has, func(a string) bool { return strings.EqualFold(a, architecture) }) {
			others[name+" ("+strings.Join(has, ", ")+")"] = true
		}
	}
	if len(others) == 0 {
		return nil
	}
	return []string{"is " + architecture + "; of another architecture: " + strings.Join(slices.Sorted(maps.Keys(others)), ", ")}
}
