package azure

import (
	"fmt"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// refusal is an error of ARM, printed as azure-native prints it.
type refusal struct {
	status  int
	code    string
	message string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("Status=%d Code=%q Message=%q", r.status, r.code, r.message)
}

func refuse(status int, code, format string, arguments ...any) error {
	return &refusal{status, code, fmt.Sprintf(format, arguments...)}
}

// alreadyExists is azure-native's own refusal, before it asks ARM (its issue 1123).
func alreadyExists(_, id string) error {
	return fmt.Errorf("cannot create already existing resource '%s'", id)
}

// missing refuses what refers to, or lies in, something that is not there.
func missing(_, id, path string) error {
	if path != "" {
		return refuse(400, "InvalidResourceReference", "Resource %s referenced by '%s' was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.", id, path)
	}
	parts := strings.Split(id, "/")
	if len(parts) <= 5 {
		return refuse(404, "ResourceGroupNotFound", "Resource group '%s' could not be found.", nameOf(id))
	}
	return refuse(404, "ResourceNotFound", "The Resource '%s/%s' under resource group '%s' was not found.", typeOf(id), nameOf(id), nameOf(groupOf(id)))
}

// unused is the rule that what is deleted is referred to by nothing. The message has its id, and those of its users.
func unused(code, message string) simcloud.Rule {
	return func(t *simcloud.Transaction) error {
		if users := t.World.Referrers(t.Before.ID); len(users) > 0 {
			return refuse(400, code, message, t.Before.ID, inUse(users))
		}
		return nil
	}
}

// inUse lists the ids of those who refer to a resource, as ARM's refusals do.
func inUse(referrers []simcloud.Referrer) string {
	var ids []string
	for _, r := range referrers {
		ids = append(ids, r.Resource.ID)
	}
	return strings.Join(ids, ", ")
}
