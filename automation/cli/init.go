package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/tools/txtar"

	"github.com/kafkalink/kafkalink/automation"
)

// written is the JSON document of init.
type written struct {
	Files []string `json:"files"`
}

// schemaFile is beside the stack's file, for editors.
const schemaFile = "kafkalink.schema.json"

func initialize(a *app) *cobra.Command {
	var cloud, name string
	command := &cobra.Command{
		Use:   "init",
		Short: "Write a project of your own: a Go program of a few lines, and a stack's file with comments",
		RunE: func(*cobra.Command, []string) error {
			files, err := a.newProject(cloud, name)
			if err != nil {
				return err
			}
			return a.writeProject(files)
		},
	}
	a.cloudFlag(command, &cloud)
	command.Flags().StringVar(&name, "name", "", "the project's name; default: the directory's")
	return command
}

// clouds are those of the programs, in their order.
func (a *app) clouds() []string {
	names := make([]string, 0, len(a.options.Programs))
	for _, program := range a.options.Programs {
		names = append(names, program.Cloud)
	}
	return names
}

// cloudFlag lets a command that needs no stack be told the cloud, where there are several.
func (a *app) cloudFlag(command *cobra.Command, cloud *string) {
	var only string
	if clouds := a.clouds(); len(clouds) == 1 {
		only = clouds[0]
	}
	command.Flags().StringVar(cloud, "cloud", only, "the cloud: "+strings.Join(a.clouds(), ", "))
}

// program is that of a cloud.
func (a *app) program(cloud string) (automation.Program, error) {
	if cloud == "" {
		return automation.Program{}, usage("which cloud is not said", "take one of: --cloud "+strings.Join(a.clouds(), ", --cloud "))
	}
	at := slices.Index(a.clouds(), cloud)
	if at < 0 {
		return automation.Program{}, usage(fmt.Sprintf("--cloud %s is not known", cloud), "take one of: "+strings.Join(a.clouds(), ", "))
	}
	return a.options.Programs[at], nil
}

// projectName is what both Pulumi and Go take as a name.
var projectName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// newProject is what init writes.
func (a *app) newProject(cloud, name string) ([]txtar.File, error) {
	program, err := a.program(cloud)
	if err != nil {
		return nil, err
	}
	if name == "" {
		dir, err := filepath.Abs(a.flags.dir)
		if err != nil {
			return nil, err
		}
		name = filepath.Base(dir)
	}
	if !projectName.MatchString(name) {
		return nil, usage(fmt.Sprintf("%q cannot be a project's name", name),
			"give one with --name: letters, digits, hyphens and underscores, the first a letter")
	}
	stack := path.Base(a.stackOptions().Stack) // the file has no organization in its name
	if stack == "." {
		stack = "dev"
	}
	fill := strings.NewReplacer("${PROJECT}", name, "${DESCRIPTION}", "Apache Kafka, exposed to another account through private connectivity")
	var files []txtar.File
	for _, f := range txtar.Parse(program.Template).Files {
		if f.Name == "Pulumi.dev.yaml" {
			f.Name = "Pulumi." + stack + ".yaml"
		}
		files = append(files, txtar.File{Name: f.Name, Data: []byte(fill.Replace(string(f.Data)))})
	}
	return append(files, txtar.File{Name: schemaFile, Data: program.Schema}), nil
}

// writeProject writes all files or, where one is there already, none.
func (a *app) writeProject(files []txtar.File) error {
	var there, names []string
	for _, f := range files {
		names = append(names, f.Name)
		if _, err := os.Lstat(filepath.Join(a.flags.dir, f.Name)); !errors.Is(err, fs.ErrNotExist) {
			there = append(there, f.Name)
		}
	}
	if len(there) > 0 {
		return &automation.Error{
			Kind: automation.KindConfiguration,
			What: "nothing was written",
			Why:  "already there: " + strings.Join(there, ", "),
			Next: "choose an empty directory with --cwd, or remove them",
		}
	}
	if err := os.MkdirAll(a.flags.dir, 0o755); err != nil {
		return unwritten(err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(a.flags.dir, f.Name), f.Data, 0o644); err != nil {
			return unwritten(err)
		}
	}
	if a.flags.json {
		return a.document(written{Files: names})
	}
	for _, name := range names {
		a.say("%s wrote %s", a.paint(a.talk()).good("✓"), filepath.Join(a.flags.dir, name))
	}
	a.say("\n%s change what is marked CHANGE, fetch the modules with `go mod tidy`, then %s",
		a.paint(a.talk()).strong("Next:"), a.command("validate"))
	return nil
}

func unwritten(err error) error {
	return &automation.Error{
		Kind: automation.KindConfiguration, Err: err,
		What: "the project cannot be written", Why: err.Error(), Next: "choose another directory with --cwd",
	}
}
