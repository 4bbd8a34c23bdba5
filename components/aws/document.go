package aws

import (
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

//go:embed run.sh
var runScript string

// newDocument is what Systems Manager does with a payload. It is the same for all machines; what differs are an
// association's parameters. Another content is another document, of another name: an association would run again, by
// itself, when its document gets a new default version.
func newDocument(ctx *pulumi.Context, brokers string, args *BrokersArgs, parent pulumi.Resource) (*ssm.Document, error) {
	content, err := documentContent()
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256([]byte(content))
	name := fmt.Sprintf("kafkalink-%s-%x", args.Cluster.Name, digest[:4]) // not the cluster's first: it may begin with "aws", which AWS keeps for itself
	return ssm.NewDocument(ctx, brokers+"-document", &ssm.DocumentArgs{
		Name:         pulumi.String(name),
		DocumentType: pulumi.String("Command"), DocumentFormat: pulumi.String("JSON"), TargetType: pulumi.String("/AWS::EC2::Instance"),
		Content: pulumi.String(content),
		Tags:    named(args.Tags, name, nil),
	}, pulumi.Parent(parent), pulumi.ReplaceOnChanges([]string{"content"}))
}

// A document holds 64 KB, with the parameters that it is run with (AWS's reference of CreateDocument); what is beside the
// payload has its room.
const (
	mostDocument = 64 * 1024
	mostPayload  = mostDocument - 8*1024
)

// braces are how Systems Manager marks what it fills in, and what stands for them in a payload; run.sh puts them back.
const braces, noBraces = "{{", "KAFKALINK_BRACES"

// escaped is a payload as a parameter of the document takes it, and as people can read it in a preview.
func escaped(payload string) string {
	return strings.TrimSuffix(strings.ReplaceAll(payload, braces, noBraces), "\n")
}

type document struct {
	SchemaVersion string                       `json:"schemaVersion"`
	Description   string                       `json:"description"`
	Parameters    map[string]documentParameter `json:"parameters"`
	MainSteps     []documentStep               `json:"mainSteps"`
}

type documentParameter struct {
	Type           string `json:"type"`
	Description    string `json:"description"`
	AllowedPattern string `json:"allowedPattern,omitempty"`
}

type documentStep struct {
	Action string         `json:"action"`
	Name   string         `json:"name"`
	Inputs documentInputs `json:"inputs"`
}

type documentInputs struct {
	TimeoutSeconds string   `json:"timeoutSeconds"`
	RunCommand     []string `json:"runCommand"`
}

// documentContent lets nothing into the script that could be more than a word in it, but for the payload, which is a script.
// The agent fills that in as it is because its line is nothing but "{{ payload }}": elsewhere it would expand every $1 in it
// (aws/amazon-ssm-agent, agent/parameters). Parameters stay what they are: a guard that lies still is not sent others.
func documentContent() (string, error) {
	text := func(description, pattern string) documentParameter {
		return documentParameter{Type: "String", Description: description, AllowedPattern: pattern}
	}
	content, err := json.MarshalIndent(document{
		SchemaVersion: "2.2",
		Description:   "Brings a Kafka node what it serves, and its report back.",
		Parameters: map[string]documentParameter{
			"payload":   text("a script", ""),
			"run":       text("which payload it is", "^[0-9a-f]{64}$"),
			"attempt":   text("how often it was sent", "^[0-9]+$"),
			"machine":   text("whose instance id it is", "^i-[0-9a-f]+$"),
			"parameter": text("where the report goes", "^/kafkalink/[A-Za-z0-9_./-]+$"),
			"region":    text("of that parameter", "^[a-z0-9-]+$"),
			"timeout":   text("seconds after which it is ended", "^[0-9]+$"),
		},
		MainSteps: []documentStep{{
			Action: "aws:runShellScript", Name: "run",
			Inputs: documentInputs{TimeoutSeconds: "{{ timeout }}", RunCommand: strings.Split(strings.TrimRight(runScript, "\n"), "\n")},
		}},
	}, "", "  ")
	return string(content), err
}
