package stacktest

import (
	"flag"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

var disturbed = flag.Int("disturbed", 1500, "how many configurations Disturb reads")

// Disturb reads the documents' set-up with a few of its settings, at random, replaced, removed, repeated or exchanged:
// nothing panics, and what is found valid is rendered. It is what a coverage-guided fuzzer does slowly where a cloud's SDK is
// linked, whose counters it reads again after each execution.
func Disturb(t *testing.T, cloud string, mostUserData int, decode Decode) {
	t.Helper()
	original, err := yaml.Marshal(Documents(t, cloud, nil))
	if err != nil {
		t.Fatal(err)
	}
	valid, text := 0, []byte(nil)
	defer func() {
		if cause := recover(); cause != nil {
			t.Errorf("it panics on\n%s", text)
			panic(cause)
		}
	}()
	for seed := range *disturbed {
		d := disturber{rand.New(rand.NewPCG(uint64(seed), 0)), nil}
		var values map[string]any
		if err := yaml.Unmarshal(original, &values); err != nil {
			t.Fatal(err)
		}
		d.gather(values)
		for range 1 + d.IntN(4) {
			d.disturb(values)
		}
		if text, err = yaml.Marshal(values); err != nil {
			t.Fatal(err)
		}
		if render(t, mostUserData, values, decode) {
			valid++
		}
		if t.Failed() {
			t.Fatalf("on\n%s", text)
		}
	}
	if valid == 0 || valid == *disturbed {
		t.Fatalf("%d of %d were valid: they are not what this test means to try", valid, *disturbed)
	}
	t.Logf("%d configurations, %d of them valid", *disturbed, valid)
}

// odd are values that people and programs write by mistake.
var odd = []any{
	nil, "", " ", "-", "0", "*", "a", "<", "<zone>", "\x00", "ä", strings.Repeat("x", 300), "10.0.0.0/8", "10.0.0.0/33", "::/0", "999.1.1.1", "$(id)", "${file:x}",
	0, -1, 1, 2, 7, 65535, 65536, 1 << 40, 1.5, true, false, []any{}, []any{nil}, []any{""}, map[string]any{}, map[string]any{"": nil},
}

// disturber changes configurations; parts are values of the original, to be put elsewhere.
type disturber struct {
	*rand.Rand
	parts []any
}

func (d *disturber) gather(value any) {
	d.parts = append(d.parts, value)
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			d.gather(v[key])
		}
	case []any:
		for _, item := range v {
			d.gather(item)
		}
	}
}

// disturb changes one value somewhere in a tree.
func (d *disturber) disturb(tree any) {
	switch v := tree.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		if len(keys) == 0 || d.IntN(30) == 0 {
			v["another"] = d.value()
			return
		}
		key := keys[d.IntN(len(keys))]
		switch {
		case d.descends(v[key]):
			d.disturb(v[key])
		case d.IntN(4) == 0:
			delete(v, key)
		default:
			v[key] = d.changed(v[key])
		}
	case []any:
		if len(v) == 0 {
			return
		}
		i, j := d.IntN(len(v)), d.IntN(len(v))
		switch {
		case d.descends(v[i]):
			d.disturb(v[i])
		case d.IntN(2) == 0:
			v[i], v[j] = v[j], v[i]
		default:
			v[i] = d.value()
		}
	}
}

// descends says whether to change something within a value, not the value.
func (d *disturber) descends(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return d.IntN(8) > 0
	}
	return false
}

// changed is another value, sometimes of the same sort.
func (d *disturber) changed(value any) any {
	if d.IntN(2) == 0 {
		return d.value()
	}
	switch v := value.(type) {
	case int:
		return v + d.IntN(7) - 3
	case string:
		at := d.IntN(len(v) + 1)
		return v[:at] + string(rune(' '+d.IntN(95))) + v[min(len(v), at+d.IntN(2)):]
	case []any:
		if len(v) > 0 {
			return append(slices.Clone(v), v[d.IntN(len(v))])
		}
	}
	return d.value()
}

func (d *disturber) value() any {
	if d.IntN(2) == 0 {
		return copied(d.parts[d.IntN(len(d.parts))])
	}
	return copied(odd[d.IntN(len(odd))])
}

// copied is a tree of its own: no change of one shows in another, and none contains itself.
func copied(value any) any {
	switch v := value.(type) {
	case map[string]any:
		all := map[string]any{}
		for key, member := range v {
			all[key] = copied(member)
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i, item := range v {
			all[i] = copied(item)
		}
		return all
	}
	return value
}
