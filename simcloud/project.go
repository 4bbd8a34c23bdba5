package simcloud

// project keeps of a value what a type can hold: of outputs, what could have been an input.
func (s *Schema) project(declared property, value any) any {
	switch v := value.(type) {
	case []any:
		if declared.kind != "list" {
			return value
		}
		kept := make([]any, len(v))
		for i, item := range v {
			kept[i] = s.project(*declared.element, item)
		}
		return kept
	case map[string]any:
		if declared.kind == "object" {
			return map[string]any(s.projectAll(s.types[declared.object], v))
		}
	}
	return value
}

func (s *Schema) projectAll(properties map[string]property, values map[string]any) Properties {
	kept := Properties{}
	for name, value := range values {
		if declared, ok := properties[name]; ok {
			kept[name] = s.project(declared, value)
		}
	}
	return kept
}

// previewOutputs are the outputs a preview can tell: what is put in, and unknowns for the rest.
func (s *Schema) previewOutputs(outputs map[string]property, inputs map[string]any) Properties {
	previewed := Properties{}
	for name, declared := range outputs {
		if value, ok := inputs[name]; ok {
			previewed[name] = s.previewValue(declared, value)
		} else {
			previewed[name] = Unknown{}
		}
	}
	return previewed
}

func (s *Schema) previewValue(declared property, value any) any {
	switch v := value.(type) {
	case []any:
		if declared.kind != "list" {
			return value
		}
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = s.previewValue(*declared.element, item)
		}
		return items
	case map[string]any:
		if declared.kind == "object" {
			return map[string]any(s.previewOutputs(s.types[declared.object], v))
		}
	}
	return value
}
