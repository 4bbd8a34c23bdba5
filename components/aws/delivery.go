package aws

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Delivery is a payload as it arrives on a host, for simulated hosts that do not run run.sh.
type Delivery struct {
	// Script is the payload.
	Script string
	// Parameter is where the report goes.
	Parameter string

	run, machine string
	attempt      int
}

// Delivered reads what Systems Manager makes of the document with the parameters of an association.
func Delivered(script string) (*Delivery, error) {
	found := map[string]string{}
	for _, name := range []string{"run", "attempt", "machine", "parameter"} {
		m := regexp.MustCompile(`(?m)^` + name + `='([^']*)'$`).FindStringSubmatch(script)
		if m == nil {
			return nil, fmt.Errorf("the script is not that of the document: it has no line %s='…'", name)
		}
		found[name] = m[1]
	}
	_, payload, begins := strings.Cut(script, "<<'"+payloadMark+"'\n")
	payload, _, ends := strings.Cut(payload, "\n"+payloadMark+"\n")
	if !begins || !ends {
		return nil, errors.New("the script is not that of the document: it has no payload")
	}
	d := &Delivery{Parameter: found["parameter"], run: found["run"], machine: found["machine"], Script: strings.ReplaceAll(payload, noBraces, braces) + "\n"}
	var err error
	if d.attempt, err = strconv.Atoi(found["attempt"]); err != nil {
		return nil, fmt.Errorf("the script is not that of the document: attempt %q is no number", found["attempt"])
	}
	return d, nil
}

// payloadMark is around a payload in run.sh.
const payloadMark = "KAFKALINK_PAYLOAD"

// packed is an output as run.sh packs it.
func packed(output string) string {
	var text bytes.Buffer
	w := gzip.NewWriter(&text)
	_, _ = w.Write([]byte(output)) // into memory
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(text.Bytes())
}

// Report is what run.sh writes when the payload has ended.
func (d *Delivery) Report(exitCode int, output string, at time.Time) string {
	return fmt.Sprintf("1 %s %d %s %d %d %s", d.run, d.attempt, d.machine, exitCode, at.Unix(), packed(output))
}
