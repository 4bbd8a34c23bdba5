//go:build linux

package rehearse

import (
	"fmt"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/simcloud"
)

// Cloud is what a rehearsal must know of a cloud.
type Cloud struct {
	Name  string // as automation.Program names it
	Serve func() *simcloud.Cloud
	Read  func(simcloud.View) fabric.Deployment
	// Existing makes stand-ins for what a configuration says is there already, and says what they cannot be.
	Existing func(*simcloud.World, automation.Configuration) (standIns []string, err error)
	// Facilities are what the cloud serves to its machines; nil: nothing that the lab has.
	Facilities func(server func() *simcloud.Server, config automation.Configuration) []fabric.Facility
	// Consumer is the account that a service admits, if possible without asking.
	Consumer func(view simcloud.View, service string, config automation.Configuration) (consumerAccount, error)
	// Called is how people call a resource.
	Called func(*simcloud.Resource) string
	// Connect makes a consumer's private endpoint at an endpoint service, as the consumer would.
	Connect func(world *simcloud.World, service, endpoint string, account consumerAccount) error
	// Approve accepts every connection that waits at a service, as its owner would.
	Approve func(world *simcloud.World, service string)
	// Hazards are what the cloud accepts and punishes later, each a sentence.
	Hazards func(simcloud.View) []string
	// OtherImage changes a configuration so that every machine is replaced.
	OtherImage func(view simcloud.View, config automation.Configuration) error
	// Break alters deployed resources for the drills.
	Break Breakage
	// OtherText is another value of a text of which the path alone tells what it is, or ""; nil: there is no such path.
	OtherText func(pattern string) string
	// Mutable are the resources whose every property the drill "mutations" alters.
	Mutable func(simcloud.View) []*simcloud.Resource
}

// consumerAccount is who connects.
type consumerAccount struct {
	id     string
	client string // address from which it connects, in its own network, where the cloud shows that
}

// Breakage are faults that somebody could make in a console, on the way that a service leads.
type Breakage struct {
	// FilterRule takes away what admits the service's consumers to the brokers.
	FilterRule func(world *simcloud.World, service string) (what string, err error)
	// BalancerRule takes away a load balancer's rule for an endpoint port.
	BalancerRule func(world *simcloud.World, service string, port int) (what string, err error)
	// SwapRules makes two endpoint ports lead to each other's broker.
	SwapRules func(world *simcloud.World, service string, one, other int) (what string, err error)
	// Approval makes the connections at the service wait for approval.
	Approval func(world *simcloud.World, service string) (what string, err error)
}

// standInForTheWayOut is said of a network of the user's own.
const standInForTheWayOut = "your own network's way out: a NAT gateway stands in for it"

// section is one of the configuration's.
func section(config automation.Configuration, name string) simcloud.Properties {
	settings, _ := config["kafkalink:"+name].(map[string]any)
	return settings
}

// balancersBehind are the load balancers of a service, whose properties hold their ids.
func balancersBehind(world *simcloud.World, service string, ids func(simcloud.Properties) []string) (balancers []*simcloud.Resource) {
	r, ok := world.Get(service)
	if !ok {
		return nil
	}
	for _, id := range ids(r.Properties) {
		if balancer, ok := world.Get(id); ok {
			balancers = append(balancers, balancer)
		}
	}
	return balancers
}

// oneOfEach is the first resource of each type.
func oneOfEach(view simcloud.View, tokens ...string) (chosen []*simcloud.Resource) {
	for _, token := range tokens {
		if all := view.List(token); len(all) > 0 {
			chosen = append(chosen, all[0])
		}
	}
	return chosen
}

func (r Rehearser) cloudOf(stack *automation.Stack) (Cloud, error) {
	for _, cloud := range r.Clouds {
		if cloud.Name == stack.Program.Cloud {
			return cloud, nil
		}
	}
	return Cloud{}, &automation.Error{
		Kind: automation.KindConfiguration,
		What: fmt.Sprintf("stack %q cannot be rehearsed", stack.Identity.Stack),
		Why:  fmt.Sprintf("the lab does not know the cloud %q", stack.Program.Cloud),
		Next: "deploy it without machines: kafkalink up --simulate",
	}
}
