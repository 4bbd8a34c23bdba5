package cli

import (
	"encoding/json"
	"fmt"
)

// document prints the one JSON document of an invocation.
func (a *app) document(value any) error {
	encoder := json.NewEncoder(a.options.Out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}
