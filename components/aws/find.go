package aws

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/resourcegroupstaggingapi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/rolling"
)

// query is how a resource is found: the data source to ask, with what of its inputs, and where the answer has its id.
type query struct {
	function string
	// same are arguments that are inputs of the resource by the same name; as are named otherwise, by input.
	same []string
	as   map[string]string
	// by are inputs that only filters narrow by, under AWS's name of the filter. A data source whose tags are an output of it
	// ignores them when they are given; it looks for them by a filter for each, which is "tag:" here.
	by map[string]string
	// filters go with them: an argument of the data source by itself.
	filters map[string][]string
	// id is the name of the result that is the resource's id, unless id is.
	id string
	// state is the result that tells whether it is finished, and finished what it says then.
	state, finished string
}

// byTags is the filter that stands for one of each tag.
const byTags = "tag:"

// queries are how AWS's resources of the components are found, by type token. Some have names of their own, the others
// are found by their tags, of which Name is no other's in the cluster.
var queries = map[string]query{
	"aws:ec2/vpc:Vpc":                         {function: "aws:ec2/getVpc:getVpc", same: tags, state: "state", finished: "available"},
	"aws:ec2/subnet:Subnet":                   {function: "aws:ec2/getSubnet:getSubnet", same: []string{"tags", "vpcId", "cidrBlock"}, state: "state", finished: "available"},
	"aws:ec2/internetGateway:InternetGateway": {function: "aws:ec2/getInternetGateway:getInternetGateway", same: tags, id: "internetGatewayId"},
	"aws:ec2/routeTable:RouteTable":           {function: "aws:ec2/getRouteTable:getRouteTable", same: []string{"tags", "vpcId"}, id: "routeTableId"},
	"aws:ec2/route:Route":                     {function: "aws:ec2/getRoute:getRoute", same: []string{"routeTableId", "destinationCidrBlock"}},
	"aws:ec2/eip:Eip":                         {function: "aws:ec2/getElasticIp:getElasticIp", same: tags},
	"aws:ec2/natGateway:NatGateway": {
		function: "aws:ec2/getNatGateway:getNatGateway", same: []string{"tags", "subnetId"},
		filters: map[string][]string{"state": {"pending", "available"}}, state: "state", finished: "available",
	},
	"aws:ec2/securityGroup:SecurityGroup": {function: "aws:ec2/getSecurityGroup:getSecurityGroup", same: []string{"name", "vpcId"}},
	"aws:ec2/networkInterface:NetworkInterface": {
		function: "aws:ec2/getNetworkInterface:getNetworkInterface",
		by:       map[string]string{byTags: "tags", "subnet-id": "subnetId", "addresses.private-ip-address": "privateIps"},
	},
	"aws:ec2/keyPair:KeyPair": {function: "aws:ec2/getKeyPair:getKeyPair", same: []string{"keyName"}, id: "keyName"},
	"aws:ec2/instance:Instance": {
		function: "aws:ec2/getInstance:getInstance", as: map[string]string{"tags": "instanceTags"},
		filters: map[string][]string{"instance-state-name": alive}, state: "instanceState", finished: "running",
	},
	"aws:ebs/volume:Volume": {
		function: "aws:ebs/getVolume:getVolume", by: map[string]string{byTags: "tags", "availability-zone": "availabilityZone"},
		filters: map[string][]string{"status": {"creating", "available", "in-use"}},
	},
	"aws:iam/role:Role":                                         {function: "aws:iam/getRole:getRole", same: []string{"name"}},
	"aws:iam/instanceProfile:InstanceProfile":                   {function: "aws:iam/getInstanceProfile:getInstanceProfile", same: []string{"name"}, id: "name"},
	"aws:ssm/document:Document":                                 {function: "aws:ssm/getDocument:getDocument", same: []string{"name"}, id: "name"},
	"aws:ssm/parameter:Parameter":                               {function: "aws:ssm/getParameter:getParameter", same: []string{"name"}, id: "name"},
	"aws:lb/loadBalancer:LoadBalancer":                          {function: "aws:lb/getLoadBalancer:getLoadBalancer", same: []string{"name"}, id: "arn"},
	"aws:lb/targetGroup:TargetGroup":                            {function: "aws:lb/getTargetGroup:getTargetGroup", same: []string{"name"}, id: "arn"},
	"aws:lb/listener:Listener":                                  {function: "aws:lb/getListener:getListener", same: []string{"loadBalancerArn", "port"}, id: "arn"},
	"aws:ec2/vpcEndpointService:VpcEndpointService":             {function: "aws:ec2/getVpcEndpointService:getVpcEndpointService", same: tags, id: "serviceId"},
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":   {function: "aws:vpc/getSecurityGroupRules:getSecurityGroupRules", same: tags, id: "ids"},
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {function: "aws:vpc/getSecurityGroupRules:getSecurityGroupRules", same: tags, id: "ids"},
}

var tags = []string{"tags"}

// madeAgain are resources of which another creation finds what the one before has made: nothing is to be looked up.
var madeAgain = []string{
	"aws:ec2/volumeAttachment:VolumeAttachment", "aws:iam/rolePolicy:RolePolicy", "aws:lb/targetGroupAttachment:TargetGroupAttachment",
}

// Find looks up a resource of the components by its type token and inputs. Nil: AWS does not have it, or will not mind its
// being made again.
func Find(ctx *pulumi.Context, token string, inputs map[string]any) (*rolling.Found, error) {
	if slices.Contains(madeAgain, token) {
		return nil, nil
	}
	switch token {
	case "aws:ec2/routeTableAssociation:RouteTableAssociation":
		return findRouteTableAssociation(ctx, inputs)
	case "aws:ssm/association:Association":
		return findAssociation(ctx, inputs)
	}
	q, known := queries[token]
	if !known {
		return nil, fmt.Errorf("how to find a %s in AWS is not known", token)
	}
	arguments, err := q.arguments(token, inputs)
	if err != nil {
		return nil, err
	}
	var result map[string]any
	err = ctx.Invoke(q.function, arguments, &result)
	switch {
	case Missing(err):
		return nil, nil
	case err != nil && several.MatchString(err.Error()):
		return nil, fmt.Errorf("there is more than one that could be it; delete those that are not in use, or take its tags from those that are another's: %w", err)
	case err != nil:
		return nil, fmt.Errorf("cannot be read; check that these credentials may: %w", err)
	}
	found, err := q.found(inputs, result)
	if found == nil || err != nil {
		return nil, err
	}
	if other := q.differences(inputs, result); other != nil {
		return nil, fmt.Errorf("%s is there in its place, and is not what was being created: %s; if it is another's, rename or delete it, or choose other names",
			found.ID, strings.Join(other, ", "))
	}
	return found, nil
}

// differences are what a result says otherwise of what it was looked up by. Of tags it may have more.
func (q query) differences(inputs, result map[string]any) []string {
	asked := slices.Concat(q.same, slices.Collect(maps.Keys(q.as)), slices.Collect(maps.Values(q.by)))
	slices.Sort(asked)
	var differences []string
	for _, name := range asked {
		answer, told := result[name]
		if !told { // a data source of several, which gives nothing but ids
			continue
		}
		differences = append(differences, compared(name, inputs[name], answer)...)
	}
	return differences
}

func compared(name string, asked, answer any) (differences []string) {
	if wanted, ok := asked.(map[string]any); ok {
		has, _ := answer.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(wanted)) {
			if _, tagged := has[key]; !tagged {
				differences = append(differences, fmt.Sprintf("%s.%s is missing", name, key))
			} else if has[key] != wanted[key] {
				differences = append(differences, fmt.Sprintf("%s.%s is %q, not %q", name, key, fmt.Sprint(has[key]), fmt.Sprint(wanted[key])))
			}
		}
		return differences
	}
	if fmt.Sprint(asked) != fmt.Sprint(answer) {
		return []string{fmt.Sprintf("%s is %q, not %q", name, fmt.Sprint(answer), fmt.Sprint(asked))}
	}
	return nil
}

func (q query) arguments(token string, inputs map[string]any) (map[string]any, error) {
	arguments := map[string]any{}
	for _, name := range q.same {
		arguments[name] = inputs[name]
	}
	for name, argument := range q.as {
		arguments[argument] = inputs[name]
	}
	for name, value := range arguments {
		if value == nil || value == "" {
			return nil, fmt.Errorf("a %s without %s cannot be found", token, name)
		}
	}
	filters, err := q.narrowing(token, inputs)
	if err != nil {
		return nil, err
	}
	if len(filters) > 0 {
		var all []any
		for _, name := range slices.Sorted(maps.Keys(filters)) {
			all = append(all, map[string]any{"name": name, "values": filters[name]})
		}
		arguments["filters"] = all
	}
	return arguments, nil
}

// narrowing are the filters by AWS's names of them.
func (q query) narrowing(token string, inputs map[string]any) (map[string][]string, error) {
	filters := maps.Clone(q.filters)
	if filters == nil {
		filters = map[string][]string{}
	}
	for filter, name := range q.by {
		narrows := false
		narrow := func(filter string, value any) {
			filters[filter], narrows = append(filters[filter], literal(value)), true
		}
		switch value := inputs[name].(type) {
		case map[string]any:
			for key, text := range value {
				narrow(filter+key, text)
			}
		case []any:
			for _, text := range value {
				narrow(filter, text)
			}
		case string:
			if value != "" {
				narrow(filter, value)
			}
		}
		if !narrows {
			return nil, fmt.Errorf("a %s without %s cannot be found", token, name)
		}
	}
	return filters, nil
}

// literal keeps a filter from taking * and ? for wildcards (EC2's "Filtering resources").
func literal(value any) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`).Replace(fmt.Sprint(value))
}

// found takes what was asked for, and beside it what AWS made up.
func (q query) found(inputs, result map[string]any) (*rolling.Found, error) {
	name := q.id
	if name == "" {
		name = "id"
	}
	id, _ := result[name].(string)
	if several, ok := result[name].([]any); ok { // a data source that finds any number
		switch len(several) {
		case 0:
			return nil, nil
		case 1:
			id, _ = several[0].(string)
		default:
			return nil, fmt.Errorf("there are %d of it; delete all but one", len(several))
		}
	}
	if id == "" {
		return nil, nil
	}
	found := &rolling.Found{ID: id, Outputs: map[string]any{}}
	for _, values := range []map[string]any{result, inputs} {
		maps.Copy(found.Outputs, values)
	}
	delete(found.Outputs, "filters")
	delete(found.Outputs, "__defaults")
	found.Outputs["id"] = id
	if state, told := result[q.state].(string); told && state != q.finished {
		found.Unfinished = "its state is " + state
	}
	return found, nil
}

// findAssociation looks for what brings a payload to a machine, by its tag: Systems Manager's associations have no data
// source of their own.
func findAssociation(ctx *pulumi.Context, inputs map[string]any) (*rolling.Found, error) {
	given, _ := inputs["tags"].(map[string]any)
	tag, _ := given[sendsTag].(string)
	found, err := resourcegroupstaggingapi.GetResources(ctx, &resourcegroupstaggingapi.GetResourcesArgs{
		ResourceTypeFilters: []string{"ssm"},
		TagFilters:          []resourcegroupstaggingapi.GetResourcesTagFilter{{Key: sendsTag, Values: []string{tag}}},
	})
	if err != nil {
		return nil, fmt.Errorf("cannot be found by its tag %s; check that these credentials may (tag:GetResources): %w", sendsTag, err)
	}
	var ids []any
	for _, r := range found.ResourceTagMappingLists {
		if _, id, is := strings.Cut(r.ResourceArn, ":association/"); is {
			ids = append(ids, id)
		}
	}
	return query{id: "ids"}.found(inputs, map[string]any{"ids": ids})
}

// findRouteTableAssociation looks whether a subnet is associated with the route table that it is to be.
func findRouteTableAssociation(ctx *pulumi.Context, inputs map[string]any) (*rolling.Found, error) {
	subnet, _ := inputs["subnetId"].(string)
	table, err := ec2.LookupRouteTable(ctx, &ec2.LookupRouteTableArgs{SubnetId: pulumi.StringRef(subnet)})
	switch {
	case Missing(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("cannot be read; check that these credentials may: %w", err)
	}
	for _, a := range table.Associations {
		if a.SubnetId == subnet && table.RouteTableId == inputs["routeTableId"] {
			outputs := maps.Clone(inputs)
			outputs["id"] = a.RouteTableAssociationId
			return &rolling.Found{ID: a.RouteTableAssociationId, Outputs: outputs}, nil
		}
	}
	return nil, nil
}

// Missing tells what is not there from what cannot be read. The provider gives no code, only text.
func Missing(err error) bool { return err != nil && notFound.MatchString(err.Error()) }

// several is what the provider says of more than one.
var several = regexp.MustCompile(`multiple .+ matched|returned more than one result|Search returned [1-9]\d* results|\d+ routes matched`)

// notFound is what the provider says of what is not there, and AWS's codes for it.
var notFound = regexp.MustCompile(`couldn't find resource|empty result|query returned no results|Search returned 0 results|no matching .* found|` +
	`No routes matching supplied arguments found|\b(InvalidDocument|ParameterNotFound|NoSuchEntity|[A-Za-z]+NotFound(Exception)?|Invalid[A-Za-z]+\.NotFound)\b`)
