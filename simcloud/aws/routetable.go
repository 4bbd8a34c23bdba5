package aws

import (
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const (
	tokenRouteTable            = "aws:ec2/routeTable:RouteTable"
	tokenRouteTableAssociation = "aws:ec2/routeTableAssociation:RouteTableAssociation"
)

func routeTable() awsType {
	return awsType{
		service: "EC2", noun: "Route Table", modifies: "ReplaceRoute",
		prefix: "rtb", arn: "ec2:{region}:{account}:route-table/{id}",
		lookup: &lookup{
			function: "aws:ec2/getRouteTable:getRouteTable", what: "Route Table",
			words: words{many: singularWords.many, none: func(string) string {
				return "query returned no results. Please change your search criteria and try again"
			}},
			arguments: map[string]string{"routeTableId": "id", "vpcId": "vpcId", "subnetId": "subnetIds", "gatewayId": "gatewayIds"},
			filters: map[string]string{"route-table-id": "id", "vpc-id": "vpcId", "association.subnet-id": "subnetIds", "association.main": "main",
				"association.route-table-association-id": "associationIds", "owner-id": "ownerId"},
			facts: routeTableFacts,
			show:  showRouteTable,
		},
		Kind: simcloud.Kind{
			Token:         tokenRouteTable,
			Duration:      2 * time.Second,
			Replaces:      []string{"vpcId"},
			KeptWhenUnset: []string{"routes", "propagatingVgws"},
			References: []simcloud.Reference{
				{Path: "vpcId", To: []string{tokenVpc}},
				{Path: "routes[].natGatewayId", To: []string{tokenNatGateway}},
			},
			Rules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				for i, route := range t.After.Properties.Objects("routes") {
					if err := judgeRoute(t.World, t.After, "cidrBlock", route, t.After.Properties.Objects("routes")[:i]); err != nil {
						return err
					}
				}
				return nil
			}},
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error { // the provider takes it from its subnets first
				for _, user := range usersOf(t.World, t.Before.ID, tokenRouteTableAssociation) {
					t.Remove(user.ID)
				}
				return nil
			}},
			Effect: agentsTryAgain,
		},
	}
}

func routeTableFacts(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	facts := simcloud.Properties{"main": r.Computed.True(byDefault), "routeTableId": r.ID}
	var subnets, gateways, ids []string
	for _, user := range usersOf(view, r.ID, tokenRouteTableAssociation) {
		subnets = append(subnets, user.Properties.Text("subnetId"))
		gateways = append(gateways, user.Properties.Text("gatewayId"))
		ids = append(ids, user.ID)
	}
	facts["subnetIds"], facts["gatewayIds"], facts["associationIds"] = texts(subnets), texts(gateways), texts(ids)
	return facts
}

func showRouteTable(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	routes, associations := []any{}, []any{}
	for _, route := range RoutesIn(view, r) {
		routes = append(routes, map[string]any{"cidrBlock": route.Destination, "gatewayId": route.properties.Text("gatewayId"),
			"natGatewayId": route.properties.Text("natGatewayId"), "networkInterfaceId": route.properties.Text("networkInterfaceId")})
	}
	for _, user := range usersOf(view, r.ID, tokenRouteTableAssociation) {
		associations = append(associations, map[string]any{"routeTableAssociationId": user.ID, "routeTableId": r.ID, "main": false,
			"subnetId": user.Properties.Text("subnetId"), "gatewayId": user.Properties.Text("gatewayId")})
	}
	return simcloud.Properties{"routes": routes, "associations": associations, "routeTableId": r.ID}
}

func routeTableAssociation() awsType {
	return awsType{
		service: "EC2", noun: "Route Table Association", creates: "AssociateRouteTable", modifies: "ReplaceRouteTableAssociation", deletes: "DisassociateRouteTable",
		prefix: "rtbassoc",
		Kind: simcloud.Kind{
			Token:    tokenRouteTableAssociation,
			Duration: 2 * time.Second,
			ID: func(identity *simcloud.Identity) (string, string) { // it goes with its subnet
				return "rtbassoc-" + identity.Unique()[:17], identity.Inputs.Text("subnetId")
			},
			Replaces: []string{"gatewayId", "subnetId"},
			References: []simcloud.Reference{
				{Path: "routeTableId", To: []string{tokenRouteTable}},
				{Path: "subnetId", To: []string{tokenSubnet}},
				{Path: "gatewayId", To: []string{tokenInternetGateway}},
			},
			Check:  func(c *simcloud.Checker) { exactlyOne(c, "subnetId", "gatewayId") },
			Rules:  []simcloud.Rule{associatedOnce},
			Effect: agentsTryAgain,
		},
	}
}

// exactlyOne is Terraform's ExactlyOneOf.
func exactlyOne(c *simcloud.Checker, names ...string) {
	given := 0
	for _, name := range names {
		if c.Inputs.Has(name) {
			given++
		}
	}
	if given != 1 {
		c.Fail(names[0], "Invalid combination of arguments: one of '%s' must be specified, and only one: %d are", strings.Join(names, ", "), given)
	}
}

func associatedOnce(t *simcloud.Transaction) error {
	p := t.After.Properties
	table, _ := t.World.Get(p.Text("routeTableId"))
	if subnet := p.Text("subnetId"); subnet != "" && vpcOf(t.World, subnet) != table.Properties.Text("vpcId") {
		return refuse("InvalidParameterValue", "Route table %s and subnet %s belong to different networks", table.ID, subnet)
	}
	for _, other := range t.World.List(tokenRouteTableAssociation) {
		if other.ID != t.After.ID && other.Properties.Text("subnetId") == p.Text("subnetId") && other.Properties.Text("gatewayId") == p.Text("gatewayId") {
			return refuse("Resource.AlreadyAssociated", "the specified association for route table %s conflicts with an existing association", table.ID)
		}
	}
	return nil
}
