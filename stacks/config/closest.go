package config

import (
	"strings"

	"github.com/agext/levenshtein"
)

// closest is the known key that a mistyped one was most likely meant to be, or "".
func closest(key string, known []string) string {
	best, least := "", 3 // more than two slips are another word
	for _, candidate := range known {
		if d := levenshtein.Distance(strings.ToLower(key), strings.ToLower(candidate), nil); d < least {
			best, least = candidate, d
		}
	}
	return best
}
