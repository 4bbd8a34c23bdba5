package aws

import (
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// getResources is the data source that finds tagged resources of any type, but roles and their like.
func getResources(cloud *simcloud.Cloud) invoke {
	return func(view simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
		types, filters := arguments.Texts("resourceTypeFilters"), arguments.Objects("tagFilters")
		found := []any{}
		for _, r := range view.List("") {
			shown := cloud.Show(view, r)
			arn, tags := shown.Text("arn"), shown.Object("tagsAll")
			if arn == "" || len(tags) == 0 || regionOf(r) != settings["region"] || strings.HasPrefix(arn, "arn:aws:iam:") {
				continue
			}
			wanted := len(types) == 0 || slices.ContainsFunc(types, func(kind string) bool { return isOfType(arn, kind) })
			for _, filter := range filters {
				value, tagged := tags[filter.Text("key")].(string)
				values := filter.Texts("values")
				wanted = wanted && tagged && (len(values) == 0 || slices.Contains(values, value))
			}
			if wanted {
				found = append(found, map[string]any{"resourceArn": arn, "tags": map[string]any(tags), "complianceDetails": []any{}})
			}
		}
		return simcloud.Properties{"id": settings["accountId"], "resourceTagMappingLists": found}, nil
	}
}

// isOfType compares an ARN with a service, "ssm", or a type of resource of one, "ssm:association".
func isOfType(arn, kind string) bool {
	parts := strings.SplitN(arn, ":", 6)
	service, of, narrow := strings.Cut(kind, ":")
	if len(parts) < 6 || parts[2] != service {
		return false
	}
	name, _, _ := strings.Cut(strings.ReplaceAll(parts[5], ":", "/"), "/")
	return !narrow || name == of
}
