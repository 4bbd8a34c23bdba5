package aws

import (
	"crypto/rand"
	"encoding/json"
	"sync"
	"time"
)

// credentials are temporary ones of instances' roles: made up, and good for nothing but the facilities here.
type credentials struct {
	mu     sync.Mutex
	issued map[string]credential // by instance and role
}

// credential is what the metadata service hands out.
type credential struct {
	Code, LastUpdated, Type string
	AccessKeyID             string `json:"AccessKeyId"`
	SecretAccessKey, Token  string
	Expiration              string
	instance                string
	ends                    time.Time
}

const (
	credentialLife = 6 * time.Hour
	renewed        = time.Hour // before they end
)

// of are the credentials of an instance in a role, as JSON.
func (c *credentials) of(instance, role string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key, now := instance+" "+role, time.Now()
	found, ok := c.issued[key]
	if !ok || now.Add(renewed).After(found.ends) {
		found = credential{
			Code: "Success", Type: "AWS-HMAC", LastUpdated: now.UTC().Format(time.RFC3339),
			AccessKeyID: "ASIA" + rand.Text()[:16], SecretAccessKey: rand.Text() + rand.Text()[:14], Token: rand.Text() + rand.Text(),
			Expiration: now.Add(credentialLife).UTC().Format(time.RFC3339), instance: instance, ends: now.Add(credentialLife),
		}
		if c.issued == nil {
			c.issued = map[string]credential{}
		}
		c.issued[key] = found
	}
	text, err := json.Marshal(found)
	return string(text), err
}

// find gives the credentials with an access key id.
func (c *credentials) find(accessKey string) (credential, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, issued := range c.issued {
		if issued.AccessKeyID == accessKey {
			return issued, true
		}
	}
	return credential{}, false
}
