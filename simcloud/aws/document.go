package aws

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const (
	tokenDocument = "aws:ssm/document:Document"
	documentSpace = "document "
)

func document() awsType {
	return awsType{
		service: "SSM", noun: "Document", modifies: "UpdateDocument", arn: "ssm:{region}:{account}:document/{name}",
		name: &naming{input: "name", noPrefix: true, max: 128, rules: []nameRule{
			{regexp.MustCompile(`[^\w.-]`), "must consist of letters, digits, underscores, hyphens and periods"},
			{regexp.MustCompile(`^.{0,2}$`), "must have at least 3 characters"},
			{regexp.MustCompile(`(?i)^(aws|amazon|amzn)`), "cannot begin with aws, amazon or amzn"},
		}},
		inputDefaults: simcloud.Properties{"documentFormat": "JSON"},
		volatile:      []string{"defaultVersion", "documentVersion", "hash", "latestVersion", "description", "parameters", "platformTypes", "schemaVersion"},
		lookup: &lookup{
			function: "aws:ssm/getDocument:getDocument", what: "SSM Document", arguments: map[string]string{"name": "name"},
			ignores: []string{"documentFormat", "documentVersion"},
			none: func(_ simcloud.View, a simcloud.Properties) string { // the data source hands on what Systems Manager says
				return fmt.Sprintf("reading SSM Document (%s): operation error SSM: GetDocument, https response error StatusCode: 400, "+
					"RequestID: 00000000-0000-0000-0000-000000000000, InvalidDocument: Document with name %[1]s does not exist.", a.Text("name"))
			},
		},
		Kind: simcloud.Kind{
			Token:     tokenDocument,
			Duration:  3 * time.Second,
			Namespace: documentSpace,
			ID:        func(identity *simcloud.Identity) (string, string) { return identity.Inputs.Text("name"), "" },
			InputsOf:  func(id string) simcloud.Properties { return simcloud.Properties{"name": id} },
			ReplacesIf: func(before, _ simcloud.Properties) []string { // before schema 2.0 documents have no versions
				if parsed, err := parseDocument(before.Text("documentFormat"), before.Text("content")); err == nil && !parsed.versioned() {
					return []string{"content"}
				}
				return nil
			},
			Enums: map[string][]string{
				"documentFormat": {"JSON", "YAML", "TEXT"},
				"documentType":   {"Command", "Automation", "Policy", "Session", "Package", "ApplicationConfiguration", "ApplicationConfigurationSchema", "ChangeCalendar"},
			},
			Rules:   []simcloud.Rule{documentRuns, documentParses},
			Compute: computeDocument,
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				if len(usersOf(t.World, t.Before.ID, tokenAssociation)) > 0 {
					return refuse("AssociatedInstances", "You must disassociate a document from all managed nodes before you can delete it.")
				}
				return nil
			}},
		},
	}
}

// command is as much of a document as the simulation reads.
type command struct {
	SchemaVersion string                      `yaml:"schemaVersion"`
	Description   string                      `yaml:"description"`
	Parameters    map[string]commandParameter `yaml:"parameters"`
	MainSteps     []commandStep               `yaml:"mainSteps"`
}

type commandParameter struct {
	Type           string   `yaml:"type"`
	Description    string   `yaml:"description"`
	Default        any      `yaml:"default"`
	AllowedPattern string   `yaml:"allowedPattern"`
	AllowedValues  []string `yaml:"allowedValues"`
	MaxChars       int      `yaml:"maxChars"`
}

type commandStep struct {
	Action string `yaml:"action"`
	Name   string `yaml:"name"`
	Inputs struct {
		RunCommand     lines  `yaml:"runCommand"`
		TimeoutSeconds string `yaml:"timeoutSeconds"`
		OnFailure      string `yaml:"onFailure"`
	} `yaml:"inputs"`
	OnFailure string `yaml:"onFailure"`
}

// lines are the lines of a script, as a list or as one text.
type lines []string

// UnmarshalYAML reads both forms.
func (l *lines) UnmarshalYAML(node *yaml.Node) error {
	var text string
	if node.Kind == yaml.ScalarNode && node.Decode(&text) == nil {
		*l = lines{text}
		return nil
	}
	return node.Decode((*[]string)(l))
}

func (c command) versioned() bool { return c.SchemaVersion >= "2" }

// script is a step's script, joined.
func (s commandStep) script() string { return strings.Join(s.Inputs.RunCommand, "\n") }

// defaultTimeout is how long a step may take that says nothing.
const defaultTimeout = time.Hour

func (s commandStep) timeout() time.Duration {
	if seconds, err := strconv.Atoi(s.Inputs.TimeoutSeconds); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	return defaultTimeout
}

// parseDocument reads a command document; JSON is YAML, but not the other way around.
func parseDocument(format, content string) (command, error) {
	var parsed command
	if format == "JSON" && !json.Valid([]byte(content)) {
		return parsed, refuse("InvalidDocumentContent", "JSON not well-formed.")
	}
	if err := yaml.Unmarshal([]byte(content), &parsed); err != nil {
		return parsed, refuse("InvalidDocumentContent", "%s not well-formed: %s", format, strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return parsed, nil
}

func documentRuns(t *simcloud.Transaction) error {
	if kind := t.After.Properties.Text("documentType"); kind != "Command" {
		return limit("Documents are of type Command: %s is %s.", t.After.Properties.Text("name"), kind)
	}
	return nil
}

// maxDocument is in bytes.
const maxDocument = 64 * 1024

func documentParses(t *simcloud.Transaction) error {
	p := t.After.Properties
	content := p.Text("content")
	if len(content) > maxDocument {
		return refuse("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.")
	}
	parsed, err := parseDocument(p.Text("documentFormat"), content)
	if err != nil {
		return err
	}
	if !slices.Contains([]string{"1.2", "2.0", "2.2"}, parsed.SchemaVersion) {
		return refuse("InvalidDocumentSchemaVersion", "The version of the document schema is not supported: '%s'", parsed.SchemaVersion)
	}
	if !parsed.versioned() {
		return limit("Documents have schemaVersion 2.0 or 2.2, not 1.2.")
	}
	return documentSteps(parsed)
}

func documentSteps(parsed command) error {
	if len(parsed.MainSteps) == 0 {
		return refuse("InvalidDocumentContent", "Document must have at least one step in mainSteps.")
	}
	names := map[string]bool{}
	for _, step := range parsed.MainSteps {
		switch {
		case step.Name == "" || names[step.Name]:
			return refuse("InvalidDocumentContent", "Every step must have a name of its own: %q", step.Name)
		case step.Action != "aws:runShellScript":
			return limit("Steps are of action aws:runShellScript: step %s is %s.", step.Name, step.Action)
		case len(step.Inputs.RunCommand) == 0:
			return refuse("InvalidDocumentContent", "Step %s has no runCommand in its inputs.", step.Name)
		}
		names[step.Name] = true
		for _, match := range reference.FindAllStringSubmatch(step.script()+step.Inputs.TimeoutSeconds, -1) {
			if _, declared := parsed.Parameters[match[1]]; !declared && !builtIn(match[1]) {
				return refuse("InvalidDocumentContent", "Parameter \"%s\" is not defined in the document.", match[1])
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(parsed.Parameters)) {
		if kind := parsed.Parameters[name].Type; !slices.Contains([]string{"String", "StringList", "Boolean", "Integer", "MapList", "StringMap"}, kind) {
			return refuse("InvalidDocumentContent", "Parameter \"%s\" has an unknown type: %q", name, kind)
		}
	}
	return nil
}

// reference is a parameter in a script: {{ name }}.
var reference = regexp.MustCompile(`{{\s*([\w:.-]+)\s*}}`)

// builtIn says whether a name between braces is one of Systems Manager's own.
func builtIn(name string) bool { return strings.Contains(name, ":") }

func computeDocument(t *simcloud.Transaction) error {
	p, computed := t.After.Properties, t.After.Computed
	parsed, err := parseDocument(p.Text("documentFormat"), p.Text("content"))
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(computed.Text("latestVersion"))
	if t.Creating() || t.Changes("content") || t.Changes("documentFormat") {
		version++
	}
	computed["latestVersion"] = strconv.Itoa(version)
	computed["defaultVersion"], computed["documentVersion"] = computed["latestVersion"], computed["latestVersion"]
	computed["hash"], computed["hashType"] = identifiers.Digest(p.Text("content")), "Sha256"
	computed["schemaVersion"], computed["status"], computed["owner"] = parsed.SchemaVersion, "Active", accountOf(t.After)
	computed["description"] = parsed.Description
	computed["platformTypes"] = texts([]string{"Linux", "MacOS"})
	computed.Default("createdDate", time.Now().UTC().Format(time.RFC3339))
	parameters := []any{}
	for _, name := range slices.Sorted(maps.Keys(parsed.Parameters)) {
		declared := parsed.Parameters[name]
		shown := map[string]any{"name": name, "type": declared.Type, "description": declared.Description}
		if declared.Default != nil {
			shown["defaultValue"] = fmt.Sprint(declared.Default)
		}
		parameters = append(parameters, shown)
	}
	computed["parameters"] = parameters
	return nil
}
