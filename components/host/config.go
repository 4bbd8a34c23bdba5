package host

import "strings"

// Config is the user's kafkalink:hosts: where Java and Kafka come from, on which distribution.
// The zero value means the defaults; see [Config.WithDefaults].
type Config struct {
	// Distribution of the image: ubuntu-24.04, debian-12 or amazon-linux-2023.
	Distribution string `json:"distribution,omitempty" yaml:"distribution,omitempty"`
	// Java runtime, a tarball or a directory of the image.
	Java Source `json:"java,omitzero" yaml:"java,omitempty"`
	// Kafka distribution, a tarball or a directory of the image.
	Kafka Source `json:"kafka,omitzero" yaml:"kafka,omitempty"`
	// Proxy by which hosts fetch archives and packages: an http or https URL without a password. Empty: they ask directly.
	Proxy string `json:"proxy,omitempty" yaml:"proxy,omitempty"`
	// Heap of the Kafka process, like 2g or 1536m. Empty: sized from memory, see [HeapMiB].
	Heap string `json:"heap,omitempty" yaml:"heap,omitempty"`
}

// Source is where a host finds a piece of software: an archive (the default) fetched from Mirror or URL and
// verified against one checksum, or a directory Path that the image already holds.
type Source struct {
	From   string `json:"from,omitempty" yaml:"from,omitempty"`     // "archive" or "image"
	Mirror string `json:"mirror,omitempty" yaml:"mirror,omitempty"` // archive: where the same file is asked for before URL
	URL    string `json:"url,omitempty" yaml:"url,omitempty"`       // archive: a .tar.gz or .tgz, http or https
	SHA256 string `json:"sha256,omitempty" yaml:"sha256,omitempty"` // archive: 64 hexadecimal digits
	SHA512 string `json:"sha512,omitempty" yaml:"sha512,omitempty"` // archive: 128 hexadecimal digits, instead of SHA256
	Path   string `json:"path,omitempty" yaml:"path,omitempty"`     // image: absolute directory
}

// Where a [Source] comes from.
const (
	FromArchive = "archive"
	FromImage   = "image"
)

// DefaultDistribution is what hosts run unless told otherwise.
const DefaultDistribution = "ubuntu-24.04"

// DefaultKafkaVersion is the Kafka that [DefaultKafka] delivers.
const DefaultKafkaVersion = "3.7.1"

// DefaultKafka is the release of the documents, from the Apache archive.
func DefaultKafka() Source {
	return Source{
		From:   FromArchive,
		URL:    "https://archive.apache.org/dist/kafka/3.7.1/kafka_2.13-3.7.1.tgz",
		SHA256: "62acae4a143dd983dc7eb4804d5744ba0c50b199b508f599ef001020e2558fc9",
	}
}

// DefaultJava is a supported runtime. The documents use OpenJDK 22, which is past its end of life.
func DefaultJava() Source {
	return Source{
		From: FromArchive,
		URL: "https://github.com/adoptium/temurin21-binaries/releases/download/" +
			"jdk-21.0.4%2B7/OpenJDK21U-jre_x64_linux_hotspot_21.0.4_7.tar.gz",
		SHA256: "d3affbb011ca6c722948f6345d15eba09bded33f9947d4d67e09723e2518c12a",
	}
}

// DocumentsJava is the OpenJDK 22.0.2 of the documents. Selecting it brings a warning.
func DocumentsJava() Source {
	return Source{
		From: FromArchive,
		URL: "https://download.java.net/java/GA/jdk22.0.2/c9ecb94cd31b495da20a27d4581645e8/9/GPL/" +
			"openjdk-22.0.2_linux-x64_bin.tar.gz",
		SHA256: "41536f115668308ecf4eba92aaf6acaeb0936225828b741efd83b6173ba82963",
	}
}

// WithDefaults fills what the user left out. A Source that names a URL or a Path is left as it is,
// but for From, which follows from which of the two is there. One that names a Mirror alone is a mirror of the default.
func (c Config) WithDefaults() Config {
	if c.Distribution == "" {
		c.Distribution = DefaultDistribution
	}
	c.Java = c.Java.orDefault(DefaultJava())
	c.Kafka = c.Kafka.orDefault(DefaultKafka())
	return c
}

func (s Source) orDefault(fallback Source) Source {
	named := s
	named.Mirror = ""
	switch {
	case named == Source{} || named == Source{From: FromArchive}:
		fallback.Mirror = s.Mirror
		return fallback
	case s.From == "" && s.Path != "" && s.URL == "":
		s.From = FromImage
	case s.From == "":
		s.From = FromArchive
	}
	return s
}

const (
	apacheArchive = "https://archive.apache.org/dist/"
	// apacheDownloads holds current releases alone, and everything that ever was in it is in the archive
	// (https://infra.apache.org/release-download-pages.html). The archive is the last choice: it is slow, and bans who asks often.
	apacheDownloads = "https://downloads.apache.org/"
)

// URLs are where hosts ask for an archive, in this order: the mirror, Apache's downloads if it is Apache's, the URL.
func (s Source) URLs() []string {
	var urls []string
	if s.Mirror != "" {
		urls = append(urls, s.Mirror)
	}
	if release, archived := strings.CutPrefix(s.URL, apacheArchive); archived {
		urls = append(urls, apacheDownloads+release)
	}
	if s.URL != "" {
		urls = append(urls, s.URL)
	}
	return urls
}

// checksum returns the algorithm's command (sha256sum, sha512sum) and the wanted digest.
func (s Source) checksum() (command, digest string) {
	if s.SHA512 != "" {
		return "sha512sum", s.SHA512
	}
	return "sha256sum", s.SHA256
}
