package readiness

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/stacks/examination"
)

const virtualMachine = "azure-native:compute:VirtualMachine"

// regions of the planned machines, in order.
func regions(planned []Planned) []string {
	found := map[string]bool{}
	for _, p := range planned {
		if region := normal(examination.Text(p.Inputs, "location")); p.Token == virtualMachine && region != "" {
			found[region] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func machinesIn(region string, planned []Planned) []Planned {
	var machines []Planned
	for _, p := range planned {
		if p.Token == virtualMachine && normal(examination.Text(p.Inputs, "location")) == region {
			machines = append(machines, p)
		}
	}
	return machines
}

func sizeOf(m Planned) string { return sizeIn(m.Inputs) }

func sizeIn(inputs map[string]any) string {
	return examination.Text(inputs, "hardwareProfile", "vmSize")
}

// size is a virtual machine size as a subscription has it in a region.
type size struct {
	Name         string `json:"name"`
	ResourceType string `json:"resourceType"`
	Family       string `json:"family"` // the quota that its vCPUs are of
	LocationInfo []struct {
		Zones []string `json:"zones"`
	} `json:"locationInfo"`
	Capabilities []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"capabilities"`
	Restrictions []struct {
		Type            string `json:"type"` // Location or Zone
		ReasonCode      string `json:"reasonCode"`
		RestrictionInfo struct {
			Zones []string `json:"zones"`
		} `json:"restrictionInfo"`
	} `json:"restrictions"`
}

// sizes are those of a region, by name in lower case.
func (c *client) sizes(ctx context.Context, region string) (map[string]size, error) {
	query := url.Values{"api-version": {"2021-07-01"}, "$filter": {fmt.Sprintf("location eq '%s'", region)}}
	listed, err := resourcemanager.All[size](ctx, c.Client, c.Scope()+"/providers/Microsoft.Compute/skus", query)
	if err != nil {
		return nil, err
	}
	sizes := map[string]size{}
	for _, s := range listed {
		if s.ResourceType == "virtualMachines" {
			sizes[strings.ToLower(s.Name)] = s
		}
	}
	return sizes, nil
}

func (s size) capability(name string) string {
	for _, c := range s.Capabilities {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func (s size) able(name string) bool { return strings.EqualFold(s.capability(name), "true") }

func (s size) vCPUs() int {
	count, _ := strconv.Atoi(s.capability("vCPUs"))
	return count
}

// architectures are the one that a size is known to have, like "x64".
func (s size) architectures() []string {
	if has := s.capability("CpuArchitectureType"); has != "" {
		return []string{has}
	}
	return nil
}

// sizeChecks are one for each size that machines are to have.
func sizeChecks(region string, machines []Planned, sizes map[string]size) []Check {
	var checks []Check
	for _, wanted := range examination.Groups(machines, sizeOf) {
		problems := []string{examination.NotOffered(region)}
		s, offered := sizes[strings.ToLower(wanted.Wanted)]
		if offered {
			problems = s.problems(wanted.Members)
		}
		checks = append(checks, examination.Judge("virtual machine size "+wanted.Wanted, problems,
			examination.Offered(region, len(wanted.Members), s.vCPUs()),
			fmt.Sprintf("choose another size or other zones (az vm list-skus --location %s --all --size %s), "+
				"or ask Azure's support for access to this one", region, wanted.Wanted)))
	}
	return checks
}

// problems are why a size cannot be had for machines, each once.
func (s size) problems(machines []Planned) []string {
	var problems []string
	add := func(problem string) {
		if !slices.Contains(problems, problem) {
			problems = append(problems, problem)
		}
	}
	for _, r := range s.Restrictions {
		if r.Type == "Location" {
			add("not offered to this subscription (" + r.ReasonCode + ")")
		}
	}
	for _, m := range machines {
		zones, _ := m.Inputs["zones"].([]any)
		for _, zone := range zones {
			if zone, ok := zone.(string); ok && !slices.Contains(s.zones(), zone) {
				add(examination.NotOfferedIn(zone, s.zones()))
			}
		}
		if examination.At(m.Inputs, "securityProfile", "encryptionAtHost") == true && !s.able("EncryptionAtHostSupported") {
			add("does not encrypt at host")
		}
		if examination.Text(m.Inputs, "securityProfile", "securityType") == "TrustedLaunch" &&
			(s.able("TrustedLaunchDisabled") || !strings.Contains(s.capability("HyperVGenerations"), "V2")) {
			add("has no trusted launch")
		}
		if disk := examination.Text(m.Inputs, "storageProfile", "osDisk", "managedDisk", "storageAccountType"); strings.HasPrefix(disk, "Premium") &&
			!s.able("PremiumIO") {
			add("takes no premium disks")
		}
	}
	return problems
}

// zones are those in which the subscription may have the size.
func (s size) zones() []string {
	var zones []string
	for _, l := range s.LocationInfo {
		zones = append(zones, l.Zones...)
	}
	for _, r := range s.Restrictions {
		if r.Type == "Zone" {
			zones = slices.DeleteFunc(zones, func(z string) bool { return slices.Contains(r.RestrictionInfo.Zones, z) })
		}
	}
	slices.Sort(zones)
	return zones
}

// encryption checks the feature that a subscription needs for machines that encrypt at host.
func (c *client) encryption(ctx context.Context, machines []Planned) []Check {
	if !slices.ContainsFunc(machines, func(m Planned) bool { return examination.At(m.Inputs, "securityProfile", "encryptionAtHost") == true }) {
		return nil
	}
	var feature struct {
		Properties struct {
			State string `json:"state"`
		} `json:"properties"`
	}
	subject := "feature EncryptionAtHost"
	err := c.Get(ctx, c.Scope()+"/providers/Microsoft.Features/providers/Microsoft.Compute/features/EncryptionAtHost", resourcemanager.Of("2021-07-01"), &feature)
	switch {
	case err != nil:
		return []Check{unknown(subject, err)}
	case feature.Properties.State == "Registered":
		return []Check{{Subject: subject, Detail: "registered"}}
	}
	return []Check{{
		Subject: subject, Missing: true, Detail: "is " + feature.Properties.State,
		Next: "az feature register --namespace Microsoft.Compute --name EncryptionAtHost, and when that has ended, " +
			"az provider register --namespace Microsoft.Compute; or set encryptionAtHost to false",
	}}
}
