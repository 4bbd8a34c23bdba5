package aws

import (
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/kafkalink/kafkalink/simcloud"
)

const (
	tokenKeyPair = "aws:ec2/keyPair:KeyPair"

	keyPairSpace = "key pair "
)

func keyPair() awsType {
	return awsType{
		service: "EC2", noun: "Key Pair", creates: "ImportKeyPair", arn: "ec2:{region}:{account}:key-pair/{id}",
		name: &naming{input: "keyName", max: 255},
		lookup: &lookup{
			function: "aws:ec2/getKeyPair:getKeyPair", what: "EC2 Key Pair",
			arguments: map[string]string{"keyName": "keyName", "keyPairId": "keyPairId"}, ignores: []string{"tags"},
			filters: map[string]string{"key-name": "keyName", "key-pair-id": "keyPairId", "fingerprint": "fingerprint"},
			show: func(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"id": r.Computed.Text("keyPairId")}
			},
		},
		Kind: simcloud.Kind{
			Token:     tokenKeyPair,
			Duration:  time.Second,
			Namespace: keyPairSpace,
			ID:        func(identity *simcloud.Identity) (string, string) { return identity.Inputs.Text("keyName"), "" },
			InputsOf:  func(id string) simcloud.Properties { return simcloud.Properties{"keyName": id} },
			Replaces:  []string{"publicKey"},
			Compute: func(t *simcloud.Transaction) error {
				key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(t.After.Properties.Text("publicKey")))
				if err != nil {
					return refuse("InvalidKey.Format", "Key is not in valid OpenSSH public key format")
				}
				if t.Creating() {
					t.After.Computed["keyPairId"] = "key-" + t.Unique("key")[:17]
				}
				t.After.Computed["keyType"] = strings.TrimPrefix(key.Type(), "ssh-")
				t.After.Computed["fingerprint"] = ssh.FingerprintSHA256(key)
				return nil
			},
		},
	}
}
