package rolling

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// After is a value that is there only when resources are.
func After(value pulumi.StringOutput, resources ...pulumi.CustomResource) pulumi.StringOutput {
	all := []any{value}
	for _, r := range resources {
		all = append(all, r.ID())
	}
	return pulumi.All(all...).ApplyT(func(v []any) string { return v[0].(string) }).(pulumi.StringOutput)
}
