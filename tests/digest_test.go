package tests

import (
	"crypto/sha256"
	"encoding/hex"
)

// digest stands for a long text in a golden file.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:])
}
