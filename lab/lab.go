//go:build linux

package lab

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/image"
	"github.com/kafkalink/kafkalink/lab/internal/network"
	"github.com/kafkalink/kafkalink/simcloud"
)

// Options say what a lab is made of.
type Options struct {
	// Read tells what a cloud's resources do: lab/azure.Read.
	Read func(simcloud.View) fabric.Deployment
	// Java and Kafka are what hosts are to download, as a real deployment would. The lab's mirror serves them.
	Java, Kafka image.Archive
	// Facilities are what the cloud serves to its machines; they find those with names by a name server of the lab's.
	Facilities []fabric.Facility
	// Cache keeps the host image and the archives between labs; "" is kafkalink/lab in the user's cache directory.
	Cache string
	// Progress is told what takes time, in a few words; it may be nil.
	Progress func(string)
}

// Lab is a running data plane. It implements simcloud.DataPlane.
type Lab struct {
	options Options
	run     *run
	image   *image.Image
	mirror  *image.Mirror
	network *network.Network
	served  *served
	plugged sync.Map // plug, by pluggedID: asked while the cloud is locked, so not under mu

	mu       sync.Mutex // of all below; not held while a machine boots
	view     func() simcloud.View
	machines map[string]*slot
	disks    map[string]*dataDisk
	lost     []*dataDisk // no resource's any more
	delay    time.Duration
	off      bool // no machine has power
	closed   bool
}

// mirrorAddress is where hosts find the archives: outside of the cloud, so that they need a way out to get there.
// It is of a range reserved for documentation (RFC 5737).
var mirrorAddress = netip.MustParseAddr("203.0.113.10")

// Open prepares images and archives, if that was not done before, and makes an empty lab.
func Open(ctx context.Context, options Options) (l *Lab, err error) {
	if options.Progress == nil {
		options.Progress = func(string) {}
	}
	if err := Possible(); err != nil {
		return nil, err
	}
	if options.Cache == "" {
		if options.Cache, err = defaultCache(); err != nil {
			return nil, err
		}
	}
	l = &Lab{options: options, machines: map[string]*slot{}, disks: map[string]*dataDisk{}}
	l.image, err = image.Prepare(ctx, image.Options{
		Cache: options.Cache, Java: options.Java, Kafka: options.Kafka, Progress: options.Progress,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the lab's host image: %w", err)
	}
	if l.run, err = begin(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.Close())
			l = nil
		}
	}()
	beside, internet := addressesOf(options.Facilities)
	l.network, err = network.Open(ctx, network.Options{Prefix: l.run.prefix, Mirror: mirrorAddress, Beside: beside, Internet: internet})
	if err != nil {
		return nil, fmt.Errorf("make the lab's network: %w", err)
	}
	if l.served, err = l.serve(ctx); err != nil {
		return nil, fmt.Errorf("serve what the cloud does to its machines: %w", err)
	}
	listener, err := l.network.Internet().Listen("tcp", l.Internet())
	if err != nil {
		return nil, fmt.Errorf("serve the lab's mirror: %w", err)
	}
	l.mirror = image.Serve(listener, l.image)
	return l, nil
}

// Dir makes a directory for root alone that goes when the lab does: by Close, or by Clean if the lab was killed.
func (l *Lab) Dir(name string) (string, error) {
	dir := filepath.Join(l.run.dir, name)
	return dir, os.Mkdir(dir, 0o700)
}

// Observe tells the lab how to see the clouds as they are now. It must be called before the first change.
func (l *Lab) Observe(view func() simcloud.View) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.view = view
}

// Software is where hosts download Java and Kafka in this lab.
func (l *Lab) Software() (java, kafka Download) {
	at := func(p image.Package) Download {
		return Download{URL: "http://" + mirrorAddress.String() + "/" + p.Name, SHA256: p.SHA256, From: p.From}
	}
	return at(l.image.Java), at(l.image.Kafka)
}

// Download is an archive on the lab's mirror.
type Download struct {
	URL    string
	SHA256 string
	From   string // where the mirror has it from, for people
}

// Apply makes the lab what the clouds are after a change. An error fails the change's operation.
func (l *Lab) Apply(ctx context.Context, change simcloud.Change) error {
	deployed, err := l.sync(ctx)
	if err != nil {
		return err
	}
	return l.follow(ctx, deployed, change)
}

// Sync makes the network what the clouds say now: for changes that were not told of, such as a consumer's.
func (l *Lab) Sync(ctx context.Context) error {
	_, err := l.sync(ctx)
	return err
}

func (l *Lab) sync(ctx context.Context) (fabric.Deployment, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return fabric.Deployment{}, errors.New("the lab is closed")
	}
	deployed := l.options.Read(l.view())
	if err := l.network.Apply(ctx, deployed.Fabric); err != nil {
		return deployed, fmt.Errorf("lab: the network does not follow the cloud: %w", err)
	}
	return deployed, nil
}

// Deployed is what the lab reads off the clouds now.
func (l *Lab) Deployed() fabric.Deployment {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.options.Read(l.view())
}

// Close takes the power away and removes everything the lab made, its data disks included. It may be called twice.
func (l *Lab) Close() error {
	l.mu.Lock()
	l.closed = true
	machines, disks := l.machines, slices.Concat(slices.Collect(maps.Values(l.disks)), l.lost)
	l.machines, l.disks, l.lost = map[string]*slot{}, map[string]*dataDisk{}, nil
	l.mu.Unlock()
	var failed []error
	for _, m := range machines {
		failed = append(failed, m.destroy())
	}
	for _, d := range disks {
		failed = append(failed, d.remove())
	}
	if l.mirror != nil {
		failed = append(failed, l.mirror.Close())
	}
	if l.served != nil {
		failed = append(failed, l.served.Close())
	}
	if l.network != nil {
		failed = append(failed, l.network.Close())
	}
	if l.run != nil {
		failed = append(failed, l.run.end())
	}
	return errors.Join(failed...)
}
