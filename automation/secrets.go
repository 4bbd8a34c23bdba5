package automation

import (
	"context"
	"encoding/base64"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
)

// simulatedPassphrase is no secret: it seals only placeholders, so that the engine still knows what is secret.
const simulatedPassphrase = "simulated"

// sealer encrypts as Pulumi's passphrase provider does.
type sealer struct {
	crypter config.Crypter
	salt    string // as Pulumi.<stack>.yaml holds it
}

func simulatedSecrets() sealer {
	// Eight fixed bytes: the passphrase is public anyway, and every operation then uses the same key.
	salt := []byte("rehearse")
	crypter := config.NewSymmetricCrypterFromPassphrase(simulatedPassphrase, salt)
	// By this known word Pulumi checks a passphrase.
	check, err := crypter.EncryptValue(context.Background(), "pulumi")
	if err != nil {
		panic("encrypting with a fixed key: " + err.Error())
	}
	return sealer{crypter: crypter, salt: "v1:" + base64.StdEncoding.EncodeToString(salt) + ":" + check}
}

// seal encrypts the placeholders in a value, on a copy.
func (s sealer) seal(value any) (any, error) {
	switch v := value.(type) {
	case string:
		if v != SecretPlaceholder {
			return v, nil
		}
		cipher, err := s.crypter.EncryptValue(context.Background(), v)
		return map[string]any{"secure": cipher}, err
	case map[string]any:
		sealed := make(map[string]any, len(v))
		for key, element := range v {
			var err error
			if sealed[key], err = s.seal(element); err != nil {
				return nil, err
			}
		}
		return sealed, nil
	case []any:
		sealed := make([]any, len(v))
		for i, element := range v {
			var err error
			if sealed[i], err = s.seal(element); err != nil {
				return nil, err
			}
		}
		return sealed, nil
	}
	return value, nil
}
