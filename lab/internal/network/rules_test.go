package network

import (
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/lab/fabric"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestRulesOfAWholeCloud(t *testing.T) {
	t.Parallel()
	golden(t, "cloud.nft", everyCase().rules().String())
}

func TestIdleConnectionsOfAWholeCloud(t *testing.T) {
	t.Parallel()
	golden(t, "idle.nft", idleRules(everyCase().flows(), 1).String())
	golden(t, "idle-hastened.nft", idleRules(everyCase().flows(), 30).String())
}

func TestRulesOfAnEmptyCloud(t *testing.T) {
	t.Parallel()
	golden(t, "empty.nft", cloud{}.rules().String())
}

func TestRulesOfPrivateLink(t *testing.T) {
	t.Parallel()
	f := world()
	service := f.Services[0]
	service.Idle = fabric.Idle{After: 5 * time.Minute}
	two := service
	two.Sources = []netip.Addr{source, source.Next()}
	bare := fabric.Service{Name: `private link service "bare"`, Frontend: frontend}
	lost := fabric.Service{Name: `private link service "lost"`, Sources: []netip.Addr{source}}
	connection := func(name, status string) fabric.Connection {
		return fabric.Connection{Name: `private endpoint "` + name + `"`, Approved: status == "Approved", Status: status}
	}
	address := firstEndpoint
	var endpoints []endpoint
	for _, e := range []endpoint{
		{connection: connection("tidb", "Approved"), service: &service},
		{connection: connection("spread", "Approved"), service: &two},
		{connection: connection("waiting", "Pending"), service: &service},
		{connection: connection("strange", ""), service: &service},
		{connection: connection("orphan", "Approved")},
		{connection: connection("bare", "Approved"), service: &bare},
		{connection: connection("lost", "Approved"), service: &lost},
	} {
		e.address = address
		address = address.Next()
		endpoints = append(endpoints, e)
	}
	golden(t, "link.nft", linkRules(endpoints).String())
}

// everyCase is a cloud in which each kind of rule occurs.
func everyCase() cloud {
	f := world()
	f.Rules[0].Idle = fabric.Idle{After: 4 * time.Minute, Resets: true}
	f.Rules[1].Idle = fabric.Idle{After: 350 * time.Second}
	f.Rules[1].Targets = append(f.Rules[1].Targets, f.Rules[2].Targets...) // shared
	f.Rules = append(f.Rules, fabric.Rule{
		Name: `load balancer "kafka-lb", rule "empty"`, Frontend: netip.AddrPortFrom(frontend, 9100),
	})
	f.Services = append(f.Services, fabric.Service{ID: "/pls/other", Frontend: netip.MustParseAddr("10.0.1.200")})
	f.Interfaces[1].Egress = fabric.Egress{}
	f.Interfaces[1].Outbound = nil
	f.Interfaces[2].Machine = ""
	second := fabric.Filter{Name: "a second filter", Rules: []fabric.FilterRule{
		{Name: "v6", Sources: []netip.Prefix{netip.MustParsePrefix("fd00::/8")}},
		{Name: "the same name", Allow: true, Protocol: "icmp"},
		{Name: "the same name", Allow: true, Protocol: "icmp"},
	}}
	f.Interfaces[2].Inbound = append(f.Interfaces[2].Inbound, second)
	f.Interfaces = append(f.Interfaces, fabric.Interface{
		ID: "/nics/elsewhere", Name: `network interface "elsewhere"`, Machine: "/vms/elsewhere", Network: "/vnets/other",
		Address: netip.MustParseAddr("10.9.0.4"), Subnet: netip.MustParsePrefix("10.9.0.0/24"),
	})
	c := cloud{fabric: f, mirror: mirror, healthy: func(r fabric.Rule, _ fabric.Target) bool {
		return r.Frontend.Port() != 9095
	}}
	for n, i := range f.Interfaces {
		p := port{Interface: i, number: n + 1}
		if i.Machine == "" {
			p.down = "no machine is attached to it"
		}
		c.ports = append(c.ports, p)
	}
	return c
}

func TestEveryDecisionHasItsOwnIdAndText(t *testing.T) {
	t.Parallel()
	r := everyCase().rules()
	ids, texts := map[string]bool{}, map[string]bool{}
	for _, d := range r.decisions {
		require.False(t, ids[d.id], "id %s is there twice", d.id)
		require.False(t, texts[d.what], "%q is there twice", d.what)
		ids[d.id], texts[d.what] = true, true
		require.Contains(t, r.String(), `comment "`+d.id+" ")
		require.NotEmpty(t, d.kind, d.what)
	}
}

func TestDecisionsKeepTheirIdsWhenOthersCome(t *testing.T) {
	t.Parallel()
	ids := map[string]string{}
	for _, d := range everyCase().rules().decisions {
		ids[d.what] = d.id
	}
	fewer := everyCase()
	fewer.ports = fewer.ports[1:]
	for _, d := range fewer.rules().decisions {
		require.Equal(t, ids[d.what], d.id, d.what)
	}
}

func TestCommentsFitAndDoNotEndEarly(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		`"; drop; #`, "line\nbreak", `back\slash`, strings.Repeat("ä", 200), "broken \xff utf-8", "",
	} {
		got := comment(decision{id: "c1", what: name})
		require.LessOrEqual(t, len(got), maxComment)
		require.NotContains(t, got, `"`)
		require.NotContains(t, got, "\n")
		require.NotContains(t, got, `\`)
		require.Equal(t, "c1", idOf(got))
	}
}

func TestConditionsOfFilterRules(t *testing.T) {
	t.Parallel()
	prefixes := func(texts ...string) (ps []netip.Prefix) {
		for _, text := range texts {
			ps = append(ps, netip.MustParsePrefix(text))
		}
		return ps
	}
	ranges := func(ends ...uint16) (rs []fabric.PortRange) {
		for i := 0; i < len(ends); i += 2 {
			rs = append(rs, fabric.PortRange{First: ends[i], Last: ends[i+1]})
		}
		return rs
	}
	for name, c := range map[string]struct {
		rule fabric.FilterRule
		want string
	}{
		"everything": {fabric.FilterRule{}, ""},
		"protocol":   {fabric.FilterRule{Protocol: "udp"}, "meta l4proto udp"},
		"one port":   {fabric.FilterRule{Protocol: "tcp", DestinationPorts: ranges(22, 22)}, "tcp dport 22"},
		"all ports":  {fabric.FilterRule{Protocol: "tcp", DestinationPorts: ranges(0, 65535)}, "meta l4proto tcp"},
		"ports that overlap": {
			fabric.FilterRule{Protocol: "tcp", DestinationPorts: ranges(5, 9, 1, 6, 80, 80)},
			"tcp dport { 1-9, 80 }",
		},
		"ports that meet": {fabric.FilterRule{Protocol: "udp", SourcePorts: ranges(7, 9, 10, 12)}, "udp sport 7-12"},
		"ports up to all": {fabric.FilterRule{Protocol: "tcp", SourcePorts: ranges(0, 9, 10, 65535)}, "meta l4proto tcp"},
		"ports of anything": {
			fabric.FilterRule{SourcePorts: ranges(1, 2), DestinationPorts: ranges(443, 443)},
			"meta l4proto { tcp, udp } th sport 1-2 th dport 443",
		},
		"icmp has no ports": {fabric.FilterRule{Protocol: "icmp", DestinationPorts: ranges(443, 443)}, "meta l4proto icmp"},
		"addresses": {
			fabric.FilterRule{Sources: prefixes("10.0.0.4/32"), Destinations: prefixes("10.1.0.0/16", "10.2.0.1/32")},
			"ip saddr 10.0.0.4 ip daddr { 10.1.0.0/16, 10.2.0.1 }",
		},
		"addresses that overlap": {
			fabric.FilterRule{Sources: prefixes("10.0.1.0/24", "10.0.0.0/16", "10.0.0.9/16", "192.0.2.1/32")},
			"ip saddr { 10.0.0.0/16, 192.0.2.1 }",
		},
		"all addresses":        {fabric.FilterRule{Sources: prefixes("10.0.0.0/8", "0.0.0.0/0")}, ""},
		"IPv6 beside IPv4":     {fabric.FilterRule{Sources: prefixes("::/0", "10.0.0.0/8")}, "ip saddr 10.0.0.0/8"},
		"only IPv6, as source": {fabric.FilterRule{Sources: prefixes("::/0")}, "impossible"},
		"only IPv6, as target": {fabric.FilterRule{Destinations: prefixes("fd00::/8")}, "impossible"},
	} {
		got, possible := matchOf(c.rule)
		if !possible {
			got = "impossible"
		}
		require.Equal(t, c.want, got, name)
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "to accept: go test ./lab/internal/network -update")
}
