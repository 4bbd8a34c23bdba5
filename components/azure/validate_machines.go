package azure

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kafkalink/kafkalink/components/kafka"
	"github.com/kafkalink/kafkalink/components/sshkey"
)

var (
	sizePattern          = regexp.MustCompile(`^Standard_[A-Z]+[0-9]+[A-Za-z0-9_-]*$`)
	imagePart            = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	userPattern          = regexp.MustCompile(`^[a-z_][a-z0-9_-]{0,31}$`)
	encryptionSetPattern = regexp.MustCompile(`(?i)^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Compute/diskEncryptionSets/[^/]+$`)

	// diskSKUs leaves out what a disk in its machine's zone cannot be (ZRS), and what a machine must be made for (Ultra).
	diskSKUs = []string{"Premium_LRS", "PremiumV2_LRS", "StandardSSD_LRS", "Standard_LRS"}
	// osDiskSKUs leaves out the kinds Azure does not boot from.
	osDiskSKUs = []string{"Premium_LRS", "StandardSSD_LRS", "Standard_LRS"}
	// reservedUsers are refused by Azure as administrator names.
	reservedUsers = []string{"root", "admin", "administrator", "user", "test", "guest", "owner", "adm", "console", "backup", "sys", "server", "sql", "support"}
)

// Validate returns every problem of a plan that has its defaults, for the zones that the cluster asks for.
func (p MachinePlan) Validate(path *field.Path, cluster kafka.Spec) kafka.Findings {
	var f kafka.Findings
	fail := func(path *field.Path, value any, rule, remedy string) {
		f.Errors = append(f.Errors, kafka.Invalid(path, value, rule, remedy))
	}
	f.Errors = append(f.Errors, machineRule.CheckMachines(path, p.Machines)...)
	if !sizePattern.MatchString(p.Size) {
		fail(path.Child("size"), p.Size, "is not an Azure virtual machine size", "write one like Standard_D2s_v3")
	}
	f.Errors = append(f.Errors, checkImage(path.Child("image"), p.Image)...)
	if !userPattern.MatchString(p.AdminUser) {
		fail(path.Child("adminUser"), p.AdminUser, "is not a Linux user name", "use at most 32 lower-case letters, digits, _ and -, starting with a letter")
	} else if slices.Contains(reservedUsers, p.AdminUser) {
		fail(path.Child("adminUser"), p.AdminUser, "is a name Azure refuses for administrators", "choose another, such as azureuser")
	}
	f.Errors = append(f.Errors, checkPublicKey(path.Child("adminPublicKey"), p.AdminPublicKey)...)
	f.Errors = append(f.Errors, p.OSDisk.validate(path.Child("osDisk"), 30, 4095, osDiskSKUs)...)
	f.Errors = append(f.Errors, p.DataDisk.validate(path.Child("dataDisk"), 4, 32767, diskSKUs)...)
	if p.DataDisk.SKU == "PremiumV2_LRS" && len(cluster.Zones) == 0 && len(cluster.Nodes) == 0 {
		fail(path.Child("dataDisk", "sku"), p.DataDisk.SKU, "is sold only in availability zones", "set cluster.zones, or choose Premium_LRS")
	}
	return f
}

func checkImage(path *field.Path, image string) field.ErrorList {
	parts := strings.Split(image, ":")
	malformed := func(part string) bool { return !imagePart.MatchString(part) }
	if len(parts) != 4 || slices.ContainsFunc(parts, malformed) {
		return field.ErrorList{kafka.Invalid(path, image, "is not publisher:offer:sku:version", "write one like "+DefaultImage)}
	}
	return nil
}

func (d DiskPlan) validate(path *field.Path, least, most int, skus []string) (errs field.ErrorList) {
	if d.SizeGiB < least || d.SizeGiB > most {
		errs = append(errs, kafka.Invalid(path.Child("sizeGiB"), d.SizeGiB, "is outside "+strconv.Itoa(least)+" to "+strconv.Itoa(most)+" GiB", "choose a size in between"))
	}
	if !slices.Contains(skus, d.SKU) {
		errs = append(errs, field.NotSupported(path.Child("sku"), d.SKU, skus))
	}
	if d.EncryptionSet != "" && !encryptionSetPattern.MatchString(d.EncryptionSet) {
		errs = append(errs, kafka.Invalid(path.Child("encryptionSet"), d.EncryptionSet, "is not the resource id of a disk encryption set", "give /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Compute/diskEncryptionSets/<name>"))
	}
	return errs
}

// checkPublicKey wants a key: Azure makes no Linux machine without a way to log in.
func checkPublicKey(path *field.Path, text string) field.ErrorList {
	if text == "" {
		return field.ErrorList{kafka.Missing(path, "Azure makes no Linux machine without a password or an SSH public key, and we set no passwords", "paste the contents of your key's .pub file")}
	}
	return sshkey.CheckPublic(path, text, "Azure")
}
