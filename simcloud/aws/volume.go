package aws

import (
	"maps"
	"slices"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/internal/identifiers"
)

const tokenVolume = "aws:ebs/volume:Volume"

// volumeLimits are the sizes in GiB, operations and throughput in MiB/s of a volume type; none where Max is 0.
type volumeLimits struct{ size, iops, throughput simcloud.Range }

var volumeTypes = map[string]volumeLimits{
	"gp2":      {size: simcloud.Range{Min: 1, Max: 16384}},
	"gp3":      {size: simcloud.Range{Min: 1, Max: 16384}, iops: simcloud.Range{Min: 3000, Max: 16000}, throughput: simcloud.Range{Min: 125, Max: 1000}},
	"io1":      {size: simcloud.Range{Min: 4, Max: 16384}, iops: simcloud.Range{Min: 100, Max: 64000}},
	"io2":      {size: simcloud.Range{Min: 4, Max: 65536}, iops: simcloud.Range{Min: 100, Max: 256000}},
	"st1":      {size: simcloud.Range{Min: 125, Max: 16384}},
	"sc1":      {size: simcloud.Range{Min: 125, Max: 16384}},
	"standard": {size: simcloud.Range{Min: 1, Max: 1024}},
}

func volume(account Account) awsType {
	return awsType{
		service: "EC2", noun: "EBS Volume", creates: "CreateVolume", modifies: "ModifyVolume", deletes: "DeleteVolume",
		prefix: "vol", arn: "ec2:{region}:{account}:volume/{id}",
		inputDefaults: simcloud.Properties{"finalSnapshot": false},
		lookup: &lookup{
			function: "aws:ebs/getVolume:getVolume", what: "EC2 EBS Volume", ignores: []string{"tags"}, newest: "createTime",
			words: words{none: queryWords.none, many: func(string, int) string {
				return "Your query returned more than one result. Please try a more specific search criteria, or set `most_recent` attribute to true."
			}},
			filters: map[string]string{"volume-id": "id", "availability-zone": "availabilityZone", "size": "size", "volume-type": "type", "encrypted": "encrypted",
				"status": "status", "attachment.instance-id": "instanceId", "attachment.device": "device"},
			facts: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
				if holder := attachmentOf(view, r.ID); holder != nil {
					return simcloud.Properties{"status": "in-use", "instanceId": holder.Properties.Text("instanceId"), "device": holder.Properties.Text("deviceName")}
				}
				return simcloud.Properties{"status": "available"}
			},
			show: func(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"volumeId": r.ID, "volumeType": r.Properties.Text("type")}
			},
		},
		Kind: simcloud.Kind{
			Token:         tokenVolume,
			Duration:      8 * time.Second,
			Replaces:      []string{"availabilityZone", "encrypted", "kmsKeyId", "multiAttachEnabled", "outpostArn", "snapshotId"},
			KeptWhenUnset: []string{"encrypted", "kmsKeyId", "size", "snapshotId", "type"},
			Enums:         map[string][]string{"type": slices.Sorted(maps.Keys(volumeTypes))},
			Check: func(c *simcloud.Checker) {
				if !c.Inputs.Has("size") && !c.Inputs.Has("snapshotId") {
					c.Fail("size", "Missing required argument: one of 'size, snapshotId' must be specified")
				}
			},
			Defaults: func(p simcloud.Properties) {
				p.Default("type", "gp2")
				p.Default("encrypted", false)
			},
			Rules: []simcloud.Rule{volumeInZone(account), volumeFits, volumeGrows},
			Compute: func(t *simcloud.Transaction) error {
				t.After.Computed.Default("createTime", time.Now().UTC().Format(time.RFC3339))
				if t.After.Properties.True("encrypted") {
					t.After.Computed.Default("kmsKeyId", "arn:aws:kms:"+t.Settings["region"]+":"+account.ID+":key/"+identifiers.GUID(identifiers.Digest("aws/ebs"+account.ID+t.Settings["region"])))
				}
				return nil
			},
			Outputs: func(_ simcloud.View, r *simcloud.Resource) simcloud.Properties {
				return simcloud.Properties{"iops": operationsOf(r.Properties)}
			},
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				if holder := attachmentOf(t.World, t.Before.ID); holder != nil {
					return refuse("VolumeInUse", "Volume %s is currently attached to %s", t.Before.ID, holder.Properties.Text("instanceId"))
				}
				return nil
			}},
		},
	}
}

func volumeInZone(account Account) simcloud.Rule {
	return func(t *simcloud.Transaction) error {
		name := t.After.Properties.Text("availabilityZone")
		if !slices.ContainsFunc(account.ZonesOf(t.Settings["region"]), func(zone Zone) bool { return zone.Name == name }) {
			return refuse("InvalidZone.NotFound", "The zone '%s' does not exist.", name)
		}
		return nil
	}
}

// volumeFits holds what is given against the limits of the volume's type. Where the program says nothing, the provider sends
// what it last saw of the volume, also to a new type, if that has operations or throughput of its own.
func volumeFits(t *simcloud.Transaction) error {
	p := t.After.Properties
	name := p.Text("type")
	if limits := volumeTypes[name]; !t.Creating() {
		if seen := operationsOf(t.Before.Properties); limits.iops.Max > 0 && seen > 0 {
			p.Default("iops", seen)
		}
		if seen := t.Before.Properties.Number("throughput"); limits.throughput.Max > 0 && seen > 0 {
			p.Default("throughput", seen)
		}
	}
	if err := withinLimits(p, name, "size"); err != nil {
		return err
	}
	if name == "gp3" {
		p.Default("iops", 3000.0)
		p.Default("throughput", 125.0)
	}
	return nil
}

// operationsOf a volume per second: its own, or those that a gp2 has by its size.
func operationsOf(p simcloud.Properties) float64 {
	if p.Text("type") == "gp2" {
		return min(max(100, 3*p.Number("size")), 16000)
	}
	return p.Number("iops")
}

// withinLimits holds a volume against the limits of its type. An instance's root volume has another name for its size.
func withinLimits(p simcloud.Properties, name, sizeInput string) error {
	limits := volumeTypes[name]
	if size := p.Number(sizeInput); p.Has(sizeInput) && (size < limits.size.Min || size > limits.size.Max) {
		return refuse("InvalidParameterValue", "Volume of %vGiB is not of a valid size for volume type %s: %v to %vGiB.", size, name, limits.size.Min, limits.size.Max)
	}
	for _, property := range []struct {
		name   string
		limits simcloud.Range
	}{{"iops", limits.iops}, {"throughput", limits.throughput}} {
		value := p.Number(property.name)
		switch {
		case !p.Has(property.name):
		case property.limits.Max == 0:
			return refuse("InvalidParameterCombination", "The parameter %s is not supported for %s volumes.", property.name, name)
		case value < property.limits.Min || value > property.limits.Max:
			return refuse("InvalidParameterValue", "Volume %s of %v is not supported for volume type %s: %v to %v.", property.name, value, name, property.limits.Min, property.limits.Max)
		}
	}
	if (name == "io1" || name == "io2") && !p.Has("iops") {
		return refuse("MissingParameter", "The request must contain the parameter iops for %s volumes.", name)
	}
	return nil
}

func volumeGrows(t *simcloud.Transaction) error {
	if t.Changes("size") && t.After.Properties.Number("size") < t.Before.Properties.Number("size") {
		return refuse("InvalidParameterValue", "New size cannot be smaller than existing size")
	}
	return nil
}

// attachmentOf is the attachment of a volume, or nil.
func attachmentOf(view simcloud.View, volume string) *simcloud.Resource {
	for _, user := range usersOf(view, volume, tokenVolumeAttachment) {
		return user
	}
	return nil
}
