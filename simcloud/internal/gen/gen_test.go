package gen

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Thing and ThingArgs have the form of the SDKs' generated code.
type Thing struct {
	pulumi.CustomResourceState

	Name pulumi.StringOutput    `pulumi:"name"`
	Size pulumi.IntPtrOutput    `pulumi:"size"`
	Tags pulumi.StringMapOutput `pulumi:"tags"`
}

type thingArgs struct {
	Name  string            `pulumi:"name"`
	Size  *int              `pulumi:"size"`
	Parts []Part            `pulumi:"parts"`
	Tags  map[string]string `pulumi:"tags"`
	Any   interface{}       `pulumi:"any"`
}

type ThingArgs struct{ Name pulumi.StringInput }

func (ThingArgs) ElementType() reflect.Type { return reflect.TypeFor[thingArgs]() }

type Part struct {
	Weight float64 `pulumi:"weight"`
	Whole  *bool   `pulumi:"whole"`
	Parts  []Part  `pulumi:"parts"`
}

type GetThingArgs struct {
	Name  *string `pulumi:"name"`
	Parts []Part  `pulumi:"parts"`
}

type GetThingResult struct {
	ID   string `pulumi:"id"`
	Size *int   `pulumi:"size"`
}

func TestModulesAreNamedWithoutTheirVersion(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "network", moduleOf("github.com/pulumi/pulumi-azure-native-sdk/network/v2"))
	assert.Equal(t, "ec2", moduleOf("github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"))
}

func TestWriteNotesNamesTypesAndWhatIsRequired(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "schema.json")
	require.NoError(t, Write(file, "sdk", []Resource{{Token: "a:b:Thing", Args: ThingArgs{}, State: Thing{}}},
		[]Function{{Token: "a:b:getThing", Args: GetThingArgs{}, Result: GetThingResult{}}}))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var got Document
	require.NoError(t, json.Unmarshal(text, &got))
	const part = "gen.Part"
	assert.Equal(t, Document{
		Module: "sdk",
		Resources: map[string]Shape{"a:b:Thing": {
			Inputs:  map[string]string{"name": "!string", "size": "integer", "parts": "[]#" + part, "tags": "{}string", "any": "any"},
			Outputs: map[string]string{"name": "string", "size": "integer", "tags": "{}string"},
		}},
		Functions: map[string]Shape{"a:b:getThing": {
			Inputs:  map[string]string{"name": "string", "parts": "[]#" + part},
			Outputs: map[string]string{"id": "string", "size": "integer"},
		}},
		Types: map[string]map[string]string{part: {"weight": "!number", "whole": "boolean", "parts": "[]#" + part}},
	}, got)
}
