package automation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

const (
	linksKey      = namespace + "links"
	uniqueNameKey = "uniqueName"
)

// Binding is a link with the unique name that its consumer has only after it has connected. Nothing of it is written yet.
type Binding struct {
	Stack   *Stack // with the name, for Preview and Up
	Changed bool   // whether the stack's file has it otherwise

	path          string
	before, after []byte
}

// Bind gives a link its unique name, without touching anything else in the stack's file. It fails unless the whole
// configuration is valid with the name, and the file can be edited.
func (s *Stack) Bind(link, uniqueName string) (*Binding, error) {
	refused := func(why, next string) (*Binding, error) {
		return nil, &Error{Kind: KindConfiguration, What: fmt.Sprintf("cannot bind link %q", link), Why: why, Next: next}
	}
	names := s.linkNames()
	at := slices.Index(names, link)
	switch {
	case len(names) == 0:
		return refused("the configuration has no links", "add one to "+s.project.shown(s.Identity.Stack))
	case at < 0:
		return refused("the configuration has no such link", "name one of: "+strings.Join(names, ", "))
	}
	configuration, before, err := s.withUniqueName(at, uniqueName)
	if err != nil {
		return nil, err
	}
	with := *s
	with.Configuration = configuration
	validation := with.Validate()
	if err := validation.Findings.Err(); err != nil {
		return nil, invalid(err, "correct the name, or "+validation.path)
	}
	b := &Binding{Stack: &with, Changed: before != uniqueName, path: s.project.stackPath(s.Identity.Stack)}
	if !b.Changed {
		return b, nil
	}
	if b.before, err = os.ReadFile(b.path); err != nil {
		return refused(err.Error(), "make "+b.path+" readable")
	}
	b.after, err = setUniqueName(b.before, link, uniqueName)
	if err == nil {
		err = s.sameAs(b.after, configuration)
	}
	if err != nil {
		return refused(err.Error(), fmt.Sprintf("set %s of that link to %q by hand, then run `%s`", uniqueNameKey, uniqueName, s.command("up")))
	}
	return b, nil
}

// Write puts the name into the stack's file, unless that has become another meanwhile.
func (b *Binding) Write() error {
	if !b.Changed {
		return nil
	}
	now, err := os.ReadFile(b.path)
	if err == nil && !bytes.Equal(now, b.before) {
		err = errors.New("it was changed meanwhile")
	}
	if err == nil {
		err = writeWhole(b.path, b.after)
	}
	if err != nil {
		return &Error{
			Kind: KindConfiguration, Err: err,
			What: "cannot write the unique name into " + b.path, Why: err.Error(), Next: "nothing was deployed: run it again",
		}
	}
	return nil
}

// Undo puts the stack's file back as it was before Write, when an Up could not begin. It tells whether it has, which it does not
// to a file that has become another meanwhile.
func (b *Binding) Undo() bool {
	now, err := os.ReadFile(b.path)
	return b.Changed && err == nil && bytes.Equal(now, b.after) && writeWhole(b.path, b.before) == nil
}

func (s *Stack) linkNames() (names []string) {
	links, _ := s.Configuration[linksKey].([]any)
	for _, l := range links {
		members, _ := l.(map[string]any)
		name, _ := members["name"].(string)
		names = append(names, name)
	}
	return names
}

// withUniqueName is the configuration with a link's unique name, and the one it had.
func (s *Stack) withUniqueName(link int, name string) (with Configuration, before string, err error) {
	text, err := json.Marshal(s.Configuration)
	if err != nil {
		return nil, "", err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&with); err != nil {
		return nil, "", err
	}
	for key := range with {
		with[key] = numbers(with[key])
	}
	members := with[linksKey].([]any)[link].(map[string]any)
	before, _ = members[uniqueNameKey].(string)
	members[uniqueNameKey] = name
	return with, before, nil
}

// sameAs makes sure that an edited file says what is meant.
func (s *Stack) sameAs(edited []byte, wanted Configuration) error {
	var file stackFile
	if err := yaml.Unmarshal(edited, &file); err != nil {
		return err
	}
	own, err := parseConfiguration(file.Config, s.project.name)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(own[linksKey], wanted[linksKey]) {
		return errors.New("the file is written in a way that cannot be edited safely")
	}
	return nil
}

// setUniqueName edits the text of a stack's file: the value that is there, or a line or member after the link's name.
func setUniqueName(text []byte, link, name string) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	members := findLink(&document, link)
	if members == nil {
		return nil, errors.New("the file does not list the link itself")
	}
	written, err := yaml.Marshal(name) // in quotes where it would be taken for a number
	if err != nil {
		return nil, err
	}
	name = strings.TrimSuffix(string(written), "\n")
	lines := strings.SplitAfter(string(text), "\n")
	if old := member(members, uniqueNameKey); old != nil {
		return replaceScalar(lines, old, name)
	}
	linkName := member(members, "name")
	if members.Style&yaml.FlowStyle != 0 {
		return replaceScalar(lines, linkName, link+", "+uniqueNameKey+": "+name)
	}
	if !strings.HasSuffix(lines[linkName.Line-1], "\n") {
		lines[linkName.Line-1] += "\n"
	}
	indent := strings.Repeat(" ", members.Content[0].Column-1)
	return []byte(strings.Join(slices.Insert(lines, linkName.Line, indent+uniqueNameKey+": "+name+"\n"), "")), nil
}

// findLink is the mapping of a link in a stack's file, or nil.
func findLink(document *yaml.Node, link string) *yaml.Node {
	if len(document.Content) == 0 {
		return nil
	}
	config := member(document.Content[0], "config")
	if config == nil {
		return nil
	}
	links := member(config, linksKey)
	if links == nil {
		return nil
	}
	for _, l := range links.Content {
		if name := member(l, "name"); name != nil && name.Value == link {
			return l
		}
	}
	return nil
}

// member is the value of a key of a mapping, or nil.
func member(mapping *yaml.Node, key string) *yaml.Node {
	if mapping.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// replaceScalar writes a text in the place of a scalar that stands on one line as it is, plain or in quotes.
func replaceScalar(lines []string, old *yaml.Node, text string) ([]byte, error) {
	line := []rune(lines[old.Line-1])
	from := old.Column - 1
	for _, quote := range []string{"", `"`, "'"} {
		raw := []rune(quote + old.Value + quote)
		if to := from + len(raw); to <= len(line) && len(raw) > 0 && string(line[from:to]) == string(raw) {
			lines[old.Line-1] = string(line[:from]) + text + string(line[to:])
			return []byte(strings.Join(lines, "")), nil
		}
	}
	return nil, errors.New("the file is written in a way that cannot be edited safely")
}

// writeWhole replaces a file at once: whoever reads it finds the old text or the new one.
func writeWhole(path string, text []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // of what failed
	_, err = file.Write(text)
	if err = errors.Join(err, file.Chmod(info.Mode()), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
