package aws

import (
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

// States of a connection, as AWS names them.
const (
	PendingAcceptance = "pendingAcceptance"
	Available         = "available"
	Rejected          = "rejected"
)

// Endpoint is a consumer's interface endpoint, in an account of its own.
type Endpoint struct {
	ID        string   // "vpce-" and 17 digits; empty: one is made up
	Principal string   // ARN of who makes it: arn:aws:iam::210987654321:root
	ZoneIDs   []string // ids of the zones of its subnets, whatever that account calls them
	Client    string   // address of who connects through it, in that network; empty: one of a default VPC
}

// defaultClient is in the range of default VPCs.
const defaultClient = "172.31.0.10"

// Connection is an endpoint at an endpoint service.
type Connection struct {
	Endpoint  string
	Principal string
	State     string
	ZoneIDs   []string // one network interface of the endpoint in each
	Client    string   // address of who connects, as a load balancer's security group sees it
}

// connections is where a service remembers them; no output has the name.
const connections = "connections"

// Connect makes a consumer's interface endpoint and connects it to an endpoint service, named by its service name or its id,
// as happens behind the back of whoever runs the service. Who is not allowed is told that there is no such service; where
// acceptance is required the connection waits. The endpoint has an interface in each zone that both are in.
func Connect(world *simcloud.World, service string, endpoint Endpoint) (Connection, error) {
	r := findService(world, service)
	if r == nil || !slices.ContainsFunc(principalsOf(world, r), func(allowed string) bool { return admits(allowed, endpoint.Principal) }) {
		return Connection{}, refuse("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", service)
	}
	made := Connection{Endpoint: endpoint.ID, Principal: endpoint.Principal, State: Available, Client: endpoint.Client}
	if made.Client == "" {
		made.Client = defaultClient
	}
	for _, zone := range ServiceZones(world, r.ID) {
		if slices.Contains(endpoint.ZoneIDs, zone.ID) {
			made.ZoneIDs = append(made.ZoneIDs, zone.ID)
		}
	}
	if len(made.ZoneIDs) == 0 {
		return Connection{}, refuse("InvalidParameter", "The VPC endpoint service %s does not support the availability zones of the subnets: %s.", service, strings.Join(endpoint.ZoneIDs, ", "))
	}
	if r.Properties.True("acceptanceRequired") {
		made.State = PendingAcceptance
	}
	if made.Endpoint == "" {
		made.Endpoint = "vpce-0" + identifiers.Digest(r.ID + endpoint.Principal + strings.Join(endpoint.ZoneIDs, " "))[:16]
	}
	for _, other := range Connections(world, r.ID) {
		if other.Endpoint == made.Endpoint {
			return Connection{}, refuse("InvalidParameter", "Endpoint %s is connected already.", made.Endpoint)
		}
	}
	world.Change(r.ID, func(r *simcloud.Resource) {
		list, _ := r.Computed[connections].([]any)
		r.Computed[connections] = append(list, map[string]any{
			"endpoint": made.Endpoint, "principal": made.Principal, "state": made.State, "zoneIds": texts(made.ZoneIDs), "client": made.Client,
		})
	})
	return made, nil
}

func findService(view simcloud.View, service string) *simcloud.Resource {
	for _, r := range view.List(tokenEndpointService) {
		if r.ID == service || r.Computed.Text("serviceName") == service {
			return r
		}
	}
	return nil
}

// admits says whether an allowed principal covers one: itself, everyone, or an account all of whose principals it lets in.
func admits(allowed, principal string) bool {
	account, whole := strings.CutSuffix(allowed, ":root")
	return allowed == "*" || allowed == principal || whole && strings.HasPrefix(principal, account+":")
}

// Connections are the endpoints connected to an endpoint service, or waiting to be, in the order in which they came.
func Connections(view simcloud.View, service string) []Connection {
	r := findService(view, service)
	if r == nil {
		return nil
	}
	var found []Connection
	for _, item := range r.Computed.Objects(connections) {
		found = append(found, Connection{item.Text("endpoint"), item.Text("principal"), item.Text("state"), item.Texts("zoneIds"), item.Text("client")})
	}
	return found
}

// Accept accepts an endpoint's connection, as a service's owner does.
func Accept(world *simcloud.World, service, endpoint string) error {
	return decide(world, service, endpoint, Available)
}

// Reject rejects an endpoint's connection, whether it waits or is in use.
func Reject(world *simcloud.World, service, endpoint string) error {
	return decide(world, service, endpoint, Rejected)
}

func decide(world *simcloud.World, service, endpoint, state string) error {
	r := findService(world, service)
	if r == nil {
		return missing(tokenEndpointService, service, "")
	}
	decided := false
	world.Change(r.ID, func(r *simcloud.Resource) {
		for _, item := range r.Computed.Objects(connections) {
			if item.Text("endpoint") == endpoint {
				item["state"], decided = state, true
			}
		}
	})
	if !decided {
		return refuse("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '%s' does not exist", endpoint)
	}
	return nil
}

// Disconnect is the consumer's end of its endpoint.
func Disconnect(world *simcloud.World, service, endpoint string) error {
	r := findService(world, service)
	if r == nil {
		return missing(tokenEndpointService, service, "")
	}
	world.Change(r.ID, func(r *simcloud.Resource) {
		list, _ := r.Computed[connections].([]any)
		r.Computed[connections] = slices.DeleteFunc(slices.Clone(list), func(item any) bool {
			return simcloud.Properties(item.(map[string]any)).Text("endpoint") == endpoint
		})
	})
	return nil
}
