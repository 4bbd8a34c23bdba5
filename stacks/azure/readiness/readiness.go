package readiness

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"github.com/kafkalink/kafkalink/components/azure/resourcemanager"
	"github.com/kafkalink/kafkalink/stacks/examination"
)

// Planned is what every cloud is asked about.
type Planned = examination.Planned

// Check is what every cloud's answer becomes.
type Check = examination.Check

// client asks Azure.
type client struct{ *resourcemanager.Client }

// ProxyOf is that of an environment's HTTPS_PROXY and NO_PROXY.
func ProxyOf(env []string) resourcemanager.Proxy {
	value := func(name string) string {
		for _, variable := range slices.Backward(env) {
			if key, value, _ := strings.Cut(variable, "="); strings.EqualFold(key, name) {
				return value
			}
		}
		return ""
	}
	config := httpproxy.Config{HTTPSProxy: value("HTTPS_PROXY"), NoProxy: value("NO_PROXY")}
	return config.ProxyFunc()
}

// Examine asks about a plan. What cannot be asked, for lack of a permission to read it, is a Check that says so; once the
// subscription cannot be read nothing else is asked.
func Examine(ctx context.Context, rm *resourcemanager.Client, planned []Planned) ([]Check, error) {
	azure := &client{rm}
	subscription, ok := azure.subscription(ctx)
	if !ok {
		return []Check{subscription}, nil
	}
	checks := []Check{subscription}
	checks = append(checks, azure.permissions(ctx, planned)...)
	checks = append(checks, azure.registrations(ctx, planned)...)
	for _, region := range regions(planned) {
		checks = append(checks, azure.region(ctx, region, planned)...)
	}
	return checks, nil
}

func (c *client) subscription(ctx context.Context) (check Check, ok bool) {
	const subject = "subscription"
	var answer struct {
		DisplayName string `json:"displayName"`
		State       string `json:"state"`
	}
	if err := c.Get(ctx, c.Scope(), resourcemanager.Of("2022-12-01"), &answer); err != nil {
		return Check{
			Subject: subject, Missing: true, Detail: fmt.Sprintf("%s cannot be read: %s", c.Subscription, resourcemanager.Explain(err)),
			Next: "log in (`az login`, or ARM_CLIENT_ID and ARM_CLIENT_SECRET or OIDC), and select the subscription with " +
				"`az account set --subscription ID` or ARM_SUBSCRIPTION_ID",
		}, false
	}
	check = Check{Subject: subject, Detail: fmt.Sprintf("%s (%s)", answer.DisplayName, c.Subscription)}
	if answer.State != "Enabled" {
		check.Detail += " is " + answer.State
		check.Missing, check.Next = true, "have it enabled by whoever pays for it, or select another"
	}
	return check, true
}

// registrations are the resource providers that the plan needs, which a subscription registers once.
func (c *client) registrations(ctx context.Context, planned []Planned) []Check {
	var checks []Check
	for _, namespace := range namespaces(planned) {
		var answer struct {
			RegistrationState string `json:"registrationState"`
		}
		subject := "resource provider " + namespace
		err := c.Get(ctx, c.Scope()+"/providers/"+namespace, resourcemanager.Of("2021-04-01"), &answer)
		switch {
		case err != nil:
			checks = append(checks, unknown(subject, err))
		case answer.RegistrationState == "Registered":
			checks = append(checks, Check{Subject: subject, Detail: "registered"})
		default:
			checks = append(checks, Check{
				Subject: subject, Missing: true, Detail: "is " + answer.RegistrationState,
				Next: fmt.Sprintf("az provider register --namespace %s --wait", namespace),
			})
		}
	}
	return checks
}

// region checks what differs from region to region.
func (c *client) region(ctx context.Context, region string, planned []Planned) []Check {
	sizes, err := c.sizes(ctx, region)
	if err != nil {
		return []Check{unknown("virtual machine sizes in "+region, err)}
	}
	machines := machinesIn(region, planned)
	checks := sizeChecks(region, machines, sizes)
	checks = append(checks, c.images(ctx, region, machines, sizes)...)
	checks = append(checks, c.encryption(ctx, machines)...)
	return append(checks, c.quotas(ctx, region, planned, machines, sizes)...)
}

func unknown(subject string, err error) Check {
	return examination.Unknown(subject, resourcemanager.Explain(err), "ask whoever administers the subscription")
}

// normal is a region's name as Azure writes it: "West US 2" is "westus2".
func normal(region string) string { return strings.ToLower(strings.ReplaceAll(region, " ", "")) }
