package aws

import "github.com/kafkalink/kafkalink/simcloud"

// callerARN is who asks.
func callerARN(account Account) string { return "arn:aws:iam::" + account.ID + ":user/simulated" }

// getPrincipalPolicySimulation allows everything to the one who asks, as the simulation does.
func getPrincipalPolicySimulation(account Account) invoke {
	return func(_ simcloud.View, _ map[string]string, arguments simcloud.Properties) (simcloud.Properties, error) {
		caller := arguments.Text("policySourceArn")
		if caller != callerARN(account) {
			return nil, limit("Policies of %s cannot be simulated, only those of %s", caller, callerARN(account))
		}
		resources := arguments.Texts("resourceArns")
		if len(resources) == 0 {
			resources = []string{"*"}
		}
		results := []any{}
		for _, action := range arguments.Texts("actionNames") {
			for _, resource := range resources {
				results = append(results, map[string]any{
					"actionName": action, "allowed": true, "decision": "allowed", "decisionDetails": map[string]any{},
					"matchedStatements": []any{}, "missingContextKeys": []any{}, "resourceArn": resource,
				})
			}
		}
		return simcloud.Properties{"id": "-", "allAllowed": true, "results": results}, nil
	}
}
