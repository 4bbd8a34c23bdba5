// Package identifiers makes what clouds make up: digits that follow from a text, so that runs can be compared.
package identifiers

import (
	"crypto/sha256"
	"encoding/hex"
)

// Digest makes 64 hexadecimal digits of a text.
func Digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// GUID writes the first 32 of some hexadecimal digits as a GUID.
func GUID(digits string) string {
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:32]
}
