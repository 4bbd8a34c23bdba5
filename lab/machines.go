//go:build linux

package lab

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kafkalink/kafkalink/lab/fabric"
	"github.com/kafkalink/kafkalink/lab/internal/machine"
	"github.com/kafkalink/kafkalink/simcloud"
)

// memoryMiB is what every machine of the lab says it has, whatever its size: Kafka's heap is sized from it, and
// three brokers must fit into a laptop.
const memoryMiB = 1024

// slot is the place of one virtual machine: by its resource's id, while that exists.
type slot struct {
	mu      sync.Mutex // held while it boots or goes
	machine fabric.Machine
	host    *machine.Host
	running atomic.Pointer[machine.Host] // the same, for who must not wait
}

// dataDisk is a disk's file, from its resource's creation to its deletion.
type dataDisk struct {
	*machine.Disk
	content string
	sizeGiB int
}

// DelayDisks sets how late data disks appear in machines that boot from now on.
func (l *Lab) DelayDisks(delay time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delay = delay
}

// BlankDisks puts blank disks in the place of a machine's data disks, which shows when it is replaced: somebody has
// attached the wrong one.
func (l *Lab) BlankDisks(id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.machines[id]
	if s == nil {
		return fmt.Errorf("machine %s does not run", id)
	}
	for _, a := range s.machine.Disks {
		held := l.disks[a.Disk]
		if held == nil {
			continue
		}
		l.lost = append(l.lost, held) // the machine has it until it goes
		blank, err := l.blank(fmt.Sprintf("%s-blank-%d", held.content, len(l.lost)), held.sizeGiB)
		if err != nil {
			return err
		}
		blank.content = held.content
		l.disks[a.Disk] = blank
	}
	return nil
}

// PowerOff takes the power from every machine, and lets none boot any more. Commands that run end.
func (l *Lab) PowerOff() {
	l.mu.Lock()
	l.off = true
	machines := slices.Collect(maps.Values(l.machines))
	l.mu.Unlock()
	for _, s := range machines {
		if host := s.running.Load(); host != nil {
			_ = host.Kill() // Close says what is left
		}
	}
}

// pluggedID is a disk that a machine has.
type pluggedID struct{ machine, disk string }

// plug is the host that it runs as, and the disk: not always the one that the disk's resource has now.
type plug struct {
	host *machine.Host
	disk *machine.Disk
}

// Mounted says whether a machine has a data disk mounted. It asks neither the cloud nor what waits for it.
func (l *Lab) Mounted(_ context.Context, machineID, disk string) bool {
	value, ok := l.plugged.Load(pluggedID{machineID, disk})
	if !ok {
		return false
	}
	p := value.(plug)
	return p.host.Mounted(p.disk)
}

// follow boots, restarts and removes what a change is about.
func (l *Lab) follow(ctx context.Context, deployed fabric.Deployment, change simcloud.Change) error {
	id := ""
	if change.After != nil {
		id = change.After.ID
	} else {
		id = change.Before.ID
	}
	if err := l.followDisk(deployed, id); err != nil {
		return err
	}
	i := slices.IndexFunc(deployed.Machines, func(m fabric.Machine) bool { return m.ID == id })
	if i >= 0 {
		return l.followMachine(ctx, deployed.Machines[i], change.Restart)
	}
	return errors.Join(l.removeMachine(id), l.followAttachment(ctx, deployed, id))
}

// followAttachment gives a machine, or takes away, the disk whose attachment is a resource of its own.
func (l *Lab) followAttachment(ctx context.Context, deployed fabric.Deployment, id string) error {
	is := func(a fabric.Attachment) bool { return a.ID == id && id != "" }
	for _, m := range deployed.Machines {
		l.mu.Lock()
		s, delay := l.machines[m.ID], l.delay
		l.mu.Unlock()
		if s == nil {
			continue
		}
		comes := slices.ContainsFunc(m.Disks, is)
		s.mu.Lock()
		goes := slices.ContainsFunc(s.machine.Disks, is)
		s.mu.Unlock()
		if comes == goes {
			continue
		}
		if !comes || delay == 0 {
			return l.followMachine(ctx, m, false)
		}
		time.AfterFunc(delay, func() { _ = l.followMachine(context.WithoutCancel(ctx), m, false) }) // it says so itself
	}
	return nil
}

func (l *Lab) followDisk(deployed fabric.Deployment, id string) error {
	i := slices.IndexFunc(deployed.Disks, func(d fabric.Disk) bool { return d.ID == id })
	l.mu.Lock()
	defer l.mu.Unlock()
	existing := l.disks[id]
	if existing != nil && (i < 0 || deployed.Disks[i].Content != existing.content) {
		delete(l.disks, id)
		if err := existing.remove(); err != nil {
			return err
		}
		existing = nil
	}
	if i < 0 {
		return nil
	}
	wanted := deployed.Disks[i]
	if existing != nil {
		return existing.Grow(wanted.SizeGiB)
	}
	disk, err := l.blank(wanted.Content, wanted.SizeGiB)
	if err != nil {
		return fmt.Errorf("disk %s: %w", wanted.Name, err)
	}
	disk.content = wanted.Content
	l.disks[id] = disk
	return nil
}

// blank makes a disk of zeros.
func (l *Lab) blank(name string, sizeGiB int) (*dataDisk, error) {
	disk, err := machine.OpenDisk(filepath.Join(l.run.dir, "disk-"+name), sizeGiB)
	if err != nil {
		return nil, err
	}
	return &dataDisk{Disk: disk, sizeGiB: sizeGiB}, nil
}

func (d *dataDisk) remove() error { return d.Disk.Remove() }

func (l *Lab) removeMachine(id string) error {
	l.mu.Lock()
	s := l.machines[id]
	delete(l.machines, id)
	l.mu.Unlock()
	if s == nil {
		return nil
	}
	return s.destroy()
}

// destroy ends the machine, in its own time if it has one, and removes the system disk.
func (s *slot) destroy() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host == nil {
		return nil
	}
	host := s.host
	s.host = nil
	s.running.Store(nil)
	return end(host, s.machine)
}

// end takes a machine's host away for good.
func end(host *machine.Host, was fabric.Machine) error {
	return errors.Join(powerDown(context.Background(), host, was), host.Destroy())
}

// powerDown ends a machine in its own time, if it has one. It does nothing to one that is down.
func powerDown(ctx context.Context, host *machine.Host, of fabric.Machine) error {
	if of.ShutsDown {
		return host.Shutdown(context.WithoutCancel(ctx))
	}
	return host.Kill()
}

func (l *Lab) followMachine(ctx context.Context, wanted fabric.Machine, restart bool) error {
	l.mu.Lock()
	s := l.machines[wanted.ID]
	if s == nil {
		s = &slot{}
		l.machines[wanted.ID] = s
	}
	l.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.machine
	s.machine = wanted
	switch {
	case s.host != nil && before.InstanceID != wanted.InstanceID:
		host := s.host
		s.host = nil
		if err := end(host, before); err != nil {
			return err
		}
	case s.host != nil && wanted.Off:
		return errors.Join(l.stop(ctx, s), l.swapDisks(s, before.Disks))
	case s.host != nil && before.Off:
		return errors.Join(l.swapDisks(s, before.Disks), l.start(ctx, s))
	case s.host != nil && restart:
		return l.restart(ctx, s)
	case s.host != nil:
		return l.swapDisks(s, before.Disks)
	}
	if wanted.Off {
		return nil
	}
	return l.boot(ctx, s)
}

// stop ends a machine in its own time, if it has one. Its slot is locked.
func (l *Lab) stop(ctx context.Context, s *slot) error {
	return errors.Join(powerDown(ctx, s.host, s.machine), l.network.Power(s.machine.Interface, false))
}

// start gives a machine power that was stopped. Its slot is locked.
func (l *Lab) start(ctx context.Context, s *slot) error {
	return errors.Join(s.host.Restart(ctx), l.network.Power(s.machine.Interface, true))
}

// boot starts a machine with an empty system disk. Its slot is locked.
func (l *Lab) boot(ctx context.Context, s *slot) error {
	m := s.machine
	namespace, ok := l.network.HostNamespace(m.Interface)
	if !ok {
		return fmt.Errorf("machine %s has no network interface that the lab could give it", m.Name)
	}
	// Whatever was attached to it before may have been stopped.
	if err := l.network.Power(m.Interface, true); err != nil {
		return err
	}
	spec := machine.Spec{
		Name: l.run.prefix + "-" + m.Name, Hostname: m.Hostname, Image: l.image.Root,
		Dir: filepath.Join(l.run.dir, "machine-"+m.InstanceID), Namespace: namespace,
		InstanceID: m.InstanceID, UserData: m.UserData, AdminUser: m.AdminUser, AdminKeys: m.AdminKeys, MemoryMiB: memoryMiB,
		Authority: l.served.authority,
	}
	if l.served.names != nil {
		spec.NameServer = resolverAddress
	}
	host, err := machine.Boot(ctx, spec)
	if err != nil {
		return fmt.Errorf("boot machine %s: %w", m.Name, err)
	}
	s.host = host
	s.running.Store(host)
	l.mu.Lock()
	off := l.off
	l.mu.Unlock()
	if off {
		return errors.Join(errors.New("the lab has no power any more"), host.Kill())
	}
	l.mu.Lock()
	delay := l.delay
	l.mu.Unlock()
	if delay == 0 {
		return l.attach(s)
	}
	time.AfterFunc(delay, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.host == host {
			_ = l.attach(s) // a machine without its disk says so itself
		}
	})
	return nil
}

// swapDisks gives a machine that runs the disks it has now. One that goes, or moves, is torn off. Its slot is locked.
func (l *Lab) swapDisks(s *slot, before []fabric.Attachment) error {
	same := func(a, b fabric.Attachment) bool { return a.Disk == b.Disk && slices.Equal(a.Paths, b.Paths) }
	if slices.EqualFunc(before, s.machine.Disks, same) {
		return nil
	}
	for _, a := range before {
		if slices.ContainsFunc(s.machine.Disks, func(b fabric.Attachment) bool { return same(a, b) }) {
			continue
		}
		id := pluggedID{s.machine.ID, a.Disk}
		value, ok := l.plugged.Load(id)
		if !ok {
			continue
		}
		if err := s.host.Detach(value.(plug).disk); err != nil {
			return fmt.Errorf("machine %s: %w", s.machine.Name, err)
		}
		l.plugged.Delete(id)
	}
	return l.attach(s)
}

func (l *Lab) attach(s *slot) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range s.machine.Disks {
		disk := l.disks[a.Disk]
		if disk == nil {
			return fmt.Errorf("machine %s: its data disk %s does not exist", s.machine.Name, a.Disk)
		}
		if err := s.host.Attach(disk.Disk, a.Paths); err != nil {
			return fmt.Errorf("attach a data disk to machine %s: %w", s.machine.Name, err)
		}
		l.plugged.Store(pluggedID{s.machine.ID, a.Disk}, plug{s.host, disk.Disk})
	}
	return nil
}

// restart is a power cycle. Nothing answers meanwhile.
func (l *Lab) restart(ctx context.Context, s *slot) error {
	if s.machine.ShutsDown {
		if err := s.host.Shutdown(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	if err := l.network.Power(s.machine.Interface, false); err != nil {
		return err
	}
	err := s.host.Restart(ctx)
	return errors.Join(err, l.network.Power(s.machine.Interface, true))
}

// Restart power-cycles a machine, as its owner could in a console.
func (l *Lab) Restart(ctx context.Context, id string) error {
	l.mu.Lock()
	s := l.machines[id]
	l.mu.Unlock()
	if s == nil {
		return fmt.Errorf("machine %s does not run", id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host == nil {
		return fmt.Errorf("machine %s does not run", id)
	}
	return l.restart(ctx, s)
}

// RunCommand runs a script as a cloud's agent would.
func (l *Lab) RunCommand(ctx context.Context, r simcloud.Resource, script string, parameters map[string]string) (simcloud.CommandResult, error) {
	host, ok := l.Host(r.ID)
	if !ok {
		return simcloud.CommandResult{}, simcloud.ErrNoAgent
	}
	result, err := host.Command(ctx, script, parameters)
	if errors.Is(err, machine.ErrDown) {
		return simcloud.CommandResult{}, simcloud.ErrNoAgent
	}
	return simcloud.CommandResult{ExitCode: result.ExitCode, Output: result.Stdout, Error: result.Stderr}, err
}

// Host is the running host of a machine, by its resource's id.
func (l *Lab) Host(id string) (*Host, bool) {
	l.mu.Lock()
	s := l.machines[id]
	l.mu.Unlock()
	if s == nil {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host == nil || !s.machine.Agent || !s.host.Running() {
		return nil, false
	}
	return s.host, true
}

// Host is a booted machine.
type Host = machine.Host
