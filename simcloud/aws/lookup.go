package aws

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// lookup is a data source that finds one resource of a type.
type lookup struct {
	function string
	what     string // "EC2 Subnet"
	// arguments are compared with outputs or facts, which they name; ignores make no difference, tags among them where they
	// are nothing but an output.
	arguments map[string]string
	ignores   []string
	// filters are AWS's names of what can be filtered by, with the outputs or facts they are of.
	filters map[string]string
	// facts are what is asked for besides outputs.
	facts func(simcloud.View, *simcloud.Resource) simcloud.Properties
	// show are results besides outputs and facts, or in place of them.
	show  func(simcloud.View, *simcloud.Resource) simcloud.Properties
	words words
	// none and many are what is said of none and of several found where that depends on the arguments.
	none func(view simcloud.View, arguments simcloud.Properties) string
	many func(arguments simcloud.Properties, count int) string
	// newest is the output by which mostRecent chooses among several; empty: there is no such argument.
	newest string
}

// words are what a data source says that has not found exactly one.
type words struct {
	none func(what string) string
	many func(what string, count int) string
}

var singularWords = words{
	none: func(what string) string { return fmt.Sprintf("no matching %s found", what) },
	many: func(what string, _ int) string {
		return fmt.Sprintf("multiple %ss matched; use additional constraints to reduce matches to a single %s", what, what)
	},
}

var queryWords = words{
	none: func(string) string {
		return "Your query returned no results. Please change your search criteria and try again."
	},
	many: func(string, int) string {
		return "Your query returned more than one result. Please try a more specific search criteria."
	},
}

// tagArguments are the arguments that are compared with a resource's tags.
var tagArguments = []string{"tags", "instanceTags"}

func (t awsType) function(cloud *simcloud.Cloud) *simcloud.Function {
	return &simcloud.Function{Token: t.lookup.function, Invoke: func(view simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
		found, err := t.find(cloud, view, settings, arguments)
		if err != nil {
			return nil, err
		}
		said := t.lookup.words
		if said.none == nil {
			said = singularWords
		}
		if arguments.True("mostRecent") && t.lookup.newest != "" && len(found) > 1 {
			found = []*simcloud.Resource{slices.MaxFunc(found, func(a, b *simcloud.Resource) int {
				return strings.Compare(a.Computed.Text(t.lookup.newest), b.Computed.Text(t.lookup.newest))
			})}
		}
		switch {
		case len(found) == 0 && t.lookup.none != nil:
			return nil, fmt.Errorf("%s", t.lookup.none(view, arguments))
		case len(found) == 0:
			return nil, fmt.Errorf("%s", said.none(t.lookup.what))
		case len(found) > 1 && t.lookup.many != nil:
			return nil, fmt.Errorf("%s", t.lookup.many(arguments, len(found)))
		case len(found) > 1:
			return nil, fmt.Errorf("%s", said.many(t.lookup.what, len(found)))
		}
		return t.result(cloud, view, found[0]), nil
	}}
}

// find gives the resources of the region that agree with all arguments.
func (t awsType) find(cloud *simcloud.Cloud, view simcloud.View, settings map[string]string, arguments simcloud.Properties) ([]*simcloud.Resource, error) {
	var found []*simcloud.Resource
	for _, r := range view.List(t.Token) {
		if region := regionOf(r); region != settings["region"] && t.service != "IAM" {
			continue
		}
		agrees, err := t.agrees(t.facts(cloud, view, r), r, arguments)
		if err != nil {
			return nil, err
		}
		if agrees {
			found = append(found, r)
		}
	}
	return found, nil
}

// facts are all that can be asked of a resource.
func (t awsType) facts(cloud *simcloud.Cloud, view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	facts := cloud.Show(view, r)
	facts["id"] = strings.TrimPrefix(r.ID, t.Namespace)
	if t.lookup.facts != nil {
		maps.Copy(facts, t.lookup.facts(view, r))
	}
	return facts
}

func (t awsType) result(cloud *simcloud.Cloud, view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	result := t.facts(cloud, view, r)
	result["tags"] = r.Properties.Object("tags")
	if t.lookup.show != nil {
		maps.Copy(result, t.lookup.show(view, r))
	}
	return result
}

func (t awsType) agrees(facts simcloud.Properties, r *simcloud.Resource, arguments simcloud.Properties) (bool, error) {
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		agrees := true
		fact, compared := t.lookup.arguments[name]
		switch {
		case compared:
			agrees = holdsFact(facts.Get(fact), fmt.Sprint(arguments[name]))
		case name == "filters":
			var err error
			if agrees, err = t.passes(facts, r, arguments.Objects(name)); err != nil {
				return false, err
			}
		case slices.Contains(t.lookup.ignores, name):
		case slices.Contains(tagArguments, name):
			agrees = tagged(r, arguments.Object(name))
		case name != "mostRecent" && name != "getUserData" && name != "getPasswordData" && name != "includePublicKey":
			agrees = false
		}
		if !agrees {
			return false, nil
		}
	}
	return true, nil
}

// passes says whether facts pass all filters: of each, one value matches, with * and ?.
func (t awsType) passes(facts simcloud.Properties, r *simcloud.Resource, filters []simcloud.Properties) (bool, error) {
	for _, filter := range filters {
		name := filter.Text("name")
		var fact any
		if tag, ok := strings.CutPrefix(name, "tag:"); ok {
			fact = r.Properties.Object("tags")[tag]
		} else if name == "tag-key" {
			fact = texts(slices.Sorted(maps.Keys(r.Properties.Object("tags"))))
		} else if path, ok := t.lookup.filters[name]; ok {
			fact = facts.Get(path)
		} else {
			return false, refuse("InvalidParameterValue", "The filter '%s' is invalid", name)
		}
		if !slices.ContainsFunc(filter.Texts("values"), func(value string) bool { return holdsFact(fact, value) }) {
			return false, nil
		}
	}
	return true, nil
}

// holdsFact says whether a fact, or one of a list of facts, matches a pattern.
func holdsFact(fact any, pattern string) bool {
	if list, ok := fact.([]any); ok {
		return slices.ContainsFunc(list, func(item any) bool { return wild(pattern, fmt.Sprint(item)) })
	}
	return fact != nil && wild(pattern, fmt.Sprint(fact))
}

func tagged(r *simcloud.Resource, tags simcloud.Properties) bool {
	has := r.Properties.Object("tags")
	for name, value := range tags {
		if has[name] != value {
			return false
		}
	}
	return true
}
