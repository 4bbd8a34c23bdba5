package aws

import (
	"fmt"

	"github.com/kafkalink/kafkalink/simcloud"
)

type serviceQuota struct {
	service, code, name string
	value               float64
}

// serviceQuotas are those that the simulation tells of. It holds nobody to them.
var serviceQuotas = []serviceQuota{
	{"ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", 5},
	{"ec2", "L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 64},
	{"elasticloadbalancing", "L-69A177A2", "Network Load Balancers per Region", 50},
	{"vpc", "L-F678F1CE", "VPCs per Region", 5},
	{"vpc", "L-FE5A380F", "NAT gateways per Availability Zone", 5},
}

func getServiceQuota(account Account) invoke {
	return func(_ simcloud.View, settings map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
		service, code, name := arguments.Text("serviceCode"), arguments.Text("quotaCode"), arguments.Text("quotaName")
		if (code == "") == (name == "") {
			return nil, fmt.Errorf("exactly one of 'quotaCode', 'quotaName' must be specified")
		}
		for _, q := range serviceQuotas {
			if q.service != service || q.code != code && q.name != name {
				continue
			}
			arn := "arn:aws:servicequotas:" + settings["region"] + ":" + account.ID + ":" + service + "/" + q.code
			return simcloud.Properties{
				"id": arn, "arn": arn, "serviceCode": service, "quotaCode": q.code, "quotaName": q.name, "value": q.value, "defaultValue": q.value,
				"adjustable": true, "globalQuota": false, "usageMetrics": []any{},
			}, nil
		}
		return nil, fmt.Errorf("getting Default Service Quota for (%s/%s): couldn't find resource", service, code+name)
	}
}
