package automation

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// export is the stack's state as the CLI hands it out.
type export struct {
	text  []byte
	typed apitype.DeploymentV3
}

// state reads the stack's resources, each after all it needs.
func (op *operation) state(ctx context.Context) ([]apitype.ResourceV3, error) {
	exported, err := op.export(ctx)
	return exported.typed.Resources, err
}

// export reads the stack's state. Secrets in it stay sealed: the Automation API's export would open them.
func (op *operation) export(ctx context.Context) (export, error) {
	text, err := op.cli("stack", "export", "--stack", op.stackName())
	if err != nil && op.repair() {
		text, err = op.cli("stack", "export", "--stack", op.stackName())
	}
	if err != nil {
		return export{}, op.explain(ctx, err)
	}
	var whole apitype.UntypedDeployment
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		return export{}, fmt.Errorf("reading the stack's state: %w", err)
	}
	if whole.Version > apitype.DeploymentSchemaVersionLatest {
		return export{}, &Error{
			Kind: KindEngine,
			What: "the stack's state is not readable",
			Why:  fmt.Sprintf("its format is version %d; this is built for %d", whole.Version, apitype.DeploymentSchemaVersionLatest),
			Next: "use a newer kafkalink",
		}
	}
	exported := export{text: []byte(text)}
	if err := json.Unmarshal(whole.Deployment, &exported.typed); err != nil {
		return export{}, fmt.Errorf("reading the stack's state: %w", err)
	}
	return exported, nil
}
