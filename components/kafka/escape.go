package kafka

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// escapeValue writes a value as java.util.Properties reads it back: it takes
// files for ISO-8859-1 and backslashes for escapes. (It also drops leading
// spaces; validation lets none through.)
func escapeValue(value string) string {
	var text strings.Builder
	for _, r := range value {
		switch {
		case r == '\\':
			text.WriteString(`\\`)
		case r >= ' ' && r <= '~':
			text.WriteRune(r)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&text, `\u%04X`, unit)
			}
		}
	}
	return text.String()
}
