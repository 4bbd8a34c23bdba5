package aws

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/sshkey"
)

var (
	typePattern = regexp.MustCompile(`^[a-z]+[0-9]+[a-z-]*\.([0-9]*(nano|micro|small|medium|large|xlarge)|metal(-[0-9]+xl)?)$`)
	armPattern  = regexp.MustCompile(`^(a1|[a-z]+[0-9]+g[a-z-]*)\.`)
	imageID     = regexp.MustCompile(`^ami-([0-9a-f]{8}|[0-9a-f]{17})$`)
	imageName   = regexp.MustCompile(`^[A-Za-z0-9()\[\] ./'@_*?-]{3,128}$`)
	kmsKeyARN   = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9a-zA-Z-]+$`)

	// osDiskTypes leaves out the kinds AWS does not boot from.
	osDiskTypes   = []string{"gp3", "gp2", "io1", "io2"}
	dataDiskTypes = append(slices.Clone(osDiskTypes), "st1")
)

// Validate returns every problem of a plan that has its defaults.
func (p MachinePlan) Validate(path *field.Path) kafka.Findings {
	var f kafka.Findings
	f.Errors = append(f.Errors, machineRule.CheckMachines(path, p.Machines)...)
	f.Errors = append(f.Errors, checkType(path.Child("type"), p.Type)...)
	f.Errors = append(f.Errors, checkImage(path.Child("image"), p.Image)...)
	if p.KeyPair != "" {
		f.Errors = append(f.Errors, keyPairRule.Check(path.Child("keyPair"), p.KeyPair)...)
	}
	if p.AdminPublicKey != "" {
		f.Errors = append(f.Errors, sshkey.CheckPublic(path.Child("adminPublicKey"), p.AdminPublicKey, "AWS")...)
	}
	f.Errors = append(f.Errors, p.OSDisk.validate(path.Child("osDisk"), 8, osDiskTypes)...)
	f.Errors = append(f.Errors, p.DataDisk.validate(path.Child("dataDisk"), 4, dataDiskTypes)...)
	return f
}

func checkType(path *field.Path, name string) field.ErrorList {
	if !typePattern.MatchString(name) {
		return field.ErrorList{kafka.Invalid(path, name, "is not an EC2 instance type", "write one like m6i.large")}
	}
	if armPattern.MatchString(name) {
		return field.ErrorList{kafka.Invalid(path, name, "has an Arm processor, and Java and the image are for x86", "choose an Intel or AMD type, like m6i.large")}
	}
	return nil
}

func checkImage(path *field.Path, image string) field.ErrorList {
	switch {
	case strings.Contains(image, "latest"):
		return field.ErrorList{kafka.Invalid(path, image, "is none of the names that Amazon gives images: they have their date", "write one like "+DefaultImage+", of which machines get the newest")}
	case strings.HasPrefix(image, "ami-") && !imageID.MatchString(image), !imageName.MatchString(image):
		return field.ErrorList{kafka.Invalid(path, image, "is neither the name of an image nor an image's id", "write one like "+DefaultImage+" or ami-0123456789abcdef0")}
	}
	return nil
}

// EBS's limits, by type of volume. Source: "Amazon EBS volume types".
var (
	diskSizes  = map[string]int{"gp3": 65536, "gp2": 16384, "io1": 16384, "io2": 65536, "st1": 16384}
	leastSizes = map[string]int{"st1": 125}
	diskIOPS   = map[string][2]int{"gp3": {3000, 80000}, "io1": {100, 64000}, "io2": {100, 256000}}
	// iopsPerGiB bounds what is beyond the least.
	iopsPerGiB = map[string]int{"gp3": 500, "io1": 50, "io2": 1000}
)

const (
	// mostThroughput is the provider's limit, in MiB/s, up to its version 6; EBS's is higher by now.
	mostThroughput = 1000
	// leastThroughput is what a gp3 begins with.
	leastThroughput = 125
	// iopsPerThroughput are the operations per second that gp3 wants for each MiB/s.
	iopsPerThroughput = 4
)

func (d DiskPlan) validate(path *field.Path, least int, types []string) (errs field.ErrorList) {
	if !slices.Contains(types, d.Type) {
		return field.ErrorList{field.NotSupported(path.Child("type"), d.Type, types)}
	}
	outside := func(key string, value, least, most int, unit string) {
		if value < least || value > most {
			errs = append(errs, kafka.Invalid(path.Child(key), value, fmt.Sprintf("is outside %d to %d%s for %s", least, most, unit, d.Type), "choose a value in between"))
		}
	}
	outside("sizeGiB", d.SizeGiB, max(least, leastSizes[d.Type]), diskSizes[d.Type], " GiB")
	bounds, provisioned := diskIOPS[d.Type]
	switch {
	case !provisioned && d.IOPS != 0:
		errs = append(errs, kafka.Forbidden(path.Child("iops"), d.Type+" has the operations that follow from its size", "remove it, or choose gp3"))
	case d.Type != "gp3" && provisioned && d.IOPS == 0:
		errs = append(errs, kafka.Missing(path.Child("iops"), d.Type+" is sold by its operations per second", "set them, or choose gp3"))
	case d.IOPS != 0:
		outside("iops", d.IOPS, bounds[0], min(bounds[1], max(bounds[0], iopsPerGiB[d.Type]*d.SizeGiB)), fmt.Sprintf(" at %d GiB", d.SizeGiB))
	}
	switch {
	case d.Throughput != 0 && d.Type != "gp3":
		errs = append(errs, kafka.Forbidden(path.Child("throughput"), "only gp3 has a throughput of its own", "remove it, or choose gp3"))
	case d.Throughput != 0:
		iops := max(d.IOPS, bounds[0])
		outside("throughput", d.Throughput, leastThroughput, min(mostThroughput, iops/iopsPerThroughput), fmt.Sprintf(" MiB/s at %d operations per second", iops))
	}
	if d.KMSKey != "" && !kmsKeyARN.MatchString(d.KMSKey) {
		errs = append(errs, kafka.Invalid(path.Child("kmsKey"), d.KMSKey, "is not the ARN of a KMS key", "give arn:aws:kms:<region>:<account>:key/<id>"))
	}
	return errs
}
