package azure

import (
	"slices"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

// States of a connection, as Azure names them.
const (
	Pending  = "Pending"
	Approved = "Approved"
	Rejected = "Rejected"
)

// Endpoint is a consumer's private endpoint, in a subscription of its own.
type Endpoint struct {
	Name         string
	Subscription string
}

// Connection is a private endpoint at a private link service.
type Connection struct {
	ID       string
	Name     string // by which the service's owner decides: the endpoint's, and a GUID
	Endpoint string // id of the consumer's private endpoint
	State    string
}

const (
	// connections is the output where a service shows them.
	connections     = "privateEndpointConnections"
	connectionState = "privateLinkServiceConnectionState.status"
)

// Connect makes a consumer's private endpoint and connects it to a private link service, as happens
// behind the back of whoever runs the service. It is Approved or Pending by the service's
// auto-approval; a subscription that the service is not visible to is refused.
func Connect(world *simcloud.World, service string, endpoint Endpoint) (Connection, error) {
	r, ok := simcloud.GetOf(world, tokenPrivateLinkService, service)
	if !ok {
		return Connection{}, missing("", service, "")
	}
	lists := func(path string) bool {
		subscriptions := r.Properties.Texts(path)
		return slices.Contains(subscriptions, endpoint.Subscription) || slices.Contains(subscriptions, everyone)
	}
	if !lists("visibility.subscriptions") {
		return Connection{}, refuse(403, "LinkedAuthorizationFailed", "Subscription %s may not see private link service %s.", endpoint.Subscription, r.ID)
	}
	name := endpoint.Name + "." + identifiers.GUID(identifiers.Digest(r.ID+endpoint.Name+endpoint.Subscription))
	made := Connection{
		ID: idOfConnection(r, name), Name: name, State: Pending,
		Endpoint: "/subscriptions/" + endpoint.Subscription + "/resourceGroups/consumer/providers/Microsoft.Network/privateEndpoints/" + endpoint.Name,
	}
	if lists("autoApproval.subscriptions") {
		made.State = Approved
	}
	world.Change(r.ID, func(r *simcloud.Resource) {
		list, _ := r.Computed[connections].([]any)
		r.Computed[connections] = append(list, map[string]any{
			"id": made.ID, "name": made.Name, "provisioningState": "Succeeded",
			"type":                              "Microsoft.Network/privateLinkServices/privateEndpointConnections",
			"privateEndpoint":                   map[string]any{"id": made.Endpoint},
			"privateLinkServiceConnectionState": map[string]any{"status": made.State, "description": made.State},
		})
	})
	return made, nil
}

func idOfConnection(service *simcloud.Resource, name string) string {
	return service.ID + "/privateEndpointConnections/" + name
}

// Connections are the endpoints connected to a private link service, or waiting to be, in the order in which they came.
func Connections(view simcloud.View, service string) []Connection {
	r, ok := simcloud.GetOf(view, tokenPrivateLinkService, service)
	if !ok {
		return nil
	}
	var found []Connection
	for _, item := range r.Computed.Objects(connections) {
		if name := item.Text("name"); name != "" {
			found = append(found, Connection{idOfConnection(r, name), name, item.Text("privateEndpoint.id"), item.Text(connectionState)})
		}
	}
	return found
}

// Approve accepts a connection, as a service's owner does in the portal.
func Approve(world *simcloud.World, service, connection string) error {
	return decide(world, service, connection, Approved)
}

// Reject rejects a connection, whether it waits or is in use.
func Reject(world *simcloud.World, service, connection string) error {
	return decide(world, service, connection, Rejected)
}

// Withhold makes a connection wait for approval, again perhaps.
func Withhold(world *simcloud.World, service, connection string) error {
	return decide(world, service, connection, Pending)
}

func decide(world *simcloud.World, service, connection, state string) error {
	r, ok := simcloud.GetOf(world, tokenPrivateLinkService, service)
	if !ok {
		return missing("", service, "")
	}
	decided := false
	world.Change(r.ID, func(r *simcloud.Resource) {
		for _, item := range r.Computed.Objects(connections) {
			if item.Text("name") == connection {
				item.Set(connectionState, state)
				decided = true
			}
		}
	})
	if !decided {
		return missing("", idOfConnection(r, connection), "")
	}
	return nil
}

// Disconnect is the consumer's end of its endpoint.
func Disconnect(world *simcloud.World, service, connection string) error {
	r, ok := simcloud.GetOf(world, tokenPrivateLinkService, service)
	if !ok {
		return missing("", service, "")
	}
	world.Change(r.ID, func(r *simcloud.Resource) {
		list, _ := r.Computed[connections].([]any)
		r.Computed[connections] = slices.DeleteFunc(slices.Clone(list), func(item any) bool {
			return simcloud.Properties(item.(map[string]any)).Text("name") == connection
		})
	})
	return nil
}
