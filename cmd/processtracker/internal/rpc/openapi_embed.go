package rpc

import (
	_ "embed"
	"slices"
)

//go:embed openapi.json
var openAPI []byte

// OpenAPI returns the OpenAPI document of the methods over HTTP. A test makes it of the
// table, and with -update writes it.
func OpenAPI() []byte { return slices.Clone(openAPI) }
