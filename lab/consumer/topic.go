package consumer

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	partitionsPerBroker = 2
	mostReplicas        = 3
	pollInterval        = 200 * time.Millisecond
	topicTimeout        = 15 * time.Second // what making or deleting one may take
)

// topic is one of our own in the cluster, for as long as a check or a load runs.
type topic struct {
	name        string
	partitions  int
	replication int
	leaders     map[int32]int // partitions, by broker
}

// makeTopic makes a topic with a name that is used once, of which each of the link's brokers leads partitions, and waits
// until it is led. What is acknowledged in it survives the loss of a broker, if there are three. On an error the topic
// may exist: its name is given all the same.
func (o Options) makeTopic(ctx context.Context, purpose string) (topic, error) {
	brokers := len(o.Link.Brokers)
	t := topic{
		name:        fmt.Sprintf("kafkalink-%s-%s-%s", purpose, o.Link.Name, randomName()),
		partitions:  partitionsPerBroker * brokers,
		replication: min(mostReplicas, brokers),
	}
	client, err := o.client(o.Link.bootstrap())
	if err != nil {
		return t, err
	}
	defer client.Close()
	// Its name is ours alone: if it exists, an answer was lost and the question repeated.
	if err := o.createTopic(ctx, client, t); err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		return t, fmt.Errorf("topic %s could not be made with %d partitions and %d replicas: %w",
			t.name, t.partitions, t.replication, err)
	}
	admin := kadm.NewClient(client)
	for {
		missing := "nothing is known of it yet"
		details, err := admin.ListTopics(ctx, t.name)
		if err == nil {
			t.leaders, missing = leaders(details[t.name], t.partitions)
			if missing == "" {
				return t, nil
			}
		}
		if err := sleep(ctx, pollInterval); err != nil {
			return t, fmt.Errorf("topic %s was made, but its partitions are not all led and in sync: %s: %w",
				t.name, missing, err)
		}
	}
}

// createTopic says which broker holds what. Left to choose, Kafka spreads over racks first, and where those differ in
// size a broker may lead nothing.
func (o Options) createTopic(ctx context.Context, client *kgo.Client, t topic) error {
	request := kmsg.NewCreateTopicsRequestTopic()
	request.Topic = t.name
	request.NumPartitions, request.ReplicationFactor = -1, -1 // as assigned
	for p := range t.partitions {
		partition := kmsg.NewCreateTopicsRequestTopicReplicaAssignment()
		partition.Partition = int32(p)
		for r := range t.replication {
			partition.Replicas = append(partition.Replicas, o.Link.Brokers[(p+r)%len(o.Link.Brokers)].ID)
		}
		request.ReplicaAssignment = append(request.ReplicaAssignment, partition)
	}
	minISR := kmsg.NewCreateTopicsRequestTopicConfig()
	minISR.Name, minISR.Value = "min.insync.replicas", kmsg.StringPtr(strconv.Itoa(max(1, t.replication-1)))
	request.Configs = append(request.Configs, minISR)

	create := kmsg.NewPtrCreateTopicsRequest()
	create.Topics = append(create.Topics, request)
	create.TimeoutMillis = int32(topicTimeout.Milliseconds())
	response, err := create.RequestWith(ctx, client)
	if err != nil {
		return err
	}
	for _, created := range response.Topics {
		err := kerr.ErrorForCode(created.ErrorCode)
		if err != nil && created.ErrorMessage != nil {
			return fmt.Errorf("%w: %s", err, *created.ErrorMessage)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// leaders counts each broker's partitions, or says what is missing.
func leaders(d kadm.TopicDetail, partitions int) (map[int32]int, string) {
	if d.Err != nil {
		return nil, d.Err.Error()
	}
	led := map[int32]int{}
	for _, p := range d.Partitions {
		if p.Err != nil || p.Leader < 0 {
			return nil, fmt.Sprintf("partition %d has no leader", p.Partition)
		}
		if len(p.ISR) < len(p.Replicas) {
			return nil, fmt.Sprintf("partition %d has replicas %v, in sync are %v", p.Partition, p.Replicas, p.ISR)
		}
		led[p.Leader]++
	}
	if len(d.Partitions) != partitions {
		return nil, fmt.Sprintf("%d of %d partitions are known", len(d.Partitions), partitions)
	}
	return led, ""
}

// deleteTopic also works when the caller's context has ended: what we made goes.
func (o Options) deleteTopic(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), topicTimeout)
	defer cancel()
	client, err := o.client(o.Link.bootstrap())
	if err != nil {
		return err
	}
	defer client.Close()
	_, err = kadm.NewClient(client).DeleteTopic(ctx, name)
	if err != nil && !errors.Is(err, kerr.UnknownTopicOrPartition) {
		return fmt.Errorf("topic %s could not be deleted, delete it yourself: %w", name, err)
	}
	return nil
}

func randomName() string {
	b := make([]byte, 5)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// sleep between two looks at something that tells nobody when it changes.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
