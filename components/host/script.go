package host

import (
	"fmt"
	"strings"
)

// Script is the payload as a script: it unpacks kafkalink's own scripts and writes each other file by a quoted heredoc into
// a directory of its own, then runs the step. Its own lines are plain POSIX shell, because clouds differ in which shell they
// start; the step is bash. What a host is told is plain text, so that a preview's diff shows what changes there.
func (p Payload) Script() string {
	var s strings.Builder
	s.WriteString("#!/usr/bin/env bash\n")
	fmt.Fprintf(&s, "# %s\n", p.title)
	s.WriteString("# Written by kafkalink. Run as root on the machine itself; safe to run again.\n")
	fmt.Fprintf(&s, "%s%s\n", stepMarker, p.step)
	s.WriteString(`set -eu
umask 022
mkdir -p /var/lib/kafkalink /var/log/kafkalink
incoming=$(mktemp -d /var/lib/kafkalink/incoming.XXXXXX)
trap 'rm -rf "$incoming"' EXIT
`)
	for _, f := range append([]hostFile{{name: "run.env", content: p.runSettings()}}, p.contents()...) {
		if !f.packed {
			writeHeredoc(&s, f)
		}
	}
	writeArchive(&s)
	fmt.Fprintf(&s, "\nbash \"$incoming/%s\"\n", p.step)
	return s.String()
}

// stepMarker opens the line by which SimulatedReport knows a payload.
const stepMarker = "# step: "

// contents are the files that the payload carries.
func (p Payload) contents() []hostFile {
	var carried []hostFile
	for _, f := range append(p.beside[:len(p.beside):len(p.beside)], p.files...) {
		if f.effect != effectComputed {
			carried = append(carried, f)
		}
	}
	return carried
}

func writeHeredoc(s *strings.Builder, f hostFile) {
	end := delimiter(f.content)
	fmt.Fprintf(s, "\ncat >\"$incoming/%s\" <<'%s'\n%s", f.name, end, f.content)
	s.WriteString(end + "\n")
}

// delimiter is a word that is no line of the content.
func delimiter(content string) string {
	end := "KAFKALINK_END"
	for strings.Contains("\n"+content+"\n", "\n"+end+"\n") {
		end += "_"
	}
	return end
}
