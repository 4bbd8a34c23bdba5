package kafka

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Findings are the problems of a configuration. Errors forbid going on;
// warnings are worth saying.
type Findings struct {
	Errors   field.ErrorList
	Warnings field.ErrorList
}

// Err is nil without errors, otherwise an *InvalidError.
func (f Findings) Err() error {
	if len(f.Errors) == 0 {
		return nil
	}
	return &InvalidError{Errors: f.Errors}
}

// Add appends the problems of another part of the configuration.
func (f *Findings) Add(other Findings) {
	f.Errors = append(f.Errors, other.Errors...)
	f.Warnings = append(f.Warnings, other.Warnings...)
}

// InvalidError is a configuration with errors. Its text has one line per
// problem: path, value, rule; remedy.
type InvalidError struct {
	Errors field.ErrorList
}

func (e *InvalidError) Error() string {
	lines := make([]string, len(e.Errors))
	for i, problem := range e.Errors {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// Invalid is a problem with a value: the rule it breaks, and what to do.
func Invalid(path *field.Path, value any, rule, remedy string) *field.Error {
	return field.Invalid(path, value, rule+"; "+remedy)
}

// Missing is a required value that is not there: the rule, and what to do.
func Missing(path *field.Path, rule, remedy string) *field.Error {
	return field.Required(path, rule+"; "+remedy)
}

// Forbidden is a setting that must not be there: the rule, and what to do. It
// shows no value, and so suits what may be a secret.
func Forbidden(path *field.Path, rule, remedy string) *field.Error {
	return field.Forbidden(path, rule+"; "+remedy)
}

// Setting says whether a key of the configuration was given a value.
type Setting struct {
	Key   string
	Given bool
}

// WarningLines are the warnings, one a line: path: value: what of it; remedy.
func (f Findings) WarningLines() []string {
	lines := make([]string, len(f.Warnings))
	for i, w := range f.Warnings {
		// field.Error says "Invalid value", which a warning is not about.
		lines[i] = strings.Replace(w.Error(), w.Field+": "+w.Type.String()+": ", w.Field+": ", 1)
	}
	return lines
}
