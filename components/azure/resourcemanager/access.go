package resourcemanager

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	_ "github.com/Azure/azure-sdk-for-go/sdk/azcore/arm/runtime" // registers Resource Manager's endpoint in each cloud
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
)

// access is what a token says of itself.
type access struct {
	endpoint string    // of the Resource Manager that takes it, like "https://management.azure.com"
	expires  time.Time // zero: it does not say
	// certificate is the only one that the endpoint may answer with; nil: one that this machine trusts.
	certificate *x509.Certificate
}

// clouds are those in which Azure has a Resource Manager.
func clouds() []cloud.Configuration {
	return []cloud.Configuration{cloud.AzurePublic, cloud.AzureGovernment, cloud.AzureChina}
}

// accessOf reads a token's claims. Source: Microsoft identity platform, "Access token claims reference".
func accessOf(token string) (access, error) {
	var claims struct {
		Audience    string `json:"aud"`
		Expires     int64  `json:"exp"`
		Certificate []byte `json:"kafkalink_simulated_certificate"`
	}
	if parts := strings.Split(token, "."); len(parts) == 3 {
		if payload, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil {
			_ = json.Unmarshal(payload, &claims) // what cannot be read has no audience
		}
	}
	a := access{}
	if claims.Expires > 0 {
		a.expires = time.Unix(claims.Expires, 0)
	}
	audience := strings.TrimSuffix(claims.Audience, "/")
	for _, c := range clouds() {
		service := c.Services[cloud.ResourceManager]
		if audience == service.Endpoint || audience == strings.TrimSuffix(service.Audience, "/") {
			a.endpoint = service.Endpoint
			return a, nil
		}
	}
	if loopback(audience) && len(claims.Certificate) > 0 { // the simulated Azure
		certificate, err := x509.ParseCertificate(claims.Certificate)
		if err != nil {
			return access{}, fmt.Errorf("the simulated Azure's certificate is damaged: %w", err)
		}
		a.endpoint, a.certificate = audience, certificate
		return a, nil
	}
	return access{}, fmt.Errorf("the provider's token is for %q, which is no Azure Resource Manager that kafkalink knows, so it is sent nowhere; "+
		"check azure-native:environment and ARM_ENVIRONMENT: they may be public, usgovernment or china", audience)
}

// loopback says whether an address is HTTPS on this machine.
func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip.IsLoopback()
}
