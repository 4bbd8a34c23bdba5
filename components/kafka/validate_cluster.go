package kafka

import (
	"fmt"
	"regexp"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// nameSyntax leaves room for what clouds append to a name within their limits.
var nameSyntax = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$`)

func (d *draft) checkCluster() {
	d.checkName(clusterPath.Child("name"), d.spec.Name)
	if !versionSyntax.MatchString(d.spec.Version) {
		d.invalid(clusterPath.Child("version"), d.spec.Version, "is not a supported Kafka release (3.7.x, 3.8.x, 3.9.x)",
			"leave it out for "+DefaultVersion)
	}
	if b := len(d.brokers()); b == 1 || b == 2 {
		path := clusterPath.Child("brokers")
		if d.listsNodes() {
			path = clusterPath.Child("nodes")
		}
		d.warn(path, b, fmt.Sprintf("fewer than 3 brokers keep at most %d of the usual 3 copies of a record", b), "use 3 brokers or more")
	}
}

func (d *draft) checkName(path *field.Path, name string) {
	if !nameSyntax.MatchString(name) {
		d.invalid(path, name, "names have at most 40 lower-case letters, digits and hyphens, begin with a letter and do not end in a hyphen",
			"choose such a name")
	}
}
