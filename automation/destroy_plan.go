package automation

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// DestroyPlan is what a destroy removes and keeps, in the order of the state: what others need comes first.
type DestroyPlan struct {
	Remove []Resource `json:"remove"`
	Keep   []Resource `json:"keep"`
	// Protected are those of Remove that are protected: the protection is lifted first.
	Protected []Resource `json:"protected"`
	// CutOff are those that an operation was creating when it was killed. A destroy looks them up first, and what exists
	// it removes or keeps like the others.
	CutOff []Resource `json:"cutOff,omitempty"`
}

func planDestroy(state []apitype.ResourceV3, options DestroyOptions, dataDisk func(apitype.ResourceV3) bool,
	label func(Resource) string,
) DestroyPlan {
	kept := map[string]bool{}
	if !options.DeleteData && dataDisk != nil {
		kept = withNeeds(state, dataDisk)
	}
	plan := DestroyPlan{Remove: []Resource{}, Keep: []Resource{}, Protected: []Resource{}}
	for _, r := range state {
		resource := nameResource(string(r.URN), !r.Custom, label)
		if kept[string(r.URN)] {
			plan.Keep = append(plan.Keep, resource)
			continue
		}
		plan.Remove = append(plan.Remove, resource)
		if r.Protect {
			plan.Protected = append(plan.Protected, resource)
		}
	}
	return plan
}

// withNeeds are the chosen resources and all they need: what they depend on (a disk its resource group), what they are
// parts of, and their provider. The engine deletes nothing from under what stays.
func withNeeds(state []apitype.ResourceV3, chosen func(apitype.ResourceV3) bool) map[string]bool {
	kept := map[string]bool{}
	// The state lists a resource after all it needs.
	for i := len(state) - 1; i >= 0; i-- {
		r := state[i]
		if !kept[string(r.URN)] && (r.Delete || !chosen(r)) {
			continue
		}
		kept[string(r.URN)] = true
		for _, urn := range needs(r) {
			kept[urn] = true
		}
	}
	return kept
}

func needs(r apitype.ResourceV3) []string {
	needs := []string{string(r.Parent), string(r.DeletedWith)}
	// A provider is written as "<urn>::<id>".
	if cut := strings.LastIndex(r.Provider, "::"); cut > 0 {
		needs = append(needs, r.Provider[:cut])
	}
	for _, urn := range r.Dependencies {
		needs = append(needs, string(urn))
	}
	for _, dependencies := range r.PropertyDependencies {
		for _, urn := range dependencies {
			needs = append(needs, string(urn))
		}
	}
	return needs
}
