package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	b := new(Backend)
	code := func(c string) error { return &pgconn.PgError{Code: c, Message: "deadlock detected, permission denied"} }
	reset := &net.OpError{Op: "read", Err: syscall.ECONNRESET}
	for _, c := range []struct {
		err  error
		want dialect.Class
	}{
		{code("40001"), dialect.Conflict}, {code("40P01"), dialect.Conflict}, {code("55P03"), dialect.Conflict},
		{code("57014"), dialect.Conflict}, {fmt.Errorf("%w: %w", context.Canceled, code("57014")), dialect.Other},
		{code("0A000"), dialect.Other}, {&pgconn.PgError{Code: "0A000", Routine: "RevalidateCachedQuery"}, dialect.Conflict},
		{code("57P05"), dialect.Disconnected}, {code("25P03"), dialect.Disconnected}, {code("25P04"), dialect.Disconnected},
		{code("57P01"), dialect.Disconnected}, {code("57P02"), dialect.Disconnected}, {code("57P03"), dialect.Disconnected},
		{code("08006"), dialect.Disconnected}, {code("08P01"), dialect.Disconnected},
		{code("42501"), dialect.Denied}, {code("23505"), dialect.Duplicate},
		{code("25006"), dialect.ReadOnly}, {code("25P01"), dialect.TransactionEnded}, {code("25P02"), dialect.TransactionEnded},
		{pgx.ErrTxClosed, dialect.TransactionEnded}, {sql.ErrTxDone, dialect.TransactionEnded},
		{code("23503"), dialect.Reference}, {code("23001"), dialect.Reference},
		{code("42P01"), dialect.Other}, {code("23502"), dialect.Other}, {code("40002"), dialect.Other}, {code(""), dialect.Other},
		{code("53000"), dialect.Conflict}, {code("53200"), dialect.Conflict}, {code("53300"), dialect.Conflict}, {code("53100"), dialect.Other},
		{code("54000"), dialect.TooLarge},
		{code("28P01"), dialect.Credentials}, {code("28000"), dialect.Credentials}, {code("3D000"), dialect.Other},
		{code("57P04"), dialect.Disconnected}, {code("40003"), dialect.Disconnected},
		{timedOut(code("25P03")), dialect.TransactionEnded}, {timedOut(code("25P04")), dialect.TransactionEnded}, {timedOut(code("57P05")), dialect.TransactionEnded},
		{timedOut(code("57P01")), dialect.Disconnected}, {timedOut(nil), dialect.Other},
		{io.EOF, dialect.Disconnected}, {io.ErrUnexpectedEOF, dialect.Disconnected}, {reset, dialect.Disconnected},
		{context.Canceled, dialect.Other}, {context.DeadlineExceeded, dialect.Other},
		{fmt.Errorf("%w: %w", context.Canceled, reset), dialect.Other},
		{errors.New("deadlock detected"), dialect.Other}, {nil, dialect.Other},
		{new(pgconn.ConnectError), dialect.Unreachable},
	} {
		for _, err := range []error{c.err, fmt.Errorf("start: %w", c.err), errors.Join(errors.New("first"), c.err)} {
			if got := b.Classify(err); got != c.want {
				t.Errorf("%v is %v, want %v", err, got, c.want)
			}
		}
	}
}

func TestCloseLeavesTheCallersPool(t *testing.T) {
	t.Parallel()
	b := &Backend{conn: poolConn{pool: new(pgxpool.Pool)}}
	if err := b.Close(); err != nil { // it would close a nil pool
		t.Error(err)
	}
}
