package aws

import (
	"fmt"
	"hash/crc32"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenRoute = "aws:ec2/route:Route"

// targets of a route, one of which it has.
var routeTargets = []string{
	"carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "gatewayId", "localGatewayId", "natGatewayId",
	"networkInterfaceId", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId",
}

func route() awsType {
	return awsType{
		service: "EC2", noun: "Route", modifies: "ReplaceRoute",
		lookup: &lookup{
			function: "aws:ec2/getRoute:getRoute", what: "EC2 Route",
			arguments: map[string]string{"routeTableId": "routeTableId", "destinationCidrBlock": "destinationCidrBlock", "natGatewayId": "natGatewayId", "gatewayId": "gatewayId"},
			none: func(view simcloud.View, a simcloud.Properties) string {
				if _, ok := view.Get(a.Text("routeTableId")); !ok {
					return fmt.Sprintf("reading Route Table (%s): couldn't find resource", a.Text("routeTableId"))
				}
				return fmt.Sprintf("No routes matching supplied arguments found in Route Table (%s)", a.Text("routeTableId"))
			},
			many: func(a simcloud.Properties, count int) string {
				return fmt.Sprintf("%d routes matched in Route Table (%s); use additional constraints to reduce matches to a single route", count, a.Text("routeTableId"))
			},
		},
		Kind: simcloud.Kind{
			Token:    tokenRoute,
			Duration: 2 * time.Second,
			ID: func(identity *simcloud.Identity) (string, string) {
				table := identity.Inputs.Text("routeTableId")
				destination := identity.Inputs.Text("destinationCidrBlock") + identity.Inputs.Text("destinationIpv6CidrBlock") + identity.Inputs.Text("destinationPrefixListId")
				return fmt.Sprintf("r-%s%d", table, crc32.ChecksumIEEE([]byte(destination))), table
			},
			Replaces: []string{"destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId", "routeTableId"},
			References: []simcloud.Reference{
				{Path: "routeTableId", To: []string{tokenRouteTable}},
				{Path: "natGatewayId", To: []string{tokenNatGateway}},
				{Path: "networkInterfaceId", To: []string{tokenNetworkInterface}},
			},
			Check: func(c *simcloud.Checker) {
				exactlyOne(c, "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
				exactlyOne(c, routeTargets...)
			},
			Rules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				table, _ := t.World.Get(t.After.Properties.Text("routeTableId"))
				return judgeRoute(t.World, table, "destinationCidrBlock", t.After.Properties, table.Properties.Objects("routes"))
			}},
			Effect: agentsTryAgain,
			Outputs: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
				state := "active"
				if target := routeTo(r.Properties); target != "local" {
					if _, there := view.Get(target); !there {
						state = "blackhole"
					}
				}
				return simcloud.Properties{"origin": "CreateRoute", "state": state}
			},
		},
	}
}

// routeTo is what a route leads to.
func routeTo(route simcloud.Properties) string {
	for _, name := range routeTargets {
		if target := route.Text(name); target != "" {
			return target
		}
	}
	return ""
}

// judgeRoute holds a route against its table and the table's other routes.
func judgeRoute(view simcloud.View, table *simcloud.Resource, destination string, route simcloud.Properties, others []simcloud.Properties) error {
	to := route.Text(destination)
	if to != "" {
		if _, err := canonical(to); err != nil {
			return err
		}
	}
	for _, other := range others {
		if to != "" && other.Text("cidrBlock") == to {
			return refuse("RouteAlreadyExists", "The route identified by %s already exists.", to)
		}
	}
	network := table.Properties.Text("vpcId")
	if id := route.Text("gatewayId"); id != "" && id != "local" {
		gateway, ok := simcloud.GetOf(view, tokenInternetGateway, id)
		if !ok {
			return missing(tokenInternetGateway, id, "")
		}
		if gateway.Properties.Text("vpcId") != network {
			return refuse("InvalidParameterValue", "route table %s and network gateway %s belong to different networks", table.ID, id)
		}
	}
	if nat, ok := simcloud.GetOf(view, tokenNatGateway, route.Text("natGatewayId")); ok && vpcOf(view, nat.Properties.Text("subnetId")) != network {
		return refuse("InvalidParameterValue", "route table %s and NAT gateway %s belong to different networks", table.ID, nat.ID)
	}
	return nil
}

// Lead is a route of a table, inline or a resource of its own.
type Lead struct {
	Destination string // "" unless it is a range of IPv4
	To          string // id of what it leads to, or "local"
	properties  simcloud.Properties
}

// RoutesIn are all routes of a table but the one within its network.
func RoutesIn(view simcloud.View, table *simcloud.Resource) []Lead {
	var routes []Lead
	for _, inline := range table.Properties.Objects("routes") {
		routes = append(routes, Lead{inline.Text("cidrBlock"), routeTo(inline), inline})
	}
	for _, child := range simcloud.ChildrenOf(view, tokenRoute, table.ID) {
		routes = append(routes, Lead{child.Properties.Text("destinationCidrBlock"), routeTo(child.Properties), child.Properties})
	}
	return routes
}
