package readiness

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/stacks/examination/examinationtest"
)

// object and list are inputs of which little is said.
type (
	object = map[string]any
	list   = []any
)

const (
	user    = "arn:aws:iam::123456789012:user/kafka"
	vpc     = "aws:ec2/vpc:Vpc"
	nat     = "aws:ec2/natGateway:NatGateway"
	refusal = "reading: operation error X: Y, https response error StatusCode: 403, RequestID: 1, api error AccessDenied: no policy allows it\n\n"
)

// account answers what AWS would. What is in refused it refuses to say.
type account struct {
	caller        Caller
	offers        map[string][]string
	types         map[string]Type
	architectures map[string]string
	limits        map[string]int
	there         map[string]int
	roles         map[string]string
	denied        []string
	conditional   map[string][]string
	refused       []string

	asked string // as whom
}

// willing is an account that takes the plan, with nothing to spare.
func willing() *account {
	return &account{
		caller:        Caller{Account: "123456789012", Region: "us-west-2", ARN: user},
		offers:        map[string][]string{"t2.large": {"usw2-az3", "usw2-az1", "usw2-az2"}, "t3.micro": {"usw2-az1"}},
		types:         map[string]Type{"t2.large": {2, []string{"x86_64"}}, "t3.micro": {2, []string{"x86_64"}}},
		architectures: map[string]string{"ami-1": "x86_64"},
		limits:        map[string]int{"vpc L-F678F1CE": 5, "vpc L-FE5A380F": 5, "ec2 L-1216C47A": 8},
		there:         map[string]int{vpc: 4, nat: 4},
	}
}

func (a *account) refuses(what string) error {
	if slices.Contains(a.refused, what) {
		return errors.New(refusal)
	}
	return nil
}

func (a *account) Caller() (Caller, error) { return a.caller, a.refuses("caller") }

func (a *account) Zones() (map[string]string, error) {
	return map[string]string{"us-west-2a": "usw2-az1", "us-west-2b": "usw2-az3", "us-west-2c": "usw2-az2"}, a.refuses("zones")
}

func (a *account) Offers([]string) (map[string][]string, error) { return a.offers, a.refuses("offers") }

func (a *account) Type(name string) (Type, error) { return a.types[name], a.refuses("type") }

func (a *account) Architecture(image string) (string, error) {
	return a.architectures[image], a.refuses("image")
}

func (a *account) Quota(service, code string) (int, error) {
	return a.limits[service+" "+code], a.refuses("quota")
}

func (a *account) Count(token string) (int, error) { return a.there[token], a.refuses("count") }

func (a *account) Role(name string) (string, error) { return a.roles[name], a.refuses("role") }

func (a *account) Decide(arn string, actions []string) ([]Decision, error) {
	a.asked = arn
	var decisions []Decision
	for _, action := range actions {
		d := Decision{Action: action, Lacking: a.conditional[action]}
		d.Allowed = d.Lacking == nil && !slices.Contains(a.denied, action)
		decisions = append(decisions, d)
	}
	return decisions, a.refuses("decide")
}

// plan is a node in each of three zones and a bastion, in a VPC with a NAT gateway.
func plan() []Planned {
	planned := []Planned{
		{Token: "pulumi:providers:aws"},
		{Token: vpc, Inputs: object{"cidrBlock": "10.0.0.0/16"}},
		{Token: nat, Inputs: object{}},
		{Token: instance, Inputs: object{"ami": "ami-1", "instanceType": "t3.micro", "subnetId": "not known"}},
	}
	for _, zone := range []string{"us-west-2a", "us-west-2b", "us-west-2c"} {
		planned = append(planned,
			Planned{Token: volume, Inputs: object{"availabilityZone": zone}},
			Planned{Token: instance, Inputs: object{
				"ami": "ami-1", "instanceType": "t2.large", "networkInterfaces": list{object{"networkInterfaceId": "not known"}},
			}})
	}
	return planned
}

// ask examines a plan, and splits what was found.
func ask(t *testing.T, a *account, planned []Planned) (fine, missing []Check) {
	t.Helper()
	return examinationtest.Split(t, Examine(a, planned))
}

func TestAPlanThatAWSTakesLacksNothing(t *testing.T) {
	t.Parallel()
	a := willing()
	fine, missing := ask(t, a, plan())
	require.Empty(t, missing)
	require.Equal(t, []string{
		"account: 123456789012 in us-west-2, as " + user,
		"permissions: 28 of 28 actions allowed to " + user,
		"instance type t2.large: offered in usw2-az1, usw2-az2, usw2-az3 for 3 machines, 2 vCPUs each",
		"instance type t3.micro: offered in us-west-2 for 1 machines, 2 vCPUs each",
		"image ami-1: is in us-west-2, x86_64",
		"quota of VPCs in us-west-2: 1 more are planned, 1 of 5 are left",
		"quota of NAT gateways in us-west-2: 1 more are planned, 1 of 5 are left",
		"quota of vCPUs of standard instances in us-west-2: the planned machines have 8 of 8; what else runs there is not counted",
	}, examinationtest.Said(fine))
	require.Equal(t, user, a.asked)
}

func TestEachThingThatIsMissingIsSaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*account)
		want   Check
	}{
		"no login": {
			func(a *account) { a.refused = []string{"caller"} },
			Check{
				Subject: "account", Detail: "cannot be read: AWS answers AccessDenied: no policy allows it",
				Next: "log in (`aws sso login`, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), and set aws:region",
			},
		},
		"actions that are denied": {
			func(a *account) { a.denied = []string{"ec2:RunInstances", "ec2:CreateVpc"} },
			Check{
				Subject: "permissions", Detail: "lacking: ec2:CreateVpc, ec2:RunInstances",
				Next: "have a policy attached to " + user + " that allows them; on any resource, or this cannot see it",
			},
		},
		"a zone without the type": {
			func(a *account) { a.offers["t2.large"] = []string{"usw2-az3", "usw2-az1"} },
			Check{
				Subject: "instance type t2.large", Detail: "not offered in zone usw2-az2 (in usw2-az1, usw2-az3)",
				Next: "choose another type or other zones: aws ec2 describe-instance-type-offerings --region us-west-2 " +
					"--location-type availability-zone-id --filters Name=instance-type,Values=t2.large",
			},
		},
		"a type for other processors": {
			func(a *account) { a.types["t2.large"] = Type{2, []string{"arm64"}} },
			Check{
				Subject: "image ami-1", Detail: "is x86_64; of another architecture: t2.large (arm64)",
				Next: "choose an image and sizes of one architecture",
			},
		},
		"an image that is not there": {
			func(a *account) { a.architectures = nil },
			Check{
				Subject: "image ami-1", Detail: "is not in us-west-2",
				Next: "choose another: aws ec2 describe-images --owners amazon --region us-west-2",
			},
		},
		"a quota that is used up": {
			func(a *account) { a.there[vpc] = 5 },
			Check{
				Subject: "quota of VPCs in us-west-2", Detail: "VPCs: 1 more are planned, 0 of 5 are left",
				Next: "ask for more (aws service-quotas request-service-quota-increase --region us-west-2 --service-code vpc --quota-code L-F678F1CE " +
					"--desired-value 6), or plan less, or in another region",
			},
		},
		"a quota of nothing in each zone": {
			func(a *account) { a.limits["vpc L-FE5A380F"] = 0 },
			Check{
				Subject: "quota of NAT gateways in us-west-2", Detail: "NAT gateways: 1 more are planned, 0 of 0 are left",
				Next: "ask for more (aws service-quotas request-service-quota-increase --region us-west-2 --service-code vpc --quota-code L-FE5A380F " +
					"--desired-value 5), or plan less, or in another region",
			},
		},
		"too few vCPUs": {
			func(a *account) { a.limits["ec2 L-1216C47A"] = 5 },
			Check{
				Subject: "quota of vCPUs of standard instances in us-west-2", Detail: "the planned machines have 8, and 5 may run",
				Next: "ask for more (aws service-quotas request-service-quota-increase --region us-west-2 --service-code ec2 --quota-code L-1216C47A " +
					"--desired-value 8), or plan less, or in another region",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := willing()
			c.change(a)
			_, missing := ask(t, a, plan())
			c.want.Missing = true
			require.Equal(t, []Check{c.want}, missing)
		})
	}
}

func TestATypeThatTheRegionDoesNotHaveIsNotAskedFurther(t *testing.T) {
	t.Parallel()
	a := willing()
	delete(a.offers, "t2.large")
	delete(a.types, "t2.large")
	fine, missing := ask(t, a, plan())
	require.Equal(t, []string{"instance type t2.large: not offered in us-west-2"}, examinationtest.Said(missing))
	require.Contains(t, examinationtest.Said(fine), "quota of vCPUs of standard instances in us-west-2: cannot be asked: how many t2.large has is not known")
}

func TestWhatMayNotBeAskedIsSaidAndStopsNobody(t *testing.T) {
	t.Parallel()
	const why = "cannot be asked: AWS answers AccessDenied: no policy allows it"
	for refused, want := range map[string][]string{
		"decide": {"permissions: " + why},
		"offers": {
			"types of instances in us-west-2: " + why,
			"quota of vCPUs of standard instances in us-west-2: cannot be asked: how many t2.large has is not known",
		},
		"zones": {
			"types of instances in us-west-2: " + why,
			"quota of vCPUs of standard instances in us-west-2: cannot be asked: how many t2.large has is not known",
		},
		"type": {
			"instance type t2.large: " + why, "instance type t3.micro: " + why,
			"quota of vCPUs of standard instances in us-west-2: cannot be asked: how many t2.large has is not known",
		},
		"image": {"image ami-1: " + why},
		"quota": {
			"quota of VPCs in us-west-2: " + why, "quota of NAT gateways in us-west-2: " + why,
			"quota of vCPUs of standard instances in us-west-2: " + why,
		},
		"count": {"quota of VPCs in us-west-2: " + why, "quota of NAT gateways in us-west-2: " + why},
	} {
		t.Run(refused, func(t *testing.T) {
			t.Parallel()
			a := willing()
			a.refused = []string{refused}
			fine, missing := ask(t, a, plan())
			require.Empty(t, missing)
			unknown := slices.DeleteFunc(fine, func(c Check) bool { return c.Next == "" })
			require.Equal(t, want, examinationtest.Said(unknown))
		})
	}
}

func TestPermissionsAreThoseOfTheUserOrRoleBehindTheCredentials(t *testing.T) {
	t.Parallel()
	const role = "arn:aws:iam::123456789012:role/teams/streaming/Deployer"
	for name, c := range map[string]struct {
		arn     string
		refused string
		as      string // whom it is simulated as
		want    Check
	}{
		"a user": {arn: user, as: user, want: Check{Detail: "28 of 28 actions allowed to " + user}},
		"a role's session": {
			arn: "arn:aws:sts::123456789012:assumed-role/Deployer/alice", as: role,
			want: Check{Detail: "28 of 28 actions allowed to " + role},
		},
		"a session of a role that may not be read": {
			arn: "arn:aws-us-gov:sts::123456789012:assumed-role/Deployer/alice", refused: "role",
			want: Check{
				Detail: "cannot be asked: the role Deployer cannot be read: AWS answers AccessDenied: no policy allows it",
				Next:   "have iam:GetRole allowed, or ask whoever administers the account",
			},
		},
		"the account's root": {
			arn: "arn:aws:iam::123456789012:root",
			want: Check{
				Detail: "not simulated: the account's root user may do all that its organization lets it",
				Next:   "better be a user or a role of the account",
			},
		},
		"a federated user": {
			arn: "arn:aws:sts::123456789012:federated-user/alice",
			want: Check{
				Detail: "cannot be asked: arn:aws:sts::123456789012:federated-user/alice is neither a user nor a role",
				Next:   "ask whoever administers the account",
			},
		},
		"nobody may simulate": {
			arn: user, refused: "decide", as: user,
			want: Check{
				Detail: "cannot be asked: AWS answers AccessDenied: no policy allows it",
				Next:   "have iam:SimulatePrincipalPolicy allowed, or ask whoever administers the account",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := willing()
			a.caller.ARN, a.refused, a.roles = c.arn, []string{c.refused}, map[string]string{"Deployer": role}
			fine, missing := ask(t, a, plan())
			require.Empty(t, missing)
			c.want.Subject = "permissions"
			require.Contains(t, fine, c.want)
			require.Equal(t, c.as, a.asked)
		})
	}
}

func TestWhatDependsOnConditionsIsNotCalledMissing(t *testing.T) {
	t.Parallel()
	a := willing()
	a.conditional = map[string][]string{"ec2:RunInstances": {"aws:RequestTag/team", "aws:RequestedRegion"}, "ec2:CreateVpc": {"aws:RequestedRegion"}}
	fine, missing := ask(t, a, plan())
	require.Empty(t, missing)
	require.Contains(t, examinationtest.Said(fine), "permissions: 26 of 28 actions allowed to "+user)
	require.Contains(t, examinationtest.Said(fine), "permissions with conditions: whether these are allowed depends on aws:RequestTag/team, aws:RequestedRegion: ec2:CreateVpc, ec2:RunInstances")
}

func TestATypeOfResourceWithoutAListOfActionsIsSaid(t *testing.T) {
	t.Parallel()
	fine, missing := ask(t, willing(), []Planned{{Token: "aws:s3/bucket:Bucket"}})
	require.Empty(t, missing)
	require.Equal(t, []string{"account: 123456789012 in us-west-2, as " + user, "permissions: not known what it takes to make aws:s3/bucket:Bucket"}, examinationtest.Said(fine))
}

func TestWhatExistsTakesNoQuota(t *testing.T) {
	t.Parallel()
	planned := plan()
	for i := range planned {
		planned[i].Was = planned[i].Inputs
	}
	a := willing()
	a.limits, a.there = nil, nil
	fine, missing := ask(t, a, planned)
	require.Empty(t, missing)
	for _, line := range examinationtest.Said(fine) {
		require.NotContains(t, line, "quota")
	}

	t.Log("of machines that change their type, all that will run are counted")
	planned[3].Was = object{"instanceType": "t3.nano"}
	a.limits = map[string]int{"ec2 L-1216C47A": 7}
	_, missing = ask(t, a, planned)
	require.Equal(t, []string{"quota of vCPUs of standard instances in us-west-2: the planned machines have 8, and 7 may run"}, examinationtest.Said(missing))
}

func TestAQuotaOfEachZoneIsNotJudgedByTheWholeRegion(t *testing.T) {
	t.Parallel()
	a := willing()
	a.there[nat] = 9
	fine, missing := ask(t, a, plan())
	require.Empty(t, missing)
	require.Contains(t, fine, Check{
		Subject: "quota of NAT gateways in us-west-2",
		Detail:  "1 more are planned, of 5 in each zone; how many of the region's 9 are in that zone is not asked",
		Next:    "look whether there is room for it: aws ec2 describe-nat-gateways --region us-west-2",
	})
}

func TestOnlyQuotasThatAreKnownAreCompared(t *testing.T) {
	t.Parallel()
	a := willing()
	a.offers["p5.48xlarge"], a.types["p5.48xlarge"] = a.offers["t2.large"], Type{192, []string{"x86_64"}}
	planned := plan()
	planned[5].Inputs["instanceType"] = "p5.48xlarge"
	fine, missing := ask(t, a, planned)
	require.Empty(t, missing)
	require.Contains(t, examinationtest.Said(fine), "quota of instances of type p5.48xlarge: not known which it is")
	require.Contains(t, examinationtest.Said(fine), "quota of vCPUs of standard instances in us-west-2: the planned machines have 6 of 8; what else runs there is not counted")

	for name, want := range map[string]bool{
		"m6i.large": true, "c7gn.medium": true, "z1d.large": true, "i3en.large": true, "a1.large": true,
		"mac1.metal": false, "inf1.xlarge": false, "g5.xlarge": false, "u-6tb1.metal": false, "x2gd.medium": false, "": false,
	} {
		require.Equal(t, want, isStandard(name), name)
	}
}

func TestEveryActionIsAServicesOwn(t *testing.T) {
	t.Parallel()
	var planned []Planned
	for token := range actions {
		planned = append(planned, Planned{Token: token})
	}
	all, unlisted := needed(planned)
	require.Empty(t, unlisted)
	for _, action := range all {
		require.Regexp(t, `^(ec2|iam|elasticloadbalancing|ssm|tag):[A-Z][A-Za-z]+$`, action)
	}
	require.True(t, slices.IsSorted(all))
}

func TestWhoMayTagAResourceMayUntagIt(t *testing.T) {
	t.Parallel()
	undo := map[string]string{
		"ec2:CreateTags": "ec2:DeleteTags", "elasticloadbalancing:AddTags": "elasticloadbalancing:RemoveTags", "ssm:AddTagsToResource": "ssm:RemoveTagsFromResource",
		"iam:TagRole": "iam:UntagRole", "iam:TagInstanceProfile": "iam:UntagInstanceProfile",
	}
	for token := range actions {
		all, _ := needed([]Planned{{Token: token}})
		for add, remove := range undo {
			require.Equal(t, slices.Contains(all, add), slices.Contains(all, remove), "%s: %s without %s, or the reverse", token, add, remove)
		}
	}
}

// The provider was recorded making, changing and deleting our set-ups: it calls each of these, of the resource named.
func TestActionsThatTheProviderWasSeenToCallAreAskedFor(t *testing.T) {
	t.Parallel()
	for action, token := range map[string]string{
		"ec2:DescribeImages":                "aws:ec2/instance:Instance",
		"ec2:DescribeTags":                  "aws:ec2/instance:Instance",
		"ec2:ModifyInstanceMetadataOptions": "aws:ec2/instance:Instance",
		"ec2:DescribeVolumesModifications":  "aws:ebs/volume:Volume",
		"ec2:DisassociateAddress":           "aws:ec2/eip:Eip",
		"ec2:DescribeVpcEndpointServices":   "aws:ec2/vpcEndpointService:VpcEndpointService",
		"iam:UpdateRoleDescription":         "aws:iam/role:Role",
	} {
		all, _ := needed([]Planned{{Token: token}})
		require.Contains(t, all, action, token)
	}
	all, _ := needed([]Planned{{Token: "aws:ec2/vpc:Vpc"}})
	require.NotContains(t, all, "ec2:DescribeNetworkAcls", "the provider does without it")
}
