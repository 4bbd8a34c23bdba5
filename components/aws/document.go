package aws

import (
	_ "embed"
	"encoding/json"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

//go:embed run.sh
var runScript string

// newDocument is what Systems Manager does with a payload. It is the same for all machines; what differs are an
// association's parameters.
func newDocument(ctx *pulumi.Context, brokers string, args *BrokersArgs, parent pulumi.Resource) (*ssm.Document, error) {
	content, err := documentContent()
	if err != nil {
		return nil, err
	}
	return ssm.NewDocument(ctx, brokers+"-document", &ssm.DocumentArgs{
		DocumentType: pulumi.String("Command"), DocumentFormat: pulumi.String("JSON"), TargetType: pulumi.String("/AWS::EC2::Instance"),
		Content: pulumi.String(content),
		Tags:    named(args.Tags, args.Cluster.Name, nil),
	}, pulumi.Parent(parent))
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
	AllowedPattern string `json:"allowedPattern"`
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

// documentContent lets nothing into the script that could be more than a word in it.
func documentContent() (string, error) {
	text := func(description, pattern string) documentParameter {
		return documentParameter{Type: "String", Description: description, AllowedPattern: pattern}
	}
	content, err := json.MarshalIndent(document{
		SchemaVersion: "2.2",
		Description:   "Brings a Kafka node what it serves, and its report back.",
		Parameters: map[string]documentParameter{
			"payload":   text("base64 of the gzip of a script", "^[A-Za-z0-9+/]+=*$"),
			"run":       text("which payload it is", "^[0-9a-f]{64}$"),
			"attempt":   text("how often it was sent", "^[0-9]+$"),
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
