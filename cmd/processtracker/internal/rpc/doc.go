// Package rpc is the tool's protocol: one table of methods, which "processtracker
// session" serves as lines of JSON-RPC 2.0 and "processtracker serve" over HTTP.
//
// A method is a Go function with a struct of parameters and a struct of results. What
// they look like as JSON follows from one rule, which [Wire] has. The OpenAPI document
// and the reference part of docs/protocol.md are made of the same table, so that none of
// them can fall behind.
package rpc

// Version is the version of the protocol. It changes when a client of the old one would
// not work with the new one: methods, fields of results and names of errors are added
// without that.
const Version = 1

// MaxMessage is how many bytes a request may have.
const MaxMessage = 16 << 20

// The limits of lists.
const (
	DefaultLimit = 1_000
	MaxLimit     = 10_000
)
