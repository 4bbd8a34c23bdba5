package consumer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// visitTimeout for all that is asked at one address.
const visitTimeout = 20 * time.Second

// ports asks every address of the link, each alone and all at once.
func (o Options) ports(ctx context.Context) []Port {
	var ports []Port
	own := map[string]bool{}
	for _, b := range o.Link.Brokers {
		ports = append(ports, Port{Endpoint: b.Address(), WantBroker: b.ID})
		own[b.Address()] = true
	}
	slices.SortFunc(ports, func(a, b Port) int { return int(a.WantBroker - b.WantBroker) })
	for _, address := range o.Link.Bootstrap {
		if !own[address] {
			ports = append(ports, Port{Endpoint: address, WantBroker: AnyBroker})
			own[address] = true
		}
	}
	var all sync.WaitGroup
	for i := range ports {
		all.Go(func() {
			ports[i].GotBroker = UnknownBroker
			if err := o.visit(ctx, &ports[i]); err != nil {
				ports[i].Error = err.Error()
			}
		})
	}
	all.Wait()
	return ports
}

// visit learns which broker answers at an address, and what it advertises.
func (o Options) visit(ctx context.Context, p *Port) (err error) {
	ctx, cancel := context.WithTimeout(ctx, visitTimeout)
	defer cancel()
	if p.Address, err = o.resolve(ctx, p.Endpoint); err != nil {
		return err
	}
	begin := time.Now()
	// A connection of its own first: what goes wrong with it is said in the network's words, not the client's.
	conn, err := o.dialAddress(ctx, "tcp", p.Address)
	if err != nil {
		return fmt.Errorf("no connection: %w. %s", err, remedy(err))
	}
	_ = conn.Close()
	client, err := o.client([]string{p.Endpoint})
	if err != nil {
		return err
	}
	defer client.Close()
	// The seed is this address; a request to it goes to no other broker, and is not repeated.
	seed := client.SeedBrokers()[0]
	request := kmsg.NewPtrMetadataRequest()
	request.Topics = []kmsg.MetadataRequestTopic{} // none; nil would be all
	metadata, err := answer[*kmsg.MetadataResponse](ctx, seed, request)
	if err != nil {
		return fmt.Errorf("what answers does not speak as Kafka: %w", err)
	}
	p.Latency = time.Since(begin)
	for _, b := range metadata.Brokers {
		p.lists = append(p.lists, Broker{ID: b.NodeID, Host: b.Host, Port: int(b.Port)})
	}
	slices.SortFunc(p.lists, func(a, b Broker) int { return int(a.ID - b.ID) })
	if p.GotBroker, err = identity(ctx, seed, o.Link.Brokers, p.lists); err != nil {
		return err
	}
	for _, b := range p.lists {
		if b.ID == p.GotBroker {
			p.Advertised = b.Address()
		}
	}
	return nil
}

// identity learns which broker answers. Metadata does not tell; but of all brokers' configurations, a broker
// describes its own only, and refuses the others' by name.
func identity(ctx context.Context, seed *kgo.Broker, known ...[]Broker) (int32, error) {
	request := kmsg.NewPtrDescribeConfigsRequest()
	asked := map[int32]bool{}
	for _, b := range slices.Concat(known...) {
		if asked[b.ID] {
			continue
		}
		asked[b.ID] = true
		resource := kmsg.NewDescribeConfigsRequestResource()
		resource.ResourceType = kmsg.ConfigResourceTypeBroker
		resource.ResourceName = strconv.Itoa(int(b.ID))
		resource.ConfigNames = []string{"node.id"}
		request.Resources = append(request.Resources, resource)
	}
	response, err := answer[*kmsg.DescribeConfigsResponse](ctx, seed, request)
	if err != nil {
		return UnknownBroker, fmt.Errorf("a Kafka answers, but not who it is: %w", err)
	}
	refused := []string{}
	for _, r := range response.Resources {
		if err := kerr.ErrorForCode(r.ErrorCode); err != nil {
			if r.ErrorMessage != nil {
				err = fmt.Errorf("%w: %s", err, *r.ErrorMessage)
			}
			refused = append(refused, err.Error())
			continue
		}
		id, err := strconv.ParseInt(r.ResourceName, 10, 32)
		if err != nil {
			return UnknownBroker, fmt.Errorf("a Kafka calls a broker %q: %w", r.ResourceName, err)
		}
		return int32(id), nil
	}
	return UnknownBroker, fmt.Errorf("a Kafka answers, but as none of the link's brokers: %s", strings.Join(refused, "; "))
}

// answer asks one broker one thing.
func answer[Response any](ctx context.Context, broker *kgo.Broker, request kmsg.Request) (Response, error) {
	var none Response
	response, err := broker.Request(ctx, request)
	if err != nil {
		return none, err
	}
	typed, ok := response.(Response)
	if !ok {
		return none, fmt.Errorf("the answer is a %T", response)
	}
	return typed, nil
}

// remedy says where to look when a connection fails.
func remedy(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "The way leads to a host, but nothing listens there: look at the rule's port and at Kafka on that host"
	case isTimeout(err):
		return "Nothing answers: look for a rule without a healthy target, a filter, or an endpoint that is not approved"
	}
	return "Look at the consumer's network"
}
