package automation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// ErrEnvironment says that a stack's configuration is not in its file alone.
var ErrEnvironment = errors.New("it takes values from Pulumi ESC environments")

// blinded is what the CLI writes for a secret.
const blinded = "[secret]"

// resolved is what a stack's file and its environments give together. Secrets stay where they are: the CLI is not asked to
// show them.
func (p *project) resolved(ctx context.Context, options Options, stack string) (Configuration, error) {
	if options.Engine == nil {
		return nil, &Error{Kind: KindEngine, What: "no Pulumi CLI was given", Next: "find one with FindEngine"}
	}
	command := exec.CommandContext(ctx, options.Engine.Path, "config", "--json", "--non-interactive", "--stack", stack)
	command.Dir, command.Env = p.dir, engineEnvironment(options.Env, false)
	var said strings.Builder
	command.Stderr = &said
	text, err := command.Output()
	if err != nil {
		return nil, unresolved(ctx, err, stack, strings.TrimPrefix(strings.TrimSpace(said.String()), "error: "))
	}
	return configurationFromCLI(text)
}

// unresolved explains why the CLI did not give a stack's configuration.
func unresolved(ctx context.Context, err error, stack, said string) error {
	failed := &Error{
		Err:  errors.Join(ctx.Err(), err),
		What: "cannot read the configuration of stack " + stack,
		Why:  ErrEnvironment.Error() + ", and the Pulumi CLI cannot give them: " + said,
		Next: "correct the cause: `pulumi config --stack " + stack + "` must show the values",
	}
	code := -1
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	}
	switch {
	case ctx.Err() != nil:
		failed.Kind, failed.Why, failed.Next = KindCancelled, "nothing was done", "run it again"
	case stackUnknown(code, said):
		failed.Kind, failed.Next = KindStackNotFound, "make it known to the backend: `pulumi stack init "+stack+"`"
	case notLoggedIn(code, said):
		failed.Kind, failed.Next = KindLogin, "log in to Pulumi Cloud with `pulumi login`"
	case strings.Contains(said, "not supported"):
		failed.Kind, failed.Next = KindLogin, "log in to Pulumi Cloud, which alone has environments, with `pulumi login`"
	}
	return failed
}

// configurationFromCLI reads what `pulumi config --json` prints.
func configurationFromCLI(text []byte) (Configuration, error) {
	var values map[string]struct {
		Value  *string `json:"value"`
		Secret bool    `json:"secret"`
	}
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, fmt.Errorf("reading what `pulumi config --json` printed: %w", err)
	}
	config := Configuration{}
	for key, entry := range values {
		switch {
		case entry.Value == nil:
			config[key] = SecretPlaceholder
		case entry.Secret:
			config[key] = unblinded(structured(*entry.Value))
		default:
			config[key] = structured(*entry.Value)
		}
	}
	return config, nil
}

// unblinded puts SecretPlaceholder where the CLI shows no secret.
func unblinded(value any) any {
	switch v := value.(type) {
	case string:
		if v == blinded {
			return SecretPlaceholder
		}
	case map[string]any:
		for key := range v {
			v[key] = unblinded(v[key])
		}
	case []any:
		for i := range v {
			v[i] = unblinded(v[i])
		}
	}
	return value
}
