package aws

import _ "embed"

// Schema is the JSON schema of Pulumi.<stack>.yaml, for editors: what settings there are, of what kind, and what they do.
// The rules between settings are Decode's. Written by `make golden`.
//
//go:embed schema.json
var Schema []byte
