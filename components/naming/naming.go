// Package naming holds a name against a cloud's rule, and cuts a name to it.
package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Hyphened is the pattern of names that may be parts of host names, and HyphenedWords says so.
var Hyphened = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$`)

// HyphenedWords go with Hyphened.
const HyphenedWords = "holds only letters, digits and hyphens, and neither starts nor ends with a hyphen"

// Rule is what a cloud accepts as the name of one kind of resource.
type Rule struct {
	// Kind of resource, with Article before it, "a" if that is left out.
	Kind, Article string
	// Max is the longest name, in characters.
	Max     int
	Pattern *regexp.Regexp
	// Words say the pattern.
	Words string
}

// Check reports a name that the cloud would refuse.
func (r Rule) Check(path *field.Path, name string) field.ErrorList {
	article := r.Article
	if article == "" {
		article = "a"
	}
	if name == "" {
		return field.ErrorList{kafka.Missing(path, article+" "+r.Kind+" needs a name", "give one")}
	}
	if len(name) > r.Max || !r.Pattern.MatchString(name) {
		return field.ErrorList{kafka.Invalid(path, name,
			fmt.Sprintf("%s %s's name has at most %d characters, %s", article, r.Kind, r.Max, r.Words), "choose such a name")}
	}
	return nil
}

// longestNode is how many digits a node id has at most.
const longestNode = 10

// CheckPrefix reports the beginning of a name, which a node id follows, that the cloud would refuse. remedy says what to use.
func (r Rule) CheckPrefix(path *field.Path, prefix, cloud, remedy string) field.ErrorList {
	r.Max -= longestNode
	if len(r.Check(path, prefix+"1")) > 0 {
		return field.ErrorList{kafka.Invalid(path, prefix, "does not begin a name that "+cloud+" takes", remedy)}
	}
	return nil
}

// Fit cuts a name we compose ourselves to the kind's limit, keeping it distinct by a hash of the whole.
func (r Rule) Fit(name string) string {
	if len(name) <= r.Max {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	tail := "-" + hex.EncodeToString(sum[:4])
	return strings.TrimRight(name[:r.Max-len(tail)], "-._") + tail
}

// Claim is a name that nothing else of its kind may have: under which key of the configuration it stands.
type Claim struct {
	Kind, Key, Name string
	// Prefix says that it is the beginning of names, which node ids follow: all of those are claimed.
	Prefix bool
}

// Meets says whether two claims are, or will be, of one name. Case does not tell names apart.
func (c Claim) Meets(other Claim) bool {
	if c.Kind != other.Kind {
		return false
	}
	one, two := strings.ToLower(c.Name), strings.ToLower(other.Name)
	return one == two && c.Prefix == other.Prefix || c.Prefix && follows(one, two) || other.Prefix && follows(two, one)
}

// follows says whether a name is a prefix and digits.
func follows(prefix, name string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	return ok && digits.MatchString(rest)
}

var digits = regexp.MustCompile(`^[0-9]+$`)
