package aws

import (
	"encoding/json"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/kafkalink/kafkalink/components/rolling"
)

// agentActions are what the agent of Systems Manager does: those of AmazonSSMManagedInstanceCore, but for the reading of
// parameters, which nothing of ours needs. Source: AWS managed policy reference.
var agentActions = []string{
	"ssm:DescribeAssociation", "ssm:DescribeDocument", "ssm:GetDeployablePatchSnapshotForInstance", "ssm:GetDocument",
	"ssm:GetManifest", "ssm:ListAssociations", "ssm:ListInstanceAssociations", "ssm:PutComplianceItems",
	"ssm:PutConfigurePackageResult", "ssm:PutInventory", "ssm:UpdateAssociationStatus",
	"ssm:UpdateInstanceAssociationStatus", "ssm:UpdateInstanceInformation",
	"ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
	"ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage", "ec2messages:FailMessage", "ec2messages:GetEndpoint",
	"ec2messages:GetMessages", "ec2messages:SendReply",
}

type policy struct {
	Version   string
	Statement []statement
}

type statement struct {
	Effect    string
	Action    []string
	Resource  string            `json:",omitempty"`
	Principal map[string]string `json:",omitempty"`
}

func (p policy) String() string {
	text, err := json.Marshal(p)
	if err != nil { // plain strings
		panic(err)
	}
	return string(text)
}

func allow(statements ...statement) policy {
	for i := range statements {
		statements[i].Effect = "Allow"
	}
	return policy{Version: "2012-10-17", Statement: statements}
}

// newProfile is what a machine may do: what its agent does, and report for itself.
func (s machines) newProfile(ctx *pulumi.Context, m *rolling.Machine, parent pulumi.Resource) (*iam.InstanceProfile, *iam.RolePolicy, error) {
	role, err := iam.NewRole(ctx, m.Resource+"-role", &iam.RoleArgs{
		Description: pulumi.String("Kafka node " + m.Name),
		AssumeRolePolicy: pulumi.String(allow(statement{
			Action: []string{"sts:AssumeRole"}, Principal: map[string]string{"Service": "ec2.amazonaws.com"},
		}).String()),
		Tags: named(s.Tags, m.Name, nil),
	}, pulumi.Parent(parent))
	if err != nil {
		return nil, nil, err
	}
	allowed, err := iam.NewRolePolicy(ctx, m.Resource+"-policy", &iam.RolePolicyArgs{
		Role: role.Name,
		Name: pulumi.String("kafkalink"), // of the role's own: whoever makes it again writes the same over it
		Policy: pulumi.String(allow(
			statement{Action: agentActions, Resource: "*"},
			statement{Action: []string{"ssm:PutParameter"}, Resource: s.account.parameterARN(reportsOf(reports(s.Cluster.Name), m.Host.Node.ID))},
		).String()),
	}, pulumi.Parent(parent))
	if err != nil {
		return nil, nil, err
	}
	profile, err := iam.NewInstanceProfile(ctx, m.Resource+"-profile", &iam.InstanceProfileArgs{
		Role: role.Name, Tags: named(s.Tags, m.Name, nil),
	}, pulumi.Parent(parent))
	return profile, allowed, err
}
