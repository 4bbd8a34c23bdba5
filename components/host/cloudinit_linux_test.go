package host

import (
	"strings"
	"testing"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestUserDataIsAcceptedByCloudInit(t *testing.T) {
	t.Parallel()
	specs := map[string]struct {
		spec kafka.Spec
		id   int
	}{
		"combined":    {kafka.Spec{}, 1},
		"broker-only": {kafka.Spec{Brokers: 5}, 5},
		"controller":  {kafka.Spec{Controllers: kafka.Controllers{Separate: true}}, 101},
	}
	for _, distribution := range Distributions() {
		for role, c := range specs {
			t.Run(distribution+"/"+role, func(t *testing.T) {
				t.Parallel()
				m := testMachine(t, testCluster(t, c.spec), c.id)
				m.Config.Distribution = distribution
				userData, err := UserData(m)
				if err != nil {
					t.Fatal(err)
				}
				if out, err := cloudInitSchema(t, scratchFile(t, "user-data", userData)).CombinedOutput(); err != nil {
					t.Errorf("cloud-init schema: %v\n%s", err, out)
				}
			})
		}
	}
}

// The check above would be worth nothing if cloud-init accepted anything.
func TestCloudInitRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	m := testMachine(t, testCluster(t, kafka.Spec{}), 1)
	userData, err := UserData(m)
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(userData, "permissions:", "permission:", 1)
	if out, err := cloudInitSchema(t, scratchFile(t, "user-data", broken)).CombinedOutput(); err == nil {
		t.Errorf("cloud-init schema accepts an unknown key:\n%s", out)
	}
}
