package simcloud

import (
	"context"
	"net/http"
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
	DeleteFirst func(kind *Kind, before, after Properties) bool
	// UnsetIsNoChange says that the provider sees no difference in an input that is KeptWhenUnset and that a
	// program no longer sets.
	UnsetIsNoChange bool
	// Upserts says that an update of what is gone makes it again; otherwise it is refused as Missing.
	Upserts bool
	// RecordsRefused says that an update which failed is told to the engine as one that was made, and is to be gone over; and that
	// an update which asks for nothing else than the engine has written down does nothing. Providers that are bridged from
	// Terraform do both, so that what failed stays undone until somebody looks.
	RecordsRefused bool
	// Same says whether two differing values of an input mean the same to this cloud.
	Same func(path string, before, after any) bool
	// Exists is the refusal to create what is already there, of the type that the token names.
	Exists func(token, id string) error
	// Missing is the refusal of a change to, in, or referring to what is not there. token is the type it should
	// have, or ""; path is the input that refers to it, empty if it is the resource itself or its parent.
	Missing func(token, id, path string) error
	// Stable says of an output whether no update in place changes it: a preview of one carries it over.
	Stable func(token, output string) bool
	// Report writes down a refusal as the provider reports it. id is empty for a creation. It may be nil.
	Report func(kind *Kind, operation OperationKind, id string, refusal error) error
	// Outputs are what every kind has besides its own outputs. It may be nil.
	Outputs func(View, *Resource) Properties

	// Settings are the provider's configuration where the program configures nothing.
	Settings map[string]string
	// Web answers requests that programs send to the cloud past its provider, over HTTPS on loopback: see SettingOrigin. Nil: the
	// cloud has no such service.
	Web func(view func() View) http.Handler
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
	// Spares are inputs that an update leaves as they are in the cloud, by what the program set before and sets
	// now: what others have written there stays. It may be nil.
	Spares func(before, after Properties) []string
	// References are the inputs that hold ids of other resources.
	References []Reference

	// ID is the id of a new resource and of what it lies in ("" for nothing).
	ID func(*Identity) (id, parent string)
	// Namespace comes before the ids in the world of a kind whose ids are mere names, such as a role and its
	// profile may share. The program, and references to the kind, know the names alone.
	Namespace string
	// InputsOf are the inputs that the id tells, for import. Nil: none.
	InputsOf func(id string) Properties

	// ReplacesIf are inputs, like Replaces, whose change replaces only in some cases. It may be nil.
	ReplacesIf func(before, after Properties) []string
	// Adopts says of a new resource's inputs that they take over what exists already under its id. It may be nil.
	Adopts func(inputs Properties) bool

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
	// DeleteGone is what a deletion of something that is there no longer fails with, by what the state has of it. Nil: it succeeds.
	DeleteGone func(View, Properties) error
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

// Identity is the question which id a new resource gets.
type Identity struct {
	Settings map[string]string
	Inputs   Properties

	world *World
	urn   string
}

// Unique is a new hexadecimal text of 32 digits, for ids that a cloud makes up. It depends on what the program calls
// the resource and on how often that has been made, not on the order of events, so that runs can be compared.
func (i *Identity) Unique() string {
	i.world.countMade(i.urn)
	return i.world.unique(i.urn, "id")
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
	// Mutate changes the clouds as Server.Mutate does: what machines do there of their own accord.
	Mutate func(func(*World) error) error
	// Now reads the clouds as they are by now, where World is what they were after the change.
	Now func() View
	// Later does work after the operation has ended; what it returns is added to what is computed.
	Later func(func(context.Context) Properties)
}

// Function is a data source. What the cloud's schema says of it holds; of a function that is not there, Required and
// Optional name all arguments.
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
	// DataPlane is for rules that machines have a say in. It must answer without asking the server anything.
	DataPlane DataPlane

	world   *World
	cloud   *Cloud
	urn     string // of a resource that a program makes
	restart bool
	first   []string // ids of what PutFirst was given
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

// PutFirst is Put of what must happen before the change itself: a machine that stops before a disk leaves it.
func (t *Transaction) PutFirst(r *Resource) {
	t.first = append(t.first, r.ID)
	t.Put(r)
}

// Remove deletes another resource along with this change, and what is in it.
func (t *Transaction) Remove(id string) { t.world.Delete(id) }

// Unique is a new hexadecimal text of 32 digits. It depends on the resource's id and on how often that
// has been made, not on the order of events, so that runs can be compared.
func (t *Transaction) Unique(salt string) string {
	return t.world.unique(t.cloud.key(t.After.ID), salt)
}
