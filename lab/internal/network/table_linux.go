package network

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// tableState is what is loaded in a namespace.
type tableState struct {
	ns      Namespace
	name    string
	rules   *ruleset // nil: nothing that is known
	text    string
	earlier map[string]uint64 // packets that rules had counted when they were replaced, by id
}

func newTableState(ns Namespace, name string) *tableState {
	return &tableState{ns: ns, name: name, earlier: map[string]uint64{}}
}

// load replaces the namespace's rules in one step, and does nothing if they are the same. Counters go on.
func (t *tableState) load(ctx context.Context, rules *ruleset) error {
	text := rules.String()
	if text == t.text {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// Not stopped half-way by the caller: it would not be known which rules are there, and what they counted.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	counted := map[string]uint64{}
	if t.rules != nil {
		kept, err := t.list(ctx)
		if err != nil {
			return err
		}
		for _, rule := range kept {
			counted[rule.id] = rule.packets
		}
	}
	// Added first, as what does not exist cannot be deleted.
	script := fmt.Sprintf("add table ip %s\ndelete table ip %[1]s\n%s", t.name, text)
	if _, err := t.nft(ctx, script, "-f", "-"); err != nil {
		t.text = "" // it is not known
		return fmt.Errorf("load nftables rules: %w", err)
	}
	for id, packets := range counted {
		t.earlier[id] += packets
	}
	t.rules, t.text = rules, text
	return nil
}

// loaded is a rule that counts, as the kernel has it.
type loaded struct {
	id      string
	handle  uint64
	packets uint64
}

// list reads the rules that count. Their numbers are those since they were loaded.
func (t *tableState) list(ctx context.Context) ([]loaded, error) {
	output, err := t.nft(ctx, "", "-j", "list", "table", "ip", t.name)
	if err != nil {
		return nil, fmt.Errorf("list nftables rules: %w", err)
	}
	var listing struct {
		Nftables []struct {
			Rule *struct {
				Handle  uint64
				Comment string
				Expr    []struct{ Counter *struct{ Packets uint64 } }
			}
		}
	}
	// An expression that is not a counter may have any form.
	decoder := json.NewDecoder(bytes.NewReader(output))
	if err := decoder.Decode(&listing); err != nil {
		return nil, fmt.Errorf("read nftables rules of network namespace %s: %w", t.ns.Name, err)
	}
	var rules []loaded
	for _, entry := range listing.Nftables {
		if entry.Rule == nil || entry.Rule.Comment == "" {
			continue
		}
		rule := loaded{id: idOf(entry.Rule.Comment), handle: entry.Rule.Handle}
		for _, expression := range entry.Rule.Expr {
			if expression.Counter != nil {
				rule.packets = expression.Counter.Packets
			}
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// nft runs nft in the namespace, which it inherits from the thread that starts it.
func (t *tableState) nft(ctx context.Context, input string, args ...string) ([]byte, error) {
	var stdout, stderr bytes.Buffer
	err := t.ns.Do(func() error {
		command := exec.CommandContext(ctx, "nft", args...)
		command.Stdin, command.Stdout, command.Stderr = strings.NewReader(input), &stdout, &stderr
		return command.Run()
	})
	if err != nil {
		return nil, fmt.Errorf("nft in network namespace %s: %w: %s", t.ns.Name, err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}
