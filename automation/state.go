package automation

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// state reads the stack's resources, each after all it needs. Secrets in it stay sealed: the Automation API's export
// would open them.
func (op *operation) state(ctx context.Context) ([]apitype.ResourceV3, error) {
	text, err := op.cli("stack", "export", "--stack", op.stackName())
	if err != nil {
		return nil, op.explain(ctx, err)
	}
	var export apitype.UntypedDeployment
	if err := json.Unmarshal([]byte(text), &export); err != nil {
		return nil, fmt.Errorf("reading the stack's state: %w", err)
	}
	if export.Version > apitype.DeploymentSchemaVersionLatest {
		return nil, &Error{
			Kind: KindEngine,
			What: "the stack's state is not readable",
			Why:  fmt.Sprintf("its format is version %d; this is built for %d", export.Version, apitype.DeploymentSchemaVersionLatest),
			Next: "use a newer kafkalink",
		}
	}
	var state apitype.DeploymentV3
	if err := json.Unmarshal(export.Deployment, &state); err != nil {
		return nil, fmt.Errorf("reading the stack's state: %w", err)
	}
	return state.Resources, nil
}
