// Package sshkey checks the public keys of people who may log in to machines.
package sshkey

import (
	"strings"

	"golang.org/x/crypto/ssh"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// CheckPublic accepts the keys that Azure and AWS accept: RSA and Ed25519.
func CheckPublic(path *field.Path, text, cloud string) field.ErrorList {
	if strings.Contains(text, "PRIVATE KEY") {
		return field.ErrorList{kafka.Forbidden(path, "this is a private key", "replace that key pair, and paste the contents of its .pub file")}
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(text))
	if err != nil {
		return field.ErrorList{kafka.Invalid(path, text, "is not an SSH public key", "paste the contents of your key's .pub file")}
	}
	if t := key.Type(); t != ssh.KeyAlgoRSA && t != ssh.KeyAlgoED25519 {
		return field.ErrorList{kafka.Invalid(path, t, "is a kind of key that "+cloud+" does not take", "use an RSA or Ed25519 key")}
	}
	return nil
}
