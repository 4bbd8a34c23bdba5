package kafka

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
)

// A Kafka Uuid is 16 bytes in URL-safe base64 without padding. Kafka never
// generates one that begins with "-", which its own tools would take for an
// option (org.apache.kafka.common.Uuid), and keeps the first hundred for itself
// (org.apache.kafka.common.DirectoryId).
const (
	clusterIDLength = 22
	reservedIDs     = 100
)

var clusterIDEncoding = base64.RawURLEncoding.Strict()

// ValidClusterID tells whether Kafka would accept, and keep unchanged, the
// cluster id; the error is the rule it breaks.
func ValidClusterID(id string) error {
	if len(id) != clusterIDLength {
		return fmt.Errorf("has %d characters, and a cluster id has %d", len(id), clusterIDLength)
	}
	// The decoder skips line ends.
	if strings.ContainsAny(id, "\r\n") {
		return fmt.Errorf("is not URL-safe base64")
	}
	bytes, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		return fmt.Errorf("is not URL-safe base64")
	}
	if canonical := clusterIDEncoding.EncodeToString(bytes); canonical != id {
		return fmt.Errorf("is not how Kafka writes these 16 bytes (%s)", canonical)
	}
	if strings.HasPrefix(id, "-") {
		return fmt.Errorf(`begins with "-"`)
	}
	if binary.BigEndian.Uint64(bytes[:8]) == 0 && binary.BigEndian.Uint64(bytes[8:]) < reservedIDs {
		return fmt.Errorf("is reserved by Kafka")
	}
	return nil
}

// DeriveClusterID gives a cluster of one identity and name the same id on
// every run, so that no state has to remember it.
func DeriveClusterID(identity, name string) string {
	for attempt := 0; ; attempt++ {
		seed := fmt.Sprintf("kafkalink cluster id\x00%s\x00%s\x00%d", identity, name, attempt)
		sum := sha256.Sum256([]byte(seed))
		uuid := sum[:16]
		// Version 4, variant 10, as those that kafka-storage random-uuid prints.
		uuid[6] = uuid[6]&0x0f | 0x40
		uuid[8] = uuid[8]&0x3f | 0x80
		if id := clusterIDEncoding.EncodeToString(uuid); ValidClusterID(id) == nil {
			return id
		}
	}
}

func (d *draft) resolveClusterID() {
	path := clusterPath.Child("id")
	switch {
	case d.spec.ID != "":
		if err := ValidClusterID(d.spec.ID); err != nil {
			d.invalid(path, d.spec.ID, err.Error(), "use what `kafka-storage.sh random-uuid` prints, or leave it out to have one derived")
		}
	case d.identity != "":
		d.spec.ID = DeriveClusterID(d.identity, d.spec.Name)
	default:
		d.report(Missing(path, "there is no identity to derive a cluster id from", "use what `kafka-storage.sh random-uuid` prints"))
	}
}
