package aws

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kafkalink/kafkalink/simcloud"
)

// refusal is an error of one of AWS's APIs.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return fmt.Sprintf("api error %s: %s", r.code, r.message) }

// Refusal tells AWS's code and sentence of an error; ok is false if it is none of AWS's.
func Refusal(err error) (code, message string, ok bool) {
	var refused *refusal
	if !errors.As(err, &refused) {
		return "", "", false
	}
	return refused.code, refused.message, true
}

func refuse(code, format string, arguments ...any) error {
	return &refusal{code, fmt.Sprintf(format, arguments...)}
}

// limit refuses what AWS would do and the simulation cannot.
func limit(format string, arguments ...any) error {
	return refuse("SimulatedCloudLimit", format, arguments...)
}

// noRequest stands for the ids of requests, which no two runs would share.
const noRequest = "00000000-0000-0000-0000-000000000000"

// report writes a refusal down as the provider does; what is none is the provider's own sentence.
func (t awsType) report(operation simcloud.OperationKind, id string, err error) error {
	var refused *refusal
	if !errors.As(err, &refused) {
		return err
	}
	doing, call := "creating "+t.title(), t.creates
	switch operation {
	case simcloud.OperationUpdate:
		doing, call = fmt.Sprintf("updating %s (%s)", t.title(), id), t.modifies
	case simcloud.OperationDelete:
		doing, call = fmt.Sprintf("deleting %s (%s)", t.title(), id), t.deletes
	}
	return fmt.Errorf("%s: operation error %s: %s, https response error StatusCode: 400, RequestID: %s, %w", doing, t.service, call, noRequest, refused)
}

// absence is what AWS says of an id that names nothing.
type absence struct{ code, message string }

var absences = map[string]absence{
	tokenVpc:              {"InvalidVpcID.NotFound", "The vpc ID '%s' does not exist"},
	tokenSubnet:           {"InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist"},
	tokenInternetGateway:  {"InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist"},
	tokenRouteTable:       {"InvalidRouteTableID.NotFound", "The routeTable ID '%s' does not exist"},
	tokenEip:              {"InvalidAllocationID.NotFound", "The allocation ID '%s' does not exist"},
	tokenNatGateway:       {"InvalidNatGatewayID.NotFound", "The natGateway ID '%s' does not exist"},
	tokenSecurityGroup:    {"InvalidGroup.NotFound", "The security group '%s' does not exist"},
	tokenIngressRule:      {"InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '%s' does not exist"},
	tokenEgressRule:       {"InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '%s' does not exist"},
	tokenNetworkInterface: {"InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '%s' does not exist"},
	tokenKeyPair:          {"InvalidKeyPair.NotFound", "The key pair '%s' does not exist"},
	tokenVolume:           {"InvalidVolume.NotFound", "The volume '%s' does not exist."},
	tokenInstance:         {"InvalidInstanceID.NotFound", "The instance ID '%s' does not exist"},
	tokenRole:             {"NoSuchEntity", "The role with name %s cannot be found."},
	tokenInstanceProfile:  {"InvalidParameterValue", "Value (%s) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"},
	tokenDocument:         {"InvalidDocument", "Document with name %s does not exist."},
	tokenAssociation:      {"AssociationDoesNotExist", "The association '%s' does not exist."},
	tokenParameter:        {"ParameterNotFound", "The parameter '%s' does not exist."},
	tokenLoadBalancer:     {"LoadBalancerNotFound", "Load balancer '%s' not found"},
	tokenTargetGroup:      {"TargetGroupNotFound", "Target group '%s' not found"},
	tokenListener:         {"ListenerNotFound", "Listener '%s' not found"},
	tokenEndpointService:  {"InvalidVpcEndpointServiceId.NotFound", "The VpcEndpointService Id '%s' does not exist"},
}

// parents are how ids begin of what others lie in.
var parents = map[string]string{
	"subnet-": tokenSubnet, "rtb-": tokenRouteTable, "sg-": tokenSecurityGroup, "i-": tokenInstance, "vpce-svc-": tokenEndpointService, roleSpace: tokenRole,
	"arn:aws:elasticloadbalancing:": tokenLoadBalancer,
}

// missing refuses what refers to, or lies in, something that is not there.
func missing(token, id, _ string) error {
	for prefix, parent := range parents {
		if token == "" && strings.HasPrefix(id, prefix) {
			token, id = parent, strings.TrimPrefix(id, roleSpace)
		}
	}
	if strings.Contains(id, ":targetgroup/") {
		token = tokenTargetGroup
	}
	if said, ok := absences[token]; ok {
		return refuse(said.code, said.message, id)
	}
	return refuse("InvalidID.NotFound", "'%s' does not exist", id)
}

// alreadyExists refuses to make what is there under the same name.
func alreadyExists(token, id string) error {
	switch token {
	case tokenKeyPair:
		return refuse("InvalidKeyPair.Duplicate", "The keypair already exists: '%s'", id)
	case tokenRole:
		return refuse("EntityAlreadyExists", "Role with name %s already exists.", id)
	case tokenInstanceProfile:
		return refuse("EntityAlreadyExists", "Instance Profile %s already exists.", id)
	case tokenDocument:
		return refuse("DocumentAlreadyExists", "Document with same name %s already exists", id)
	case tokenParameter:
		return refuse("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
	case tokenRoute:
		return refuse("RouteAlreadyExists", "The route %s already exists: its table has one to the same destination.", id)
	}
	return refuse("ResourceAlreadyExists", "'%s' already exists.", id)
}
