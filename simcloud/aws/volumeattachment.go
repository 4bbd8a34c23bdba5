package aws

import (
	"context"
	"fmt"
	"hash/crc32"
	"regexp"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenVolumeAttachment = "aws:ec2/volumeAttachment:VolumeAttachment"

// Mounts is what a data plane implements that knows which volumes its machines have mounted: while one is, detaching it
// hangs. It must answer without asking the server. Of a data plane that does not, a running machine has mounted all.
type Mounts interface {
	Mounted(ctx context.Context, instance, volume string) bool
}

func volumeAttachment() awsType {
	return awsType{
		service: "EC2", noun: "EBS Volume Attachment", creates: "AttachVolume", modifies: "AttachVolume", deletes: "DetachVolume",
		Kind: simcloud.Kind{
			Token:    tokenVolumeAttachment,
			Duration: 10 * time.Second,
			ID: func(identity *simcloud.Identity) (string, string) { // it goes with its instance
				in := identity.Inputs
				triple := in.Text("deviceName") + "-" + in.Text("instanceId") + "-" + in.Text("volumeId") + "-"
				return fmt.Sprintf("vai-%d", crc32.ChecksumIEEE([]byte(triple))), in.Text("instanceId")
			},
			Adopts:   func(simcloud.Properties) bool { return true }, // the provider looks first
			Replaces: []string{"deviceName", "instanceId", "volumeId"},
			References: []simcloud.Reference{
				{Path: "instanceId", To: []string{tokenInstance}},
				{Path: "volumeId", To: []string{tokenVolume}},
			},
			Rules:       []simcloud.Rule{deviceNamed, attachesOnce, attachesInZone},
			DeleteRules: []simcloud.Rule{detaches},
			DeleteGone:  stopsFirst,
		},
	}
}

var deviceNames = regexp.MustCompile(`^(/dev/sd[f-p][1-6]?|/dev/xvd[f-p]|xvd[f-p])$`)

func deviceNamed(t *simcloud.Transaction) error {
	if t.After.Properties.True("skipDestroy") {
		return limit("Volume attachments are detached when they are deleted: skipDestroy is not modelled.")
	}
	if name := t.After.Properties.Text("deviceName"); !deviceNames.MatchString(name) {
		return refuse("InvalidParameterValue", "Value (%s) for parameter device is invalid. %s is not a valid EBS device name.", name, name)
	}
	return nil
}

func attachesOnce(t *simcloud.Transaction) error {
	p := t.After.Properties
	for _, other := range t.World.List(tokenVolumeAttachment) {
		switch theirs := other.Properties; {
		case other.ID == t.After.ID:
		case theirs.Text("volumeId") == p.Text("volumeId"):
			return refuse("VolumeInUse", "%s is already attached to an instance", p.Text("volumeId"))
		case theirs.Text("instanceId") == p.Text("instanceId") && theirs.Text("deviceName") == p.Text("deviceName"):
			return refuse("InvalidParameterValue", "Invalid value '%s' for unixDevice. Attachment point %s is already in use", p.Text("deviceName"), p.Text("deviceName"))
		}
	}
	return nil
}

func attachesInZone(t *simcloud.Transaction) error {
	volume, _ := t.World.Get(t.After.Properties.Text("volumeId"))
	holder, _ := t.World.Get(t.After.Properties.Text("instanceId"))
	if theirs, ours := zoneOf(holder), zoneOf(volume); theirs != ours {
		return refuse("InvalidVolume.ZoneMismatch", "The volume '%s' is not in the same availability zone as instance '%s': %s and %s.", volume.ID, holder.ID, ours, theirs)
	}
	return nil
}

// detaches lets a volume go from a machine that has unmounted it, is stopped, or is stopped for it.
func detaches(t *simcloud.Transaction) error {
	p := t.Before.Properties
	holder, ok := simcloud.GetOf(t.World, tokenInstance, p.Text("instanceId"))
	if !ok || !running(holder) {
		return nil
	}
	if p.True("stopInstanceBeforeDetaching") {
		stopped := holder.Clone()
		stopped.Computed["instanceState"] = "stopped"
		t.PutFirst(stopped)
		return nil
	}
	if mounts, knows := t.DataPlane.(Mounts); p.True("forceDetach") || knows && !mounts.Mounted(context.Background(), holder.ID, p.Text("volumeId")) {
		return nil
	}
	return fmt.Errorf("waiting for EBS Volume (%s) Attachment (%s) delete: timeout while waiting for resource to be gone (last state: 'detaching', timeout: 5m0s): "+
		"the instance runs and has it mounted; unmount it, or set stopInstanceBeforeDetaching", p.Text("volumeId"), holder.ID)
}

// stopsFirst fails where the instance that is to be stopped before its volume is detached is gone, and the attachment with it.
func stopsFirst(view simcloud.View, p simcloud.Properties) error {
	id := p.Text("instanceId")
	if _, there := simcloud.GetOf(view, tokenInstance, id); there || !p.True("stopInstanceBeforeDetaching") {
		return nil
	}
	absent := absences[tokenInstance]
	return fmt.Errorf("stopping EC2 Instance (%s): operation error EC2: StopInstances, https response error StatusCode: 400, RequestID: %s, %w",
		id, noRequest, refuse(absent.code, absent.message, id))
}

func running(instance *simcloud.Resource) bool {
	return instance.Computed.Text("instanceState") == "running"
}
