package host

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

func TestConfigValidate(t *testing.T) {
	t.Parallel()
	sum256, sum512 := strings.Repeat("a", 64), strings.Repeat("b", 128)
	const mirror = "https://mirror.example/kafka.tgz"
	for _, c := range []struct {
		name   string
		config Config
		want   string // the whole text, a problem a line
	}{
		{"defaults", Config{}, ""},
		{"mirror", Config{Kafka: Source{URL: mirror, SHA512: sum512}}, ""},
		{"plain HTTP with a checksum", Config{Kafka: Source{URL: "http://10.0.0.4/kafka.tgz", SHA256: sum256}}, ""},
		{"image", Config{Java: Source{Path: "/usr/lib/jvm/java-21"}}, ""},
		{"mirror of the default", Config{Kafka: Source{Mirror: "https://mirror.example/kafka_2.13-3.7.1.tgz"}}, ""},
		{"password in the mirror's URL", Config{Kafka: Source{Mirror: "https://user:password@mirror.example/kafka.tgz"}},
			`hosts.kafka.mirror: Forbidden: must not carry a user or a password: user-data is readable on the machine and in the state; use a mirror that this network reaches without one, or an image`},
		{"mirror of an image", Config{Java: Source{From: "image", Mirror: mirror, Path: "/opt/jre"}},
			`hosts.java.mirror: Forbidden: an image has no mirror; remove it, or set from: archive`},
		{"proxy", Config{Proxy: "http://10.0.0.5:3128"}, ""},
		{"proxy of another kind", Config{Proxy: "socks5://10.0.0.5:1080"},
			`hosts.proxy: Invalid value: "socks5://10.0.0.5:1080": must begin with http:// or https://; write it like http://10.0.0.5:3128`},
		{"proxy with a path", Config{Proxy: "http://10.0.0.5:3128/pac"},
			`hosts.proxy: Forbidden: must name a proxy and nothing behind it; write it like http://10.0.0.5:3128`},
		{"proxy without a host", Config{Proxy: "http://:3128"},
			`hosts.proxy: Invalid value: "http://:3128": must name a host; write it like http://10.0.0.5:3128`},
		{"proxy with a password", Config{Proxy: "http://user:password@10.0.0.5:3128"},
			`hosts.proxy: Forbidden: must not carry a user or a password: user-data is readable on the machine and in the state; use a proxy that knows hosts by their addresses`},
		{"unknown distribution", Config{Distribution: "ubuntu-22.04"},
			`hosts.distribution: Invalid value: "ubuntu-22.04": must be a distribution whose preparation is known; use one of amazon-linux-2023, debian-12, ubuntu-24.04`},
		{"heap without a unit", Config{Heap: "2048"},
			`hosts.heap: Invalid value: "2048": must be a whole number followed by m or g; write it like 2g or 1536m, or leave it out to size it from memory`},
		{"heap as JVM option", Config{Heap: "-Xmx2g"},
			`hosts.heap: Invalid value: "-Xmx2g": must be a whole number followed by m or g; write it like 2g or 1536m, or leave it out to size it from memory`},
		{"fractional heap", Config{Heap: "1.5g"},
			`hosts.heap: Invalid value: "1.5g": must be a whole number followed by m or g; write it like 2g or 1536m, or leave it out to size it from memory`},
		{"tiny heap", Config{Heap: "64m"},
			`hosts.heap: Invalid value: "64m": must be at least 128m, or Kafka does not start; leave it out to size it from memory`},
		{"unknown origin", Config{Kafka: Source{From: "apt"}},
			`hosts.kafka.from: Invalid value: "apt": must be archive or image; use archive with url and sha256, or image with path`},
		{"HTTP URL without a checksum", Config{Kafka: Source{URL: "http://mirror.example/kafka.tgz"}},
			`hosts.kafka.sha256: Required value: an archive needs a checksum: what the hosts run must be what you chose; set sha256 or sha512, as printed by sha256sum or sha512sum`},
		{"checksum without a URL", Config{Kafka: Source{SHA256: sum256}},
			`hosts.kafka.url: Required value: an archive needs a URL; set url, or leave the whole source out for the default`},
		{"SHA-256 of the wrong length", Config{Kafka: Source{URL: mirror, SHA256: "abc123"}},
			`hosts.kafka.sha256: Invalid value: "abc123": must have 64 digits, not 6; copy it from sha256sum's output`},
		{"SHA-1 in place of SHA-512", Config{Kafka: Source{URL: mirror, SHA512: strings.Repeat("c", 40)}},
			`hosts.kafka.sha512: Invalid value: "` + strings.Repeat("c", 40) + `": must have 128 digits, not 40; copy it from sha512sum's output`},
		{"checksum as Apache prints it", Config{Kafka: Source{URL: mirror, SHA256: "62AC AE4A"}},
			`hosts.kafka.sha256: Invalid value: "62AC AE4A": must be lower-case hexadecimal digits; copy it from sha256sum's output`},
		{"two checksums", Config{Kafka: Source{URL: mirror, SHA256: sum256, SHA512: sum512}},
			`hosts.kafka.sha512: Forbidden: only one checksum can be given; remove sha256 or sha512`},
		{"password in the URL", Config{Kafka: Source{URL: "https://user:password@mirror.example/kafka.tgz", SHA256: sum256}},
			`hosts.kafka.url: Forbidden: must not carry a user or a password: user-data is readable on the machine and in the state; use a mirror that this network reaches without one, or an image`},
		{"signature in the URL", Config{Kafka: Source{URL: mirror + "?sig=c2VjcmV0", SHA256: sum256}},
			`hosts.kafka.url: Forbidden: must not have a query: a signature in it is a secret that expires before the next machine boots; use a plain URL, or an image`},
		{"other scheme", Config{Kafka: Source{URL: "s3://bucket/kafka.tgz", SHA256: sum256}},
			`hosts.kafka.url: Invalid value: "s3://bucket/kafka.tgz": must begin with https:// or http://; put the archive on a web server, or use an image`},
		{"local file", Config{Kafka: Source{URL: "/tmp/kafka.tgz", SHA256: sum256}},
			`hosts.kafka.url: Invalid value: "/tmp/kafka.tgz": must begin with https:// or http://; put the archive on a web server, or use an image`},
		{"no host", Config{Kafka: Source{URL: "https:///kafka.tgz", SHA256: sum256}},
			`hosts.kafka.url: Invalid value: "https:///kafka.tgz": must name a host; write it like https://mirror.example/kafka.tgz`},
		{"no URL at all", Config{Kafka: Source{URL: "https://mirror.example:port/kafka.tgz", SHA256: sum256}},
			`hosts.kafka.url: Forbidden: is not a URL; write it like https://mirror.example/kafka.tgz`},
		{"quote in the URL", Config{Kafka: Source{URL: "https://mirror.example/it's.tgz", SHA256: sum256}},
			`hosts.kafka.url: Invalid value: "https://mirror.example/it's.tgz": must not hold spaces, quotes or control characters; escape them with %`},
		{"other archive format", Config{Kafka: Source{URL: "https://mirror.example/kafka.zip", SHA256: sum256}},
			`hosts.kafka.url: Invalid value: "https://mirror.example/kafka.zip": must be a .tgz or .tar.gz archive; repack it as one`},
		{"archive with a path", Config{Kafka: Source{From: "archive", URL: mirror, SHA256: sum256, Path: "/opt/k"}},
			`hosts.kafka.path: Forbidden: an archive has no path; remove it, or set from: image`},
		{"image without a path", Config{Java: Source{From: "image"}},
			`hosts.java.path: Required value: an image needs the directory that holds the software; set path, like /opt/kafka_2.13-3.7.1`},
		{"relative path", Config{Java: Source{Path: "usr/lib/jvm"}},
			`hosts.java.path: Invalid value: "usr/lib/jvm": must be an absolute path without .., doubled slashes, spaces or quotes; write it like /opt/kafka_2.13-3.7.1`},
		{"path that climbs", Config{Java: Source{Path: "/usr/lib/../jvm"}},
			`hosts.java.path: Invalid value: "/usr/lib/../jvm": must be an absolute path without .., doubled slashes, spaces or quotes; write it like /opt/kafka_2.13-3.7.1`},
		{"path of our own link", Config{Java: Source{Path: "/opt/java"}},
			`hosts.java.path: Invalid value: "/opt/java": is a place that the host itself makes; keep the image's software elsewhere, like /opt/kafka_2.13-3.7.1`},
		{"path on the data disk", Config{Kafka: Source{Path: "/var/lib/kafka/dist"}},
			`hosts.kafka.path: Invalid value: "/var/lib/kafka/dist": is a place that the host itself makes; keep the image's software elsewhere, like /opt/kafka_2.13-3.7.1`},
		{"image with a URL", Config{Java: Source{From: "image", URL: mirror, Path: "/opt/jre"}},
			`hosts.java.url: Forbidden: an image has no url; remove it, or set from: archive`},
		{"everything at once", Config{Distribution: "plan9", Heap: "big", Java: Source{From: "image"}, Kafka: Source{From: "apt"}},
			`hosts.distribution: Invalid value: "plan9": must be a distribution whose preparation is known; use one of amazon-linux-2023, debian-12, ubuntu-24.04
hosts.heap: Invalid value: "big": must be a whole number followed by m or g; write it like 2g or 1536m, or leave it out to size it from memory
hosts.java.path: Required value: an image needs the directory that holds the software; set path, like /opt/kafka_2.13-3.7.1
hosts.kafka.from: Invalid value: "apt": must be archive or image; use archive with url and sha256, or image with path`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := c.config.Validate(field.NewPath("hosts")).Err(); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestConfigWarnings(t *testing.T) {
	t.Parallel()
	path := field.NewPath("hosts")
	for _, c := range []struct {
		name   string
		config Config
		want   string
	}{
		{"defaults", Config{}, ""},
		{"the documents' Java", Config{Java: DocumentsJava()}, "hosts.java.url: Invalid value: \"" + DocumentsJava().URL +
			"\": OpenJDK 22 is past its end of life and gets no security fixes; leave java out for a supported one"},
		{"huge heap", Config{Heap: "48g"},
			`hosts.heap: Invalid value: "48g": is more than Kafka uses well; memory serves better as page cache; 6g is enough for most brokers`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			findings := c.config.Validate(path)
			if err := findings.Err(); err != nil {
				t.Fatal(err)
			}
			got := ""
			if len(findings.Warnings) > 0 {
				got = findings.Warnings[0].Error()
			}
			if got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestKafkaSourceMustDeliverTheClustersVersion(t *testing.T) {
	t.Parallel()
	findings := Config{}.ValidateVersion(field.NewPath("hosts"), "3.9.1")
	const want = "hosts.kafka: Required value: the archive known here is Kafka 3.7.1, the cluster's version is 3.9.1; " +
		"set kafka.url and kafka.sha512 of kafka_2.13-3.9.1.tgz"
	if err := findings.Err(); err == nil || err.Error() != want {
		t.Errorf("\n got %v\nwant %s", err, want)
	}
	mirror := Config{Kafka: Source{URL: "https://mirror.example/kafka.tgz", SHA256: strings.Repeat("a", 64)}}
	findings = mirror.ValidateVersion(field.NewPath("hosts"), "3.9.1")
	if len(findings.Errors) != 0 || len(findings.Warnings) != 1 {
		t.Errorf("a mirror whose URL names no version: want one warning, got %+v", findings)
	}
}

func TestSourcesAreAskedInOrder(t *testing.T) {
	t.Parallel()
	const mirror = "https://mirror.example/software.tgz"
	for _, c := range []struct {
		name   string
		source Source
		want   []string
	}{
		{"Kafka", Config{}.WithDefaults().Kafka, []string{
			"https://downloads.apache.org/kafka/3.7.1/kafka_2.13-3.7.1.tgz",
			"https://archive.apache.org/dist/kafka/3.7.1/kafka_2.13-3.7.1.tgz",
		}},
		{"Kafka with a mirror", Config{Kafka: Source{Mirror: mirror}}.WithDefaults().Kafka, []string{
			mirror,
			"https://downloads.apache.org/kafka/3.7.1/kafka_2.13-3.7.1.tgz",
			"https://archive.apache.org/dist/kafka/3.7.1/kafka_2.13-3.7.1.tgz",
		}},
		{"Java with a mirror", Config{Java: Source{Mirror: mirror}}.WithDefaults().Java, []string{mirror, DefaultJava().URL}},
		{"a URL of the user's own", Source{URL: mirror}, []string{mirror}},
		{"an image", Source{From: FromImage, Path: "/opt/kafka"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.source.URLs(); !slices.Equal(got, c.want) {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
		})
	}
}

// No error may show a password, whatever else is wrong with the URL.
func TestValidationNeverShowsAPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"https://user:hunter2@mirror.example/kafka.tgz", "ftp://user:hunter2@mirror.example/kafka.zip",
		"https://user:hunter2@mirror.example:port/kafka.tgz", "https://mirror.example/kafka.tgz?password=hunter2",
		"https://user:hunter2@/kafka it's.tgz",
	} {
		err := Config{Kafka: Source{URL: url}}.Validate(field.NewPath("hosts")).Err()
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v, want an error without the password", url, err)
		}
	}
}
