// Package examinationtest is what the tests of all clouds' examinations share.
package examinationtest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/stacks/examination"
)

// Split tells what is fine from what is missing, of which each says what to do next.
func Split(t *testing.T, checks []examination.Check) (fine, missing []examination.Check) {
	t.Helper()
	for _, check := range checks {
		if check.Missing {
			require.NotEmpty(t, check.Next, check.Subject)
			missing = append(missing, check)
		} else {
			fine = append(fine, check)
		}
	}
	return fine, missing
}

// Said are checks as lines: subject: detail.
func Said(checks []examination.Check) (lines []string) {
	for _, c := range checks {
		lines = append(lines, c.Subject+": "+c.Detail)
	}
	return lines
}
