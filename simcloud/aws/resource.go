package aws

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// awsType is a resource type as AWS and its provider have it.
type awsType struct {
	simcloud.Kind
	service string // "EC2"
	noun    string // "Subnet": the API's name of the type
	// The API's names of operations, where they are not made of the noun.
	creates, modifies, deletes string

	// prefix is that of the ids AWS makes up: "subnet". Empty: the kind has its own ID.
	prefix string
	// arn is the type's ARN without "arn:aws:", with {region}, {account}, {id} and {name}: "ec2:{region}:{account}:subnet/{id}".
	arn  string
	name *naming
	// inputDefaults are what the provider's schema says of inputs that a program does not set: they become inputs.
	inputDefaults simcloud.Properties
	// undefaulted says which input, where it is set, keeps a default away, because the two conflict.
	undefaulted map[string]string
	// documents are inputs that hold a document of JSON, as a text or as an object.
	documents []string
	// volatile are outputs that an update may change.
	volatile []string
	// lookup is the function that finds a resource of this type.
	lookup *lookup
}

func (t awsType) title() string { return t.service + " " + t.noun }

// madeIn is where a resource remembers its region; no output has the name.
const madeIn = "madeIn"

// kind completes the kernel's kind with what holds for all of AWS.
func (t awsType) kind(account Account) *simcloud.Kind {
	kind := t.Kind
	if kind.ID == nil {
		kind.ID = func(identity *simcloud.Identity) (string, string) { return t.prefix + "-" + identity.Unique()[:17], "" }
	}
	if t.name != nil {
		kind.ID = t.name.given(kind.ID)
		kind.KeptWhenUnset = append(slices.Clone(kind.KeptWhenUnset), t.name.input)
		kind.Replaces = append(slices.Clone(kind.Replaces), t.name.input, t.name.prefixInput())
	}
	kind.Check = func(c *simcloud.Checker) {
		if t.name != nil {
			t.name.check(c)
		}
		if t.Check != nil {
			t.Check(c)
		}
	}
	kind.Compute = func(tx *simcloud.Transaction) error {
		if tx.Creating() {
			tx.After.Computed[madeIn] = tx.Settings["region"]
			tx.After.Computed["ownerId"] = account.ID
			if t.arn != "" {
				tx.After.Computed["arn"] = t.arnOf(account, tx)
			}
		}
		if t.Compute != nil {
			return t.Compute(tx)
		}
		return nil
	}
	return &kind
}

func (t awsType) arnOf(account Account, tx *simcloud.Transaction) string {
	return "arn:aws:" + strings.NewReplacer(
		"{region}", tx.Settings["region"], "{account}", account.ID, "{id}", strings.TrimPrefix(tx.After.ID, t.Namespace),
		"{name}", nameIn(t.name, tx.After.Properties),
	).Replace(t.arn)
}

// regionOf is the region a resource was made in.
func regionOf(r *simcloud.Resource) string { return r.Computed.Text(madeIn) }

// accountOf is the account of a resource.
func accountOf(r *simcloud.Resource) string { return r.Computed.Text("ownerId") }

func stable(types []awsType) func(token, output string) bool {
	volatile := map[string][]string{}
	for _, t := range types {
		volatile[t.Token] = t.volatile
	}
	return func(token, output string) bool {
		return output != "tagsAll" && !slices.Contains(volatile[token], output)
	}
}

func reports(types []awsType) func(*simcloud.Kind, simcloud.OperationKind, string, error) error {
	byToken := map[string]awsType{}
	for _, t := range types {
		for call, verb := range map[*string]string{&t.creates: "Create", &t.modifies: "Modify", &t.deletes: "Delete"} {
			if *call == "" {
				*call = verb + strings.ReplaceAll(t.noun, " ", "")
			}
		}
		byToken[t.Token] = t
	}
	return func(kind *simcloud.Kind, operation simcloud.OperationKind, id string, err error) error {
		return byToken[kind.Token].report(operation, id, err)
	}
}

// usersOf are the resources of some types that refer to a resource, each once.
func usersOf(view simcloud.View, id string, tokens ...string) []*simcloud.Resource {
	var users []*simcloud.Resource
	for _, user := range view.Referrers(id) {
		if slices.Contains(tokens, user.Resource.Type) && !slices.Contains(users, user.Resource) {
			users = append(users, user.Resource)
		}
	}
	return users
}

func sameSet(before, after any) bool {
	a, isList := before.([]any)
	b, isListToo := after.([]any)
	if !isList || !isListToo || len(a) != len(b) {
		return false
	}
	return reflect.DeepEqual(ordered(a), ordered(b))
}

func ordered(set []any) []string {
	var texts []string
	for _, item := range set {
		text, err := json.Marshal(item)
		if err != nil {
			return []string{err.Error()}
		}
		texts = append(texts, string(text))
	}
	slices.Sort(texts)
	return texts
}

func sameJSON(before, after any) bool {
	var a, b any
	one, isText := before.(string)
	other, isTextToo := after.(string)
	return isText && isTextToo && json.Unmarshal([]byte(one), &a) == nil && json.Unmarshal([]byte(other), &b) == nil && reflect.DeepEqual(a, b)
}

// texts are strings as properties hold them.
func texts(list []string) []any {
	values := make([]any, len(list))
	for i, text := range list {
		values[i] = text
	}
	return values
}
