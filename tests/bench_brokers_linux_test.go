package tests

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/lab"
)

// brokers of a cluster, met at their own addresses from the machine of the first of them: no load balancer and no
// private link is in the way.
type brokers struct {
	addresses []string
	dial      dialer
}

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

func brokersOf(l *lab.Lab, cluster *kafka.Cluster) brokers {
	var all brokers
	for _, node := range cluster.Brokers() {
		all.addresses = append(all.addresses, fmt.Sprintf("%s:%d", node.Address, cluster.Ports.Internal))
	}
	from := netip.MustParseAddr(cluster.Brokers()[0].Address)
	all.dial = func(ctx context.Context, _, address string) (net.Conn, error) { return l.DialFrom(ctx, from, address) }
	return all
}

const (
	benchmarkTopic = "benchmark"
	partitions     = 6
	replicas       = 3
)

// ready returns when every broker answers and lists all of them, and a topic could be made of which all replicas are in
// sync everywhere.
func (all brokers) ready(ctx context.Context) error {
	if err := all.inSync(ctx); err != nil {
		return err
	}
	client, err := all.client()
	if err != nil {
		return err
	}
	defer client.Close()
	minISR := "2"
	_, err = kadm.NewClient(client).CreateTopic(ctx, partitions, replicas, map[string]*string{"min.insync.replicas": &minISR}, benchmarkTopic)
	if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		return fmt.Errorf("make a topic: %w", err)
	}
	return all.inSync(ctx)
}

// inSync returns when every broker answers, lists all of them, and says that every replica is in sync.
func (all brokers) inSync(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	client, err := all.client()
	if err != nil {
		return err
	}
	defer client.Close()
	for {
		err := all.lookAt(ctx, client)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(100 * time.Millisecond): // a broker tells nobody when it is back
		}
	}
}

func (all brokers) client() (*kgo.Client, error) {
	return kgo.NewClient(kgo.SeedBrokers(all.addresses...), kgo.Dialer(all.dial), kgo.MetadataMinAge(100*time.Millisecond))
}

func (all brokers) lookAt(ctx context.Context, client *kgo.Client) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second) // a broker that is starting may take a question and never answer
	defer cancel()
	for i, broker := range client.SeedBrokers() {
		response, err := broker.Request(ctx, kmsg.NewPtrMetadataRequest())
		if err != nil {
			return fmt.Errorf("broker %s: %w", all.addresses[i], err)
		}
		seen := response.(*kmsg.MetadataResponse)
		if len(seen.Brokers) != len(all.addresses) {
			return fmt.Errorf("broker %s lists %d brokers", all.addresses[i], len(seen.Brokers))
		}
		for _, topic := range seen.Topics {
			for _, partition := range topic.Partitions {
				if len(partition.ISR) < len(partition.Replicas) || partition.Leader < 0 {
					return fmt.Errorf("broker %s: partition %d of topic %s is not in sync", all.addresses[i], partition.Partition, *topic.Topic)
				}
			}
		}
	}
	return nil
}
