package readiness

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/stacks/examination"
)

const permissions = "permissions"

// permissions simulates the actions that the plan takes, as the user or role of the credentials.
func (e *examiner) permissions() []Check {
	needed, unlisted := needed(e.planned)
	var checks []Check
	if len(unlisted) > 0 {
		checks = append(checks, Check{
			Subject: permissions, Detail: "not known what it takes to make " + strings.Join(unlisted, ", "), Next: administrator,
		})
	}
	if len(needed) == 0 {
		return checks
	}
	principal, check := e.principal()
	if principal == "" {
		return append(checks, check)
	}
	decisions, err := e.Decide(principal, needed)
	if err != nil {
		return append(checks, Check{
			Subject: permissions, Detail: "cannot be asked: " + explain(err),
			Next: "have iam:SimulatePrincipalPolicy allowed, or " + administrator,
		})
	}
	return append(checks, decided(principal, needed, decisions)...)
}

// decided tells what is denied from what depends on conditions.
func decided(principal string, needed []string, decisions []Decision) []Check {
	denied, keys := []string{}, map[string]bool{}
	var unsure []string
	allowed := 0
	for _, d := range decisions {
		switch {
		case d.Allowed:
			allowed++
		case len(d.Lacking) > 0:
			unsure = append(unsure, d.Action)
			for _, key := range d.Lacking {
				keys[key] = true
			}
		default:
			denied = append(denied, d.Action)
		}
	}
	slices.Sort(denied)
	slices.Sort(unsure)
	checks := []Check{examination.Judge(permissions, examination.Lacking(denied),
		fmt.Sprintf("%d of %d actions allowed to %s", allowed, len(needed), principal),
		"have a policy attached to "+principal+" that allows them; on any resource, or this cannot see it")}
	if len(unsure) > 0 {
		checks = append(checks, Check{
			Subject: permissions + " with conditions",
			Detail:  fmt.Sprintf("whether these are allowed depends on %s: %s", strings.Join(slices.Sorted(maps.Keys(keys)), ", "), strings.Join(unsure, ", ")),
			Next:    administrator,
		})
	}
	return checks
}

// principal is the user or role whose policies decide, or why that cannot be told.
func (e *examiner) principal() (arn string, check Check) {
	parts := strings.SplitN(e.caller.ARN, ":", 6)
	kind := ""
	if len(parts) == 6 {
		kind = parts[5]
	}
	kind, name, _ := strings.Cut(kind, "/")
	switch kind {
	case "user", "role":
		return e.caller.ARN, Check{}
	case "root":
		return "", Check{
			Subject: permissions, Detail: "not simulated: the account's root user may do all that its organization lets it",
			Next: "better be a user or a role of the account",
		}
	case "assumed-role":
		role, _, _ := strings.Cut(name, "/")
		arn, err := e.Role(role) // a session's ARN lacks the role's path
		if err != nil {
			return "", Check{
				Subject: permissions, Detail: fmt.Sprintf("cannot be asked: the role %s cannot be read: %s", role, explain(err)),
				Next: "have iam:GetRole allowed, or " + administrator,
			}
		}
		return arn, Check{}
	}
	return "", Check{Subject: permissions, Detail: "cannot be asked: " + e.caller.ARN + " is neither a user nor a role", Next: administrator}
}

// needed are the actions that a plan takes, in order, and the types of which they are not known.
func needed(planned []Planned) (all, unlisted []string) {
	found, unknown := map[string]bool{}, map[string]bool{}
	for _, p := range planned {
		if !strings.HasPrefix(p.Token, "aws:") {
			continue
		}
		if actions[p.Token] == "" {
			unknown[p.Token] = true
		}
		for group := range strings.SplitSeq(actions[p.Token], ";") {
			service, names, _ := strings.Cut(group, ":")
			for name := range strings.FieldsSeq(names) {
				found[strings.TrimSpace(service)+":"+name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found)), slices.Sorted(maps.Keys(unknown))
}
