package config

import (
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

type section struct {
	Name  string            `json:"name"`
	Count int               `json:"count"`
	On    bool              `json:"on"`
	Items []item            `json:"items"`
	Extra map[string]string `json:"extra"`
	Maybe *item             `json:"maybe"`
}

type base struct {
	ID int `json:"id"`
}

type item struct {
	base
	Zones []string `json:"zones"`
}

func TestDecodeFillsEveryKindOfField(t *testing.T) {
	t.Parallel()
	var got section
	errs := Decode(nil, map[string]any{
		"name": "kafka", "count": float64(3), "on": true,
		"items": []any{map[string]any{"id": 1, "zones": []any{"1", "2"}}},
		"extra": map[string]any{"a": "b"},
		"maybe": map[string]any{"id": 7},
	}, &got)
	require.Empty(t, errs)
	require.Equal(t, section{
		Name: "kafka", Count: 3, On: true,
		Items: []item{{base{1}, []string{"1", "2"}}},
		Extra: map[string]string{"a": "b"},
		Maybe: &item{base: base{7}},
	}, got)
}

func TestDecodeReturnsEveryProblemWithItsPath(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		value any
		want  []string
	}{
		"a number for a text": {
			map[string]any{"name": 7},
			[]string{`cluster.name: Invalid value: 7: is not a text; write it in quotes: "7"`},
		},
		"a text for a number": {
			map[string]any{"count": "3"},
			[]string{`cluster.count: Invalid value: "3": is not a whole number; write a whole number, without quotes`},
		},
		"a fraction": {
			map[string]any{"count": 2.5},
			[]string{`cluster.count: Invalid value: 2.5: is not a whole number; write a whole number, without quotes`},
		},
		"a number past what JSON keeps exact": {
			map[string]any{"count": 1e300},
			[]string{`cluster.count: Invalid value: 1e+300: is not a whole number; write a whole number, without quotes`},
		},
		"a text for a switch": {
			map[string]any{"on": "yes"},
			[]string{`cluster.on: Invalid value: "yes": is not true or false; write true or false, without quotes`},
		},
		"one for a list": {
			map[string]any{"items": "x"},
			[]string{`cluster.items: Invalid value: "x": is not a list; write each item on a line that starts with a hyphen`},
		},
		"a text for a group": {
			"x",
			[]string{`cluster: Invalid value: "x": is not a group of settings; write its settings below it, each on a line: count, extra, items, maybe, name, on`},
		},
		"a slip of the pen": {
			map[string]any{"cuont": 3},
			[]string{`cluster.cuont: Forbidden: there is no such setting; did you mean count?`},
		},
		"another word": {
			map[string]any{"replicas": 3},
			[]string{`cluster.replicas: Forbidden: there is no such setting; choose from count, extra, items, maybe, name, on`},
		},
		"several, in several places": {
			map[string]any{"name": false, "items": []any{map[string]any{"id": "a", "zones": []any{1}}}, "extra": map[string]any{"k": 1}},
			[]string{
				`cluster.extra[k]: Invalid value: 1: is not a text; write it in quotes: "1"`,
				`cluster.items[0].id: Invalid value: "a": is not a whole number; write a whole number, without quotes`,
				`cluster.items[0].zones[0]: Invalid value: 1: is not a text; write it in quotes: "1"`,
				`cluster.name: Invalid value: false: is not a text; write it in quotes: "false"`,
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, err := range Decode(field.NewPath("cluster"), c.value, &section{}) {
				got = append(got, err.Error())
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestNamesAreTheKeysOfASection(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"id", "zones"}, Names(item{}))
}
