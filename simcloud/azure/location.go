package azure

import (
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// region is a location's short name: eastus for "East US".
func region(location string) string { return strings.ToLower(strings.ReplaceAll(location, " ", "")) }

// sameLocation says whether two values of the input location name the same region.
func sameLocation(path string, before, after any) bool {
	a, isText := before.(string)
	b, isTextToo := after.(string)
	return path == "location" && isText && isTextToo && region(a) == region(b)
}

func locationGiven(t *simcloud.Transaction) error {
	if t.After.Properties.Text("location") == "" {
		return refuse(400, "LocationRequired", "The location property is required for this definition. Set it, or azure-native:location.")
	}
	return nil
}

// locationKept refuses what ARM does for every type: a resource never moves.
func locationKept(t *simcloud.Transaction) error {
	if t.Creating() {
		return nil
	}
	was, is := t.Before.Properties.Text("location"), t.After.Properties.Text("location")
	if region(was) == region(is) {
		return nil
	}
	return refuse(409, "InvalidResourceLocation", "The resource '%s' already exists in location '%s' in resource group '%s'. A resource with the same name cannot be created in location '%s'. Please select a new resource name.",
		nameOf(t.After.ID), region(was), nameOf(groupOf(t.After.ID)), region(is))
}

// sameRegion refuses a reference to a resource in another region.
func sameRegion(t *simcloud.Transaction, other *simcloud.Resource) error {
	theirs := regionOf(t.World, other)
	if ours := regionOf(t.World, t.After); ours != theirs {
		return refuse(400, "InvalidResourceReference", "Resource %s referenced by resource %s was not found. Please make sure that the referenced resource exists, and that both resources are in the same region: they are in %s and %s.",
			other.ID, t.After.ID, theirs, ours)
	}
	return nil
}

// regionOf is the region of a resource, or of what it lies in.
func regionOf(view simcloud.View, r *simcloud.Resource) string {
	for !r.Properties.Has("location") {
		parent, ok := view.Get(r.Parent)
		if !ok {
			return ""
		}
		r = parent
	}
	return region(r.Properties.Text("location"))
}
