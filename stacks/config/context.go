package config

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// FromContext reads keys of a running program's configuration. The engine hands structured values over as JSON.
func FromContext(ctx *pulumi.Context, names []string) (map[string]any, error) {
	values := map[string]any{}
	for _, name := range names {
		text, ok := ctx.GetConfig(name)
		if !ok {
			continue
		}
		if ctx.IsConfigSecret(name) {
			return nil, fmt.Errorf("%s: holds a secret, and what is made of it is readable in user-data and state; "+
				"set it without --secret, and reach secrets from a broker by a reference such as ${file:/path:key}", name)
		}
		values[name] = structured(text)
	}
	return values, nil
}

// structured undoes the engine's JSON; a plain text is itself.
func structured(text string) any {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return text
	}
	switch value.(type) {
	case map[string]any, []any:
		return value
	}
	return text
}
