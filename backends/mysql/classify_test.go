package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/core/dialect"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	number := func(n uint16) error { return &mysql.MySQLError{Number: n, Message: "Deadlock found; Access denied"} }
	b := new(Backend)
	for _, c := range []struct {
		err  error
		want dialect.Class
	}{
		{number(1213), dialect.Conflict}, {number(1205), dialect.Conflict}, {number(3572), dialect.Conflict},
		{number(1412), dialect.Conflict}, {number(1615), dialect.Conflict}, // a table was changed under a program
		{number(3024), dialect.Conflict}, {number(1969), dialect.Conflict},
		{number(1053), dialect.Disconnected}, {number(1927), dialect.Disconnected},
		{number(1142), dialect.Denied}, {number(1045), dialect.Denied}, {number(1290), dialect.ReadOnly}, {number(1792), dialect.ReadOnly},
		{number(1062), dialect.Duplicate}, {number(1452), dialect.Reference}, {number(1451), dialect.Reference},
		{number(1153), dialect.TooLarge}, {mysql.ErrPktTooLarge, dialect.TooLarge}, {prepared(string(make([]byte, ownBytes)), nil, number(1064)), dialect.TooLarge},
		{number(1305), dialect.Over}, {sql.ErrTxDone, dialect.Over}, {number(1064), dialect.Other}, {number(1146), dialect.Other},
		{&net.OpError{Op: "dial", Err: io.EOF}, dialect.Unreachable}, {&net.OpError{Op: "read", Err: io.EOF}, dialect.Disconnected},
		{mysql.ErrInvalidConn, dialect.Disconnected}, {driver.ErrBadConn, dialect.Disconnected}, {io.ErrUnexpectedEOF, dialect.Disconnected},
		{context.Canceled, dialect.Other}, {fmt.Errorf("%w: %w", context.Canceled, io.EOF), dialect.Other}, {errors.New("deadlock"), dialect.Other},
	} {
		for _, err := range []error{c.err, fmt.Errorf("start: %w", c.err), errors.Join(errors.New("first"), c.err)} {
			if got := b.Classify(err); got != c.want {
				t.Errorf("%v is %v, want %v", err, got, c.want)
			}
		}
	}
	galera := &Backend{traits: traits{galera: true}}
	if got := galera.Classify(number(1062)); got != dialect.Conflict {
		t.Errorf("on Galera a name that is there already is %v", got)
	}
}
