package readiness

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/components/azure/resourcemanager/resourcemanagertest"
	"github.com/kafkalink/kafkalink/stacks/examination/examinationtest"
)

const subscription = "/subscriptions/00000000-0000-0000-0000-000000000001"

// object and list are JSON of which little is said.
type (
	object = map[string]any
	list   = []any
)

// answers are what Azure says about each path. What is not there does not exist; an int is a status it refuses with.
type answers map[string]any

// willing is a subscription that takes the plan.
func willing() answers {
	return answers{
		subscription: object{"displayName": "Streams", "state": "Enabled"},
		subscription + "/providers/Microsoft.Authorization/permissions": object{"value": list{object{"actions": list{"*"}, "notActions": list{"Microsoft.Authorization/*/Write"}}}},
		subnet + "/providers/Microsoft.Authorization/permissions":       object{"value": list{object{"actions": list{"*/join/action"}}}},
		subscription + "/providers/Microsoft.Compute":                   object{"registrationState": "Registered"},
		subscription + "/providers/Microsoft.Network":                   object{"registrationState": "Registered"},
		subscription + "/providers/Microsoft.Compute/skus":              object{"value": list{d2s()}},
		subscription + "/providers/Microsoft.Compute/locations/westus2/usages": object{"value": list{
			quota("cores", "Total Regional vCPUs", 94, 100), quota("standardDSv5Family", "Standard DSv5 Family vCPUs", 0, 6), quota("virtualMachines", "Virtual Machines", 1, 25000),
		}},
		subscription + "/providers/Microsoft.Network/locations/westus2/usages": object{"value": list{quota("StandardSkuLoadBalancers", "Standard Sku Load Balancers", 0, 1)}},
		versions:                   list{object{"name": "0.20260101.1"}},
		versions + "/0.20260101.1": object{"properties": object{"architecture": "x64"}},
		subscription + "/providers/Microsoft.Features/providers/Microsoft.Compute/features/EncryptionAtHost": object{"properties": object{"state": "Registered"}},
	}
}

const versions = subscription + "/providers/Microsoft.Compute/locations/westus2/publishers/Debian/artifacttypes/vmimage/offers/debian-12/skus/12-gen2/versions"

func quota(name, said string, used, limit int) object {
	return object{"name": object{"value": name, "localizedValue": said}, "currentValue": used, "limit": limit}
}

func d2s() object {
	capability := func(name, value string) object { return object{"name": name, "value": value} }
	return object{
		"name": "Standard_D2s_v5", "resourceType": "virtualMachines", "family": "standardDSv5Family",
		"locationInfo": list{object{"zones": list{"3", "1", "2"}}},
		"capabilities": list{
			capability("vCPUs", "2"), capability("PremiumIO", "True"), capability("EncryptionAtHostSupported", "True"),
			capability("HyperVGenerations", "V1,V2"), capability("CpuArchitectureType", "x64"),
		},
	}
}

// plan is a machine in each of three zones, in a group of the plan's, behind a load balancer in a subnet that is there.
func plan() []Planned {
	planned := []Planned{
		{Token: "azure-native:resources:ResourceGroup", Inputs: object{"resourceGroupName": "streams"}},
		{Token: "azure-native:network:LoadBalancer", Inputs: object{
			"resourceGroupName": "streams", "location": "West US 2",
			"frontendIPConfigurations": list{object{"subnet": object{"id": subnet}}},
		}},
	}
	for _, zone := range []string{"1", "2", "3"} {
		planned = append(planned, Planned{Token: virtualMachine, Inputs: object{
			"resourceGroupName": "streams", "location": "westus2", "zones": list{zone},
			"hardwareProfile": object{"vmSize": "Standard_D2s_v5"},
			"securityProfile": object{"encryptionAtHost": true, "securityType": "TrustedLaunch"},
			"storageProfile": object{
				"imageReference": object{"publisher": "Debian", "offer": "debian-12", "sku": "12-gen2", "version": "latest"},
				"osDisk":         object{"managedDisk": object{"storageAccountType": "Premium_LRS"}},
			},
		}})
	}
	return planned
}

const subnet = subscription + "/resourceGroups/shared/providers/Microsoft.Network/virtualNetworks/hub/subnets/kafka"

// ask examines a plan, and splits what was found.
func ask(t *testing.T, a answers, planned []Planned) (fine, missing []Check) {
	t.Helper()
	var token string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.Header.Get("Authorization") != "Bearer "+token || r.URL.Query().Get("api-version") == "" {
			t.Errorf("asked %s %s with %v", r.Method, r.URL, r.Header)
		}
		answer, there := a[r.URL.Path]
		if !there {
			answer = http.StatusNotFound
		}
		if status, refused := answer.(int); refused {
			w.WriteHeader(status)
			answer = object{"error": object{"code": strings.ReplaceAll(http.StatusText(status), " ", "")}}
		}
		require.NoError(t, json.NewEncoder(w).Encode(answer))
	}))
	t.Cleanup(server.Close)
	token = resourcemanagertest.Token(server.URL, server.Certificate())
	rm, err := resourcemanager.New(t.Context(), resourcemanager.Credentials{
		Subscription: strings.TrimPrefix(subscription, "/subscriptions/"), Token: func(context.Context) (string, error) { return token, nil },
	})
	require.NoError(t, err)
	checks, err := Examine(t.Context(), rm, planned)
	require.NoError(t, err)
	return examinationtest.Split(t, checks)
}

func TestAPlanThatAzureTakesLacksNothing(t *testing.T) {
	fine, missing := ask(t, willing(), plan())
	require.Empty(t, missing)
	require.Equal(t, []string{
		"subscription: Streams (00000000-0000-0000-0000-000000000001)",
		"permissions on the subscription: 10 actions granted",
		"permissions on resourceGroups/shared/providers/Microsoft.Network/virtualNetworks/hub/subnets/kafka: 1 actions granted",
		"resource provider Microsoft.Compute: registered",
		"resource provider Microsoft.Network: registered",
		"virtual machine size Standard_D2s_v5: offered in westus2 for 3 machines, 2 vCPUs each",
		"image Debian:debian-12:12-gen2:latest: is in westus2, x64",
		"feature EncryptionAtHost: registered",
		"quotas of Microsoft.Compute in westus2: enough of 3",
		"quotas of Microsoft.Network in westus2: enough of 1",
	}, examinationtest.Said(fine))
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	with := func(o object, key string, value any) object { o[key] = value; return o }
	capable := func(name, value string) func(answers) {
		return func(a answers) {
			size := d2s()
			for _, c := range size["capabilities"].(list) {
				if c.(object)["name"] == name {
					c.(object)["value"] = value
				}
			}
			a[subscription+"/providers/Microsoft.Compute/skus"] = object{"value": list{size}}
		}
	}
	sizes := func(size object) func(answers) {
		return func(a answers) { a[subscription+"/providers/Microsoft.Compute/skus"] = object{"value": list{size}} }
	}
	set := func(path string, answer any) func(answers) { return func(a answers) { a[subscription+path] = answer } }
	for name, c := range map[string]struct {
		change func(answers)
		want   string // "subject: detail"
	}{
		"a login that has expired": {
			set("", http.StatusUnauthorized),
			"subscription: 00000000-0000-0000-0000-000000000001 cannot be read: Azure answers 401 Unauthorized",
		},
		"a subscription that is not paid": {
			set("", object{"displayName": "Streams", "state": "PastDue"}),
			"subscription: Streams (00000000-0000-0000-0000-000000000001) is PastDue",
		},
		"a reader": {
			set("/providers/Microsoft.Authorization/permissions", object{"value": list{object{"actions": list{"*/read"}}, object{"actions": list{"Microsoft.Compute/*"}}}}),
			"permissions on the subscription: lacking: Microsoft.Network/loadBalancers/delete, Microsoft.Network/loadBalancers/write, " +
				"Microsoft.Network/networkInterfaces/join/action, " +
				"Microsoft.Resources/subscriptions/resourceGroups/delete, Microsoft.Resources/subscriptions/resourceGroups/write",
		},
		"a role that leaves something out": {
			set("/providers/Microsoft.Authorization/permissions", object{"value": list{object{"actions": list{"*"}, "notActions": list{"microsoft.network/LOADBALANCERS/delete"}}}}),
			"permissions on the subscription: lacking: Microsoft.Network/loadBalancers/delete",
		},
		"a subnet of others": {
			set(strings.TrimPrefix(subnet, subscription)+"/providers/Microsoft.Authorization/permissions", object{"value": list{object{"actions": list{"*/read"}}}}),
			"permissions on resourceGroups/shared/providers/Microsoft.Network/virtualNetworks/hub/subnets/kafka: lacking: Microsoft.Network/virtualNetworks/subnets/join/action",
		},
		"a subnet that is not there": {
			set(strings.TrimPrefix(subnet, subscription)+"/providers/Microsoft.Authorization/permissions", http.StatusNotFound),
			"permissions on resourceGroups/shared/providers/Microsoft.Network/virtualNetworks/hub/subnets/kafka: " + subnet + " does not exist, or may not be read",
		},
		"a resource provider that nobody registered": {
			set("/providers/Microsoft.Network", object{"registrationState": "NotRegistered"}),
			"resource provider Microsoft.Network: is NotRegistered",
		},
		"a size that the region does not have": {
			sizes(with(d2s(), "name", "Standard_D4s_v5")),
			"virtual machine size Standard_D2s_v5: not offered in westus2",
		},
		"a size that others may have": {
			sizes(with(d2s(), "restrictions", list{object{"type": "Location", "reasonCode": "NotAvailableForSubscription"}})),
			"virtual machine size Standard_D2s_v5: not offered to this subscription (NotAvailableForSubscription)",
		},
		"a zone without the size": {
			sizes(with(d2s(), "restrictions", list{object{"type": "Zone", "restrictionInfo": object{"zones": list{"2"}}}})),
			"virtual machine size Standard_D2s_v5: not offered in zone 2 (in 1, 3)",
		},
		"a size without encryption at host": {capable("EncryptionAtHostSupported", "False"), "virtual machine size Standard_D2s_v5: does not encrypt at host"},
		"a size of the first generation":    {capable("HyperVGenerations", "V1"), "virtual machine size Standard_D2s_v5: has no trusted launch"},
		"a size for standard disks":         {capable("PremiumIO", "False"), "virtual machine size Standard_D2s_v5: takes no premium disks"},
		"an image for other processors": {
			capable("CpuArchitectureType", "Arm64"),
			"image Debian:debian-12:12-gen2:latest: is x64; of another architecture: Standard_D2s_v5 (Arm64)",
		},
		"an image that is not there": {set(strings.TrimPrefix(versions, subscription), list{}), "image Debian:debian-12:12-gen2:latest: is not in westus2"},
		"a feature that nobody registered": {
			set("/providers/Microsoft.Features/providers/Microsoft.Compute/features/EncryptionAtHost", object{"properties": object{"state": "NotRegistered"}}),
			"feature EncryptionAtHost: is NotRegistered",
		},
		"a quota that is used up": {
			set("/providers/Microsoft.Compute/locations/westus2/usages", object{"value": list{quota("cores", "Total Regional vCPUs", 95, 100)}}),
			"quota cores in westus2: Total Regional vCPUs: 6 more are planned, 5 of 100 are left",
		},
		"no load balancer left": {
			set("/providers/Microsoft.Network/locations/westus2/usages", object{"value": list{quota("LoadBalancers", "Load Balancers", 7, 7)}}),
			"quota LoadBalancers in westus2: Load Balancers: 1 more are planned, 0 of 7 are left",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := willing()
			c.change(a)
			_, missing := ask(t, a, plan())
			require.Equal(t, []string{c.want}, examinationtest.Said(missing))
		})
	}
}

func TestWhatMayNotBeAskedIsSaidAndStopsNobody(t *testing.T) {
	a := willing()
	a[subscription+"/providers/Microsoft.Authorization/permissions"] = http.StatusForbidden
	a[subscription+"/providers/Microsoft.Compute/skus"] = http.StatusForbidden
	fine, missing := ask(t, a, plan())
	require.Empty(t, missing)
	require.Contains(t, fine, Check{Subject: "permissions on the subscription", Detail: "cannot be asked: Azure answers 403 Forbidden", Next: "ask whoever administers the subscription"})
	require.Contains(t, fine, Check{Subject: "virtual machine sizes in westus2", Detail: "cannot be asked: Azure answers 403 Forbidden", Next: "ask whoever administers the subscription"})
}

func TestWhatExistsTakesNoQuotaAndAGroupIsAskedForItself(t *testing.T) {
	planned := plan()
	for i := range planned {
		planned[i].Was = planned[i].Inputs
	}
	a := willing()
	a[subscription+"/providers/Microsoft.Authorization/permissions"] = http.StatusForbidden
	a[subscription+"/resourceGroups/streams/providers/Microsoft.Authorization/permissions"] = object{"value": list{object{"actions": list{"*"}}}}
	a[subscription+"/providers/Microsoft.Compute/locations/westus2/usages"] = object{"value": list{quota("cores", "", 100, 100), quota("virtualMachines", "", 1, 1)}}
	a[subscription+"/providers/Microsoft.Network/locations/westus2/usages"] = object{"value": list{quota("LoadBalancers", "", 1, 1)}}
	fine, missing := ask(t, a, planned)
	require.Empty(t, missing)
	require.Contains(t, fine, Check{Subject: "permissions on resourceGroups/streams", Detail: "10 actions granted"})

	t.Log("larger machines take what they are larger by")
	double := d2s()
	double["name"] = "Standard_D8s_v5"
	double["capabilities"].(list)[0].(object)["value"] = "8"
	a[subscription+"/providers/Microsoft.Compute/skus"] = object{"value": list{d2s(), double}}
	planned[2].Inputs = plan()[2].Inputs
	planned[2].Inputs["hardwareProfile"] = object{"vmSize": "Standard_D8s_v5"}
	_, missing = ask(t, a, planned)
	require.Len(t, missing, 1)
	require.Equal(t, "quota cores in westus2", missing[0].Subject)
	require.Contains(t, missing[0].Detail, ": 6 more are planned, 0 of 100 are left")
}

func TestAListGoesOnToItsLastPageAndNowhereElse(t *testing.T) {
	pages := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pages++
		next := ""
		switch pages {
		case 1:
			next = "https://" + r.Host + r.URL.Path + "?api-version=1&page=2"
		case 3:
			next = "https://elsewhere.test/?api-version=1"
		}
		require.NoError(t, json.NewEncoder(w).Encode(object{"value": list{pages}, "nextLink": next}))
	}))
	defer server.Close()
	credentials := resourcemanager.Credentials{Subscription: "1", Token: func(context.Context) (string, error) {
		return resourcemanagertest.Token(server.URL, server.Certificate()), nil
	}}
	c, err := resourcemanager.New(t.Context(), credentials)
	require.NoError(t, err)
	items, err := resourcemanager.All[int](t.Context(), c, "/list", resourcemanager.Of("1"))
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, items)
	_, err = resourcemanager.All[int](t.Context(), c, "/list", resourcemanager.Of("1"))
	require.ErrorContains(t, err, "the next page is said to be elsewhere")

	for _, env := range [][]string{{"https_proxy=http://proxy.test:8080"}, {"HTTPS_PROXY=http://proxy.test:8080", "NO_PROXY=example.test"}} {
		through, err := ProxyOf(env)(&url.URL{Scheme: "https", Host: "management.azure.com"})
		require.NoError(t, err)
		require.Equal(t, "http://proxy.test:8080", through.String())
	}
	through, err := ProxyOf([]string{"HTTPS_PROXY=http://proxy.test:8080", "NO_PROXY=.azure.com"})(&url.URL{Scheme: "https", Host: "management.azure.com"})
	require.NoError(t, err)
	require.Nil(t, through)
}
