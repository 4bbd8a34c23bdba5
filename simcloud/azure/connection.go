package azure

import (
	"slices"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

// Connect makes a consumer's private endpoint and connects it to a private link service, as happens
// behind the back of whoever runs the service. It is Approved or Pending by the service's
// auto-approval; a subscription that the service is not visible to is refused.
func Connect(world *simcloud.World, service, endpoint, subscription string) error {
	r, ok := simcloud.GetOf(world, tokenPrivateLinkService, service)
	if !ok {
		return missing("", service, "")
	}
	lists := func(path string) bool {
		subscriptions := r.Properties.Texts(path)
		return slices.Contains(subscriptions, subscription) || slices.Contains(subscriptions, everyone)
	}
	if !lists("visibility.subscriptions") {
		return refuse(403, "LinkedAuthorizationFailed", "Subscription %s may not see private link service %s.", subscription, r.ID)
	}
	status := "Pending"
	if lists("autoApproval.subscriptions") {
		status = "Approved"
	}
	name := endpoint + "." + identifiers.GUID(identifiers.Digest(r.ID+endpoint+subscription))
	world.Change(r.ID, func(r *simcloud.Resource) {
		connections, _ := r.Computed["privateEndpointConnections"].([]any)
		r.Computed["privateEndpointConnections"] = append(connections, map[string]any{
			"id": r.ID + "/privateEndpointConnections/" + name, "name": name, "provisioningState": "Succeeded",
			"type":                              "Microsoft.Network/privateLinkServices/privateEndpointConnections",
			"privateEndpoint":                   map[string]any{"id": "/subscriptions/" + subscription + "/resourceGroups/consumer/providers/Microsoft.Network/privateEndpoints/" + endpoint},
			"privateLinkServiceConnectionState": map[string]any{"status": status, "description": status},
		})
	})
	return nil
}

// Approve accepts every connection of a private link service that waits for it, as its owner does in the portal.
func Approve(world *simcloud.World, service string) { decide(world, service, "Approved") }

// Withhold makes every connection of a private link service wait for approval.
func Withhold(world *simcloud.World, service string) { decide(world, service, "Pending") }

func decide(world *simcloud.World, service, status string) {
	world.Change(service, func(r *simcloud.Resource) {
		for _, connection := range r.Computed.Objects("privateEndpointConnections") {
			connection.Set("privateLinkServiceConnectionState.status", status)
		}
	})
}

// Disconnect removes all connections of a private link service.
func Disconnect(world *simcloud.World, service string) {
	world.Change(service, func(r *simcloud.Resource) { delete(r.Computed, "privateEndpointConnections") })
}
