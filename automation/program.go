package automation

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// CloudKey is the configuration key that selects the program of a stack.
const CloudKey = "kafkalink:cloud"

// A Program is what a cloud's stack gives to the operations: how to read its configuration and what to register.
type Program struct {
	// Cloud is the value of kafkalink:cloud that selects this program, like "azure".
	Cloud string

	// Decode turns a stack's configuration into the model and reports every problem at once. It is pure: it runs
	// before any engine process. The cluster may be nil when there are errors.
	Decode func(StackIdentity, Configuration) (*kafka.Cluster, kafka.Findings)

	// Run registers the resources. Nil is legal for Destroy and Outputs.
	Run pulumi.RunFunc

	// RunFirst is Run for a stack of which nothing can exist yet: what Run does one after the other, because it may be
	// running, this may do at once. Nil: Run.
	RunFirst pulumi.RunFunc

	// Find looks a resource up in the cloud, by its inputs, whose creation was cut off so that nobody knows whether it
	// happened. Nil without an error: it does not exist. It is called while a program runs, in a preview. A nil Find leaves
	// it at the engine's warning.
	Find func(*pulumi.Context, apitype.ResourceV3) (*Found, error)

	// RecordsRefused says that the cloud's provider tells the engine of an update that failed as if it had been made. Before an
	// update, what failed in the one before is looked at, or there would be nothing to do about it.
	RecordsRefused bool

	// Examine asks the cloud whether it will take what is planned: permissions, quotas, what it offers where. It is called
	// as Find is, with the environment of the engine, for what it asks by itself. Nil: nothing is asked.
	Examine func(ctx *pulumi.Context, planned []Planned, env []string) ([]Check, error)

	// Schema is the JSON schema of a stack's file, and Template the project that a user begins with, as a txtar archive.
	Schema, Template []byte

	// DataDisk tells whether a resource in the stack's state holds Kafka's data. Destroy keeps these, and whatever they
	// need to exist (their resource group), unless told to delete data. Nil: the stack has no data to keep.
	DataDisk func(apitype.ResourceV3) bool

	// Theirs are properties of a resource that are others' to write, such as a host's report: what they say is no drift. A path has
	// [] for any item of a list. Nil: none.
	Theirs func(Resource) []string

	// Label names a resource in the model's words, like "virtual machine of broker 1". Nil or "": type and name.
	Label func(Resource) string

	// LetGo says how a protected resource is taken out of the configuration, as an instruction. Nil or "": nothing is said.
	LetGo func(Resource) string

	// Remedy is what to do about what the cloud said of a resource, as an instruction. Nil or "": it says enough itself.
	Remedy func(said string) string

	// Passes is how long the cloud asks to wait in what it said of a resource, after which the same can be done. Nil or 0: it does
	// not pass by itself.
	Passes func(said string) time.Duration

	// Restarts tells which node restarts because of an update or a replacement. Nil: none.
	Restarts func(Change) (nodeID int, ok bool)
}

// Found is a resource that exists in the cloud.
type Found struct {
	ID      string
	Outputs map[string]any
	// Unfinished says what is wrong with it, and "" that it is as it was asked for.
	Unfinished string
}

// StackIdentity names a stack. Organization is empty where only the engine knows it.
type StackIdentity struct {
	Organization string `json:"organization,omitempty"`
	Project      string `json:"project"`
	Stack        string `json:"stack"`
}

// String is "organization/project/stack", as Pulumi writes it.
func (id StackIdentity) String() string {
	parts := []string{id.Project, id.Stack}
	if id.Organization != "" {
		parts = append([]string{id.Organization}, parts...)
	}
	return strings.Join(parts, "/")
}

// pickProgram selects by kafkalink:cloud, not by the stack's name.
func pickProgram(programs []Program, config Configuration) (Program, error) {
	cloud, set := config[CloudKey]
	for _, p := range programs {
		if set && p.Cloud == cloud {
			return p, nil
		}
	}
	why := "the configuration does not set " + CloudKey
	if set {
		why = fmt.Sprintf("%s is %q", CloudKey, fmt.Sprint(cloud))
	}
	if cloud == SecretPlaceholder {
		why = CloudKey + " is a secret"
	}
	return Program{}, &Error{
		Kind: KindConfiguration,
		What: "no program for this stack",
		Why:  why,
		Next: fmt.Sprintf("set %s to one of: %s", CloudKey, strings.Join(clouds(programs), ", ")),
	}
}

func clouds(programs []Program) []string {
	names := make([]string, 0, len(programs))
	for _, p := range programs {
		names = append(names, p.Cloud)
	}
	sort.Strings(names)
	return names
}

// theirs says whether a property of a resource is others' to write.
func (p Program) theirs(r Resource, path string) bool {
	return p.Theirs != nil && slices.Contains(p.Theirs(r), anyItem.ReplaceAllString(path, "[]"))
}

// anyItem is the place of an item in a list.
var anyItem = regexp.MustCompile(`\[\d+\]`)
