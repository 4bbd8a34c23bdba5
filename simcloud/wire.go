package simcloud

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"google.golang.org/protobuf/types/known/structpb"
)

// decode reads the properties of a request. Secrets arrive in the clear: the provider says that it
// does not accept secrets, and the engine then marks the answers as it had marked the question.
func decode(label string, message *structpb.Struct) (Properties, error) {
	properties, err := plugin.UnmarshalProperties(message, plugin.MarshalOptions{
		Label: label, KeepUnknowns: true, SkipNulls: true,
	})
	if err != nil {
		return nil, err
	}
	return Properties(fromMap(properties)), nil
}

// encode writes the properties of an answer.
func encode(label string, properties Properties) (*structpb.Struct, error) {
	return plugin.MarshalProperties(toMap(properties), plugin.MarshalOptions{
		Label: label, KeepUnknowns: true, SkipNulls: true,
	})
}

func fromMap(properties resource.PropertyMap) map[string]any {
	values := make(map[string]any, len(properties))
	for name, value := range properties {
		if !value.IsNull() {
			values[string(name)] = fromValue(value)
		}
	}
	return values
}

func fromValue(value resource.PropertyValue) any {
	switch {
	case value.IsComputed(), value.IsOutput() && !value.OutputValue().Known:
		return Unknown{}
	case value.IsOutput():
		return fromValue(value.OutputValue().Element)
	case value.IsSecret():
		return fromValue(value.SecretValue().Element)
	case value.IsObject():
		return fromMap(value.ObjectValue())
	case value.IsArray():
		list := make([]any, len(value.ArrayValue()))
		for i, item := range value.ArrayValue() {
			list[i] = fromValue(item)
		}
		return list
	case value.IsAsset(), value.IsArchive(), value.IsResourceReference():
		return foreign(value.TypeString())
	}
	return value.V
}

// foreign is a value of a kind that no cloud's property takes: an asset, an archive, a resource.
type foreign string

func toMap(values map[string]any) resource.PropertyMap {
	properties := make(resource.PropertyMap, len(values))
	for name, value := range values {
		if value != nil {
			properties[resource.PropertyKey(name)] = toValue(value)
		}
	}
	return properties
}

func toValue(value any) resource.PropertyValue {
	switch v := value.(type) {
	case Unknown:
		return resource.MakeComputed(resource.NewStringProperty(""))
	case map[string]any:
		return resource.NewObjectProperty(toMap(v))
	case Properties:
		return resource.NewObjectProperty(toMap(v))
	case []any:
		items := make([]resource.PropertyValue, len(v))
		for i, item := range v {
			items[i] = toValue(item)
		}
		return resource.NewArrayProperty(items)
	}
	return resource.NewPropertyValue(value)
}
