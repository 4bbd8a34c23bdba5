package azure

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSizes(t *testing.T) {
	t.Parallel()
	const mib, gib = 1, 1 << 10
	for name, want := range map[string]size{
		"Standard_B1ls":     {512 * mib, false},
		"Standard_B2s":      {4 * gib, false},
		"Standard_B2ms":     {8 * gib, false},
		"Standard_B2ls_v2":  {4 * gib, false},
		"Standard_B2as_v2":  {8 * gib, false},
		"Standard_DS2_v2":   {7 * gib, false},
		"Standard_D2s_v3":   {8 * gib, false},
		"standard_d2S_V3":   {8 * gib, false},
		"Standard_D4s_v3":   {16 * gib, false},
		"Standard_D2ps_v5":  {8 * gib, false},
		"Standard_D2lds_v5": {4 * gib, false},
		"Standard_D2ds_v6":  {8 * gib, true},
		"Standard_D2s_v6":   {8 * gib, true},
		"Standard_D96as_v6": {384 * gib, true},
		"Standard_E2s_v3":   {16 * gib, false},
		"Standard_E8-4s_v5": {64 * gib, false},
		"Standard_E4s_v6":   {32 * gib, true},
		"Standard_F2s_v2":   {4 * gib, false},
		"Standard_F4als_v6": {8 * gib, true},
		"Standard_F4as_v6":  {16 * gib, true},
		"Standard_F4ams_v6": {32 * gib, true},
		"Standard_L8s_v3":   {64 * gib, false},
		"Standard_L2s_v4":   {16 * gib, true},
	} {
		got, known := sizeOf(name)
		require.True(t, known, name)
		require.Equal(t, want, got, name)
	}
	for _, name := range []string{"", "Standard", "Standard_M8ms", "Standard_E96s_v5", "Standard_D2_v2", "Standard_NC6", "Standard_D99999999999999999999s_v3"} {
		_, known := sizeOf(name)
		require.False(t, known, name)
	}
}

func TestEverySizeOfTheSimulatedCloudIsKnown(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../simcloud/azure/sizes.go")
	require.NoError(t, err)
	names := regexp.MustCompile(`"(Standard_\w+)":`).FindAllSubmatch(source, -1)
	require.NotEmpty(t, names)
	for _, name := range names {
		_, known := sizeOf(string(name[1]))
		require.True(t, known, "%s", name[1])
	}
}
