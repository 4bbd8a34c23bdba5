package aws

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
)

// metadata is the instance metadata service, version 2, and version 1 where an instance lets it (docs.aws.amazon.com, "Use the
// Instance Metadata Service to access instance metadata"). Who asks is known by the address.
type metadata struct {
	account     Account
	credentials *credentials

	mu     sync.Mutex
	tokens map[string]token
}

// token is a session's, for one instance.
type token struct {
	instance string
	ends     time.Time
}

const (
	tokenHeader    = "X-Aws-Ec2-Metadata-Token"
	lifetimeHeader = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
	longestToken   = 21600 // seconds
)

func (m *metadata) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	instance, ok := m.caller(r)
	switch {
	case !ok:
		http.Error(w, "no instance has this address", http.StatusNotFound)
	case instance.resource.Properties.Text("metadataOptions.httpEndpoint") == "disabled":
		http.Error(w, "403 - Forbidden", http.StatusForbidden)
	case r.URL.Path == "/latest/api/token":
		m.open(w, r, instance)
	case r.Method != http.MethodGet:
		http.Error(w, "405 - Method Not Allowed", http.StatusMethodNotAllowed)
	case !m.admits(r, instance):
		http.Error(w, "401 - Unauthorized", http.StatusUnauthorized)
	default:
		m.answer(w, r.URL.Path, instance)
	}
}

// resident is an instance, and the place it has in the network.
type resident struct {
	place
	resource *simcloud.Resource
}

func (m *metadata) caller(r *http.Request) (resident, bool) {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return resident{}, false
	}
	reader := newReader(m.account.View())
	for _, p := range reader.findPlaces() {
		if p.address == from.Addr().Unmap() && p.machine != nil {
			return resident{p, p.machine}, true
		}
	}
	return resident{}, false
}

// open begins a session.
func (m *metadata) open(w http.ResponseWriter, r *http.Request, instance resident) {
	seconds, err := strconv.Atoi(r.Header.Get(lifetimeHeader))
	switch {
	case r.Method != http.MethodPut:
		http.Error(w, "405 - Method Not Allowed", http.StatusMethodNotAllowed)
		return
	case r.Header.Get("X-Forwarded-For") != "":
		http.Error(w, "403 - Forbidden", http.StatusForbidden)
		return
	case err != nil || seconds < 1 || seconds > longestToken:
		http.Error(w, "400 - Bad Request", http.StatusBadRequest)
		return
	}
	text := rand.Text() + rand.Text()
	m.mu.Lock()
	if m.tokens == nil {
		m.tokens = map[string]token{}
	}
	m.tokens[text] = token{instance.resource.ID, time.Now().Add(time.Duration(seconds) * time.Second)}
	m.mu.Unlock()
	w.Header().Set(lifetimeHeader, strconv.Itoa(seconds))
	_, _ = fmt.Fprint(w, text) // who asked may be gone
}

// admits says whether a request has a session, or needs none.
func (m *metadata) admits(r *http.Request, instance resident) bool {
	text := r.Header.Get(tokenHeader)
	if text == "" {
		return instance.resource.Properties.Text("metadataOptions.httpTokens") != "required"
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tokens[text]
	return ok && t.instance == instance.resource.ID && time.Now().Before(t.ends)
}

func (m *metadata) answer(w http.ResponseWriter, path string, instance resident) {
	path, ok := strings.CutPrefix(path, "/latest/")
	texts, err := m.texts(instance)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case !ok:
		http.Error(w, "404 - Not Found", http.StatusNotFound)
	case texts[path] != "":
		_, _ = fmt.Fprint(w, texts[path])
	default:
		inside := listing(texts, strings.TrimSuffix(path, "/"))
		if inside == "" {
			http.Error(w, "404 - Not Found", http.StatusNotFound)
			return
		}
		_, _ = fmt.Fprint(w, inside)
	}
}

// listing is what lies below a path, a line each: directories with a slash.
func listing(texts map[string]string, path string) string {
	names := map[string]bool{}
	for name := range texts {
		if below, ok := strings.CutPrefix(name, path+"/"); ok {
			first, _, more := strings.Cut(below, "/")
			if more {
				first += "/"
			}
			names[first] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), "\n")
}

// texts are all that an instance can ask, by path.
func (m *metadata) texts(instance resident) (map[string]string, error) {
	p := instance.resource.Properties
	zone := instance.subnet.Computed.Text("availabilityZone")
	name := "ip-" + strings.ReplaceAll(instance.address.String(), ".", "-") + "." + m.account.Region + ".compute.internal"
	texts := map[string]string{
		"meta-data/instance-id":                    instance.resource.ID,
		"meta-data/ami-id":                         p.Text("ami"),
		"meta-data/instance-type":                  p.Text("instanceType"),
		"meta-data/local-ipv4":                     instance.address.String(),
		"meta-data/hostname":                       name,
		"meta-data/local-hostname":                 name,
		"meta-data/placement/region":               m.account.Region,
		"meta-data/placement/availability-zone":    zone,
		"meta-data/placement/availability-zone-id": zoneOf(instance.subnet),
		"meta-data/services/domain":                "amazonaws.com",
		"meta-data/services/partition":             "aws",
	}
	data, err := cloud.UserData(instance.resource)
	if err == nil && len(data) > 0 {
		texts["user-data"] = string(data)
	}
	identity, err := json.Marshal(map[string]string{
		"instanceId": instance.resource.ID, "region": m.account.Region, "availabilityZone": zone, "privateIp": instance.address.String(),
		"instanceType": p.Text("instanceType"), "imageId": p.Text("ami"), "accountId": instance.resource.Computed.Text("ownerId"), "version": "2017-09-30",
	})
	if err != nil {
		return nil, err
	}
	texts["dynamic/instance-identity/document"] = string(identity)
	if role, err := cloud.RoleOf(m.account.View(), instance.resource.ID); err == nil {
		if texts["meta-data/iam/security-credentials/"+role], err = m.credentials.of(instance.resource.ID, role); err != nil {
			return nil, err
		}
	}
	return texts, nil
}
