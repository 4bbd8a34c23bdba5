package aws_test

import (
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
)

// mutateGone makes a resource vanish.
func mutateGone(name string) func(*setup) error {
	return mutate(func(s *setup, world *simcloud.World) error {
		world.Delete(s.By[name].ID)
		return nil
	})
}

// accessRefusals are refusals of roles, policies and profiles.
func accessRefusals() map[string]situation {
	long := written(Map{"Statement": list{Map{"Effect": "Allow", "Action": strings.Repeat("x", 10300), "Resource": "*"}}})
	return map[string]situation{
		"a role's name taken":             {create("Role", plain(role("broker"))), "creating IAM Role: operation error IAM: CreateRole, api error EntityAlreadyExists: Role with name broker already exists."},
		"a role that trusts nobody":       {create("Role", plain(with(role("x"), "assumeRolePolicy", `{"Statement":[]}`))), "creating IAM Role: operation error IAM: CreateRole, api error MalformedPolicyDocument: The trust policy must have a statement with a principal and an action"},
		"a role's unknown policy":         {create("Role", plain(with(role("x"), "managedPolicyArns", list{"arn:aws:iam::123456789012:policy/mine"}))), "creating IAM Role: operation error IAM: CreateRole, api error NoSuchEntity: Policy arn:aws:iam::123456789012:policy/mine does not exist or is not attachable."},
		"a role with too much inline":     {create("Role", plain(with(role("x"), "inlinePolicies", list{Map{"name": "long", "policy": long}}))), "creating IAM Role: operation error IAM: CreateRole, api error LimitExceeded: Maximum policy size of 10240 bytes exceeded for role x"},
		"a role with policies":            {remove("role"), "deleting IAM Role (broker): operation error IAM: DeleteRole, api error DeleteConflict: Cannot delete entity, must delete policies first."},
		"a policy of no role":             {create("RolePolicy", but(of("policy"), "role", "nobody")), "creating IAM Role Policy: operation error IAM: PutRolePolicy, api error NoSuchEntity: The role with name nobody cannot be found."},
		"a policy too long":               {create("RolePolicy", but(but(of("policy"), "name", "long"), "policy", long)), "creating IAM Role Policy: operation error IAM: PutRolePolicy, api error LimitExceeded: Maximum policy size of 10240 bytes exceeded for role broker"},
		"a profile's name taken":          {create("InstanceProfile", of("profile")), "creating IAM Instance Profile: operation error IAM: CreateInstanceProfile, api error EntityAlreadyExists: Instance Profile broker already exists."},
		"a profile of no role":            {create("InstanceProfile", plain(Map{"name": "x", "role": "nobody"})), "creating IAM Instance Profile: operation error IAM: CreateInstanceProfile, api error NoSuchEntity: The role with name nobody cannot be found."},
		"a profile that an instance uses": {remove("profile"), "deleting IAM Instance Profile (broker): operation error IAM: DeleteInstanceProfile, api error SimulatedCloudLimit: Instance profile broker is that of <broker1>: AWS deletes it, and the instance loses its role."},
	}
}

// managerRefusals are refusals of Systems Manager.
func managerRefusals() map[string]situation {
	document, configure := plain(with(document(), "name", "other")), of("configure1")
	withContent := func(value Map) inputs { return but(document, "content", written(value)) }
	step := func(m Map) Map { return Map{"schemaVersion": "2.2", "mainSteps": list{m}} }
	put := func(name, value string, overwrite bool) func(*setup) error {
		return func(s *setup) error { return aws.PutParameter(s.Server, s.By["broker1"].ID, name, value, overwrite) }
	}
	parameter := plain(Map{"name": "/kafkalink/x", "type": "String", "value": "x"})
	return map[string]situation{
		"a document's name taken":                   {create("Document", of("document")), "creating SSM Document: operation error SSM: CreateDocument, api error DocumentAlreadyExists: Document with same name kafka-configure already exists"},
		"a document of another type":                {create("Document", but(document, "documentType", "Automation")), "creating SSM Document: operation error SSM: CreateDocument, api error SimulatedCloudLimit: Documents are of type Command: other is Automation."},
		"a document too long":                       {create("Document", but(document, "content", content(strings.Repeat("x", 65536)))), "creating SSM Document: operation error SSM: CreateDocument, api error MaxDocumentSizeExceeded: The size limit of a document is 64 KB."},
		"a document that is no JSON":                {create("Document", but(document, "content", "schemaVersion: '2.2'")), "creating SSM Document: operation error SSM: CreateDocument, api error InvalidDocumentContent: JSON not well-formed."},
		"a document that is no YAML":                {create("Document", but(but(document, "documentFormat", "YAML"), "content", "[")), "creating SSM Document: operation error SSM: CreateDocument, api error InvalidDocumentContent: YAML not well-formed: yaml: line 1: did not find expected node content"},
		"a document of no version":                  {create("Document", withContent(Map{"mainSteps": list{}})), "creating SSM Document: operation error SSM: CreateDocument, api error InvalidDocumentSchemaVersion: The version of the document schema is not supported: ''"},
		"a document of an old version":              {create("Document", withContent(Map{"schemaVersion": "1.2"})), "creating SSM Document: operation error SSM: CreateDocument, api error SimulatedCloudLimit: Documents have schemaVersion 2.0 or 2.2, not 1.2."},
		"a document without steps":                  {create("Document", withContent(Map{"schemaVersion": "2.2"})), "creating SSM Document: operation error SSM: CreateDocument, api error InvalidDocumentContent: Document must have at least one step in mainSteps."},
		"a step without a name":                     {create("Document", withContent(step(Map{"action": "aws:runShellScript"}))), `creating SSM Document: operation error SSM: CreateDocument, api error InvalidDocumentContent: Every step must have a name of its own: ""`},
		"a step of another action":                  {create("Document", withContent(step(Map{"name": "a", "action": "aws:softwareInventory"}))), "creating SSM Document: operation error SSM: CreateDocument, api error SimulatedCloudLimit: Steps are of action aws:runShellScript: step a is aws:softwareInventory."},
		"a step without a script":                   {create("Document", withContent(step(Map{"name": "a", "action": "aws:runShellScript", "inputs": Map{}}))), "creating SSM Document: operation error SSM: CreateDocument, api error InvalidDocumentContent: Step a has no runCommand in its inputs."},
		"a script of unknown parameters":            {create("Document", withContent(step(Map{"name": "a", "action": "aws:runShellScript", "inputs": Map{"runCommand": list{"{{ what }}"}}}))), `creating SSM Document: operation error SSM: CreateDocument, api error InvalidDocumentContent: Parameter "what" is not defined in the document.`},
		"a parameter of no type":                    {create("Document", withContent(Map{"schemaVersion": "2.2", "parameters": Map{"p": Map{}}, "mainSteps": list{Map{"name": "a", "action": "aws:runShellScript", "inputs": Map{"runCommand": list{"true"}}}}})), `creating SSM Document: operation error SSM: CreateDocument, api error InvalidDocumentContent: Parameter "p" has an unknown type: ""`},
		"a document in use":                         {remove("document"), "deleting SSM Document (kafka-configure): operation error SSM: DeleteDocument, api error AssociatedInstances: You must disassociate a document from all managed nodes before you can delete it."},
		"an association of no document":             {create("Association", but(configure, "name", "nobody")), "creating SSM Association: operation error SSM: CreateAssociation, api error InvalidDocument: Document with name nobody does not exist."},
		"an association by instance":                {create("Association", func(s *setup) Map { return with(with(configure(s), "targets", nil), "instanceId", s.By["broker1"].ID) }), "creating SSM Association: operation error SSM: CreateAssociation, api error InvalidDocument: Document schema version, 2.2, is not supported by association that is created with instance id"},
		"an association for nobody":                 {create("Association", but(configure, "targets", nil)), "creating SSM Association: operation error SSM: CreateAssociation, api error InvalidTarget: An association has 1 to 5 targets, this has 0."},
		"an association for a group":                {create("Association", but(configure, "targets", list{Map{"key": "resource-groups:Name", "values": list{"x"}}})), "creating SSM Association: operation error SSM: CreateAssociation, api error SimulatedCloudLimit: Targets of associations are InstanceIds or tag:NAME, not resource-groups:Name."},
		"an association for a machine that is gone": {create("Association", but(configure, "targets", list{Map{"key": "InstanceIds", "values": list{"i-0123456789abcdef0"}}})), "creating SSM Association: operation error SSM: CreateAssociation, api error InvalidInstanceId: Instance <i-> is not in a valid state."},
		"an association for no values":              {create("Association", but(configure, "targets", list{Map{"key": "InstanceIds", "values": list{}}})), "creating SSM Association: operation error SSM: CreateAssociation, api error InvalidTarget: Target InstanceIds has 1 to 50 values, this has 0."},
		"an association by the clock":               {create("Association", but(configure, "scheduleExpression", "rate(1 day)")), "creating SSM Association: operation error SSM: CreateAssociation, api error SimulatedCloudLimit: Associations run when they are made and when they are updated: schedules are not modelled."},
		"a parameter nobody declared":               {create("Association", but(configure, "parameters", Map{"command": "a", "colour": "red"})), `creating SSM Association: operation error SSM: CreateAssociation, api error InvalidParameters: Parameter "colour" is not defined in the document.`},
		"a parameter that is missing":               {create("Association", but(configure, "parameters", Map{})), `creating SSM Association: operation error SSM: CreateAssociation, api error InvalidParameters: Parameter "command" requires a value.`},
		"a parameter within a parameter":            {update("configure1", but(configure, "parameters", Map{"command": "{{ who }}"})), "updating SSM Association (<configure1>): operation error SSM: UpdateAssociation, api error SimulatedCloudLimit: The value of parameter command holds '{{': AWS would take it for another parameter. Send base64."},
		"a parameter of the store's none":           {update("configure1", but(configure, "parameters", Map{"command": "{{ssm:/kafkalink/none}}"})), `updating SSM Association (<configure1>): operation error SSM: UpdateAssociation, api error InvalidParameters: Parameter "command" refers to parameter /kafkalink/none, which does not exist.`},
		"a pattern that is not met":                 {after(keep("Document", "strict", but(document, "content", strings.Replace(content("{{ command }}"), `"command":{`, `"command":{"allowedPattern":"[a-z]+",`, 1))), create("Association", ref(but(configure, "parameters", Map{"command": "A"}), "name", "strict"))), `creating SSM Association: operation error SSM: CreateAssociation, api error InvalidParameters: Parameter "command" does not match the pattern [a-z]+.`},
		"a value that is not allowed":               {after(keep("Document", "strict", but(document, "content", strings.Replace(content("{{ command }}"), `"command":{`, `"command":{"allowedValues":["a"],`, 1))), create("Association", ref(but(configure, "parameters", Map{"command": "A"}), "name", "strict"))), `creating SSM Association: operation error SSM: CreateAssociation, api error InvalidParameters: Parameter "command" is none of the allowed values.`},
		"a value that is too long":                  {after(keep("Document", "strict", but(document, "content", strings.Replace(content("{{ command }}"), `"command":{`, `"command":{"maxChars":2,`, 1))), create("Association", ref(but(configure, "parameters", Map{"command": "AAA"}), "name", "strict"))), `creating SSM Association: operation error SSM: CreateAssociation, api error InvalidParameters: Parameter "command" has 3 characters, it may have 2.`},
		"a parameter's name taken":                  {after(keep("Parameter", "parameter", parameter), create("Parameter", parameter)), "creating SSM Parameter: operation error SSM: PutParameter, api error ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option in the request to true."},
		"a parameter of a bad name":                 {create("Parameter", but(parameter, "name", "/a b")), `creating SSM Parameter: operation error SSM: PutParameter, api error ValidationException: Parameter name must consist of letters, digits and the symbols . - _ /: "/a b"`},
		"a parameter half qualified":                {create("Parameter", but(parameter, "name", "a/b")), `creating SSM Parameter: operation error SSM: PutParameter, api error ValidationException: Parameter name must be a fully qualified name: "a/b"`},
		"a parameter of AWS's name":                 {create("Parameter", but(parameter, "name", "/aws/b")), `creating SSM Parameter: operation error SSM: PutParameter, api error ValidationException: Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive): "/aws/b"`},
		"a parameter too deep":                      {create("Parameter", but(parameter, "name", strings.Repeat("/a", 16))), `creating SSM Parameter: operation error SSM: PutParameter, api error HierarchyLevelLimitExceededException: Parameter name must have at most 15 levels: "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a"`},
		"a parameter too long":                      {create("Parameter", but(parameter, "value", strings.Repeat("x", 4097))), "creating SSM Parameter: operation error SSM: PutParameter, api error ValidationException: Standard tier parameters support a maximum parameter value of 4096 characters."},
		"an advanced one too long":                  {create("Parameter", but(but(parameter, "tier", "Advanced"), "value", strings.Repeat("x", 8193))), "creating SSM Parameter: operation error SSM: PutParameter, api error ValidationException: Advanced tier parameters support a maximum parameter value of 8192 characters."},
		"a parameter of nothing":                    {create("Parameter", but(parameter, "value", "")), "creating SSM Parameter: operation error SSM: PutParameter, api error ValidationException: 1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		"a parameter that nests":                    {create("Parameter", but(parameter, "value", "{{ x }}")), `creating SSM Parameter: operation error SSM: PutParameter, api error ValidationException: Parameter value can't nest another parameter. Do not use "{{}}" in the value`},
		"a put that is not allowed":                 {put("/other/x", "x", true), "api error AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/broker/<broker1> is not authorized to perform: ssm:PutParameter on resource: arn:aws:ssm:us-west-2:123456789012:parameter/other/x because no identity-based policy allows the ssm:PutParameter action"},
		"a put that nests":                          {put("/kafkalink/x", "{{x}}", true), `api error ValidationException: Parameter value can't nest another parameter. Do not use "{{}}" in the value`},
		"a put that is too long":                    {put("/kafkalink/x", strings.Repeat("x", 4097), true), "api error ValidationException: Standard tier parameters support a maximum parameter value of 4096 characters."},
		"a put over another":                        {after(put("/kafkalink/x", "x", false), put("/kafkalink/x", "y", false)), "api error ParameterAlreadyExists: The parameter already exists. To overwrite this value, set the overwrite option in the request to true."},
		"a put by nobody": {func(s *setup) error {
			return aws.PutParameter(s.Server, "i-0123456789abcdef0", "/kafkalink/x", "x", true)
		}, "api error InvalidInstanceID.NotFound: The instance ID '<i->' does not exist"},
		"a put without a profile": {after(keep("Instance", "bare", func(s *setup) Map {
			return Map{"ami": aws.AmazonLinux(aws.DefaultRegion), "instanceType": "t3.small", "subnetId": s.By["private1"].ID}
		}), func(s *setup) error { return aws.PutParameter(s.Server, s.By["bare"].ID, "/kafkalink/x", "x", true) }), "api error CredentialsNotFound: Unable to locate credentials: <bare> has no instance profile"},
	}
}
