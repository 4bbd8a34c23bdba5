package aws

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kafkalink/kafkalink/simcloud"
)

const (
	tokenRole            = "aws:iam/role:Role"
	tokenRolePolicy      = "aws:iam/rolePolicy:RolePolicy"
	tokenInstanceProfile = "aws:iam/instanceProfile:InstanceProfile"

	roleSpace    = "role "
	profileSpace = "instance profile "
)

var iamNames = []nameRule{{regexp.MustCompile(`[^\w+=,.@-]`), "must consist of letters, digits and _+=,.@-"}}

func role() awsType {
	return awsType{
		service: "IAM", noun: "Role", modifies: "UpdateRole", arn: "iam::{account}:role/{name}",
		name:          &naming{input: "name", max: 64, rules: iamNames},
		documents:     []string{"assumeRolePolicy"},
		inputDefaults: simcloud.Properties{"forceDetachPolicies": false, "maxSessionDuration": 3600.0, "path": "/"},
		lookup: &lookup{
			function: "aws:iam/getRole:getRole", what: "IAM Role", arguments: map[string]string{"name": "name"}, ignores: []string{"tags"},
			none: func(_ simcloud.View, a simcloud.Properties) string {
				return fmt.Sprintf("reading IAM Role (%s): couldn't find resource", a.Text("name"))
			},
		},
		Kind: simcloud.Kind{
			Token:         tokenRole,
			Duration:      15 * time.Second,
			Namespace:     roleSpace,
			ID:            func(identity *simcloud.Identity) (string, string) { return identity.Inputs.Text("name"), "" },
			InputsOf:      func(id string) simcloud.Properties { return simcloud.Properties{"name": id} },
			Required:      []string{"assumeRolePolicy"},
			Replaces:      []string{"path"},
			KeptWhenUnset: []string{"inlinePolicies", "managedPolicyArns"},
			Ranges:        map[string]simcloud.Range{"maxSessionDuration": {Min: 3600, Max: 43200}},
			Check:         checkPolicies("assumeRolePolicy", "inlinePolicies[].policy"),
			Rules:         []simcloud.Rule{trustWritten, policiesManaged, policiesSmall},
			Compute:       iamCreated("AROA"),
			DeleteRules:   []simcloud.Rule{roleUnused},
			Effect:        agentsTryAgain,
		},
	}
}

func rolePolicy() awsType {
	return awsType{
		service: "IAM", noun: "Role Policy", creates: "PutRolePolicy", modifies: "PutRolePolicy",
		name:      &naming{input: "name", max: 128, rules: iamNames},
		documents: []string{"policy"},
		Kind: simcloud.Kind{
			Token:    tokenRolePolicy,
			Duration: 15 * time.Second,
			ID: func(identity *simcloud.Identity) (string, string) {
				in := identity.Inputs
				return in.Text("role") + ":" + in.Text("name"), roleSpace + in.Text("role")
			},
			InputsOf: func(id string) simcloud.Properties {
				role, name, _ := strings.Cut(id, ":")
				return simcloud.Properties{"role": role, "name": name}
			},
			Adopts:     func(simcloud.Properties) bool { return true },
			Required:   []string{"policy", "role"},
			Replaces:   []string{"role"},
			References: []simcloud.Reference{{Path: "role", To: []string{tokenRole}}},
			Check:      checkPolicies("policy"),
			Rules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				role, _ := t.World.Get(roleSpace + t.After.Properties.Text("role"))
				texts := []string{t.After.Properties.Text("policy")}
				for _, other := range t.World.Children(role.ID) {
					if other.ID != t.After.ID {
						texts = append(texts, other.Properties.Text("policy"))
					}
				}
				return judgeSize(role, texts)
			}},
			Effect: agentsTryAgain,
		},
	}
}

func instanceProfile() awsType {
	return awsType{
		service: "IAM", noun: "Instance Profile", modifies: "AddRoleToInstanceProfile", arn: "iam::{account}:instance-profile/{name}",
		name:          &naming{input: "name", max: 128, rules: iamNames},
		inputDefaults: simcloud.Properties{"path": "/"},
		lookup: &lookup{
			function: "aws:iam/getInstanceProfile:getInstanceProfile", what: "IAM Instance Profile", arguments: map[string]string{"name": "name"},
			none: func(_ simcloud.View, a simcloud.Properties) string {
				return fmt.Sprintf("reading IAM Instance Profile (%s): couldn't find resource", a.Text("name"))
			},
			show: func(view simcloud.View, r *simcloud.Resource) simcloud.Properties {
				shown := simcloud.Properties{"roleName": r.Properties.Text("role")}
				if role, ok := view.Get(roleSpace + r.Properties.Text("role")); ok {
					shown["roleArn"], shown["roleId"] = role.Computed["arn"], role.Computed["uniqueId"]
				}
				return shown
			},
		},
		Kind: simcloud.Kind{
			Token:      tokenInstanceProfile,
			Duration:   15 * time.Second,
			Namespace:  profileSpace,
			ID:         func(identity *simcloud.Identity) (string, string) { return identity.Inputs.Text("name"), "" },
			InputsOf:   func(id string) simcloud.Properties { return simcloud.Properties{"name": id} },
			Replaces:   []string{"path"},
			References: []simcloud.Reference{{Path: "role", To: []string{tokenRole}}},
			Compute:    iamCreated("AIPA"),
			DeleteRules: []simcloud.Rule{func(t *simcloud.Transaction) error {
				for _, user := range usersOf(t.World, t.Before.ID, tokenInstance) {
					return limit("Instance profile %s is that of %s: AWS deletes it, and the instance loses its role.", strings.TrimPrefix(t.Before.ID, profileSpace), user.ID)
				}
				return nil
			}},
			Effect: agentsTryAgain,
		},
	}
}

func iamCreated(prefix string) simcloud.Rule {
	return func(t *simcloud.Transaction) error {
		if t.Creating() {
			t.After.Computed["uniqueId"] = prefix + strings.ToUpper(t.Unique("id")[:17])
			t.After.Computed["createDate"] = time.Now().UTC().Format(time.RFC3339)
		}
		return nil
	}
}

// checkPolicies is Terraform's look at documents of policy.
func checkPolicies(patterns ...string) func(*simcloud.Checker) {
	return func(c *simcloud.Checker) {
		for _, pattern := range patterns {
			c.Each(pattern, func(path string, value any) {
				var object map[string]any
				text, isText := value.(string)
				if !isText || json.Unmarshal([]byte(text), &object) != nil {
					c.Fail(path, "'%s' contains an invalid JSON policy: it must be an object", path)
				}
			})
		}
	}
}

func trustWritten(t *simcloud.Transaction) error {
	text := t.After.Properties.Text("assumeRolePolicy")
	for _, s := range statementsIn(text) {
		if len(s.Principal) > 0 && len(s.Action) > 0 {
			return nil
		}
	}
	return refuse("MalformedPolicyDocument", "The trust policy must have a statement with a principal and an action")
}

func policiesManaged(t *simcloud.Transaction) error {
	for _, arn := range t.After.Properties.Texts("managedPolicyArns") {
		if !strings.HasPrefix(arn, "arn:aws:iam::aws:policy/") {
			return refuse("NoSuchEntity", "Policy %s does not exist or is not attachable.", arn)
		}
	}
	return nil
}

func policiesSmall(t *simcloud.Transaction) error {
	var texts []string
	for _, inline := range t.After.Properties.Objects("inlinePolicies") {
		texts = append(texts, inline.Text("policy"))
	}
	return judgeSize(t.After, texts)
}

// maxInline is how much all inline policies of a role may be together, without white space.
const maxInline = 10240

func judgeSize(role *simcloud.Resource, texts []string) error {
	size := 0
	for _, text := range texts {
		size += len(strings.Join(strings.Fields(text), ""))
	}
	if size > maxInline {
		return refuse("LimitExceeded", "Maximum policy size of %d bytes exceeded for role %s", maxInline, strings.TrimPrefix(role.ID, roleSpace))
	}
	return nil
}

// roleUnused: the provider takes a role out of its profiles before it deletes it, and policies only where it is told to.
func roleUnused(t *simcloud.Transaction) error {
	if len(t.World.Children(t.Before.ID)) > 0 && !t.Before.Properties.True("forceDetachPolicies") {
		return refuse("DeleteConflict", "Cannot delete entity, must delete policies first.")
	}
	for _, profile := range usersOf(t.World, t.Before.ID, tokenInstanceProfile) {
		bereft := profile.Clone()
		delete(bereft.Properties, "role")
		t.Put(bereft)
	}
	return nil
}

// statement is as much of a policy's statement as the simulation reads.
type statement struct {
	Effect    string
	Action    oneOrMore
	Resource  oneOrMore
	Principal map[string]oneOrMore
	Condition map[string]any
}

// oneOrMore is a text or a list of texts.
type oneOrMore []string

// UnmarshalJSON reads both forms.
func (l *oneOrMore) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*l = oneOrMore{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(l))
}

func statementsIn(policy string) []statement {
	var many struct{ Statement []statement }
	if json.Unmarshal([]byte(policy), &many) == nil {
		return many.Statement
	}
	var one struct{ Statement statement }
	if json.Unmarshal([]byte(policy), &one) == nil {
		return []statement{one.Statement}
	}
	return nil
}

// wild says whether a pattern with * and ? matches a text.
func wild(pattern, text string) bool {
	// A backslash takes the next letter as it is.
	expression := strings.NewReplacer(`\\\\`, `\\`, `\\\*`, `\*`, `\\\?`, `\?`, `\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	matched, err := regexp.MatchString("(?s)^"+expression+"$", text)
	return err == nil && matched
}

// covers says whether a statement speaks of an action on a resource; on "", whatever the resource.
func (s statement) covers(action, resource string) bool {
	return slices.ContainsFunc(s.Action, func(pattern string) bool { return wild(strings.ToLower(pattern), strings.ToLower(action)) }) &&
		slices.ContainsFunc(s.Resource, func(pattern string) bool { return resource == "" || wild(pattern, resource) })
}

// agentActions are what the SSM agent asks for to register, to fetch its associations and to report on them.
var agentActions = []string{
	"ssm:UpdateInstanceInformation", "ssm:ListInstanceAssociations", "ssm:UpdateInstanceAssociationStatus", "ssm:GetDocument",
	"ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
	"ec2messages:GetMessages", "ec2messages:AcknowledgeMessage", "ec2messages:SendReply",
}

// managedCore is the policy of AWS that lets the agent work, and no more.
const managedCore = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"

// allowed says whether a role may do something: a statement without conditions allows it, and none denies it.
func allowed(view simcloud.View, role *simcloud.Resource, action, resource string) bool {
	statements := inlineStatements(view, role)
	permitted := slices.Contains(role.Properties.Texts("managedPolicyArns"), managedCore) && slices.Contains(agentActions, action)
	for _, s := range statements {
		if !s.covers(action, resource) {
			continue
		}
		switch {
		case s.Effect == "Deny":
			return false
		case s.Effect == "Allow" && len(s.Condition) == 0:
			permitted = true
		}
	}
	return permitted
}

func inlineStatements(view simcloud.View, role *simcloud.Resource) []statement {
	var statements []statement
	for _, inline := range role.Properties.Objects("inlinePolicies") {
		statements = append(statements, statementsIn(inline.Text("policy"))...)
	}
	for _, policy := range simcloud.ChildrenOf(view, tokenRolePolicy, role.ID) {
		statements = append(statements, statementsIn(policy.Properties.Text("policy"))...)
	}
	return statements
}

// roleOf is the role that an instance has by its profile, or why it has none.
func roleOf(view simcloud.View, instance *simcloud.Resource) (*simcloud.Resource, error) {
	name := instance.Properties.Text("iamInstanceProfile")
	if name == "" {
		return nil, fmt.Errorf("%s has no instance profile", instance.ID)
	}
	profile, ok := view.Get(profileSpace + name)
	if !ok {
		return nil, fmt.Errorf("instance profile %s of %s does not exist", name, instance.ID)
	}
	role, ok := view.Get(roleSpace + profile.Properties.Text("role"))
	if !ok {
		return nil, fmt.Errorf("instance profile %s of %s has no role", name, instance.ID)
	}
	for _, s := range statementsIn(role.Properties.Text("assumeRolePolicy")) {
		if s.Effect == "Allow" && slices.Contains(s.Action, "sts:AssumeRole") && slices.Contains(s.Principal["Service"], "ec2.amazonaws.com") {
			return role, nil
		}
	}
	return nil, fmt.Errorf("role %s does not let ec2.amazonaws.com assume it", profile.Properties.Text("role"))
}

// RoleOf is the name of the role that an instance has by its profile, or why it has none.
func RoleOf(view simcloud.View, id string) (string, error) {
	instance, ok := simcloud.GetOf(view, tokenInstance, id)
	if !ok {
		return "", missing(tokenInstance, id, "")
	}
	role, err := roleOf(view, instance)
	if err != nil {
		return "", err
	}
	return strings.TrimPrefix(role.ID, roleSpace), nil
}

// agentPermitted says why an instance's role does not let its SSM agent work.
func agentPermitted(view simcloud.View, instance *simcloud.Resource) error {
	role, err := roleOf(view, instance)
	if err != nil {
		return err
	}
	for _, action := range agentActions {
		if !allowed(view, role, action, "") {
			return fmt.Errorf("role %s of %s may not %s", strings.TrimPrefix(role.ID, roleSpace), instance.ID, action)
		}
	}
	return nil
}
