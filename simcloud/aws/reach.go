package aws

import (
	"fmt"
	"net/netip"

	"github.com/kafkalink/kafkalink/simcloud"
)

// anywhere is where downloads and AWS's own services are.
var anywhere = netip.MustParsePrefix("0.0.0.0/0")

// WayOut says why an instance, or what lies in a subnet, cannot reach the internet and AWS's services at a TCP port; nil if
// it can. Of a subnet it looks at routes alone, of an instance also at its public address and its security groups.
func WayOut(view simcloud.View, id string, port int) error {
	r, ok := view.Get(id)
	if !ok {
		return fmt.Errorf("%s does not exist", id)
	}
	if r.Type == tokenSubnet {
		_, err := ExitOf(view, r.ID)
		return err
	}
	exit, err := ExitOf(view, subnetOf(view, r))
	if err != nil {
		return err
	}
	if exit.NAT == nil && publicAddressOf(view, r) == "" {
		return fmt.Errorf("%s has no public address, and its subnet's way out is the internet gateway", id)
	}
	for _, group := range groupsOf(view, r) {
		for _, permission := range groupPermissions(view, group, "Egress") {
			if permission.lets(anywhere, port) {
				return nil
			}
		}
	}
	return fmt.Errorf("no security group of %s lets TCP %d out to %s", id, port, anywhere)
}

// Exit is how a subnet's packets for anywhere leave its network.
type Exit struct {
	Gateway *simcloud.Resource // of the internet
	NAT     *simcloud.Resource // nil: only what has a public address leaves
}

// ExitOf follows a subnet's route to the internet: to the internet gateway itself, or to a NAT gateway. The error says why there
// is no way out.
func ExitOf(view simcloud.View, subnet string) (Exit, error) {
	target, table, err := defaultRoute(view, subnet)
	if err != nil {
		return Exit{}, err
	}
	gateway, ok := view.Get(target)
	if !ok {
		return Exit{}, fmt.Errorf("the route to %s in %s leads to %s, which does not exist", anywhere, table, target)
	}
	switch gateway.Type {
	case tokenInternetGateway:
		return Exit{Gateway: gateway}, attachedTo(gateway, vpcOf(view, subnet))
	case tokenNatGateway:
		own, err := exitOfNAT(view, gateway)
		return Exit{own, gateway}, err
	}
	return Exit{}, fmt.Errorf("the route to %s in %s leads to %s, which the simulation does not follow", anywhere, table, target)
}

func attachedTo(gateway *simcloud.Resource, network string) error {
	if gateway.Properties.Text("vpcId") != network {
		return fmt.Errorf("internet gateway %s is not attached to %s", gateway.ID, network)
	}
	return nil
}

// exitOfNAT: AWS takes a NAT gateway in any subnet, but it works only in one whose way out is the internet gateway.
func exitOfNAT(view simcloud.View, nat *simcloud.Resource) (*simcloud.Resource, error) {
	if nat.Properties.Text("connectivityType") == "private" {
		return nil, fmt.Errorf("NAT gateway %s is private", nat.ID)
	}
	subnet := nat.Properties.Text("subnetId")
	target, table, err := defaultRoute(view, subnet)
	if err != nil {
		return nil, fmt.Errorf("NAT gateway %s has no way out itself: %w", nat.ID, err)
	}
	gateway, ok := simcloud.GetOf(view, tokenInternetGateway, target)
	if !ok {
		return nil, fmt.Errorf("NAT gateway %s has no way out itself: %s of its subnet %s leads to %s, not to an internet gateway", nat.ID, table, subnet, target)
	}
	return gateway, attachedTo(gateway, vpcOf(view, subnet))
}

// RouteTableOf is the id of a subnet's route table: of the one that is associated with it, or else of its network's main one.
func RouteTableOf(view simcloud.View, subnet string) string {
	table := ""
	if network, ok := view.Get(vpcOf(view, subnet)); ok {
		table = network.Computed.Text("mainRouteTableId")
	}
	for _, association := range usersOf(view, subnet, tokenRouteTableAssociation) {
		table = association.Properties.Text("routeTableId")
	}
	return table
}

// defaultRoute is where a subnet's route table sends what is for anywhere.
func defaultRoute(view simcloud.View, subnet string) (target, table string, err error) {
	if _, ok := view.Get(vpcOf(view, subnet)); !ok {
		return "", "", fmt.Errorf("subnet %s does not exist", subnet)
	}
	table = RouteTableOf(view, subnet)
	r, ok := simcloud.GetOf(view, tokenRouteTable, table)
	if !ok {
		return "", table, fmt.Errorf("route table %s of subnet %s does not exist", table, subnet)
	}
	for _, lead := range RoutesIn(view, r) {
		if lead.Destination == anywhere.String() {
			return lead.To, table, nil
		}
	}
	return "", table, fmt.Errorf("route table %s of subnet %s has no route to %s", table, subnet, anywhere)
}

// httpsPort is where AWS's services are, and most downloads.
const httpsPort = 443

// Managed says why Systems Manager does not manage an instance; nil if it does. Whether its agent has started is for the
// data plane to say.
func Managed(view simcloud.View, id string) error {
	r, ok := simcloud.GetOf(view, tokenInstance, id)
	if !ok {
		return missing(tokenInstance, id, "")
	}
	if !running(r) {
		return fmt.Errorf("%s is %s", id, r.Computed.Text("instanceState"))
	}
	if image, ok := findImage(view, regionOf(r), r.Properties.Text("ami")); !ok || !image.Agent {
		return fmt.Errorf("image %s of %s has no SSM agent", r.Properties.Text("ami"), id)
	}
	if r.Properties.Text("metadataOptions.httpEndpoint") == "disabled" {
		return fmt.Errorf("the metadata endpoint of %s is disabled, and its agent finds no credentials", id)
	}
	if err := agentPermitted(view, r); err != nil {
		return err
	}
	return WayOut(view, id, httpsPort)
}

// bootProblem is what stands in the way of an instance at the moment it boots.
func bootProblem(view simcloud.View, instance *simcloud.Resource) string {
	if instance.Properties.Has("iamInstanceProfile") {
		if err := agentPermitted(view, instance); err != nil {
			return err.Error()
		}
	}
	if err := WayOut(view, instance.ID, httpsPort); err != nil {
		return err.Error()
	}
	return ""
}

// BootProblem is what stood in the way of an instance's first boot when it was made, or "": no way out to fetch anything
// at TCP 443, or a profile whose role did not let the SSM agent work yet. What is put right later does not undo it.
func BootProblem(view simcloud.View, id string) string {
	r, ok := simcloud.GetOf(view, tokenInstance, id)
	if !ok {
		return ""
	}
	return r.Computed.Text("bootProblem")
}
