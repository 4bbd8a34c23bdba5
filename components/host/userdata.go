package host

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// UserDataVersion numbers the frozen user-data. A change of user-data replaces every virtual machine:
// raise it, refresh the golden hashes, and say so in the CHANGELOG.
const UserDataVersion = 2

// UserData is the cloud-config a machine boots with, once. It prepares the machine and writes what the
// node is; it starts no Kafka and holds no secret. It fails on a Config that Validate refuses.
func UserData(m Machine) (string, error) {
	config := m.Config.WithDefaults()
	path := field.NewPath("hosts")
	findings := config.Validate(path)
	findings.Add(config.ValidateVersion(path, m.Cluster.Version))
	if err := findings.Err(); err != nil {
		return "", fmt.Errorf("user-data of node %d: %w", m.Node.ID, err)
	}
	d := distributions[config.Distribution]
	files := []writeFile{
		{identityPath, "0644", m.identity()},
		{"/etc/kafkalink/prepare.env", "0644", prepareSettings(config, d)},
		{librariesPath + "/prepare.sh", "0755", embeddedFile("scripts/prepare.sh")},
		{"/etc/systemd/system/kafka.service", "0644", embeddedFile("files/kafka.service")},
		{"/etc/systemd/journald.conf.d/kafkalink.conf", "0644", embeddedFile("files/journald.conf")},
	}
	return cloudConfig{
		Users: []any{"default", cloudUser{
			Name: "kafka", System: true, NoCreateHome: true, HomeDir: dataMountPoint,
			Shell: "/usr/sbin/nologin", LockPassword: true,
		}},
		WriteFiles: append(files, d.files...),
		RunCommand: [][]string{{"bash", librariesPath + "/prepare.sh"}},
	}.render(fmt.Sprintf("kafkalink user-data, version %d. Frozen: a change of it replaces the machine.", UserDataVersion))
}

// prepareSettings is prepare.env.
func prepareSettings(c Config, d distribution) string {
	var f shellFile
	f.comment("Where prepare.sh finds what the machine needs.")
	for _, software := range []struct {
		name   string
		source Source
	}{{"JAVA", c.Java}, {"KAFKA", c.Kafka}} {
		command, digest := software.source.checksum()
		f.set(software.name+"_FROM", software.source.From)
		f.set(software.name+"_PATH", software.source.Path)
		f.list(software.name+"_URLS", software.source.URLs())
		f.set(software.name+"_CHECKSUM", command)
		f.set(software.name+"_DIGEST", digest)
	}
	var packages []string
	for _, p := range d.packages {
		packages = append(packages, p.command+"="+p.packageName)
	}
	f.comment("Commands, and the packages that bring them where the image does not have them.")
	f.list("PACKAGES", packages)
	return f.String() + proxySettings(c.Proxy)
}
