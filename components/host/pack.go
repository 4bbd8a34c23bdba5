package host

import (
	_ "embed" // the archive
	"encoding/base64"
	"strings"
)

// scriptsArchive are the host scripts as a payload carries them, which is the same in every payload of a version: packed, so
// that what remains in plain text is what a host is told, and a payload and the state that holds it are half the size.
// The archive is a file, because what a compressor makes of the same content may differ with the version of Go, and then
// hosts would be sent the same scripts again. After a change of a script: go test ./components/host -run Packed -update
//
//go:embed scripts.tgz
var scriptsArchive []byte

// packedScripts are what the archive holds.
var packedScripts = append(hostScripts[:len(hostScripts):len(hostScripts)], "cluster-ready.sh", "spare.sh")

// base64Width of a line is what coreutils writes.
const base64Width = 76

func writeArchive(s *strings.Builder) {
	s.WriteString("\n# kafkalink's own scripts, the same on every host: they are in /usr/local/lib/kafkalink afterwards.\n")
	s.WriteString("base64 -d <<'KAFKALINK_END' | tar -xzf - -C \"$incoming\"\n")
	text := base64.StdEncoding.EncodeToString(scriptsArchive)
	for len(text) > base64Width {
		s.WriteString(text[:base64Width] + "\n")
		text = text[base64Width:]
	}
	s.WriteString(text + "\nKAFKALINK_END\n")
}
