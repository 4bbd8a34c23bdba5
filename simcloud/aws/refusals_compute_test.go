package aws_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
)

// computeRefusals are refusals of instances and key pairs.
func computeRefusals() map[string]situation {
	free := keep("NetworkInterface", "free", func(s *setup) Map { return eni(s, "private1") })
	broker := func(s *setup) Map { return instance(s, "free") }
	own := func(s *setup) Map { // an instance with an interface of its own
		return with(with(instance(s, "eni1"), "networkInterfaces", nil), "subnetId", s.By["private1"].ID)
	}
	theirs := all(keep("Vpc", "other", plain(Map{"cidrBlock": "10.1.0.0/16"})), keep("SecurityGroup", "their-group", ref(plain(Map{}), "vpcId", "other")))
	return map[string]situation{
		"an unknown image":               {after(free, create("Instance", but(broker, "ami", "ami-0123456789abcdef0"))), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidAMIID.NotFound: The image id '[<ami->]' does not exist"},
		"an image of another region":     {after(free, create("Instance", but(broker, "ami", aws.AmazonLinux("eu-central-1")))), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidAMIID.NotFound: The image id '[<ami->]' does not exist"},
		"an image that is gone":          {after(all(free, deregistered), create("Instance", broker)), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidAMIID.NotFound: The image id '[<ami->]' does not exist"},
		"an image that is none":          {after(free, create("Instance", but(broker, "ami", "debian"))), `creating EC2 Instance: operation error EC2: RunInstances, api error InvalidAMIID.Malformed: Invalid id: "debian" (expecting "ami-...")`},
		"an unknown type":                {after(free, create("Instance", but(broker, "instanceType", "m6i.huge"))), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidParameterValue: The following supplied instance types do not exist: [m6i.huge]"},
		"a type of another processor":    {after(free, create("Instance", but(broker, "instanceType", "m7g.large"))), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidParameterValue: The architecture 'arm64' of the specified instance type does not match the architecture 'x86_64' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again."},
		"too much user-data":             {after(free, create("Instance", but(broker, "userData", strings.Repeat("x", 16385)))), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidParameterValue: User data is limited to 16384 bytes"},
		"user-data that is not base64":   {after(free, create("Instance", but(but(broker, "userData", nil), "userDataBase64", "?"))), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidParameterValue: Invalid BASE64 encoding of user data."},
		"too much user-data in place":    {update("broker1", but(of("broker1"), "userData", strings.Repeat("x", 16385))), "updating EC2 Instance (<broker1>): operation error EC2: ModifyInstanceAttribute, api error InvalidParameterValue: User data is limited to 16384 bytes"},
		"no subnet":                      {create("Instance", but(own, "subnetId", nil)), "creating EC2 Instance: operation error EC2: RunInstances, api error MissingInput: No subnets found for the default VPC 'null'. Please specify a subnet."},
		"groups by name":                 {create("Instance", but(own, "securityGroups", list{"brokers"})), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidParameterCombination: The parameter groupName cannot be used with the parameter subnet: name groups by vpcSecurityGroupIds."},
		"a group of another network":     {after(theirs, create("Instance", func(s *setup) Map { return with(own(s), "vpcSecurityGroupIds", list{s.By["their-group"].ID}) })), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidGroup.NotFound: The security group '<their-group>' does not exist in VPC '<vpc>'"},
		"another zone than its subnet's": {create("Instance", but(own, "availabilityZone", "us-west-2b")), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidParameterValue: Value (us-west-2b) for parameter availabilityZone is invalid: the network interface is in us-west-2a."},
		"an address that is taken":       {create("Instance", but(own, "privateIp", "10.0.0.4")), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidIPAddress.InUse: Address 10.0.0.4 is in use."},
		"an interface in use":            {create("Instance", func(s *setup) Map { return instance(s, "eni1") }), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidNetworkInterface.InUse: Interface: [<eni1>] in use."},
		"an interface nobody has":        {after(free, create("Instance", but(broker, "networkInterfaces", list{Map{"networkInterfaceId": "eni-0123456789abcdef0", "deviceIndex": 0}}))), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidNetworkInterfaceID.NotFound: The networkInterface ID '<eni->' does not exist"},
		"no first interface": {after(free, create("Instance", func(s *setup) Map {
			return with(broker(s), "networkInterfaces", list{Map{"networkInterfaceId": s.By["free"].ID, "deviceIndex": 1}})
		})), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidParameterValue: When specifying network interfaces, you must include a device at index 0."},
		"two interfaces of one index": {after(all(free, keep("NetworkInterface", "free2", func(s *setup) Map { return eni(s, "private1") })), create("Instance", func(s *setup) Map {
			return with(broker(s), "networkInterfaces", list{Map{"networkInterfaceId": s.By["free"].ID, "deviceIndex": 0}, Map{"networkInterfaceId": s.By["free2"].ID, "deviceIndex": 0}})
		})), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidParameterValue: Each network interface requires a unique device index."},
		"interfaces of two zones": {after(all(free, keep("NetworkInterface", "free2", func(s *setup) Map { return eni(s, "private2") })), create("Instance", func(s *setup) Map {
			return with(broker(s), "networkInterfaces", list{Map{"networkInterfaceId": s.By["free"].ID, "deviceIndex": 0}, Map{"networkInterfaceId": s.By["free2"].ID, "deviceIndex": 1}})
		})), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidParameterCombination: Network interfaces of one instance must be in one availability zone: <free2> is in us-west-2c, others in us-west-2a."},
		"a key nobody has":            {after(free, create("Instance", but(broker, "keyName", "nobody"))), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidKeyPair.NotFound: The key pair 'nobody' does not exist"},
		"a profile nobody has":        {after(free, create("Instance", but(broker, "iamInstanceProfile", "nobody"))), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidParameterValue: Value (nobody) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"},
		"data volumes of its own":     {after(free, create("Instance", but(broker, "ebsBlockDevices", list{Map{"deviceName": "/dev/sdf", "volumeSize": 1}}))), "creating EC2 Instance: operation error EC2: RunInstances, api error SimulatedCloudLimit: The simulated AWS makes no data volumes with an instance: make an aws:ebs:Volume and an aws:ec2:VolumeAttachment."},
		"too fast a root volume":      {after(free, create("Instance", but(broker, "rootBlockDevice.throughput", 1250))), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidParameterValue: Volume throughput of 1250 is not supported for volume type gp3: 125 to 1000."},
		"too small a root volume":     {after(free, create("Instance", but(broker, "rootBlockDevice.volumeSize", 4))), "creating EC2 Instance: operation error EC2: RunInstances, api error InvalidBlockDeviceMapping: Volume of size 4GB is smaller than snapshot, expect size >= 8GB"},
		"one that is protected":       {after(update("broker1", but(of("broker1"), "disableApiTermination", true)), remove("broker1")), "deleting EC2 Instance (<broker1>): operation error EC2: TerminateInstances, api error OperationNotPermitted: The instance '<broker1>' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again."},
		"what is gone is not updated": {after(mutateGone("broker1"), update("broker1", but(of("broker1"), "monitoring", true))), "api error InvalidInstanceID.NotFound: The instance ID '<broker1>' does not exist"},
		"a key pair's name taken":     {create("KeyPair", of("key")), "creating EC2 Key Pair: operation error EC2: ImportKeyPair, api error InvalidKeyPair.Duplicate: The keypair already exists: 'kafka'"},
		"a key that is none":          {create("KeyPair", plain(Map{"keyName": "x", "publicKey": "ssh-ed25519 AAAA"})), "creating EC2 Key Pair: operation error EC2: ImportKeyPair, api error InvalidKey.Format: Key is not in valid OpenSSH public key format"},
	}
}

// deregistered takes the image away that the instances of the set-up have.
var deregistered = mutate(func(_ *setup, world *simcloud.World) error {
	aws.Deregister(world, aws.AmazonLinux(aws.DefaultRegion))
	return nil
})

// TestAnInstanceKeepsAnImageThatIsGone changes one in place.
func TestAnInstanceKeepsAnImageThatIsGone(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.NoError(t, deregistered(s))
	require.NoError(t, s.Update(s.By["broker1"], with(of("broker1")(s), "instanceType", "m6i.xlarge")))
	_, err := s.Invoke("aws:ec2/getAmi:getAmi", with(filter("image-id", aws.AmazonLinux(aws.DefaultRegion)), "includeDeprecated", true))
	require.ErrorContains(t, err, "Your query returned no results")
	got, err := s.Invoke("aws:ec2/getInstance:getInstance", Map{"instanceId": s.By["broker1"].ID})
	require.NoError(t, err)
	require.Equal(t, aws.AmazonLinux(aws.DefaultRegion), got["ami"])
}

// volumeRefusals are refusals of volumes and their attachments.
func volumeRefusals() map[string]situation {
	volume := func(s *setup) Map { return of("volume1")(s) }
	spare := keep("Volume", "spare", volume)
	attach := func(s *setup) Map { return with(attachment(s, "spare", "broker1"), "deviceName", "/dev/sdg") }
	return map[string]situation{
		"in a zone nobody has":            {create("Volume", but(volume, "availabilityZone", "us-west-2z")), "creating EC2 EBS Volume: operation error EC2: CreateVolume, api error InvalidZone.NotFound: The zone 'us-west-2z' does not exist."},
		"too large for its type":          {create("Volume", but(volume, "size", 20000)), "creating EC2 EBS Volume: operation error EC2: CreateVolume, api error InvalidParameterValue: Volume of 20000GiB is not of a valid size for volume type gp3: 1 to 16384GiB."},
		"too small for its type":          {create("Volume", but(but(volume, "type", "st1"), "size", 10)), "creating EC2 EBS Volume: operation error EC2: CreateVolume, api error InvalidParameterValue: Volume of 10GiB is not of a valid size for volume type st1: 125 to 16384GiB."},
		"operations where there are none": {create("Volume", but(but(volume, "type", "gp2"), "iops", 3000)), "creating EC2 EBS Volume: operation error EC2: CreateVolume, api error InvalidParameterCombination: The parameter iops is not supported for gp2 volumes."},
		"throughput where there is none":  {create("Volume", but(but(but(volume, "type", "io2"), "iops", 3000), "throughput", 125)), "creating EC2 EBS Volume: operation error EC2: CreateVolume, api error InvalidParameterCombination: The parameter throughput is not supported for io2 volumes."},
		"too many operations":             {create("Volume", but(volume, "iops", 100000)), "creating EC2 EBS Volume: operation error EC2: CreateVolume, api error InvalidParameterValue: Volume iops of 100000 is not supported for volume type gp3: 3000 to 16000."},
		"operations that are missing":     {create("Volume", but(volume, "type", "io1")), "creating EC2 EBS Volume: operation error EC2: CreateVolume, api error MissingParameter: The request must contain the parameter iops for io1 volumes."},
		"one that shrinks":                {update("volume1", but(volume, "size", 32)), "updating EC2 EBS Volume (<volume1>): operation error EC2: ModifyVolume, api error InvalidParameterValue: New size cannot be smaller than existing size"},
		"one in use":                      {remove("volume1"), "deleting EC2 EBS Volume (<volume1>): operation error EC2: DeleteVolume, api error VolumeInUse: Volume <volume1> is currently attached to <broker1>"},
		"a device of no name":             {after(spare, create("VolumeAttachment", but(attach, "deviceName", "/dev/sda1"))), "creating EC2 EBS Volume Attachment: operation error EC2: AttachVolume, api error InvalidParameterValue: Value (/dev/sda1) for parameter device is invalid. /dev/sda1 is not a valid EBS device name."},
		"a device that is taken":          {after(spare, create("VolumeAttachment", but(attach, "deviceName", "/dev/sdf"))), "creating EC2 EBS Volume Attachment: operation error EC2: AttachVolume, api error InvalidParameterValue: Invalid value '/dev/sdf' for unixDevice. Attachment point /dev/sdf is already in use"},
		"one that is attached":            {create("VolumeAttachment", func(s *setup) Map { return with(attachment(s, "volume1", "broker1"), "deviceName", "/dev/sdg") }), "creating EC2 EBS Volume Attachment: operation error EC2: AttachVolume, api error VolumeInUse: <volume1> is already attached to an instance"},
		"one of another zone":             {after(keep("Volume", "spare", but(volume, "availabilityZone", "us-west-2b")), create("VolumeAttachment", attach)), "creating EC2 EBS Volume Attachment: operation error EC2: AttachVolume, api error InvalidVolume.ZoneMismatch: The volume '<spare>' is not in the same availability zone as instance '<broker1>': us-west-2b and us-west-2a."},
		"an attachment to nothing":        {after(spare, create("VolumeAttachment", but(attach, "instanceId", "i-0123456789abcdef0"))), "creating EC2 EBS Volume Attachment: operation error EC2: AttachVolume, api error InvalidInstanceID.NotFound: The instance ID '<i->' does not exist"},
		"an attachment that stays":        {after(spare, create("VolumeAttachment", but(attach, "skipDestroy", true))), "creating EC2 EBS Volume Attachment: operation error EC2: AttachVolume, api error SimulatedCloudLimit: Volume attachments are detached when they are deleted: skipDestroy is not modelled."},
		"one whose instance is gone":      {after(remove("broker1"), remove("attachment1")), "stopping EC2 Instance (<broker1>): operation error EC2: StopInstances, api error InvalidInstanceID.NotFound: The instance ID '<broker1>' does not exist"},
		"one that is mounted":             {after(all(spare, keep("VolumeAttachment", "mounted", but(attach, "stopInstanceBeforeDetaching", false))), remove("mounted")), "waiting for EBS Volume (<spare>) Attachment (<broker1>) delete: timeout while waiting for resource to be gone (last state: 'detaching', timeout: 5m0s): the instance runs and has it mounted; unmount it, or set stopInstanceBeforeDetaching"},
	}
}
