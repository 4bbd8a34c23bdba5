package rolling

// Found is a resource as the cloud has it, whose creation was cut off so that nobody knew whether it happened.
type Found struct {
	// ID by which the provider reads it.
	ID string
	// Outputs are what was asked for, and what the cloud made up.
	Outputs map[string]any
	// Unfinished says what is wrong with it, and "" that it is as it was asked for.
	Unfinished string
}
