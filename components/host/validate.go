package host

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

// Heaps that make no sense on a broker, in MiB.
const (
	leastHeapMiB = 128
	largeHeapMiB = 32 * 1024 // beyond, the JVM gives up compressed pointers
)

// Validate finds every problem of a configuration, which need not have its defaults yet. path is where
// the user wrote it, like kafkalink:hosts.
func (c Config) Validate(path *field.Path) kafka.Findings {
	c = c.WithDefaults()
	var f kafka.Findings
	if _, known := distributions[c.Distribution]; !known {
		f.Errors = append(f.Errors, kafka.Invalid(path.Child("distribution"), c.Distribution,
			"must be a distribution whose preparation is known", "use one of "+strings.Join(Distributions(), ", ")))
	}
	f.Add(validateHeap(path.Child("heap"), c.Heap))
	f.Add(validateProxy(path.Child("proxy"), c.Proxy))
	f.Add(c.Java.validate(path.Child("java")))
	f.Add(c.Kafka.validate(path.Child("kafka")))
	if strings.Contains(c.Java.URL, "/jdk22") || strings.Contains(c.Java.URL, "openjdk-22") {
		f.Warnings = append(f.Warnings, kafka.Invalid(path.Child("java", "url"), c.Java.URL,
			"OpenJDK 22 is past its end of life and gets no security fixes", "leave java out for a supported one"))
	}
	return f
}

// ValidateVersion finds a Kafka source that does not deliver the cluster's version.
func (c Config) ValidateVersion(path *field.Path, version string) kafka.Findings {
	var f kafka.Findings
	c = c.WithDefaults()
	switch {
	case c.Kafka.URL == DefaultKafka().URL && version == DefaultKafkaVersion:
	case c.Kafka.URL == DefaultKafka().URL:
		f.Errors = append(f.Errors, kafka.Missing(path.Child("kafka"),
			fmt.Sprintf("the archive known here is Kafka %s, the cluster's version is %s", DefaultKafkaVersion, version),
			fmt.Sprintf("set kafka.url and kafka.sha512 of kafka_2.13-%s.tgz", version)))
	case c.Kafka.From == FromArchive && !strings.Contains(c.Kafka.URL, version):
		f.Warnings = append(f.Warnings, kafka.Invalid(path.Child("kafka", "url"), c.Kafka.URL,
			fmt.Sprintf("does not name the cluster's version %s", version), "check that it is that version"))
	}
	return f
}

func validateHeap(path *field.Path, heap string) kafka.Findings {
	var f kafka.Findings
	if heap == "" {
		return f
	}
	mib, err := parseHeap(heap)
	switch {
	case err != nil:
		f.Errors = append(f.Errors, kafka.Invalid(path, heap,
			"must be a whole number followed by m or g", "write it like 2g or 1536m, or leave it out to size it from memory"))
	case mib < leastHeapMiB:
		f.Errors = append(f.Errors, kafka.Invalid(path, heap,
			fmt.Sprintf("must be at least %dm, or Kafka does not start", leastHeapMiB), "leave it out to size it from memory"))
	case mib >= largeHeapMiB:
		f.Warnings = append(f.Warnings, kafka.Invalid(path, heap,
			"is more than Kafka uses well; memory serves better as page cache", "6g is enough for most brokers"))
	}
	return f
}
