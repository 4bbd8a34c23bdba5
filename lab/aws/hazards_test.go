package aws

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
)

func TestHazardsOfTheDocumentsSetUp(t *testing.T) {
	t.Parallel()
	const settle = 15 * time.Second
	require.Empty(t, Hazards(documents(t).View(), settle))
	require.Empty(t, Hazards(deploy(t, "five-brokers").View(), settle)) // with a bastion
	for _, c := range []struct {
		name, resource, path string
		value                any
		want                 string
	}{
		{"name of a zone", "link-tidb-for-tidb-1-targets", "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount", "1",
			`target group "broker-target-group-1": it has targets in 1 of 3 zones, so that every other zone leaves the load balancer's name; set targetGroupHealth.dnsFailover.minimumHealthyTargetsCount to off`},
		{"name of a zone whose broker restarts", "link-tidb-for-tidb-bootstrap-targets", "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount", "1",
			`target group "bootstrap-target-group": while the broker of a zone restarts, the zone leaves the load balancer's name, which is remembered for 1m0s, and the next broker is restarted after 15s; set targetGroupHealth.dnsFailover.minimumHealthyTargetsCount to off`},
		{"idle", "link-tidb-listener-9093", "tcpIdleTimeoutSeconds", 60,
			`load balancer "kafka-lb", listener 9093: a connection idle for 1m0s is forgotten, before hosts ask after it; set tcpIdleTimeoutSeconds to 350`},
		{"proxy protocol", "link-tidb-for-tidb-1-targets", "proxyProtocolV2", true,
			`target group "broker-target-group-1": Kafka cannot read the proxy protocol's header, no connection will work; turn proxyProtocolV2 off`},
		{"client address", "link-tidb-for-tidb-1-targets", "preserveClientIp", "true",
			`target group "broker-target-group-1": targets see clients' own addresses, which their security group does not admit; set preserveClientIp to false`},
		{"slow checks", "link-tidb-for-tidb-1-targets", "healthCheck.interval", 30,
			`target group "broker-target-group-1": its health check takes 1m0s to see that a broker is back, and the next is restarted after 15s; ask more often`},
		{"enforcement", "link-tidb-lb", "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "off",
			`load balancer "kafka-lb": its security group is not asked about consumers behind the endpoint service; set enforceSecurityGroupInboundRulesOnPrivateLinkTraffic to on`},
		{"no group", "link-tidb-lb", "securityGroups", nil,
			`load balancer "kafka-lb": it was made without a security group and can never get one; name one in securityGroups`},
		{"metadata", broker(1), "metadataOptions.httpTokens", "optional",
			`instance "broker-node-1": whoever makes a program on it fetch an address gets its role's credentials; set metadataOptions.httpTokens to required`},
		{"no metadata", broker(1), "metadataOptions.httpEndpoint", "disabled",
			`instance "broker-node-1": it gets no credentials of its role any more, and cannot report; set metadataOptions.httpEndpoint to enabled`},
		{"checks by HTTP", "link-tidb-for-tidb-1-targets", "healthCheck.protocol", "HTTP",
			`target group "broker-target-group-1": its health check asks by HTTP, which no broker answers, so that none ever counts as healthy; ask by TCP`},
		{"more targets than there are", "link-tidb-for-tidb-1-targets", "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount", 2,
			`target group "broker-target-group-1": it wants 2 healthy targets and has 1, so that its health checks never count; set targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount to 1`},
		{"user-data", broker(1), "userDataReplaceOnChange", false,
			`instance "broker-node-1": other user-data stops and starts it, and is not read; set userDataReplaceOnChange`},
		{"root volume", broker(1), "rootBlockDevice.deleteOnTermination", false,
			`instance "broker-node-1": its root volume stays when it is replaced; set rootBlockDevice.deleteOnTermination`},
		{"detaching", "brokers-1-attachment", "stopInstanceBeforeDetaching", false,
			`instance "broker-node-1": its data volume cannot be detached while it is mounted, and a replacement hangs; set stopInstanceBeforeDetaching`},
		{"own address", broker(1), "networkInterfaces", nil,
			`instance "broker-node-1": its network interface goes with it, and with that its address, which the quorum knows it by; give it an interface of its own`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := documents(t)
			d.set(c.resource, c.path, c.value)
			require.Equal(t, []string{c.want}, Hazards(d.View(), settle))
		})
	}
	d := documents(t)
	d.change(func(world *simcloud.World) {
		world.Change(d.ids["link-tidb-service"], func(r *simcloud.Resource) {
			r.Properties["acceptanceRequired"], r.Properties["allowedPrincipals"] = false, list{"*"}
		})
	})
	require.Equal(t, []string{`endpoint service "kafka-pl-service": whoever learns its name is connected without being asked; name the principals in allowedPrincipals`},
		Hazards(d.View(), settle))
}
