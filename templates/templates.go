// Package templates holds the programs that `kafkalink init` writes, one per cloud: directories, which `pulumi new` takes
// as well, and the same as archives, since a module of its own cannot be embedded.
package templates

import (
	_ "embed"
)

// Azure is the program of an Azure stack, as a txtar archive. ${PROJECT} and ${DESCRIPTION} are to be filled in, and
// Pulumi.dev.yaml is the stack's file.
//
//go:embed azure.txtar
var Azure []byte

// AWS is the program of an AWS stack, in the same form.
//
//go:embed aws.txtar
var AWS []byte
