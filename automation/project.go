package automation

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

// project is a directory with a Pulumi.yaml.
type project struct {
	dir  string // absolute
	name string
	// shownDir is the directory as it was named, for messages.
	shownDir string
	// configDir is where the Pulumi.<stack>.yaml files are, below the project's directory.
	configDir string
	// backend is the URL that Pulumi.yaml sets, if any.
	backend string
	// defaults are the values Pulumi.yaml sets for every stack.
	defaults Configuration
}

type projectFile struct {
	Name           string `yaml:"name"`
	StackConfigDir string `yaml:"stackConfigDir"`
	Backend        struct {
		URL string `yaml:"url"`
	} `yaml:"backend"`
	Config map[string]yaml.Node `yaml:"config"`
}

type stackFile struct {
	Environment any                  `yaml:"environment"` // of Pulumi ESC
	Config      map[string]yaml.Node `yaml:"config"`
}

func openProject(shownDir string) (*project, error) {
	dir, err := filepath.Abs(shownDir)
	if err != nil {
		return nil, err
	}
	var file projectFile
	path := filepath.Join(dir, "Pulumi.yaml")
	if err := readYAML(path, &file); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &Error{
				Kind: KindConfiguration, Err: err,
				What: "no project here",
				Why:  "there is no Pulumi.yaml in " + dir,
				Next: "change to the directory of your project, or name it with --cwd",
			}
		}
		return nil, unreadable(path, err)
	}
	if file.Name == "" {
		return nil, unreadable(path, errors.New("it has no name"))
	}
	p := &project{dir: dir, shownDir: shownDir, name: file.Name, configDir: file.StackConfigDir, backend: file.Backend.URL}
	for key, node := range file.Config {
		file.Config[key] = projectDefault(node)
	}
	if p.defaults, err = parseConfiguration(file.Config, p.name); err != nil {
		return nil, unreadable(path, err)
	}
	return p, nil
}

// projectDefault finds the value in the long form of a project's setting, {type: …, default: …} or {value: …}. A
// setting with neither only declares the key.
func projectDefault(node yaml.Node) yaml.Node {
	var declared struct {
		Value   yaml.Node `yaml:"value"`
		Default yaml.Node `yaml:"default"`
	}
	if node.Kind != yaml.MappingNode || node.Decode(&declared) != nil {
		return node
	}
	if declared.Value.Kind != 0 {
		return declared.Value
	}
	return declared.Default
}

// configuration reads a stack's file over the project's defaults.
func (p *project) configuration(stack string) (Configuration, error) {
	path := p.stackPath(stack)
	var file stackFile
	if err := readYAML(path, &file); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &Error{
				Kind: KindConfiguration, Err: err,
				What: fmt.Sprintf("no configuration for stack %q", stack),
				Why:  "there is no " + p.shown(stack),
				Next: p.stackChoice(),
			}
		}
		return nil, unreadable(path, err)
	}
	if file.Environment != nil {
		return nil, &Error{
			Kind: KindConfiguration, Err: ErrEnvironment,
			What: "cannot read all of " + filepath.Base(path),
			Why:  ErrEnvironment.Error(),
			Next: "open it with the Pulumi CLI, which asks for them",
		}
	}
	own, err := parseConfiguration(file.Config, p.name)
	if err != nil {
		return nil, unreadable(path, err)
	}
	config := Configuration{}
	for key, value := range p.defaults {
		if value != nil {
			config[key] = value
		}
	}
	for key, value := range own {
		config[key] = value
	}
	return config, nil
}

func (p *project) stackPath(stack string) string {
	return filepath.Join(p.dir, p.configDir, "Pulumi."+stack+".yaml")
}

// shown is the path of a stack's file as the user may type it.
func (p *project) shown(stack string) string {
	return filepath.Join(p.shownDir, p.configDir, "Pulumi."+stack+".yaml")
}

// Stacks are the names of the stacks that have a file in a project's directory, sorted. There are none where there is no
// project.
func Stacks(dir string) []string {
	p, err := openProject(dir)
	if err != nil {
		return nil
	}
	return p.stacks()
}

// stacks are the names that have a file, sorted.
func (p *project) stacks() []string {
	files, _ := os.ReadDir(filepath.Join(p.dir, p.configDir))
	var names []string
	for _, file := range files {
		name, isStack := strings.CutPrefix(file.Name(), "Pulumi.")
		if name, isYAML := strings.CutSuffix(name, ".yaml"); isStack && isYAML {
			names = append(names, name)
		}
	}
	return names
}

func (p *project) stackChoice() string {
	names := p.stacks()
	if len(names) == 0 {
		return "write Pulumi.<stack>.yaml first: `kafkalink init` writes one, the repository's Pulumi.azure.yaml and Pulumi.aws.yaml show how"
	}
	return "choose with --stack one of: " + strings.Join(names, ", ")
}

// onlyStack is the stack of a project that has just one.
func (p *project) onlyStack() (string, error) {
	names := p.stacks()
	if len(names) == 1 {
		return names[0], nil
	}
	return "", &Error{
		Kind: KindConfiguration,
		What: "no stack chosen",
		Why:  fmt.Sprintf("%s has %d stacks", p.dir, len(names)),
		Next: p.stackChoice(),
	}
}

func readYAML(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return yaml.Unmarshal(text, into)
}

func unreadable(path string, err error) error {
	return &Error{
		Kind: KindConfiguration, Err: err,
		What: "cannot read " + filepath.Base(path),
		Why:  strings.TrimPrefix(err.Error(), "yaml: "),
		Next: "correct " + path,
	}
}
