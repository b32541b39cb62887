package dialect

import (
	"context"
	"errors"
	"fmt"
)

// ErrInvalid means that an argument is invalid.
var ErrInvalid = errors.New("invalid")

// Missing returns the error of a required value that is nil or zero. It matches
// [ErrInvalid].
func Missing(what, remedy string) error {
	return fmt.Errorf("%w %s %q: there is none; %s", ErrInvalid, what, "nil or zero", remedy)
}

// NoConn is the Conn of a [Backend] that is nil or was not opened: it returns Err.
type NoConn struct{ Err error }

// Exec implements [Conn].
func (c NoConn) Exec(context.Context, Stmt) (int64, error) { return 0, c.Err }

// Query implements [Conn].
func (c NoConn) Query(context.Context, Stmt, func(Row) error) error { return c.Err }

// Atomic implements [Conn].
func (c NoConn) Atomic(context.Context, func(Conn) error) error { return c.Err }
