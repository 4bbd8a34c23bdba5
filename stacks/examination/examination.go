// Package examination is what clouds have in common where they are asked, before anything is made, whether they will take
// what is planned. What is asked differs from cloud to cloud.
package examination

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Planned is a resource as the engine plans it.
type Planned struct {
	Token  string         // type, like "azure-native:compute:VirtualMachine"
	Inputs map[string]any // what is not known yet is a string of the engine's
	Was    map[string]any // inputs before, nil for a resource that does not exist
	Stays  bool           // it is there, and is neither made nor replaced
}

// Check is one thing that was asked.
type Check struct {
	Subject string
	Missing bool   // it must be had before the plan can be carried out
	Detail  string // what was found
	Next    string // how to get what is missing or may be
}

// Judge is a check that found problems, and says how they are got rid of, or that all is fine.
func Judge(subject string, problems []string, fine, next string) Check {
	if len(problems) > 0 {
		return Check{Subject: subject, Missing: true, Detail: strings.Join(problems, "; "), Next: next}
	}
	return Check{Subject: subject, Detail: fine}
}

// Unknown is a check that could not be made. It stops nobody: what is asked may still be there.
func Unknown(subject, why, next string) Check {
	return Check{Subject: subject, Detail: "cannot be asked: " + why, Next: next}
}

// Lacking is the problem with actions that are not granted, if there are any.
func Lacking(actions []string) []string {
	if len(actions) == 0 {
		return nil
	}
	return []string{"lacking: " + strings.Join(actions, ", ")}
}

// Short is the problem with a quota that leaves less than is planned, if it does.
func Short(name string, more, used, limit int) []string {
	left := max(limit-used, 0)
	if more <= left {
		return nil
	}
	return []string{fmt.Sprintf("%s: %d more are planned, %d of %d are left", name, more, left, limit)}
}

// Group is planned resources that want the same.
type Group struct {
	Wanted  string
	Members []Planned
}

// Groups are planned resources by what they want, in order. What wants nothing is in none.
func Groups(planned []Planned, wanted func(Planned) string) []Group {
	members := map[string][]Planned{}
	for _, p := range planned {
		if name := wanted(p); name != "" {
			members[name] = append(members[name], p)
		}
	}
	var groups []Group
	for _, name := range slices.Sorted(maps.Keys(members)) {
		groups = append(groups, Group{name, members[name]})
	}
	return groups
}

// Text is a string at a path of the inputs, "" where there is none.
func Text(inputs map[string]any, path ...string) string {
	s, _ := At(inputs, path...).(string)
	return s
}

// At is the value at a path of the inputs, nil where there is none.
func At(inputs map[string]any, path ...string) any {
	var value any = inputs
	for _, key := range path {
		members, _ := value.(map[string]any)
		value = members[key]
	}
	return value
}
