package host

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// cloudConfig is the part of cloud-init's cloud-config that a host uses.
// https://cloudinit.readthedocs.io/en/22.4.2/topics/modules.html
type cloudConfig struct {
	Users      []any       `yaml:"users"` // "default" or cloudUser
	WriteFiles []writeFile `yaml:"write_files"`
	RunCommand [][]string  `yaml:"runcmd"`
}

type cloudUser struct {
	Name         string `yaml:"name"`
	System       bool   `yaml:"system"`
	NoCreateHome bool   `yaml:"no_create_home"`
	HomeDir      string `yaml:"homedir"`
	Shell        string `yaml:"shell"`
	LockPassword bool   `yaml:"lock_passwd"`
}

type writeFile struct {
	Path        string `yaml:"path"`
	Permissions string `yaml:"permissions"`
	Content     string `yaml:"content"`
}

// render is the document with the first line by which cloud-init knows it.
func (c cloudConfig) render(comment string) (string, error) {
	var text strings.Builder
	text.WriteString("#cloud-config\n# " + comment + "\n")
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(c); err != nil {
		return "", err
	}
	if err := encoder.Close(); err != nil {
		return "", err
	}
	return text.String(), nil
}
