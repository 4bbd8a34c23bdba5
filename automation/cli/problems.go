package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/automation"
	"github.com/kafkalink/kafkalink/components/kafka"
)

// problem is one finding in JSON.
type problem struct {
	Path    string `json:"path"`
	Message string `json:"message"`
	Value   any    `json:"value,omitempty"` // not of what is missing or forbidden
}

func problems(list field.ErrorList) []problem {
	out := make([]problem, 0, len(list))
	for _, e := range list {
		out = append(out, problem{Path: e.Field, Message: e.ErrorBody(), Value: valueOf(e)})
	}
	return out
}

func valueOf(e *field.Error) any {
	if e.Type == field.ErrorTypeRequired || e.Type == field.ErrorTypeForbidden {
		return nil
	}
	if _, err := json.Marshal(e.BadValue); err != nil { // as of .nan, which JSON does not have
		return nil
	}
	return e.BadValue
}

// warnings are printed one a line, after the line that says what they are about.
func warnings(findings kafka.Findings, paint paint) string {
	var text strings.Builder
	for _, line := range findings.WarningLines() {
		fmt.Fprintf(&text, "%s %s\n", paint.warn("! warning:"), line)
	}
	return text.String()
}

// describe says what a valid configuration describes, like "kafka, 3 brokers in 3 zones, Kafka 3.7.1, 1 link (tidb)".
func describe(c *kafka.Cluster) string {
	zones, links := map[string]bool{}, []string{}
	for _, n := range c.Brokers() {
		zones[n.Zone] = true
	}
	for _, l := range c.Links {
		links = append(links, l.Name)
	}
	text := fmt.Sprintf("%s, %s in %s, Kafka %s", c.Name,
		count(len(c.Brokers()), "broker"), count(len(zones), "zone"), c.Version)
	if len(links) > 0 {
		text += fmt.Sprintf(", %s (%s)", count(len(links), "link"), strings.Join(links, ", "))
	}
	return text
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// checked is the stack, found valid before the engine is even looked for. It says what is going to be worked on.
func (a *app) checked(ctx context.Context) (*automation.Stack, error) {
	stack, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.check(stack); err != nil {
		return nil, err
	}
	return a.withEngine(ctx, stack)
}

// check says what the configuration is, or what is wrong with it.
func (a *app) check(stack *automation.Stack) error {
	v := stack.Validate()
	if err := v.Err(); err != nil {
		return err
	}
	paint := a.paint(a.talk())
	a.say("%s %s is valid: %s", paint.good("✓"), stack.Identity, describe(v.Cluster))
	fmt.Fprint(a.talk(), warnings(v.Findings, paint))
	if stack.Simulated() {
		a.say("%s on a simulated cloud: it needs no account; its state is in %s", paint.faint("·"), stack.SimulatedDir())
	}
	return nil
}
