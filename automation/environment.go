package automation

import (
	"slices"
	"strings"
)

// usersOwn are the PULUMI_* variables by which users say who they are, where state lives, how secrets are kept and where
// plugins come from. All others (a monitor's address, a debug provider, a flag of some outer program) are not meant for
// our children.
var usersOwn = []string{
	"PULUMI_ACCESS_TOKEN",
	"PULUMI_API",
	"PULUMI_BACKEND_URL",
	"PULUMI_CONFIG_PASSPHRASE", // and _FILE
	"PULUMI_CREDENTIALS_PATH",
	"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
	"PULUMI_DIY_BACKEND_",
	"PULUMI_HOME",
	"PULUMI_PARALLEL",
	"PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES",
	"PULUMI_SELF_MANAGED_STATE_",
}

// credentials of real clouds: a simulated run must not even be able to use them.
var credentials = []string{"ARM_", "AZURE_", "AWS_", "GOOGLE_", "CLOUDSDK_", "GCLOUD_"}

// engineEnvironment is what the engine's processes get of the given environment.
func engineEnvironment(env []string, simulated bool) []string {
	kept := make([]string, 0, len(env)+1)
	for _, variable := range env {
		name, _, _ := strings.Cut(variable, "=")
		// The names of variables are case-insensitive on Windows.
		name = strings.ToUpper(name)
		switch {
		case strings.HasPrefix(name, "KAFKALINK_"):
		case strings.HasPrefix(name, "PULUMI_") && (simulated || !hasAnyPrefix(name, usersOwn)):
		case simulated && hasAnyPrefix(name, credentials):
		default:
			kept = append(kept, variable)
		}
	}
	return append(kept, "PULUMI_SKIP_UPDATE_CHECK=true")
}

func hasAnyPrefix(text string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(text, p) })
}
