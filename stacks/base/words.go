package base

import (
	"regexp"
	"slices"
	"strconv"
)

// Words say things of resources by their names.
type Words []word

type word struct {
	pattern *regexp.Regexp
	text    string
}

// NewWords takes patterns of whole names, each followed by what is said, in which $1 and $2 are the pattern's groups.
func NewWords(patternsAndTexts ...string) (w Words) {
	for pair := range slices.Chunk(patternsAndTexts, 2) {
		w = append(w, word{regexp.MustCompile("^" + pair[0] + "$"), pair[1]})
	}
	return w
}

// Of is what is said of a resource by the first pattern that matches, or "".
func (w Words) Of(name string) string {
	for _, word := range w {
		if m := word.pattern.FindStringSubmatchIndex(name); m != nil {
			return string(word.pattern.ExpandString(nil, word.text, name, m))
		}
	}
	return ""
}

// nodePart matches the names of the resources of one node.
var nodePart = regexp.MustCompile(`^brokers-(\d+)-(.+)$`)

// tag matches the path of a tag, of a resource or of something in it.
var tag = regexp.MustCompile(`(^|\.)tags(\.|\[|$)`)

// Restarts is the node that may be out for a while when the named properties of a resource change, if that is one of the
// parts of a node that take it out. Tags alone take nobody out.
func Restarts(name string, changed, parts []string) (node int, ok bool) {
	m := nodePart.FindStringSubmatch(name)
	if m == nil || !slices.Contains(parts, m[2]) {
		return 0, false
	}
	if len(changed) > 0 && !slices.ContainsFunc(changed, func(path string) bool { return !tag.MatchString(path) }) {
		return 0, false
	}
	node, err := strconv.Atoi(m[1])
	return node, err == nil
}

// Steps are the parts of a chain, which are alike on every cloud.
var Steps = NewWords(
	`brokers-guard`, "whether the cluster can spare a node",
	`brokers-(\d+)-configuration`, "configuration of node $1",
	`brokers-(\d+)-cluster-ready`, "whole cluster in sync",
)

// LetGo is how a protected resource is meant to be taken out of the configuration: the data disk of a node, the endpoint
// service of a link.
var LetGo = NewWords(
	`brokers-(\d+)-data`, "move the partitions of node $1 away, with it still configured add it to operator.retire, up, then take it out",
	`link-(.+)-service`, "disconnect its consumers, with it still configured add $1 to operator.retireEndpoints, up, then take it out",
)
