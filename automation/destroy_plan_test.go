package automation

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

func urnOf(kind, name string) resource.URN {
	return resource.URN("urn:pulumi:dev::house::" + kind + "::" + name)
}

// deployedHouse is a state: a disk in a component of the stack, that names its group by a property.
func deployedHouse() []apitype.ResourceV3 {
	root, provider := urnOf("pulumi:pulumi:Stack", "house-dev"), urnOf("pulumi:providers:cloud", "default")
	group, brokers := urnOf("cloud:x:Group", "group"), urnOf("kafkalink:x:Brokers", "brokers")
	disk, machine := urnOf("cloud:x:Disk", "disk"), urnOf("cloud:x:Machine", "machine")
	by := string(provider) + "::provider-id"
	return []apitype.ResourceV3{
		{URN: root, Type: "pulumi:pulumi:Stack"},
		{URN: provider, Type: "pulumi:providers:cloud", Custom: true},
		{URN: urnOf("pulumi:providers:other", "default"), Type: "pulumi:providers:other", Custom: true},
		{URN: group, Type: "cloud:x:Group", Custom: true, Parent: root, Provider: by},
		{URN: urnOf("kafkalink:x:Network", "network"), Type: "kafkalink:x:Network", Parent: root},
		{URN: brokers, Type: "kafkalink:x:Brokers", Parent: root},
		{
			URN: disk, Type: "cloud:x:Disk", Custom: true, Parent: brokers, Provider: by, Protect: true,
			PropertyDependencies: map[resource.PropertyKey][]resource.URN{"group": {group}},
		},
		{URN: machine, Type: "cloud:x:Machine", Custom: true, Parent: brokers, Provider: by, Dependencies: []resource.URN{disk}},
		{URN: urnOf("cloud:x:Service", "service"), Type: "cloud:x:Service", Custom: true, Parent: root, Provider: by, Protect: true},
	}
}

func TestPlanDestroy(t *testing.T) {
	t.Parallel()
	disks := func(r apitype.ResourceV3) bool { return r.Type == "cloud:x:Disk" }
	all := []string{"house-dev", "default", "default", "group", "network", "brokers", "disk", "machine", "service"}
	cases := []struct {
		name                    string
		options                 DestroyOptions
		dataDisk                func(apitype.ResourceV3) bool
		remove, keep, protected []string
	}{
		{"keeps disks with their group, component, provider and root", DestroyOptions{}, disks,
			[]string{"default", "network", "machine", "service"}, []string{"house-dev", "default", "group", "brokers", "disk"}, []string{"service"}},
		{"deletes data when told", DestroyOptions{DeleteData: true}, disks, all, []string{}, []string{"disk", "service"}},
		{"keeps nothing of a stack without data", DestroyOptions{}, nil, all, []string{}, []string{"disk", "service"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			plan := planDestroy(deployedHouse(), c.options, c.dataDisk, nil)

			require.Equal(t, c.remove, resourceNames(plan.Remove))
			require.Equal(t, c.keep, resourceNames(plan.Keep))
			require.Equal(t, c.protected, resourceNames(plan.Protected))
		})
	}
}

func TestPlanDestroyDoesNotKeepADiskThatIsBeingReplaced(t *testing.T) {
	t.Parallel()
	state := []apitype.ResourceV3{{URN: urnOf("cloud:x:Disk", "disk"), Type: "cloud:x:Disk", Custom: true, Delete: true}}

	plan := planDestroy(state, DestroyOptions{}, func(apitype.ResourceV3) bool { return true }, nil)

	require.Equal(t, []string{"disk"}, resourceNames(plan.Remove))
}

func resourceNames(resources []Resource) []string {
	names := []string{}
	for _, r := range resources {
		names = append(names, r.Name)
	}
	return names
}
