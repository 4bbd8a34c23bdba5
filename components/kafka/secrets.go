package kafka

import (
	"regexp"
	"slices"
	"strings"
)

// What is here for a reader of user-data, scripts or state must not be a
// secret, and property names and values are all we have to tell by. Rather one
// refusal too many: a reference is always a way out.

// secretWords in a key speak of a secret, unless its last part only speaks
// about one.
var secretWords = []string{"password", "passwd", "passphrase", "secret", "credential", "apikey"}

// secretEnds are the last one or two parts of keys with secret values.
var secretEnds = []string{
	"token", "api.key", "access.key", "private.key", "master.key", "keystore.key", "user.info",
}

var aboutSecrets = []string{
	"algorithm", "class", "enable", "enabled", "file", "iterations", "length", "location", "ms", "path", "type", "url",
}

func isSecretKey(key string) bool {
	parts := strings.FieldsFunc(strings.ToLower(key), func(r rune) bool { return strings.ContainsRune("._-", r) })
	if len(parts) == 0 {
		return false
	}
	last := parts[len(parts)-1]
	if slices.Contains(aboutSecrets, last) {
		return false
	}
	for _, part := range parts {
		if slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(part, word) }) {
			return true
		}
	}
	lastTwo := strings.Join(parts[max(0, len(parts)-2):], ".")
	return slices.Contains(secretEnds, last) || slices.Contains(secretEnds, lastTwo)
}

var secretValues = []*regexp.Regexp{
	regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`),
	// user_alice="..." is how PlainLoginModule lists passwords.
	regexp.MustCompile(`(?i)\b(user_\w+|\w*(password|passwd|secret|token))\s*[=:]\s*"?[^"\s;,]`),
	regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`),
	regexp.MustCompile(`\beyJ[\w-]+\.eyJ[\w-]+\.`),
	regexp.MustCompile(`(?i)\b(AccountKey|SharedAccessKey|sig)=`),
	regexp.MustCompile(`://[^/\s:@]+:[^/\s@]+@`),
}

func isSecretValue(value string) bool {
	written := withoutReferences(value)
	return slices.ContainsFunc(secretValues, func(secret *regexp.Regexp) bool { return secret.MatchString(written) })
}

// carriesSecret tells whether a property looks like a secret in the clear.
func carriesSecret(key, value string) bool {
	if isSecretValue(value) {
		return true
	}
	return isSecretKey(key) && strings.TrimSpace(withoutReferences(value)) != ""
}
