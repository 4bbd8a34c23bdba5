package simcloud

import (
	"context"
	"time"
)

// Cloud is what one provider serves: kinds of resources, functions, and the manners they share.
type Cloud struct {
	Package string // Pulumi's name of the provider: "azure-native"
	Version string // of the provider imitated; at least the SDK's
	Schema  *Schema

	Kinds     []*Kind
	Functions []*Function

	// Key makes equal the ids that this cloud takes for the same thing. Nil: ids are compared as they are.
	Key func(id string) string
	// Defaults fills in the inputs that the provider itself chooses: names, locations. The inputs may
	// hold Unknown.
	Defaults func(*Defaults)
	// DeleteFirst says whether a replacement deletes the old resource before it creates the new one.
	DeleteFirst func(inputs Properties) bool
	// Upserts says that an update of what is gone makes it again; otherwise it is refused as Missing.
	Upserts bool
	// Same says whether two differing values of an input mean the same to this cloud.
	Same func(path string, before, after any) bool
	// Exists is the refusal to create what is already there.
	Exists func(id string) error
	// Missing is the refusal of a change to, in, or referring to what is not there. path is the input
	// that refers to it, empty if it is the resource itself or its parent.
	Missing func(id, path string) error
	// Stable are outputs that no update in place changes: a preview of one carries them over.
	Stable []string
	// Outputs are what every kind has besides its own outputs. It may be nil.
	Outputs func(View, *Resource) Properties

	// Settings are the provider's configuration where the program configures nothing.
	Settings map[string]string
}

// Kind is one resource type: data, and rules over a world that they only read.
type Kind struct {
	Token string
	// Duration is the rough time a real creation takes; Latency scales it. Updates and deletes take half.
	Duration time.Duration

	// Required, Enums, Ranges and Replaces say what the SDK's types do not. Keys are patterns of input
	// paths: "ipConfigurations[].subnet". A requirement below a list or object holds where that is given.
	Required []string
	Enums    map[string][]string
	Ranges   map[string]Range
	Replaces []string
	// KeptWhenUnset are inputs that an update leaves as they are in the cloud when the program does not
	// set them, and a refresh does not bring into the inputs.
	KeptWhenUnset []string
	// References are the inputs that hold ids of other resources.
	References []Reference

	// ID is the id of the resource and of what it lies in ("" for nothing).
	ID func(settings map[string]string, inputs Properties) (id, parent string)
	// InputsOf are the inputs that the id tells, for import.
	InputsOf func(id string) Properties

	// Check looks at inputs alone, for each problem calling the Checker; they may hold Unknown.
	Check func(*Checker)
	// Defaults are the values the cloud takes for what it is not told.
	Defaults func(Properties)
	// Rules refuse a create or an update, in order. What they refuse has not happened.
	Rules []Rule
	// Compute gives the accepted resource what the cloud chooses. It may fail for want of something to give.
	Compute Rule
	// DeleteRules refuse a deletion. The resource deleted is Transaction.Before.
	DeleteRules []Rule
	// Effect is what happens on the data plane besides DataPlane.Apply, once the change is accepted. Its
	// properties are added to those computed. An error means accepted and then failed: it stays in the world.
	Effect func(context.Context, Effect) (Properties, error)
	// Outputs are what a read shows besides, or in place of, what is computed and what was told.
	Outputs func(View, *Resource) Properties
	// Hidden are outputs that a read never shows.
	Hidden []string
	// Parts are the ids inside the resource that others may refer to.
	Parts func(*Resource) []string
}

// Rule refuses a change by returning why.
type Rule func(*Transaction) error

// Range bounds a number, both ends included.
type Range struct{ Min, Max float64 }

// Reference is an input that holds the id of another resource, or of a part of one.
type Reference struct {
	Path string   // pattern of input paths
	To   []string // tokens of the types it may refer to
}

// Effect is an accepted change on its way to the data plane.
type Effect struct {
	Change
	DataPlane DataPlane
	// Remember keeps a text that outlives the resource, for View.Recall; an empty one is forgotten.
	Remember func(key, text string) error
	// Later does work after the operation has ended; what it returns is added to what is computed.
	Later func(func(context.Context) Properties)
}

// Function is a data source.
type Function struct {
	Token    string
	Required []string
	Optional []string
	Invoke   func(view View, settings map[string]string, arguments Properties) (Properties, error)
}

// Defaults is the question which inputs the provider chooses for a resource.
type Defaults struct {
	Kind     *Kind
	Name     string // of the resource in the program
	Seed     []byte // the engine's, for random names that a preview and its update share
	Settings map[string]string
	Before   Properties // the inputs the resource has now; nil if it is new
	Inputs   Properties // to be filled
	World    View
}

// Transaction is one change while it is judged. Rules read it; Compute also writes After.Computed.
type Transaction struct {
	Settings map[string]string
	World    View
	Before   *Resource // nil for a create
	After    *Resource // nil for a delete

	world   *World
	cloud   *Cloud
	restart bool
}

// Creating says whether the transaction makes the resource.
func (t *Transaction) Creating() bool { return t.Before == nil }

// Changes says whether an update changes the property at a path.
func (t *Transaction) Changes(path string) bool {
	return t.Before != nil && !equal(t.Before.Properties.Get(path), t.After.Properties.Get(path))
}

// Restart says that the change power-cycles the machine.
func (t *Transaction) Restart() { t.restart = true }

// Put makes or changes another resource along with this one, as inline children are.
func (t *Transaction) Put(r *Resource) { t.world.put(r) }

// Remove deletes another resource along with this change, and what is in it.
func (t *Transaction) Remove(id string) { t.world.Delete(id) }

// Unique is a new hexadecimal text of 32 digits. It depends on the resource's id and on how often that
// has been made, not on the order of events, so that runs can be compared.
func (t *Transaction) Unique(salt string) string {
	return t.world.unique(t.cloud.key(t.After.ID), salt)
}
