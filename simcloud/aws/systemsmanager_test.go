package aws_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/simcloud"
	"github.com/kafkalink/kafkalink/simcloud/aws"
)

// hosts is a data plane that keeps what its machines were told to run.
type hosts struct {
	simcloud.None
	mu      sync.Mutex
	scripts []string
	changes []string
	answer  func(ctx context.Context, script string) (simcloud.CommandResult, error)
	mounted bool
}

func (h *hosts) RunCommand(ctx context.Context, _ simcloud.Resource, script string, _ map[string]string) (simcloud.CommandResult, error) {
	h.mu.Lock()
	h.scripts = append(h.scripts, script)
	answer := h.answer
	h.mu.Unlock()
	if answer == nil {
		return simcloud.CommandResult{Output: script}, nil
	}
	return answer(ctx, script)
}

func (h *hosts) Apply(_ context.Context, change simcloud.Change) error {
	r := change.After
	if r == nil {
		r = change.Before
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	said := string(change.Operation) + " " + r.ID[:2]
	if change.Restart {
		said += " restart"
	}
	if state := r.Computed.Text("instanceState"); state != "" {
		said += " " + state
	}
	h.changes = append(h.changes, said)
	return nil
}

func (h *hosts) Mounted(context.Context, string, string) bool { return h.mounted }

func (h *hosts) ran() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(slices.Values(h.scripts))
}

func answers(result simcloud.CommandResult, err error) func(context.Context, string) (simcloud.CommandResult, error) {
	return func(context.Context, string) (simcloud.CommandResult, error) { return result, err }
}

// managed is a broker with what it needs, and nothing that runs on it yet.
func managed(t *testing.T, h simcloud.DataPlane) *setup {
	s := empty(t, simcloud.Options{DataPlane: h})
	network(s)
	access(s)
	s.Make("NetworkInterface", "eni1", eni(s, "private1"))
	s.Make("Instance", "broker1", instance(s, "eni1"))
	return s
}

// settled ends what runs besides operations: a closed server waits for it.
func settled(t *testing.T, s *setup) simcloud.View {
	require.NoError(t, s.Server.Close())
	return s.Server.View()
}

func awaited(s *setup, command string) Map {
	return with(association(s, "broker1", command), "waitForSuccessTimeoutSeconds", 60)
}

func TestAnAssociationRunsWhenMadeAndWhenUpdated(t *testing.T) {
	t.Parallel()
	h := &hosts{}
	s := managed(t, h)
	made := s.Make("Association", "configure", awaited(s, "a"))
	require.NoError(t, s.Update(made, with(awaited(s, "a"), "tags", Map{"x": "y"})))
	assert.Equal(t, []string{"#!/bin/sh\na"}, h.ran(), "not for a change of tags")
	require.NoError(t, s.Update(made, awaited(s, "b")))
	require.NoError(t, s.Update(made, with(awaited(s, "b"), "associationName", "again")))
	view := settled(t, s)
	assert.Equal(t, []string{"#!/bin/sh\na", "#!/bin/sh\nb", "#!/bin/sh\nb"}, h.ran())
	assert.Equal(t, []aws.Execution{{Instance: s.By["broker1"].ID, Status: "Success", Detail: "#!/bin/sh\nb"}}, aws.Executions(view, made.ID))
	assert.Nil(t, aws.Executions(view, "none"))
}

func TestOnlyACreationIsAwaited(t *testing.T) {
	t.Parallel()
	h := &hosts{answer: answers(simcloud.CommandResult{ExitCode: 3, Error: "no"}, nil)}
	s := managed(t, h)
	made, err := s.Create(token("Association"), "configure", awaited(s, "a"))
	require.EqualError(t, err, "waiting for SSM Association ("+made.ID+") create: unexpected state 'Failed', wanted target 'Success' on "+s.By["broker1"].ID+": step configure exited with code 3: no")
	require.NoError(t, s.Update(made, awaited(s, "b")), "an update is not awaited, and goes green whatever comes")
	unawaited, err := s.Create(token("Association"), "other", association(s, "broker1", "c"))
	require.NoError(t, err)
	assert.Equal(t, "Failed", aws.Executions(settled(t, s), unawaited.ID)[0].Status)
	assert.Len(t, h.ran(), 3)
}

func TestAnAssociationDoesNotHoldUpItsOperation(t *testing.T) {
	t.Parallel()
	goOn, done := make(chan struct{}), make(chan struct{})
	s := managed(t, &hosts{answer: func(context.Context, string) (simcloud.CommandResult, error) {
		<-goOn
		defer close(done)
		return simcloud.CommandResult{Output: "late"}, nil
	}})
	made := s.Make("Association", "configure", association(s, "broker1", "a"))
	assert.Equal(t, "InProgress", aws.Executions(s.Server.View(), made.ID)[0].Status)
	close(goOn)
	<-done
	assert.Equal(t, aws.Execution{Instance: s.By["broker1"].ID, Status: "Success", Detail: "late"}, aws.Executions(settled(t, s), made.ID)[0])
}

func TestTagsOfAParameterLeaveWhatOthersWrote(t *testing.T) {
	t.Parallel()
	s := managed(t, nil)
	inputs := Map{"name": "/kafkalink/word", "type": "String", "insecureValue": "-"}
	made := s.Make("Parameter", "word", inputs)
	value := func() string {
		r, ok := s.Server.View().Get("parameter /kafkalink/word")
		require.True(t, ok)
		return r.Properties.Text("insecureValue")
	}
	require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error {
		world.Change("parameter /kafkalink/word", func(r *simcloud.Resource) { r.Properties["insecureValue"] = "written by a host" })
		return nil
	}))
	require.NoError(t, s.Update(made, with(inputs, "tags", Map{"team": "data"})))
	assert.Equal(t, "written by a host", value())
	require.NoError(t, s.Update(made, with(inputs, "description", "another")))
	assert.Equal(t, "-", value(), "a parameter is put as a whole")
}

func TestParametersAreExpandedAsText(t *testing.T) {
	t.Parallel()
	h := &hosts{}
	s := managed(t, h)
	s.Make("Parameter", "stored", Map{"name": "/kafkalink/word", "type": "String", "value": "from the store"})
	s.Make("Document", "two", Map{"name": "two-steps", "documentType": "Command", "documentFormat": "YAML", "content": `
schemaVersion: "2.2"
parameters:
  command: {type: String}
  who: {type: String, default: nobody}
mainSteps:
- {action: "aws:runShellScript", name: one, inputs: {runCommand: ["{{command}} {{ who }}", "{{ global:DATE }}"], timeoutSeconds: "60"}}
- {action: "aws:runShellScript", name: two, inputs: {runCommand: ["echo two"]}}
`})
	s.Make("Association", "configure", with(awaited(s, "echo '{{ssm:/kafkalink/word}}'; $(rm)"), "name", "two-steps"))
	assert.Equal(t, []string{"echo 'from the store'; $(rm) nobody\n{{ global:DATE }}", "echo two"}, h.ran())
}

func TestAFailedStepStopsOnlyWhereItSaysSo(t *testing.T) {
	t.Parallel()
	for onFailure, want := range map[string]int{"": 2, "exit": 1} {
		h := &hosts{answer: answers(simcloud.CommandResult{ExitCode: 1}, nil)}
		s := managed(t, h)
		steps := list{Map{"action": "aws:runShellScript", "name": "one", "inputs": Map{"runCommand": list{"a"}}, "onFailure": onFailure},
			Map{"action": "aws:runShellScript", "name": "two", "inputs": Map{"runCommand": list{"b"}}}}
		s.Make("Document", "steps", Map{"name": "steps", "documentType": "Command", "content": written(Map{"schemaVersion": "2.2", "mainSteps": steps})})
		_, err := s.Create(token("Association"), "configure", with(with(awaited(s, ""), "name", "steps"), "parameters", nil))
		require.Error(t, err)
		assert.Len(t, h.ran(), want)
	}
}

func TestAnAssociationByTagFindsItsInstances(t *testing.T) {
	t.Parallel()
	h := &hosts{}
	s := managed(t, h)
	s.Make("Association", "configure", with(awaited(s, "a"), "targets", list{Map{"key": "tag:Name", "values": list{"eni1"}}}))
	assert.Len(t, h.ran(), 1)
	s.Make("NetworkInterface", "eni2", eni(s, "private2"))
	s.Make("Instance", "broker2", with(instance(s, "eni2"), "tags", Map{"Name": "eni1"}))
	view := settled(t, s)
	assert.Len(t, h.ran(), 2, "one that comes later runs it too")
	assert.Len(t, aws.Executions(view, s.By["configure"].ID), 2)
}

func TestAnInstanceThatIsNotManagedIsPendingUntilItIs(t *testing.T) {
	t.Parallel()
	h := &hosts{}
	s := managed(t, h)
	require.NoError(t, s.Delete(s.By["to-nat"]))
	made, err := s.Create(token("Association"), "awaited", awaited(s, "a"))
	require.EqualError(t, err, "waiting for SSM Association ("+made.ID+") create: timeout while waiting for state to become 'Success' (last state: 'Pending', timeout: 1m0s) on "+
		s.By["broker1"].ID+": route table "+s.By["back"].ID+" of subnet "+s.By["private1"].ID+" has no route to 0.0.0.0/0")
	assert.Empty(t, h.ran())
	s.Make("Route", "to-nat", route(s, "back", "natGatewayId", "nat"))
	view := settled(t, s)
	assert.Len(t, h.ran(), 1, "the agent registers when it can, and runs what waits")
	assert.Equal(t, "Success", aws.Executions(view, made.ID)[0].Status)
}

func TestAnAgentThatDoesNotAnswerIsPending(t *testing.T) {
	t.Parallel()
	s := managed(t, &hosts{answer: answers(simcloud.CommandResult{}, simcloud.ErrNoAgent)})
	_, err := s.Create(token("Association"), "awaited", awaited(s, "a"))
	require.ErrorContains(t, err, "last state: 'Pending', timeout: 1m0s)")
	require.ErrorContains(t, err, "the machine's agent does not answer")
}

func TestWhyAnInstanceIsNotManaged(t *testing.T) {
	t.Parallel()
	change := func(name, path string, value any) func(*setup) {
		return func(s *setup) { require.NoError(t, s.Update(s.By[name], with(of(name)(s), path, value))) }
	}
	drop := func(name string) func(*setup) {
		return func(s *setup) { require.NoError(t, s.Delete(s.By[name])) }
	}
	alter := func(name string, to func(*simcloud.Resource)) func(*setup) {
		return func(s *setup) {
			require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error { world.Change(s.By[name].ID, to); return nil }))
		}
	}
	for name, test := range map[string]struct {
		act  func(*setup)
		want string
	}{
		"nothing":           {func(*setup) {}, ""},
		"stopped":           {alter("broker1", func(r *simcloud.Resource) { r.Computed["instanceState"] = "stopped" }), "<broker1> is stopped"},
		"no agent":          {alter("broker1", func(r *simcloud.Resource) { r.Properties["ami"] = "ami-other" }), "image ami-other of <broker1> has no SSM agent"},
		"no metadata":       {change("broker1", "metadataOptions.httpEndpoint", "disabled"), "the metadata endpoint of <broker1> is disabled, and its agent finds no credentials"},
		"no profile":        {alter("broker1", func(r *simcloud.Resource) { delete(r.Properties, "iamInstanceProfile") }), "<broker1> has no instance profile"},
		"no role":           {change("profile", "role", nil), "instance profile broker of <broker1> has no role"},
		"a role of another": {change("role", "assumeRolePolicy", trust("lambda.amazonaws.com")), "role broker does not let ec2.amazonaws.com assume it"},
		"no permission":     {change("role", "managedPolicyArns", list{}), "role broker of <broker1> may not ssm:UpdateInstanceInformation"},
		"a denial":          {change("policy", "policy", `{"Statement":{"Effect":"Deny","Action":"ec2messages:*","Resource":"*"}}`), "role broker of <broker1> may not ec2messages:GetMessages"},
		"no route":          {drop("to-nat"), "route table <back> of subnet <private1> has no route to 0.0.0.0/0"},
		"no association":    {drop("private-back1"), "route table <rtb-> of subnet <private1> has no route to 0.0.0.0/0"},
		"no NAT gateway":    {drop("nat"), "the route to 0.0.0.0/0 in <back> leads to <nat>, which does not exist"},
		"a NAT without way": {drop("to-igw"), "NAT gateway <nat> has no way out itself: route table <front> of subnet <public> has no route to 0.0.0.0/0"},
		"no egress":         {drop("out"), "no security group of <broker1> lets TCP 443 out to 0.0.0.0/0"},
		"egress elsewhere":  {change("out", "cidrIpv4", "10.0.0.0/8"), "no security group of <broker1> lets TCP 443 out to 0.0.0.0/0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := managed(t, nil)
			test.act(s)
			err := aws.Managed(s.Server.View(), s.By["broker1"].ID)
			if test.want == "" {
				assert.NoError(t, err)
				return
			}
			require.Error(t, err)
			assert.Equal(t, test.want, readable(s, err.Error()))
		})
	}
}

func TestTheWayOutOfAPublicSubnetNeedsAPublicAddress(t *testing.T) {
	t.Parallel()
	s := managed(t, nil)
	bastion := func(public bool) string {
		return s.Make("Instance", "bastion", Map{"ami": aws.AmazonLinux(aws.DefaultRegion), "instanceType": "t3.micro", "subnetId": s.By["public"].ID,
			"vpcSecurityGroupIds": list{s.By["group"].ID}, "associatePublicIpAddress": public}).ID
	}
	shown := bastion(true)
	assert.NoError(t, aws.WayOut(s.Server.View(), shown, 22))
	assert.Equal(t, "198.51.100.5", s.By["bastion"].Outputs["publicIp"])
	hidden := bastion(false)
	assert.EqualError(t, aws.WayOut(s.Server.View(), hidden, 443), hidden+" has no public address, and its subnet's way out is the internet gateway")
	s.Make("Eip", "later", Map{"domain": "vpc", "instance": hidden})
	assert.NoError(t, aws.WayOut(s.Server.View(), hidden, 443))
	assert.NoError(t, aws.WayOut(s.Server.View(), s.By["private1"].ID, 443))
	assert.EqualError(t, aws.WayOut(s.Server.View(), "i-none", 443), "i-none does not exist")
	require.NoError(t, s.Update(s.By["to-nat"], route(s, "back", "gatewayId", "igw")))
	assert.ErrorContains(t, aws.WayOut(s.Server.View(), s.By["broker1"].ID, 443), "has no public address")
}

func TestAFirstBootThatCannotFetchAnythingHasFailed(t *testing.T) {
	t.Parallel()
	s := managed(t, nil)
	assert.Empty(t, aws.BootProblem(s.Server.View(), s.By["broker1"].ID))
	s.Make("NetworkInterface", "eni2", eni(s, "private2"))
	require.NoError(t, s.Delete(s.By["to-nat"]))
	early := s.Make("Instance", "broker2", instance(s, "eni2"))
	want := "route table " + s.By["back"].ID + " of subnet " + s.By["private2"].ID + " has no route to 0.0.0.0/0"
	assert.Equal(t, want, aws.BootProblem(s.Server.View(), early.ID))
	s.Make("Route", "to-nat", route(s, "back", "natGatewayId", "nat"))
	assert.Equal(t, want, aws.BootProblem(s.Server.View(), early.ID), "what is put right later does not undo it")
	assert.NoError(t, aws.Managed(s.Server.View(), early.ID))
	assert.Empty(t, aws.BootProblem(s.Server.View(), "i-none"))

	require.NoError(t, s.Update(s.By["role"], with(of("role")(s), "managedPolicyArns", list{})))
	s.Make("NetworkInterface", "eni3", eni(s, "private3"))
	powerless := s.Make("Instance", "broker3", instance(s, "eni3"))
	assert.Equal(t, "role broker of "+powerless.ID+" may not ssm:UpdateInstanceInformation", aws.BootProblem(s.Server.View(), powerless.ID))
}

func TestAHostReportsByAParameter(t *testing.T) {
	t.Parallel()
	h := &hosts{answer: answers(simcloud.CommandResult{Parameters: map[string]string{"/kafkalink/broker1/report": "ready"}}, nil)}
	s := managed(t, h)
	report := func() (Map, error) {
		return s.Invoke("aws:ssm/getParameter:getParameter", Map{"name": "/kafkalink/broker1/report"})
	}
	_, err := report()
	require.EqualError(t, err, "reading SSM Parameter (/kafkalink/broker1/report): couldn't find resource")
	made := s.Make("Association", "configure", awaited(s, "a"))
	got, err := report()
	require.NoError(t, err)
	assert.Equal(t, "ready", got["value"])
	assert.Equal(t, 1.0, got["version"])
	require.NoError(t, aws.PutParameter(s.Server, s.By["broker1"].ID, "/kafkalink/broker1/report", "busy", true))
	got, err = report()
	require.NoError(t, err)
	assert.Equal(t, "busy", got["value"])
	assert.Equal(t, 2.0, got["version"])

	h.answer = answers(simcloud.CommandResult{Parameters: map[string]string{"/others": "x"}}, nil)
	require.NoError(t, s.Update(made, awaited(s, "b")))
	assert.Contains(t, aws.Executions(settled(t, s), made.ID)[0].Detail, "api error AccessDeniedException: ", "a script that may not is a script that fails")
}

func TestWhatAHostPutsIsDriftToAProgram(t *testing.T) {
	t.Parallel()
	s := managed(t, nil)
	parameter := s.Make("Parameter", "parameter", Map{"name": "/kafkalink/x", "type": "String", "value": "mine"})
	insecure := s.Make("Parameter", "insecure", Map{"name": "/kafkalink/y", "type": "String", "insecureValue": "mine"})
	for _, name := range []string{"/kafkalink/x", "/kafkalink/y"} {
		require.NoError(t, aws.PutParameter(s.Server, s.By["broker1"].ID, name, "theirs", true))
	}
	require.True(t, s.Refresh(parameter))
	assert.Equal(t, "theirs", parameter.Inputs["value"])
	assert.Equal(t, 2.0, parameter.Outputs["version"])
	require.True(t, s.Refresh(insecure))
	assert.Equal(t, "theirs", insecure.Inputs["insecureValue"])
	assert.NotContains(t, insecure.Inputs, "value")
	require.NoError(t, s.Update(parameter, Map{"name": "/kafkalink/x", "type": "String", "value": "mine"}))
	assert.Equal(t, 3.0, parameter.Outputs["version"])

	require.NoError(t, aws.PutParameter(s.Server, s.By["broker1"].ID, "/kafkalink/z", "theirs", false))
	adopted := s.Make("Parameter", "adopted", Map{"name": "/kafkalink/z", "type": "String", "value": "mine", "overwrite": true})
	assert.Equal(t, 2.0, adopted.Outputs["version"], "overwrite takes over what exists")
}

func TestADocumentsVersionsFollowItsContent(t *testing.T) {
	t.Parallel()
	s := managed(t, nil)
	shown := s.By["document"].Outputs
	assert.Equal(t, "1", shown["latestVersion"])
	assert.Equal(t, list{Map{"name": "command", "type": "String", "description": ""}, Map{"name": "who", "type": "String", "description": "", "defaultValue": "nobody"}}, shown["parameters"])
	require.NoError(t, s.Update(s.By["document"], with(of("document")(s), "tags", Map{"a": "b"})))
	assert.Equal(t, "1", s.By["document"].Outputs["latestVersion"])
	require.NoError(t, s.Update(s.By["document"], with(of("document")(s), "content", content("true"))))
	assert.Equal(t, "2", s.By["document"].Outputs["defaultVersion"])
}

func TestAVolumeLeavesAMachineThatLetsIt(t *testing.T) {
	t.Parallel()
	attached := func(h simcloud.DataPlane, more Map) *setup {
		s := managed(t, h)
		s.Make("Volume", "volume1", Map{"availabilityZone": "us-west-2a", "size": 64, "type": "gp3"})
		inputs := with(attachment(s, "volume1", "broker1"), "stopInstanceBeforeDetaching", nil)
		for name, value := range more {
			inputs[name] = value
		}
		s.Make("VolumeAttachment", "attachment1", inputs)
		return s
	}
	mounted := attached(&hosts{mounted: true}, nil)
	assert.ErrorContains(t, mounted.Delete(mounted.By["attachment1"]), "timeout while waiting for resource to be gone")
	unmounted := attached(&hosts{}, nil)
	assert.NoError(t, unmounted.Delete(unmounted.By["attachment1"]))
	forced := attached(&hosts{mounted: true}, Map{"forceDetach": true})
	assert.NoError(t, forced.Delete(forced.By["attachment1"]))
	unknown := attached(nil, nil)
	assert.ErrorContains(t, unknown.Delete(unknown.By["attachment1"]), "runs and has it mounted", "without a data plane")
}

func TestAMachineStopsBeforeItsVolumeLeaves(t *testing.T) {
	t.Parallel()
	h := &hosts{mounted: true}
	s := managed(t, h)
	s.Make("Volume", "volume1", Map{"availabilityZone": "us-west-2a", "size": 64, "type": "gp3"})
	s.Make("VolumeAttachment", "attachment1", attachment(s, "volume1", "broker1"))
	h.changes = nil
	require.NoError(t, s.Delete(s.By["attachment1"]))
	assert.Equal(t, []string{"update i- stopped", "delete va"}, h.changes)
	require.True(t, s.Refresh(s.By["broker1"]))
	assert.Equal(t, "stopped", s.By["broker1"].Outputs["instanceState"])
	require.NoError(t, s.Update(s.By["broker1"], with(of("broker1")(s), "instanceType", "m6i.xlarge")))
	assert.Equal(t, "update i- restart running", h.changes[2], "a resize starts it again")
	h.changes = nil
	require.NoError(t, s.Update(s.By["broker1"], with(of("broker1")(s), "userData", "#cloud-config\nother")))
	require.NoError(t, s.Update(s.By["broker1"], with(of("broker1")(s), "tags", Map{})))
	assert.Equal(t, []string{"update i- restart running", "update i- running"}, h.changes)
}

func TestAnAgentMayWorkByItsRolesOwnPolicy(t *testing.T) {
	t.Parallel()
	s := managed(t, nil)
	id := s.By["broker1"].ID
	own := Map{"Statement": list{Map{"Effect": "Allow", "Resource": "*", "Action": list{"ssm:Update*", "ssm:List*", "ssm:GetDocument", "ssmmessages:*", "EC2messages:*"}}}}
	require.NoError(t, s.Update(s.By["role"], with(with(of("role")(s), "managedPolicyArns", list{}), "inlinePolicies", list{Map{"name": "own", "policy": written(own)}})))
	assert.NoError(t, aws.Managed(s.Server.View(), id))
	own["Statement"].([]any)[0].(Map)["Condition"] = Map{"Bool": Map{"aws:SecureTransport": "true"}}
	require.NoError(t, s.Update(s.By["role"], with(of("role")(s), "inlinePolicies", list{Map{"name": "own", "policy": written(own)}})))
	assert.ErrorContains(t, aws.Managed(s.Server.View(), id), "may not ssm:UpdateInstanceInformation", "conditions are not looked into")
}

func TestAScriptMayBeOneText(t *testing.T) {
	t.Parallel()
	h := &hosts{}
	s := managed(t, h)
	s.Make("Document", "text", Map{"name": "one-text", "documentType": "Command", "documentFormat": "YAML", "content": `
schemaVersion: "2.2"
mainSteps: [{action: "aws:runShellScript", name: one, inputs: {runCommand: "a\nb"}}]
`})
	s.Make("Association", "configure", with(with(awaited(s, ""), "name", "one-text"), "parameters", nil))
	assert.Equal(t, []string{"a\nb"}, h.ran())
}

func TestAGatewayOfAnotherNetworkIsNoWayOut(t *testing.T) {
	t.Parallel()
	s := managed(t, nil)
	require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error {
		world.Change(s.By["igw"].ID, func(r *simcloud.Resource) { r.Properties["vpcId"] = "vpc-other" })
		return nil
	}))
	assert.EqualError(t, aws.WayOut(s.Server.View(), s.By["broker1"].ID, 443), "internet gateway "+s.By["igw"].ID+" is not attached to "+s.By["vpc"].ID)
	require.NoError(t, s.Server.Mutate(func(world *simcloud.World) error {
		world.Change(s.By["nat"].ID, func(r *simcloud.Resource) { r.Properties["connectivityType"] = "private" })
		return nil
	}))
	assert.EqualError(t, aws.WayOut(s.Server.View(), s.By["broker1"].ID, 443), "NAT gateway "+s.By["nat"].ID+" is private")
	require.NoError(t, s.Update(s.By["to-nat"], Map{"routeTableId": s.By["back"].ID, "destinationCidrBlock": "0.0.0.0/0", "networkInterfaceId": s.By["eni1"].ID}))
	assert.EqualError(t, aws.WayOut(s.Server.View(), s.By["broker1"].ID, 443), "the route to 0.0.0.0/0 in "+s.By["back"].ID+" leads to "+s.By["eni1"].ID+", which the simulation does not follow")
}
