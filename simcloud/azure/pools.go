package azure

import (
	"fmt"

	"github.com/kafkalink/kafkalink/simcloud"
)

// membersOf gives the ids of the interface configurations in a pool. Membership is written on the
// interface; the load balancer only shows it.
func membersOf(view simcloud.View, pool string) []string {
	var members []string
	for _, nic := range view.List(tokenNetworkInterface) {
		for _, c := range nic.Properties.Objects("ipConfigurations") {
			for _, p := range c.Objects("loadBalancerBackendAddressPools") {
				if view.Same(p.Text("id"), pool) {
					members = append(members, nic.ID+"/ipConfigurations/"+c.Text("name"))
				}
			}
		}
	}
	return members
}

// poolsOf gives the pools that an interface configuration is in.
func poolsOf(view simcloud.View, member string) []string {
	nic, ok := view.Get(parentOf(member))
	if !ok {
		return nil
	}
	var pools []string
	for _, c := range nic.Properties.Objects("ipConfigurations") {
		if view.Same(nic.ID+"/ipConfigurations/"+c.Text("name"), member) {
			for _, pool := range c.Objects("loadBalancerBackendAddressPools") {
				pools = append(pools, pool.Text("id"))
			}
		}
	}
	return pools
}

func ruleUses(view simcloud.View, rule simcloud.Properties, pool string) bool {
	if view.Same(rule.Text("backendAddressPool.id"), pool) {
		return true
	}
	for _, other := range rule.Objects("backendAddressPools") {
		if view.Same(other.Text("id"), pool) {
			return true
		}
	}
	return false
}

// maxRulesPerInterface is what Azure allows on one interface over all load balancers.
const maxRulesPerInterface = 300

// judgeMembership refuses rules that would meet at one interface configuration: without floating IP,
// two rules of load balancers of one type must not send to the same port of the same backend.
func judgeMembership(view simcloud.View, member string, pools []string) error {
	return judgeMembershipWith(view, member, pools, nil)
}

// judgeMembershipWith judges as if a load balancer were already what it is to become.
func judgeMembershipWith(view simcloud.View, member string, pools []string, changed *simcloud.Resource) error {
	count := 0
	seen := map[string]string{}
	for _, pool := range pools {
		balancer, ok := view.Resolve(pool)
		if changed != nil && view.Same(parentOf(pool), changed.ID) {
			balancer, ok = changed, true
		}
		if !ok {
			continue
		}
		for _, rule := range balancer.Properties.Objects("loadBalancingRules") {
			if !ruleUses(view, rule, pool) {
				continue
			}
			count++
			if rule.True("enableFloatingIP") {
				continue
			}
			id := balancer.ID + "/loadBalancingRules/" + rule.Text("name")
			for _, protocol := range protocols(rule) {
				key := fmt.Sprintf("%t %s %v", isInternal(balancer), protocol, rule.Number("backendPort"))
				if other := seen[key]; other != "" && other != id {
					return refuseMeeting(view, other, id, rule.Number("backendPort"), protocol, member)
				}
				seen[key] = id
			}
		}
	}
	if count > maxRulesPerInterface {
		return refuse(400, "NetworkInterfaceRuleCountLimitReached", "IP configuration %s would be in %d load balancing rules, the limit is %d.", member, count, maxRulesPerInterface)
	}
	return nil
}

func refuseMeeting(view simcloud.View, one, other string, port float64, protocol, member string) error {
	if view.Same(parentOf(one), parentOf(other)) {
		return refuse(400, "RulesUseSameBackendPortProtocolAndIPConfig",
			"Load balancer rules %s and %s with floating IP disabled use the same backend port %v and protocol %s, and must not be used with the same backend IP %s.", one, other, port, protocol, member)
	}
	return refuse(400, "RulesOfSameLoadBalancerTypeUseSameBackendPortProtocolAndIPConfig",
		"Load balancer rules %s and %s belong to the load balancer of the same type and use the same backend port %v and protocol %s with floatingIP disabled, must not be used with the same backend IP configuration %s.", one, other, port, protocol, member)
}

// isInternal says whether a load balancer's frontends lie in subnets.
func isInternal(balancer *simcloud.Resource) bool {
	for _, frontend := range balancer.Properties.Objects("frontendIPConfigurations") {
		if frontend.Has("subnet.id") {
			return true
		}
	}
	return false
}

// membersFit judges the members that a load balancer's pools already have against its new rules.
func membersFit(t *simcloud.Transaction) error {
	if t.Creating() {
		return nil
	}
	for _, pool := range t.After.Properties.Objects("backendAddressPools") {
		for _, member := range membersOf(t.World, t.After.ID+"/backendAddressPools/"+pool.Text("name")) {
			if err := judgeMembershipWith(t.World, member, poolsOf(t.World, member), t.After); err != nil {
				return err
			}
		}
	}
	return nil
}

// leavePools takes interfaces out of pools that go.
func leavePools(t *simcloud.Transaction, users []simcloud.Referrer) error {
	for _, user := range users {
		changed := user.Resource.Clone()
		if current, ok := t.World.Get(changed.ID); ok {
			changed = current.Clone() // it may have left another pool just now
		}
		for _, c := range changed.Properties.Objects("ipConfigurations") {
			var stay []any
			for _, pool := range c.Objects("loadBalancerBackendAddressPools") {
				if !t.World.Same(pool.Text("id"), user.ID) {
					stay = append(stay, map[string]any(pool))
				}
			}
			delete(c, "loadBalancerBackendAddressPools")
			if stay != nil {
				c["loadBalancerBackendAddressPools"] = stay
			}
		}
		t.Put(changed)
	}
	return nil
}
