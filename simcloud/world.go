package simcloud

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Resource is one thing that exists in a simulated cloud. A resource got from a View is shared: only
// World.Change may alter it.
type Resource struct {
	ID     string `json:"id"`
	Type   string `json:"type"`             // Pulumi's token
	Parent string `json:"parent,omitempty"` // id of what it lies in and dies with
	// Properties are what the cloud was last told, by name of the input, with the cloud's defaults.
	Properties Properties `json:"properties"`
	// Computed is what the cloud gave the resource when it was made or changed.
	Computed Properties `json:"computed,omitempty"`
}

// Clone copies a resource and all that is in it.
func (r *Resource) Clone() *Resource {
	copied := *r
	copied.Properties, copied.Computed = r.Properties.Clone(), r.Computed.Clone()
	return &copied
}

// View reads the clouds.
type View interface {
	// Get finds a resource by its id.
	Get(id string) (*Resource, bool)
	// List gives every resource of a type, or of all types if it is empty, ordered by id.
	List(token string) []*Resource
	// Children gives the resources that lie directly in one, ordered by id.
	Children(id string) []*Resource
	// Resolve finds the resource that an id names or names a part of: a subnet, the pool of a load balancer.
	Resolve(id string) (*Resource, bool)
	// Referrers gives the places outside a resource that refer to it, to its parts or to what lies in it.
	Referrers(id string) []Referrer
	// Same says whether two ids name the same thing.
	Same(a, b string) bool
	// Recall gives what was remembered under a key, or "".
	Recall(key string) string
}

// GetOf finds a resource of a type by its id.
func GetOf(view View, token, id string) (*Resource, bool) {
	if r, ok := view.Get(id); ok && r.Type == token {
		return r, true
	}
	return nil, false
}

// ChildrenOf gives the resources of a type that lie directly in one, ordered by id.
func ChildrenOf(view View, token, id string) []*Resource {
	var found []*Resource
	for _, r := range view.Children(id) {
		if r.Type == token {
			found = append(found, r)
		}
	}
	return found
}

// Referrer is a place that refers to a resource.
type Referrer struct {
	Resource *Resource
	Path     string // of the input that holds the id
	ID       string // as it is written there
}

// World is all that exists in the simulated clouds.
type World struct {
	clouds    []*Cloud
	resources map[string]*Resource // by key
	memory    map[string]string    // what clouds know of resources that are gone
}

func newWorld(clouds []*Cloud) *World {
	return &World{clouds: clouds, resources: map[string]*Resource{}, memory: map[string]string{}}
}

// clone lets a transaction change the world without those who read it noticing. Resources are shared:
// they are replaced, never altered.
func (w *World) clone() *World {
	return &World{w.clouds, maps.Clone(w.resources), maps.Clone(w.memory)}
}

// Get finds a resource by its id.
func (w *World) Get(id string) (*Resource, bool) {
	for _, cloud := range w.clouds {
		if r, ok := w.resources[cloud.key(id)]; ok {
			return r, true
		}
	}
	return nil, false
}

// List gives every resource of a type, or of all types if it is empty, ordered by id.
func (w *World) List(token string) []*Resource {
	var found []*Resource
	for _, key := range slices.Sorted(maps.Keys(w.resources)) {
		if r := w.resources[key]; token == "" || r.Type == token {
			found = append(found, r)
		}
	}
	return found
}

// Children gives the resources that lie directly in one, ordered by id.
func (w *World) Children(id string) []*Resource {
	var found []*Resource
	for _, r := range w.List("") {
		if r.Parent != "" && w.Same(r.Parent, id) {
			found = append(found, r)
		}
	}
	return found
}

// Resolve finds the resource that an id names or names a part of.
func (w *World) Resolve(id string) (*Resource, bool) {
	if r, ok := w.Get(id); ok {
		return r, true
	}
	for _, r := range w.resources {
		cloud, kind := w.kind(r)
		if kind.Parts == nil || !strings.HasPrefix(cloud.key(id), cloud.key(r.ID)) {
			continue
		}
		for _, part := range kind.Parts(r) {
			if cloud.key(part) == cloud.key(id) {
				return r, true
			}
		}
	}
	return nil, false
}

// Referrers gives the places outside a resource that refer to it, to its parts or to what lies in it.
func (w *World) Referrers(id string) []Referrer {
	var found []Referrer
	for _, r := range w.List("") {
		cloud, kind := w.kind(r)
		target := cloud.key(id)
		within := func(other string) bool {
			key := cloud.key(other)
			return key == target || strings.HasPrefix(key, target+"/")
		}
		if within(r.ID) {
			continue
		}
		for _, reference := range kind.References {
			r.Properties.visit(reference.Path, func(path string, value any) {
				text, ok := value.(string)
				if ok && slices.ContainsFunc(reference.To, func(token string) bool { return within(cloud.find(token).inWorld(text)) }) {
					found = append(found, Referrer{r, path, text})
				}
			})
		}
	}
	return found
}

// Same says whether two ids name the same thing.
func (w *World) Same(a, b string) bool {
	return slices.ContainsFunc(w.clouds, func(c *Cloud) bool { return c.key(a) == c.key(b) })
}

// Recall gives what was remembered under a key, or "".
func (w *World) Recall(key string) string { return w.memory[key] }

// Remember keeps a text that outlives resources; an empty one is forgotten.
func (w *World) Remember(key, text string) {
	if text == "" {
		delete(w.memory, key)
		return
	}
	w.memory[key] = text
}

// Put adds or replaces a resource, asking no rule: what is in a cloud before a program meets it. Its type
// must be one of a served cloud.
func (w *World) Put(r *Resource) { w.put(r.Clone()) }

// Change alters a resource; it does nothing if there is none.
func (w *World) Change(id string, alter func(*Resource)) {
	if r, ok := w.Get(id); ok {
		changed := r.Clone()
		alter(changed)
		w.put(changed)
	}
}

// Delete makes a resource vanish, with what is in it, asking no rule.
func (w *World) Delete(id string) {
	for _, child := range w.Children(id) {
		w.Delete(child.ID)
	}
	for _, cloud := range w.clouds {
		delete(w.resources, cloud.key(id))
	}
}

func (w *World) put(r *Resource) {
	if r.Computed == nil { // of a resource from outside, which nobody else holds yet
		r.Computed = Properties{}
	}
	cloud, _ := w.kind(r)
	w.resources[cloud.key(r.ID)] = r
}

// kind finds what a resource is. A state file is read only if every type in it is known.
func (w *World) kind(r *Resource) (*Cloud, *Kind) {
	for _, cloud := range w.clouds {
		if kind := cloud.find(r.Type); kind != nil {
			return cloud, kind
		}
	}
	panic("simcloud: no cloud has a kind for " + r.Type)
}

// countMade counts one more making of an id, given as its key.
func (w *World) countMade(key string) {
	var times int
	_, _ = fmt.Sscan(w.memory["made "+key], &times)
	w.memory["made "+key] = fmt.Sprint(times + 1)
}

func (w *World) unique(key, salt string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{key, w.memory["made "+key], salt}, "\n")))
	return fmt.Sprintf("%x", sum[:16])
}

func (c *Cloud) key(id string) string {
	if c.Key == nil {
		return id
	}
	return c.Key(id)
}

func (c *Cloud) find(token string) *Kind {
	for _, kind := range c.Kinds {
		if kind.Token == token {
			return kind
		}
	}
	return nil
}
