package kafka_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestFindingsOfSeveralPartsAreOneError(t *testing.T) {
	t.Parallel()
	hosts := field.NewPath("hosts")
	var all kafka.Findings
	require.NoError(t, all.Err())
	all.Add(kafka.Findings{Errors: field.ErrorList{kafka.Invalid(hosts.Child("heap"), "1x", "is no size", "write 1g")}})
	all.Add(kafka.Findings{
		Errors:   field.ErrorList{kafka.Missing(hosts.Child("java"), "Kafka needs Java", "name a source")},
		Warnings: field.ErrorList{kafka.Invalid(hosts.Child("java"), 22, "is past its end of life", "use 21")},
	})
	all.Add(kafka.Findings{Errors: field.ErrorList{kafka.Forbidden(hosts.Child("password"), "is a secret", "remove it")}})
	require.EqualError(t, all.Err(), `hosts.heap: Invalid value: "1x": is no size; write 1g
hosts.java: Required value: Kafka needs Java; name a source
hosts.password: Forbidden: is a secret; remove it`)
	require.Equal(t, []string{"hosts.java: 22: is past its end of life; use 21"}, all.WarningLines())
}
