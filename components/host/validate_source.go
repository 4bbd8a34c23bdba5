package host

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func (s Source) validate(at *field.Path) (f kafka.Findings) {
	switch s.From {
	case FromArchive:
		f.Add(s.validateArchive(at))
	case FromImage:
		f.Add(s.validateImage(at))
	default:
		f.Errors = append(f.Errors, kafka.Invalid(at.Child("from"), s.From,
			"must be archive or image", "use archive with url and sha256, or image with path"))
	}
	return f
}

func (s Source) validateArchive(at *field.Path) (f kafka.Findings) {
	if s.Path != "" {
		f.Errors = append(f.Errors, kafka.Forbidden(at.Child("path"),
			"an archive has no path", "remove it, or set from: image"))
	}
	if s.URL == "" {
		f.Errors = append(f.Errors, kafka.Missing(at.Child("url"),
			"an archive needs a URL", "set url, or leave the whole source out for the default"))
	} else if problem := validateURL(at.Child("url"), s.URL); problem != nil {
		f.Errors = append(f.Errors, problem)
	}
	if s.Mirror != "" {
		if problem := validateURL(at.Child("mirror"), s.Mirror); problem != nil {
			f.Errors = append(f.Errors, problem)
		}
	}
	f.Add(s.validateChecksum(at))
	return f
}

func validateURL(at *field.Path, text string) *field.Error {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		// The parser's error repeats the text, which may hold a password.
		return kafka.Forbidden(at, "is not a URL", "write it like https://mirror.example/kafka.tgz")
	case u.User != nil:
		return kafka.Forbidden(at, "must not carry a user or a password: user-data is readable on the machine and in the state",
			"use a mirror that this network reaches without one, or an image")
	case u.RawQuery != "":
		return kafka.Forbidden(at, "must not have a query: a signature in it is a secret that expires before the next machine boots",
			"use a plain URL, or an image")
	case u.Scheme != "http" && u.Scheme != "https":
		return kafka.Invalid(at, text, "must begin with https:// or http://", "put the archive on a web server, or use an image")
	case u.Host == "":
		return kafka.Invalid(at, text, "must name a host", "write it like https://mirror.example/kafka.tgz")
	case !unquoted.MatchString(text):
		return kafka.Invalid(at, text, "must not hold spaces, quotes or control characters", "escape them with %")
	case !strings.HasSuffix(u.Path, ".tgz") && !strings.HasSuffix(u.Path, ".tar.gz"):
		return kafka.Invalid(at, text, "must be a .tgz or .tar.gz archive", "repack it as one")
	}
	return nil
}

var (
	unquoted    = regexp.MustCompile(`^[!#-&(-\[\]-_a-~]*$`)
	hexadecimal = regexp.MustCompile(`^[0-9a-f]*$`)
)

func (s Source) validateChecksum(at *field.Path) (f kafka.Findings) {
	if s.SHA256 != "" && s.SHA512 != "" {
		f.Errors = append(f.Errors, kafka.Forbidden(at.Child("sha512"), "only one checksum can be given", "remove sha256 or sha512"))
	}
	if s.SHA256 == "" && s.SHA512 == "" {
		f.Errors = append(f.Errors, kafka.Missing(at.Child("sha256"),
			"an archive needs a checksum: what the hosts run must be what you chose",
			"set sha256 or sha512, as printed by sha256sum or sha512sum"))
	}
	for _, sum := range []struct {
		key, value string
		length     int
	}{{"sha256", s.SHA256, 64}, {"sha512", s.SHA512, 128}} {
		switch {
		case sum.value == "":
		case !hexadecimal.MatchString(sum.value):
			f.Errors = append(f.Errors, kafka.Invalid(at.Child(sum.key), sum.value,
				"must be lower-case hexadecimal digits", "copy it from "+sum.key+"sum's output"))
		case len(sum.value) != sum.length:
			f.Errors = append(f.Errors, kafka.Invalid(at.Child(sum.key), sum.value,
				fmt.Sprintf("must have %d digits, not %d", sum.length, len(sum.value)), "copy it from "+sum.key+"sum's output"))
		}
	}
	return f
}

func (s Source) validateImage(at *field.Path) (f kafka.Findings) {
	for _, other := range []struct{ key, value string }{{"url", s.URL}, {"mirror", s.Mirror}, {"sha256", s.SHA256}, {"sha512", s.SHA512}} {
		if other.value != "" {
			f.Errors = append(f.Errors, kafka.Forbidden(at.Child(other.key),
				"an image has no "+other.key, "remove it, or set from: archive"))
		}
	}
	switch {
	case s.Path == "":
		f.Errors = append(f.Errors, kafka.Missing(at.Child("path"),
			"an image needs the directory that holds the software", "set path, like /opt/kafka_2.13-3.7.1"))
	case !path.IsAbs(s.Path) || path.Clean(s.Path) != s.Path || !unquoted.MatchString(s.Path):
		f.Errors = append(f.Errors, kafka.Invalid(at.Child("path"), s.Path,
			"must be an absolute path without .., doubled slashes, spaces or quotes", "write it like /opt/kafka_2.13-3.7.1"))
	case s.Path == "/opt/java" || s.Path == "/opt/kafka" || s.Path == dataMountPoint || strings.HasPrefix(s.Path, dataMountPoint+"/"):
		f.Errors = append(f.Errors, kafka.Invalid(at.Child("path"), s.Path,
			"is a place that the host itself makes", "keep the image's software elsewhere, like /opt/kafka_2.13-3.7.1"))
	}
	return f
}
