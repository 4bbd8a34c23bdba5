package aws

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// apiError is one of an AWS API's, as its JSON protocol has it.
type apiError struct {
	status        int
	code, message string
}

// clockSkew is how far a request's time may be from ours.
const clockSkew = 5 * time.Minute

const signatureTime = "20060102T150405Z"

// signer checks the signature of a request, version 4 (docs.aws.amazon.com, "Create a signed AWS API request"), and gives the
// credentials it was made with.
func (c *credentials) signer(r *http.Request, body []byte, region, service string) (credential, *apiError) {
	refuse := func(code, message string) (credential, *apiError) {
		return credential{}, &apiError{http.StatusBadRequest, code, message}
	}
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
	if !ok {
		return refuse("MissingAuthenticationTokenException", "Missing Authentication Token")
	}
	fields := map[string]string{}
	for field := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		fields[name] = value
	}
	scope := strings.Split(fields["Credential"], "/")
	if len(scope) != 5 || fields["SignedHeaders"] == "" || fields["Signature"] == "" {
		return refuse("IncompleteSignatureException", "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature'.")
	}
	known, ok := c.find(scope[0])
	if !ok || r.Header.Get("X-Amz-Security-Token") != known.Token {
		return refuse("UnrecognizedClientException", "The security token included in the request is invalid.")
	}
	at, err := time.Parse(signatureTime, r.Header.Get("X-Amz-Date"))
	if since := time.Since(at); err != nil || since > clockSkew || since < -clockSkew || time.Now().After(known.ends) {
		return refuse("ExpiredTokenException", "Signature expired, or the security token is.")
	}
	if scope[1] != at.Format("20060102") || scope[2] != region || scope[3] != service || scope[4] != "aws4_request" {
		return refuse("InvalidSignatureException", "Credential should be scoped to a valid region and service: "+region+", "+service+".")
	}
	signed := strings.Split(fields["SignedHeaders"], ";")
	if !slices.Contains(signed, "host") {
		return refuse("InvalidSignatureException", "'Host' must be a 'SignedHeader' in the AWS Authorization.")
	}
	request := canonicalRequest(r, signed, body)
	want := signature(known.SecretAccessKey, at, scope[1:], request)
	if !hmac.Equal([]byte(want), []byte(fields["Signature"])) {
		return refuse("InvalidSignatureException", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.")
	}
	return known, nil
}

func canonicalRequest(r *http.Request, signed []string, body []byte) string {
	var headers strings.Builder
	for _, name := range signed {
		value := strings.Join(r.Header.Values(name), ",")
		if name == "host" {
			value = r.Host
		}
		headers.WriteString(name + ":" + strings.Join(strings.Fields(value), " ") + "\n")
	}
	var query []string
	for name, values := range r.URL.Query() {
		for _, value := range values {
			query = append(query, strings.ReplaceAll(url.QueryEscape(name)+"="+url.QueryEscape(value), "+", "%20"))
		}
	}
	slices.Sort(query)
	path := r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	sum := sha256.Sum256(body)
	return strings.Join([]string{
		r.Method, path, strings.Join(query, "&"), headers.String(), strings.Join(signed, ";"), hex.EncodeToString(sum[:]),
	}, "\n")
}

func signature(secret string, at time.Time, scope []string, request string) string {
	key := []byte("AWS4" + secret)
	for _, part := range scope {
		key = keyed(key, part)
	}
	sum := sha256.Sum256([]byte(request))
	text := strings.Join([]string{"AWS4-HMAC-SHA256", at.Format(signatureTime), strings.Join(scope, "/"), hex.EncodeToString(sum[:])}, "\n")
	return hex.EncodeToString(keyed(key, text))
}

func keyed(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
