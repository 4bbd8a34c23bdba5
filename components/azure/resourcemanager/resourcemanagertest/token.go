// Package resourcemanagertest makes tokens for stand-ins of Azure Resource Manager on loopback.
package resourcemanagertest

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"time"
)

// Token is one for an audience. With a certificate, the audience may be an HTTPS server on loopback that answers with it.
func Token(audience string, certificate *x509.Certificate) string {
	claims := map[string]any{"aud": audience, "exp": time.Now().Add(time.Hour).Unix()}
	if certificate != nil {
		claims["kafkalink_simulated_certificate"] = certificate.Raw
	}
	text, err := json.Marshal(claims)
	if err != nil { // strings, numbers and bytes
		panic(err)
	}
	return "e30." + base64.RawURLEncoding.EncodeToString(text) + ".c2ltdWxhdGVk"
}
