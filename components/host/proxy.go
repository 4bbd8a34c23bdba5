package host

import (
	"net/url"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// unproxied are asked directly: the machine itself, and what clouds tell machines about themselves.
var unproxied = []string{"localhost", "127.0.0.1", "::1", "169.254.169.254", "168.63.129.16", "fd00:ec2::254"}

// proxySettings are what curl, apt and dnf read from the environment. Empty without a proxy. curl reads http_proxy in lower case
// alone (https://curl.se/docs/manpage.html, "Environment").
func proxySettings(proxy string) string {
	if proxy == "" {
		return ""
	}
	return "# The way out.\n" +
		"export http_proxy=" + shellQuote(proxy) + "\n" +
		"export https_proxy=" + shellQuote(proxy) + "\n" +
		"export no_proxy=" + shellQuote(strings.Join(unproxied, ",")) + "\n"
}

func validateProxy(at *field.Path, text string) (f kafka.Findings) {
	if text == "" {
		return f
	}
	const example = "write it like http://10.0.0.5:3128"
	u, err := url.Parse(text)
	switch {
	case err != nil:
		// The parser's error repeats the text, which may hold a password.
		f.Errors = append(f.Errors, kafka.Forbidden(at, "is not a URL", example))
	case u.User != nil:
		f.Errors = append(f.Errors, kafka.Forbidden(at, "must not carry a user or a password: user-data is readable on the machine and in the state",
			"use a proxy that knows hosts by their addresses"))
	case u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/":
		f.Errors = append(f.Errors, kafka.Forbidden(at, "must name a proxy and nothing behind it", example))
	case u.Scheme != "http" && u.Scheme != "https":
		f.Errors = append(f.Errors, kafka.Invalid(at, text, "must begin with http:// or https://", example))
	case u.Hostname() == "":
		f.Errors = append(f.Errors, kafka.Invalid(at, text, "must name a host", example))
	case !unquoted.MatchString(text):
		f.Errors = append(f.Errors, kafka.Invalid(at, text, "must not hold spaces, quotes or control characters", example))
	}
	return f
}
