package aws

import (
	"crypto/sha1" // as the provider: no secret
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const tokenInstance = "aws:ec2/instance:Instance"

func instance() awsType {
	return awsType{
		service: "EC2", noun: "Instance", creates: "RunInstances", modifies: "ModifyInstanceAttribute", deletes: "TerminateInstances",
		prefix: "i", arn: "ec2:{region}:{account}:instance/{id}",
		inputDefaults: simcloud.Properties{"getPasswordData": false, "sourceDestCheck": true, "userDataReplaceOnChange": false},
		undefaulted:   map[string]string{"sourceDestCheck": "networkInterfaces"},
		volatile:      []string{"publicIp", "publicDns", "instanceState"},
		lookup: &lookup{
			function: "aws:ec2/getInstance:getInstance", what: "EC2 Instance",
			arguments: map[string]string{"instanceId": "id"}, ignores: []string{"tags"},
			filters: instanceFilters,
			facts:   instanceFacts,
			show:    showInstance,
		},
		Kind: simcloud.Kind{
			Token:    tokenInstance,
			Duration: 20 * time.Second,
			Replaces: []string{
				"ami", "associatePublicIpAddress", "availabilityZone", "cpuCoreCount", "cpuThreadsPerCore", "ebsOptimized", "ephemeralBlockDevices", "hibernation",
				"hostId", "instanceMarketOptions", "ipv6Addresses", "keyName", "placementGroup", "placementPartitionNumber",
				"privateDnsNameOptions", "privateIp", "securityGroups", "subnetId", "tenancy",
				"cpuOptions.amdSevSnp", "cpuOptions.coreCount", "cpuOptions.threadsPerCore", "enclaveOptions.enabled",
				"ebsBlockDevices[].deleteOnTermination", "ebsBlockDevices[].deviceName", "ebsBlockDevices[].encrypted", "ebsBlockDevices[].iops", "ebsBlockDevices[].kmsKeyId",
				"ebsBlockDevices[].snapshotId", "ebsBlockDevices[].throughput", "ebsBlockDevices[].volumeSize", "ebsBlockDevices[].volumeType",
				"launchTemplate", "networkInterfaces", "rootBlockDevice.encrypted", "rootBlockDevice.kmsKeyId",
			},
			ReplacesIf: func(_, after simcloud.Properties) []string {
				if after.True("userDataReplaceOnChange") {
					return []string{"userData", "userDataBase64"}
				}
				return nil
			},
			KeptWhenUnset: []string{
				"ami", "associatePublicIpAddress", "availabilityZone", "cpuCoreCount", "cpuOptions", "cpuThreadsPerCore", "disableApiStop", "disableApiTermination",
				"ebsBlockDevices", "ebsOptimized", "enclaveOptions", "iamInstanceProfile", "instanceInitiatedShutdownBehavior", "instanceType", "keyName",
				"maintenanceOptions", "metadataOptions", "monitoring", "networkInterfaces", "placementGroup", "privateDnsNameOptions", "privateIp", "rootBlockDevice",
				"secondaryPrivateIps", "securityGroups", "subnetId", "tenancy", "userData", "userDataBase64", "vpcSecurityGroupIds",
			},
			Enums: map[string][]string{
				"tenancy":                              {"default", "dedicated"},
				"instanceInitiatedShutdownBehavior":    {"stop", "terminate"},
				"metadataOptions.httpEndpoint":         {"enabled", "disabled"},
				"rootBlockDevice.volumeType":           slices.Sorted(maps.Keys(volumeTypes)),
				"metadataOptions.httpTokens":           {"optional", "required"},
				"metadataOptions.httpProtocolIpv6":     {"enabled", "disabled"},
				"metadataOptions.instanceMetadataTags": {"enabled", "disabled"},
				"maintenanceOptions.autoRecovery":      {"default", "disabled"},
				"creditSpecification.cpuCredits":       {"standard", "unlimited"},
			},
			Ranges: map[string]simcloud.Range{"metadataOptions.httpPutResponseHopLimit": {Min: 1, Max: 64}},
			References: []simcloud.Reference{
				{Path: "subnetId", To: []string{tokenSubnet}},
				{Path: "vpcSecurityGroupIds[]", To: []string{tokenSecurityGroup}},
				{Path: "networkInterfaces[].networkInterfaceId", To: []string{tokenNetworkInterface}},
				{Path: "keyName", To: []string{tokenKeyPair}},
				{Path: "iamInstanceProfile", To: []string{tokenInstanceProfile}},
			},
			Check:    instanceArguments,
			Defaults: instanceDefaults,
			Rules:    []simcloud.Rule{instanceKnown, userDataFits, instancePlaced, interfacesFree, rootVolumeFits},
			Compute:  computeInstance,
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				if t.Before.Properties.True("disableApiTermination") {
					return refuse("OperationNotPermitted", "The instance '%s' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.", t.Before.ID)
				}
				return nil
			}},
			Effect:  agentsTryAgain,
			Outputs: instanceOutputs,
		},
	}
}

// instanceArguments are Terraform's ConflictsWith and AtLeastOneOf.
func instanceArguments(c *simcloud.Checker) {
	if c.Inputs.Has("networkInterfaces") {
		for _, rival := range []string{"associatePublicIpAddress", "enablePrimaryIpv6", "ipv6AddressCount", "ipv6Addresses", "privateIp", "secondaryPrivateIps", "securityGroups", "sourceDestCheck", "subnetId", "vpcSecurityGroupIds"} {
			if c.Inputs.Has(rival) {
				c.Fail("networkInterfaces", "Conflicting configuration arguments: 'networkInterfaces' conflicts with '%s'", rival)
			}
		}
	}
	if c.Inputs.Has("userData") && c.Inputs.Has("userDataBase64") {
		c.Fail("userData", "Conflicting configuration arguments: 'userData' conflicts with 'userDataBase64'")
	}
	for _, name := range []string{"ami", "instanceType"} {
		if !c.Inputs.Has(name) && !c.Inputs.Has("launchTemplate") {
			c.Fail(name, "Missing required argument: one of '%s, launchTemplate' must be specified", name)
		}
	}
	if c.Inputs.Has("launchTemplate") {
		c.Fail("launchTemplate", "the simulated AWS has no launch templates: give the instance its properties")
	}
}

func instanceDefaults(p simcloud.Properties) {
	p.Default("tenancy", "default")
	p.Default("sourceDestCheck", true)
	p.Default("metadataOptions.httpEndpoint", "enabled")
	p.Default("metadataOptions.httpTokens", "optional")
	p.Default("metadataOptions.httpPutResponseHopLimit", 1.0)
	p.Default("metadataOptions.httpProtocolIpv6", "disabled")
	p.Default("metadataOptions.instanceMetadataTags", "disabled")
	for _, entry := range p.Objects("networkInterfaces") {
		entry.Default("deleteOnTermination", false)
		entry.Default("networkCardIndex", 0.0)
	}
	p.Default("rootBlockDevice.volumeType", "gp3")
	p.Default("rootBlockDevice.volumeSize", 8.0)
	p.Default("rootBlockDevice.deleteOnTermination", true)
	p.Default("rootBlockDevice.encrypted", false)
	if p.Text("rootBlockDevice.volumeType") == "gp3" {
		p.Default("rootBlockDevice.iops", 3000.0)
		p.Default("rootBlockDevice.throughput", 125.0)
	}
}

func instanceKnown(t *simcloud.Transaction) error {
	p := t.After.Properties
	image, ok := findImage(t.World, t.Settings["region"], p.Text("ami"))
	ok = ok && (!t.Creating() || !deregistered(t.World, image.ID)) // an instance keeps what it was launched from
	if !ok && !strings.HasPrefix(p.Text("ami"), "ami-") {
		return refuse("InvalidAMIID.Malformed", "Invalid id: \"%s\" (expecting \"ami-...\")", p.Text("ami"))
	}
	if !ok {
		return refuse("InvalidAMIID.NotFound", "The image id '[%s]' does not exist", p.Text("ami"))
	}
	kind, ok := familyOf(p.Text("instanceType"))
	if !ok {
		return refuse("InvalidParameterValue", "The following supplied instance types do not exist: [%s]", p.Text("instanceType"))
	}
	if kind.architecture != image.Architecture {
		return refuse("InvalidParameterValue", "The architecture '%s' of the specified instance type does not match the architecture '%s' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.", kind.architecture, image.Architecture)
	}
	return nil
}

// maxUserData is in bytes, before base64.
const maxUserData = 16384

func userDataFits(t *simcloud.Transaction) error {
	data, err := UserData(t.After)
	if err != nil {
		return refuse("InvalidParameterValue", "Invalid BASE64 encoding of user data.")
	}
	if len(data) > maxUserData {
		return refuse("InvalidParameterValue", "User data is limited to %d bytes", maxUserData)
	}
	return nil
}

// UserData is what an instance finds as its user-data.
func UserData(instance *simcloud.Resource) ([]byte, error) {
	if text := instance.Properties.Text("userDataBase64"); text != "" {
		return base64.StdEncoding.DecodeString(text)
	}
	return []byte(instance.Properties.Text("userData")), nil
}

func instancePlaced(t *simcloud.Transaction) error {
	p := t.After.Properties
	if len(p.Texts("securityGroups")) > 0 {
		return refuse("InvalidParameterCombination", "The parameter groupName cannot be used with the parameter subnet: name groups by vpcSecurityGroupIds.")
	}
	subnet, ok := t.World.Get(subnetOf(t.World, t.After))
	if !ok {
		return refuse("MissingInput", "No subnets found for the default VPC 'null'. Please specify a subnet.")
	}
	if zone := p.Text("availabilityZone"); zone != "" && zone != zoneOf(subnet) {
		return refuse("InvalidParameterValue", "Value (%s) for parameter availabilityZone is invalid: the network interface is in %s.", zone, zoneOf(subnet))
	}
	return groupsInVpc(t.World, p.Texts("vpcSecurityGroupIds"), subnet.Properties.Text("vpcId"))
}

func interfacesFree(t *simcloud.Transaction) error {
	entries := t.After.Properties.Objects("networkInterfaces")
	indexes := map[float64]bool{}
	zone := ""
	for _, entry := range entries {
		r, _ := t.World.Get(entry.Text("networkInterfaceId"))
		if holder := instanceOf(t.World, r.ID); holder != nil && holder.ID != t.After.ID {
			return refuse("InvalidNetworkInterface.InUse", "Interface: [%s] in use.", r.ID)
		}
		if indexes[entry.Number("deviceIndex")] {
			return refuse("InvalidParameterValue", "Each network interface requires a unique device index.")
		}
		indexes[entry.Number("deviceIndex")] = true
		subnet, _ := t.World.Get(r.Properties.Text("subnetId"))
		if zone != "" && zone != zoneOf(subnet) {
			return refuse("InvalidParameterCombination", "Network interfaces of one instance must be in one availability zone: %s is in %s, others in %s.", r.ID, zoneOf(subnet), zone)
		}
		zone = zoneOf(subnet)
	}
	if len(entries) > 0 && !indexes[0] {
		return refuse("InvalidParameterValue", "When specifying network interfaces, you must include a device at index 0.")
	}
	return nil
}

func rootVolumeFits(t *simcloud.Transaction) error {
	if len(t.After.Properties.Objects("ebsBlockDevices")) > 0 {
		return limit("The simulated AWS makes no data volumes with an instance: make an aws:ebs:Volume and an aws:ec2:VolumeAttachment.")
	}
	const smallest = 8
	if size := t.After.Properties.Number("rootBlockDevice.volumeSize"); size < smallest {
		return refuse("InvalidBlockDeviceMapping", "Volume of size %vGB is smaller than snapshot, expect size >= %dGB", size, smallest)
	}
	root := t.After.Properties.Object("rootBlockDevice")
	return withinLimits(root, root.Text("volumeType"), "volumeSize")
}

func computeInstance(t *simcloud.Transaction) error {
	computed := t.After.Computed
	if t.Creating() {
		computed["instanceState"] = "running"
		computed["rootVolume"] = "vol-" + t.Unique("root volume")[:17]
		if err := ownInterface(t); err != nil {
			return err
		}
	}
	subnet, _ := t.World.Get(subnetOf(t.World, t.After))
	computed["availabilityZone"] = zoneOf(subnet)
	// The provider stops an instance to change these, and starts it again. Cloud-init does not run a second time.
	if t.Changes("instanceType") || t.Changes("userData") || t.Changes("userDataBase64") {
		t.Restart()
		computed["instanceState"] = "running"
	}
	if t.Creating() {
		t.Put(t.After) // so that it can be asked what it sees
		computed["bootProblem"] = bootProblem(t.World, t.After)
	}
	return nil
}

// ownInterface gives an instance that names no interfaces one of its own.
func ownInterface(t *simcloud.Transaction) error {
	p := t.After.Properties
	if p.Has("networkInterfaces") {
		return nil
	}
	subnet, _ := t.World.Get(p.Text("subnetId"))
	address, err := take(t, subnet, p.Text("privateIp"))
	if err != nil {
		return err
	}
	t.After.Computed["privateIp"] = address
	t.After.Computed["primaryNetworkInterfaceId"] = "eni-" + t.Unique("interface")[:17]
	public := subnet.Properties.True("mapPublicIpOnLaunch")
	if p.Has("associatePublicIpAddress") {
		public = p.True("associatePublicIpAddress")
	}
	if public {
		return takePublic(t)
	}
	return nil
}

// interfacesOf are the interfaces that an instance was given, by index.
func interfacesOf(view simcloud.View, instance *simcloud.Resource) []*simcloud.Resource {
	var first, others []*simcloud.Resource
	for _, entry := range instance.Properties.Objects("networkInterfaces") {
		if r, ok := simcloud.GetOf(view, tokenNetworkInterface, entry.Text("networkInterfaceId")); ok && entry.Number("deviceIndex") == 0 {
			first = append(first, r)
		} else if ok {
			others = append(others, r)
		}
	}
	return append(first, others...)
}

// subnetOf is the subnet of what has a private address: an instance, an interface, a NAT gateway.
func subnetOf(view simcloud.View, r *simcloud.Resource) string {
	if own := interfacesOf(view, r); len(own) > 0 {
		return own[0].Properties.Text("subnetId")
	}
	return r.Properties.Text("subnetId")
}

// privateAddressOf is the primary private address of what has one.
func privateAddressOf(view simcloud.View, r *simcloud.Resource) string {
	if own := interfacesOf(view, r); len(own) > 0 {
		return own[0].Computed.Text("privateIp")
	}
	return r.Computed.Text("privateIp")
}

// publicAddressOf is the public address of what has one: an elastic one, or one that came with a launch.
func publicAddressOf(view simcloud.View, r *simcloud.Resource) string {
	if address, ok := view.Get(r.Properties.Text("allocationId")); ok && r.Type == tokenNatGateway {
		return address.Computed.Text("publicIp")
	}
	for _, holder := range append([]*simcloud.Resource{r}, interfacesOf(view, r)...) {
		for _, address := range usersOf(view, holder.ID, tokenEip) {
			return address.Computed.Text("publicIp")
		}
	}
	return r.Computed.Text("publicIp")
}

// shownUserData is the hash that the provider shows in place of user-data.
func shownUserData(text string) string {
	data := []byte(text)
	if decoded, err := base64.StdEncoding.DecodeString(text); err == nil {
		data = decoded
	}
	sum := sha1.Sum(data)
	return hex.EncodeToString(sum[:])
}

func instanceOutputs(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	address, public, region := privateAddressOf(view, r), publicAddressOf(view, r), regionOf(r)
	shown := simcloud.Properties{
		"privateIp": address, "privateDns": privateName(region, address), "publicIp": public, "publicDns": "",
		"subnetId": subnetOf(view, r), "vpcSecurityGroupIds": texts(groupsOf(view, r)), "associatePublicIpAddress": public != "",
		"securityGroups": []any{}, "secondaryPrivateIps": []any{}, "ebsBlockDevices": blockDevices(view, r), "ephemeralBlockDevices": []any{},
	}
	if public != "" {
		shown["publicDns"] = publicName(region, public)
	}
	if own := interfacesOf(view, r); len(own) > 0 {
		shown["primaryNetworkInterfaceId"] = own[0].ID
	}
	if text := r.Properties.Text("userData"); text != "" {
		shown["userData"] = shownUserData(text)
	}
	root := r.Properties.Object("rootBlockDevice").Clone()
	if root != nil {
		root["volumeId"] = r.Computed["rootVolume"]
		if image, ok := findImage(view, region, r.Properties.Text("ami")); ok {
			root["deviceName"] = image.RootDevice
		}
		shown["rootBlockDevice"] = map[string]any(root)
	}
	return shown
}

// blockDevices are the volumes attached to an instance, as it shows them.
func blockDevices(view simcloud.View, r *simcloud.Resource) []any {
	devices := []any{}
	for _, attachment := range simcloud.ChildrenOf(view, tokenVolumeAttachment, r.ID) {
		if volume, ok := view.Get(attachment.Properties.Text("volumeId")); ok {
			p := volume.Properties
			devices = append(devices, map[string]any{"deviceName": attachment.Properties.Text("deviceName"), "volumeId": volume.ID, "volumeSize": p.Number("size"),
				"volumeType": p.Text("type"), "encrypted": p.True("encrypted"), "deleteOnTermination": false, "iops": p.Number("iops"), "throughput": p.Number("throughput")})
		}
	}
	return devices
}
