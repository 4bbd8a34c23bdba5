//go:build linux

package rehearse

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// mutation is one property of one deployed resource that somebody alters or takes away.
type mutation struct {
	id   string
	of   string // how people call the resource
	path path
	to   any // nil: it is gone
}

func (m mutation) String() string {
	if m.to == nil {
		return fmt.Sprintf("%s: %s removed", m.of, m.path)
	}
	return fmt.Sprintf("%s: %s becomes %v", m.of, m.path, m.to)
}

// path leads to a value: names of members, and indices of lists.
type path []any

func (p path) String() string {
	var text strings.Builder
	for i, step := range p {
		switch s := step.(type) {
		case int:
			fmt.Fprintf(&text, "[%d]", s)
		case string:
			if i > 0 {
				text.WriteByte('.')
			}
			text.WriteString(s)
		}
	}
	return text.String()
}

// pattern is the path as a cloud's tables have it: name[] for whatever is in a list.
func (p path) pattern() string {
	text := p.String()
	for _, step := range p {
		if i, ok := step.(int); ok {
			text = strings.Replace(text, fmt.Sprintf("[%d]", i), "[]", 1)
		}
	}
	return text
}

// put puts a value at the path's end; nil takes away what is there. What the path leads through is there.
func (p path) put(in, value any) any {
	if len(p) == 0 {
		return value
	}
	switch step := p[0].(type) {
	case int:
		list := in.([]any)
		if len(p) == 1 && value == nil {
			return slices.Delete(list, step, step+1)
		}
		list[step] = p[1:].put(list[step], value)
	case string:
		object := in.(map[string]any)
		if len(p) == 1 && value == nil {
			delete(object, step)
		} else {
			object[step] = p[1:].put(object[step], value)
		}
	}
	return in
}

// forPeople are members that no machine reads.
var forPeople = []string{"tags", "description"}

// mutationsOf are all of a resource's: every value altered in each way that makes sense, and taken away. Of the items of
// a list, which are alike, the first.
func (s *stage) mutationsOf(r *simcloud.Resource) (all []mutation) {
	enums := map[string][]string{}
	for _, kind := range s.cloud.Serve().Kinds {
		if kind.Token == r.Type {
			enums = kind.Enums
		}
	}
	var visit func(path, any)
	visit = func(at path, value any) {
		if len(at) > 0 {
			all = append(all, mutation{id: r.ID, of: s.cloud.Called(r), path: slices.Clone(at)})
		}
		switch v := value.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				follows := name == "id" && v["name"] != nil // a part's id follows from its name
				if follows || slices.Contains(forPeople, name) {
					continue
				}
				visit(append(at, name), v[name])
			}
		case []any:
			if len(v) > 0 {
				visit(append(at, 0), v[0])
			}
		default:
			for _, to := range s.alternatives(at, value, enums[at.pattern()]) {
				all = append(all, mutation{id: r.ID, of: s.cloud.Called(r), path: slices.Clone(at), to: to})
			}
		}
	}
	visit(nil, map[string]any(r.Properties))
	// A part that was made with its owner knows its name, and under another it would be another.
	return slices.DeleteFunc(all, func(m mutation) bool { return m.path.String() == "name" })
}

// alternatives are other values that a property could have.
func (s *stage) alternatives(at path, value any, enum []string) (others []any) {
	switch v := value.(type) {
	case bool:
		return []any{!v}
	case float64:
		return []any{v + 1, v * 10}
	case string:
		for _, other := range enum {
			if other != v {
				others = append(others, other)
			}
		}
		if len(enum) == 0 {
			others = []any{s.otherText(at.pattern(), v)}
		}
	}
	return others
}

// otherRange is one that nobody has.
const otherRange = "203.0.113.0/24"

// otherText is another value of the same sort: of an id that of a sibling, of addresses and ports one that nobody has.
func (s *stage) otherText(pattern, text string) string {
	if _, id := s.server.View().Get(text); id || strings.HasPrefix(text, "/") {
		return s.sibling(text)
	}
	if s.cloud.OtherText != nil {
		if other := s.cloud.OtherText(pattern); other != "" {
			return other
		}
	}
	if _, err := netip.ParsePrefix(text); err == nil {
		return otherRange
	}
	if address, err := netip.ParseAddr(text); err == nil {
		return address.Next().Next().Next().Next().Next().Next().Next().Next().String() // beyond the other brokers
	}
	return text + "-other"
}

// sibling is the id of another resource, or part of one, of the same sort; a made-up one if there is none.
func (s *stage) sibling(id string) string {
	view := s.server.View()
	if r, ok := view.Get(id); ok {
		for _, other := range view.List(r.Type) {
			if other.ID != r.ID {
				return other.ID
			}
		}
	} else if owner, ok := view.Resolve(id); ok {
		names := strings.Split(id, "/")
		for _, part := range owner.Properties.Objects(names[len(names)-2]) {
			names[len(names)-1] = part.Text("name")
			if other := strings.Join(names, "/"); other != id {
				return other
			}
		}
	}
	return id + "-other"
}
