package network

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"syscall"

	"github.com/vishvananda/netlink/nl"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// What the kernel reports of a traced packet: attributes of linux/netfilter/nf_tables.h.
const (
	attrTable         = 1 // NFTA_TRACE_TABLE
	attrRuleHandle    = 3 // NFTA_TRACE_RULE_HANDLE
	attrID            = 6 // NFTA_TRACE_ID
	attrNetworkHeader = 8 // NFTA_TRACE_NETWORK_HEADER

	sizeofHeader = 4 // struct nfgenmsg
	messageTrace = unix.NFNL_SUBSYS_NFTABLES<<8 | unix.NFT_MSG_TRACE
)

// watch hears what a namespace's rules do with traced packets.
type watch struct {
	table  *tableState
	socket *nl.NetlinkSocket
}

// watchPackets hears everything from now on.
func watchPackets(t *tableState) (*watch, error) {
	target, err := netns.GetFromPath(t.ns.Path)
	if err != nil {
		return nil, fmt.Errorf("open network namespace %s: %w", t.ns.Name, err)
	}
	defer func() { _ = target.Close() }()
	socket, err := nl.SubscribeAt(target, netns.None(), unix.NETLINK_NETFILTER, unix.NFNLGRP_NFTRACE)
	if err != nil {
		return nil, fmt.Errorf("hear of traced packets in network namespace %s: %w", t.ns.Name, err)
	}
	if err := socket.SetReceiveBufferSize(1<<20, true); err != nil {
		socket.Close()
		return nil, fmt.Errorf("make room for reports of traced packets in network namespace %s: %w", t.ns.Name, err)
	}
	return &watch{table: t, socket: socket}, nil
}

func (w *watch) close() { w.socket.Close() }

// met gives the decisions that the first traced packet met, and the source it came with. The kernel reports while it
// handles a packet, so all that has happened is there to be read.
func (w *watch) met(ctx context.Context) ([]decision, netip.Addr, error) {
	rules, err := w.table.list(ctx)
	if err != nil {
		return nil, netip.Addr{}, err
	}
	decisions := map[uint64]decision{}
	for _, rule := range rules {
		for _, d := range w.table.rules.decisions {
			if d.id == rule.id {
				decisions[rule.handle] = d
			}
		}
	}
	reports, err := w.reports()
	if err != nil {
		return nil, netip.Addr{}, err
	}
	var met []decision
	var source netip.Addr
	seen := map[uint64]bool{}
	for _, report := range reports {
		// A packet that is repeated may get the same id. None meets a rule twice.
		if report.packet != reports[0].packet || seen[report.handle] {
			break
		}
		seen[report.handle] = report.handle != 0
		if !source.IsValid() {
			source = report.source
		}
		if d, ok := decisions[report.handle]; ok {
			met = append(met, d)
		}
	}
	return met, source, nil
}

// report is that a packet met a rule, or the end of a chain.
type report struct {
	packet uint32
	table  string // handles are numbered in each
	handle uint64 // 0: no rule
	source netip.Addr
}

func (w *watch) reports() ([]report, error) {
	var reports []report
	buffer := make([]byte, 64<<10)
	for {
		size, _, err := unix.Recvfrom(w.socket.GetFd(), buffer, unix.MSG_DONTWAIT)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return reports, nil
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return nil, fmt.Errorf("hear of traced packets: %w", err)
		}
		messages, err := syscall.ParseNetlinkMessage(buffer[:size])
		if err != nil {
			return nil, fmt.Errorf("read the report of a traced packet: %w", err)
		}
		for _, message := range messages {
			if message.Header.Type != messageTrace || len(message.Data) < sizeofHeader {
				continue
			}
			r, err := readReport(message.Data[sizeofHeader:])
			if err != nil {
				return nil, fmt.Errorf("read the report of a traced packet: %w", err)
			}
			if r.table == w.table.name {
				reports = append(reports, r)
			}
		}
	}
}

func readReport(data []byte) (report, error) {
	attributes, err := nl.ParseRouteAttr(data)
	if err != nil {
		return report{}, err
	}
	var r report
	for _, a := range attributes {
		switch a.Attr.Type &^ unix.NLA_F_NESTED {
		case attrTable:
			r.table = unix.ByteSliceToString(a.Value)
		case attrRuleHandle:
			if len(a.Value) >= 8 {
				r.handle = binary.BigEndian.Uint64(a.Value)
			}
		case attrID:
			if len(a.Value) >= 4 {
				r.packet = binary.BigEndian.Uint32(a.Value)
			}
		case attrNetworkHeader: // of IPv4: the source is at its 12th byte
			if len(a.Value) >= 16 {
				r.source = netip.AddrFrom4([4]byte(a.Value[12:16]))
			}
		}
	}
	return r, nil
}
