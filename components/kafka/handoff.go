package kafka

import (
	"regexp"
	"strconv"
	"strings"
)

// Kinds of endpoint services, in the clouds' words.
const (
	KindAzure  = "Azure Private Link Service"
	KindAWS    = "AWS VPC endpoint service"
	KindGoogle = "Google Cloud service attachment"
)

// EndpointService is a cloud's endpoint service, as its consumer knows it.
type EndpointService struct {
	// Kind in the cloud's words, one of the Kind constants.
	Kind string `json:"kind"`
	// Name by which a consumer asks for it: Azure's alias, AWS's service name,
	// Google's service attachment. Empty while it is not known.
	Name string `json:"name"`
	// ID in the provider's own account.
	ID string `json:"id,omitempty"`
}

// HandOff is what the owner of a link tells its consumer.
type HandOff struct {
	Link string `json:"link"`
	// Phase, of Phases, in which a link is that learns its names only from its
	// consumer; both are 0 for others.
	Phase  int            `json:"phase,omitempty"`
	Phases int            `json:"phases,omitempty"`
	Fields []HandOffField `json:"fields"`
	// Steps are what to do, in this order, where it is more than to enter the
	// fields.
	Steps   []string `json:"steps,omitempty"`
	PortMap PortMap  `json:"portMap"`
}

// HandOffField is one field of the consumer's form.
type HandOffField struct {
	Field string `json:"field"`
	Value string `json:"value"`
	Note  string `json:"note,omitempty"`
}

// serviceFields are the names of TiDB Cloud's fields for the endpoint service.
var serviceFields = map[string]string{
	KindAzure:  "Alias of the Private Link Service",
	KindAWS:    "Endpoint Service Name",
	KindGoogle: "Service Attachment",
}

// HandOff of a link of this cluster, in the fields of TiDB Cloud's form for a
// changefeed to Kafka by private connectivity.
func (c *Cluster) HandOff(l Link, svc EndpointService) HandOff {
	h := HandOff{Link: l.Name, PortMap: c.PortMap(l)}
	service := svc.field()
	entered := []HandOffField{l.patternField(), service}
	if strings.Contains(l.Pattern, placeholderUnique) {
		h.Phase, h.Phases = 1, 2
		h.Fields, h.Steps = []HandOffField{service}, l.connectSteps(svc)
		if !l.Bound() {
			return h
		}
		// The consumer has made the pattern itself, and does not ask for it.
		service.Note = "choose the private link connection to it"
		h.Phase, h.Steps, entered = 2, nil, []HandOffField{service}
	}
	h.Fields = append(entered,
		HandOffField{Field: "Bootstrap Ports", Value: joinPorts(c.BootstrapPorts(l))},
		HandOffField{Field: "Authentication", Value: "Disable", Note: "the listener is PLAINTEXT; the private connection keeps others out"},
		HandOffField{Field: "TLS Encryption", Value: "off"},
	)
	return h
}

// field in which the consumer enters the service.
func (svc EndpointService) field() HandOffField {
	name, known := serviceFields[svc.Kind]
	if !known {
		name = svc.Kind
	}
	return HandOffField{Field: name, Value: svc.Name}
}

// connectSteps lead from a service to the unique name of a connection to it.
func (l Link) connectSteps(svc EndpointService) []string {
	return []string{
		"In TiDB Cloud, create a private link connection to this endpoint service.",
		"Accept the connection request on the endpoint service" + parenthesis(svc.ID) + ", if it asks for that.",
		"In TiDB Cloud, attach domains to the connection: domain type TiDB Cloud Managed. Copy the unique name that it shows.",
		"Run `kafkalink bind --link " + l.Name + " --unique-name NAME`: brokers restart one by one and advertise it.",
	}
}

func parenthesis(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

// patternField holds the unique random string, from which TiDB Cloud makes the
// pattern; the whole pattern where there is no such string.
func (l Link) patternField() HandOffField {
	const field = "Kafka Advertised Listener Pattern"
	pattern := l.AdvertisedPattern()
	random := l.randomString()
	if random == "" {
		return HandOffField{Field: field, Value: pattern}
	}
	return HandOffField{Field: field, Value: random, Note: "the unique random string; the pattern it makes must be " + pattern}
}

// tidbCloudPattern finds the random string in a pattern as TiDB Cloud shows it
// on Azure and Google Cloud: <broker_id>.abc.eastus.azure.3199745.tidbcloud.com:<port>.
var tidbCloudPattern = regexp.MustCompile(`^<broker_id>\.([0-9a-z]+)\.[0-9a-z-]+\.(azure|gcp)\.[0-9]+\.tidbcloud\.com:<port>$`)

func (l Link) randomString() string {
	if l.Random != "" {
		return l.Random
	}
	if parts := tidbCloudPattern.FindStringSubmatch(l.Pattern); parts != nil {
		return parts[1]
	}
	return ""
}

func joinPorts(ports []int) string {
	text := make([]string, len(ports))
	for i, port := range ports {
		text[i] = strconv.Itoa(port)
	}
	return strings.Join(text, ",")
}
