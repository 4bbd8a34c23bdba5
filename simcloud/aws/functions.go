package aws

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// functions are the data sources: one that finds resources of a type for most types, and those that tell of the account.
func functions(account Account, cloud *simcloud.Cloud) []*simcloud.Function {
	served := []*simcloud.Function{
		{Token: "aws:index/getAvailabilityZones:getAvailabilityZones", Invoke: getAvailabilityZones(account)},
		{Token: "aws:index/getCallerIdentity:getCallerIdentity", Invoke: getCallerIdentity(account)},
		{Token: "aws:index/getRegion:getRegion", Invoke: getRegion},
		{Token: "aws:ec2/getAmi:getAmi", Invoke: getAmi},
		{Token: "aws:ec2/getInstanceType:getInstanceType", Invoke: getInstanceType},
		{Token: "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings", Invoke: getInstanceTypeOfferings(account)},
		{Token: "aws:iam/getPrincipalPolicySimulation:getPrincipalPolicySimulation", Invoke: getPrincipalPolicySimulation(account)},
		{Token: "aws:resourcegroupstaggingapi/getResources:getResources", Invoke: getResources(cloud)},
		{Token: "aws:servicequotas/getServiceQuota:getServiceQuota", Invoke: getServiceQuota(account)},
		{Token: "aws:ssm/getParameter:getParameter", Invoke: getParameter},
		{Token: "aws:vpc/getSecurityGroupRules:getSecurityGroupRules", Invoke: getSecurityGroupRules},
	}
	for _, t := range types(account) {
		if t.lookup != nil {
			served = append(served, t.function(cloud))
		}
		if lists[t.Token].function != "" {
			served = append(served, t.list(cloud))
		}
		if t.Token == tokenInstance {
			served = append(served, &simcloud.Function{Token: "aws:ec2/getInstances:getInstances", Invoke: getInstances(t, cloud)})
		}
	}
	return served
}

type invoke = func(simcloud.View, map[string]string, simcloud.Properties) (simcloud.Properties, error)

func getAvailabilityZones(account Account) invoke {
	return func(_ simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
		region := settings["region"]
		var names, ids []string
		for _, zone := range account.ZonesOf(region) {
			facts := simcloud.Properties{"zone-name": zone.Name, "zone-id": zone.ID, "state": "available", "region-name": region,
				"zone-type": "availability-zone", "opt-in-status": "opt-in-not-required", "group-name": region + "-zg-1"}
			passes, err := passesAll(facts, arguments.Objects("filters"))
			if err != nil {
				return nil, err
			}
			excluded := slices.Contains(arguments.Texts("excludeNames"), zone.Name) || slices.Contains(arguments.Texts("excludeZoneIds"), zone.ID)
			if state := arguments.Text("state"); passes && !excluded && (state == "" || state == "available") {
				names, ids = append(names, zone.Name), append(ids, zone.ID)
			}
		}
		return simcloud.Properties{"id": region, "names": texts(names), "zoneIds": texts(ids), "groupNames": []any{region + "-zg-1"}}, nil
	}
}

// passesAll compares filters with facts of the filters' own names.
func passesAll(facts simcloud.Properties, filters []simcloud.Properties) (bool, error) {
	for _, filter := range filters {
		name := filter.Text("name")
		fact, ok := facts[name]
		if !ok {
			return false, refuse("InvalidParameterValue", "The filter '%s' is invalid", name)
		}
		if !slices.ContainsFunc(filter.Texts("values"), func(value string) bool { return holdsFact(fact, value) }) {
			return false, nil
		}
	}
	return true, nil
}

func getCallerIdentity(account Account) invoke {
	return func(simcloud.View, map[string]string, simcloud.Properties) (simcloud.Properties, error) {
		return simcloud.Properties{"id": account.ID, "accountId": account.ID, "arn": callerARN(account), "userId": "AIDASIMULATED"}, nil
	}
}

func getRegion(_ simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
	region := settings["region"]
	if asked := arguments.Text("name"); asked != "" {
		region = asked
	}
	return simcloud.Properties{"id": region, "name": region, "description": region, "endpoint": "ec2." + region + ".amazonaws.com"}, nil
}

func getAmi(view simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
	name, err := regexp.Compile(arguments.Text("nameRegex"))
	if err != nil {
		return nil, fmt.Errorf("'nameRegex' is no regular expression: %w", err)
	}
	owners := arguments.Texts("owners")
	var found []Image
	for _, image := range images(view, settings["region"]) {
		owned := len(owners) == 0 || slices.Contains(owners, image.Owner) || image.Alias != "" && slices.Contains(owners, image.Alias) ||
			image.Owner == settings["accountId"] && slices.Contains(owners, "self")
		passes, err := passesAll(imageFacts(image), arguments.Objects("filters"))
		if err != nil {
			return nil, err
		}
		listed := !image.Deprecated || arguments.True("includeDeprecated")
		if owned && listed && passes && name.MatchString(image.Name) {
			found = append(found, image)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s", queryWords.none(""))
	}
	if len(found) > 1 && !arguments.True("mostRecent") {
		return nil, fmt.Errorf("%s", strings.TrimSuffix(queryWords.many("", len(found)), ".")+", or set `mostRecent` to true.")
	}
	return showImage(slices.MaxFunc(found, func(a, b Image) int { return strings.Compare(a.Created, b.Created) }), settings["region"]), nil
}

func imageFacts(image Image) simcloud.Properties {
	return simcloud.Properties{
		"image-id": image.ID, "name": image.Name, "architecture": image.Architecture, "owner-id": image.Owner, "owner-alias": image.Alias, "state": "available",
		"virtualization-type": "hvm", "root-device-type": "ebs", "root-device-name": image.RootDevice, "is-public": true, "image-type": "machine", "hypervisor": "xen", "ena-support": true,
		"creation-date": image.Created,
	}
}

func showImage(image Image, region string) simcloud.Properties {
	return simcloud.Properties{
		"id": image.ID, "imageId": image.ID, "name": image.Name, "arn": "arn:aws:ec2:" + region + "::image/" + image.ID, "architecture": image.Architecture, "ownerId": image.Owner,
		"imageOwnerAlias": image.Alias, "state": "available", "virtualizationType": "hvm", "rootDeviceType": "ebs", "rootDeviceName": image.RootDevice, "public": true, "imageType": "machine",
		"hypervisor": "xen", "enaSupport": true, "creationDate": image.Created, "blockDeviceMappings": []any{}, "productCodes": []any{}, "stateReason": map[string]any{}, "tags": map[string]any{},
	}
}

func getParameter(view simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
	name := arguments.Text("name")
	if image, ok := publicParameters[name]; ok {
		return simcloud.Properties{"id": name, "name": name, "type": "String", "value": imageID(settings["region"], image), "insecureValue": imageID(settings["region"], image), "version": 1.0,
			"arn": "arn:aws:ssm:" + settings["region"] + "::parameter" + name}, nil
	}
	r, ok := simcloud.GetOf(view, tokenParameter, parameterSpace+name)
	if !ok || regionOf(r) != settings["region"] {
		return nil, fmt.Errorf("reading SSM Parameter (%s): couldn't find resource", name)
	}
	result := simcloud.Properties{"id": name, "name": name, "type": r.Properties["type"], "value": valueOf(r), "version": r.Computed["version"], "arn": r.Computed["arn"]}
	if r.Properties.Text("type") != "SecureString" {
		result["insecureValue"] = valueOf(r)
	}
	return result, nil
}

var instanceFilters = map[string]string{
	"instance-id": "id", "vpc-id": "vpcId", "subnet-id": "subnetId", "network-interface.subnet-id": "subnetId", "availability-zone": "availabilityZone", "image-id": "ami", "instance-type": "instanceType",
	"instance-state-name": "instanceState", "private-ip-address": "privateIp", "ip-address": "publicIp", "key-name": "keyName", "instance.group-id": "vpcSecurityGroupIds", "owner-id": "ownerId",
	"network-interface.network-interface-id": "primaryNetworkInterfaceId",
}

func instanceFacts(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	return simcloud.Properties{"vpcId": vpcOf(view, subnetOf(view, r)), "ownerId": accountOf(r)}
}

// showInstance gives as lists what the resource has as objects.
func showInstance(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
	outputs := instanceOutputs(view, r)
	root := outputs.Object("rootBlockDevice")
	for name, value := range map[string]any{"kmsKeyId": "", "tags": map[string]any{}, "deviceName": "", "iops": 0.0, "throughput": 0.0} {
		root.Default(name, value)
	}
	shown := simcloud.Properties{
		"networkInterfaceId": outputs["primaryNetworkInterfaceId"], "rootBlockDevices": []any{map[string]any(root)},
		"metadataOptions":      []any{map[string]any(r.Properties.Object("metadataOptions"))},
		"creditSpecifications": []any{}, "enclaveOptions": []any{}, "maintenanceOptions": []any{}, "privateDnsNameOptions": []any{}, "ephemeralBlockDevices": []any{}, "ebsBlockDevices": []any{},
	}
	if !r.Properties.Has("networkInterfaces") {
		shown["networkInterfaceId"] = r.Computed["primaryNetworkInterfaceId"]
	}
	return shown
}

func getInstances(t awsType, cloud *simcloud.Cloud) invoke {
	return func(view simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
		asked := maps.Clone(arguments)
		states := asked.Texts("instanceStateNames")
		if len(states) == 0 {
			states = []string{"running"}
		}
		delete(asked, "instanceStateNames")
		found, err := t.find(cloud, view, settings, asked)
		if err != nil {
			return nil, err
		}
		var ids, private, public []string
		for _, r := range found {
			if slices.Contains(states, r.Computed.Text("instanceState")) {
				ids = append(ids, r.ID)
				private = append(private, privateAddressOf(view, r))
				if address := publicAddressOf(view, r); address != "" {
					public = append(public, address)
				}
			}
		}
		return simcloud.Properties{"id": settings["region"], "ids": texts(ids), "privateIps": texts(private), "publicIps": texts(public), "ipv6Addresses": []any{}}, nil
	}
}

// getSecurityGroupRules gives the ids of the rules, of whichever direction, that have some tags and pass the filters.
func getSecurityGroupRules(view simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
	var ids []string
	for _, r := range slices.Concat(view.List(tokenIngressRule), view.List(tokenEgressRule)) {
		passes, err := passesAll(simcloud.Properties{"group-id": r.Properties.Text("securityGroupId"), "security-group-rule-id": r.ID}, arguments.Objects("filters"))
		if err != nil {
			return nil, err
		}
		if passes && regionOf(r) == settings["region"] && tagged(r, arguments.Object("tags")) {
			ids = append(ids, r.ID)
		}
	}
	return simcloud.Properties{"id": settings["region"], "ids": texts(ids)}, nil
}
