package aws

import "github.com/kafkalink/kafkalink/simcloud"

// lists are the data sources that find any number of resources of a type, and what they show of them, with what of a resource.
var lists = map[string]struct {
	function string
	shows    map[string]string
}{
	tokenVpc:          {"aws:ec2/getVpcs:getVpcs", map[string]string{"ids": "id"}},
	tokenEip:          {"aws:ec2/getEips:getEips", map[string]string{"allocationIds": "id", "publicIps": "publicIp"}},
	tokenNatGateway:   {"aws:ec2/getNatGateways:getNatGateways", map[string]string{"ids": "id"}},
	tokenLoadBalancer: {"aws:lb/getLbs:getLbs", map[string]string{"arns": "id"}},
}

// list serves the data source that finds all of a type.
func (t awsType) list(cloud *simcloud.Cloud) *simcloud.Function {
	return &simcloud.Function{Token: lists[t.Token].function, Invoke: func(view simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
		found, err := t.find(cloud, view, settings, arguments)
		if err != nil {
			return nil, err
		}
		result := simcloud.Properties{"id": settings["region"]}
		for name, of := range lists[t.Token].shows {
			shown := []string{}
			for _, r := range found {
				shown = append(shown, t.facts(cloud, view, r).Text(of))
			}
			result[name] = texts(shown)
		}
		return result, nil
	}}
}
