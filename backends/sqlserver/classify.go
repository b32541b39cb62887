package sqlserver

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Classify implements [dialect.Backend]. The numbers are those of Microsoft's
// "Database Engine events and errors". Several may come together: the first that
// means something counts.
func (b *Backend) Classify(err error) dialect.Class {
	switch {
	case errors.Is(err, dialect.ErrUnsettled):
		return dialect.Disconnected
	case errors.Is(err, errRaced):
		return dialect.Conflict
	}
	for _, number := range numbers(err) {
		if (number == 40197 || number == 40613) && errors.Is(err, errLogin) {
			return dialect.Unreachable // nothing was sent
		}
		if class := classifyNumber(number); class != dialect.Other {
			return class
		}
	}
	return classifyTransport(err)
}

// errRaced is the error of an insert of a key that another inserted at the same
// moment. The tracker inserts only what it has not found, and locks the gap; where
// that is not kept, as by Babelfish, it finds the other's row the next time.
var errRaced = errors.New("another transaction was quicker")

func raced(s dialect.Stmt, err error) error {
	if s.Kind == dialect.Insert && (has(err, 2601) || has(err, 2627)) {
		return fmt.Errorf("%w: %w", errRaced, err)
	}
	return err
}

func classifyNumber(number int32) dialect.Class {
	switch number {
	case 1205, // chosen as a deadlock's victim
		1222,            // lock request time out
		1204, 701, 8651, // no locks left, no memory, too little of it at once
		8645, 8628, // no memory in time: to run the statement, to plan it
		10928, 10929, 10936, 40501, 49918, 49919, 49920, // Azure: too much is asked of the database, the server or the subscription
		3960, 3961, // snapshot isolation: an update conflict, a change of the schema
		2801,                              // the definition of an object has changed since the statement was compiled
		41301, 41302, 41305, 41325, 41839: // the same for tables in memory
		return dialect.Conflict
	case -2, 64, 121, 233, 10053, 10054, 10060, // of the network
		596,                 // the session is being killed
		6005,                // the server is being shut down
		40197, 40540, 40613: // Azure moves the database
		return dialect.Disconnected
	case 976, 983, // an availability group's replica that accepts no connections now
		4060, // the login may not open the database, or it is not there, or not online
		4221: // a replica that is not ready for readers
		return dialect.Unreachable
	case 18452, 18456, // the login failed
		18470, 18486, 18487, 18488, // disabled, locked, expired, to be changed
		40532, 40615: // Azure: no such server, not from this address
		return dialect.Credentials
	case 229, 230, // no right to the object, to the column
		262, 297, 300, // no right to the statement, the action, the view
		916,  // no access to the database
		2760: // no access to the schema
		return dialect.Denied
	case 3906, // the database is read-only
		978: // a replica that only readers may use
		return dialect.ReadOnly
	case 3902, 3903, // COMMIT, ROLLBACK without a transaction
		628, 6401, // no transaction, or no savepoint of that name
		3930, 3931, 3998, // the transaction can only be rolled back
		3971, 3989: // the server has ended it
		return dialect.TransactionEnded
	case 2601, 2627: // of a unique index, of a constraint
		return dialect.Duplicate
	case 547: // of a foreign key; a check has it, too, but none that a caller can break
		return dialect.Reference
	default:
		return dialect.Other
	}
}

// numbers returns the numbers of all errors that the server sent together, in order.
func numbers(err error) []int32 {
	var e mssql.Error
	if !errors.As(err, &e) {
		return nil
	}
	var all []int32
	for _, one := range e.All {
		all = append(all, one.Number)
	}
	return append(all, e.Number)
}

// has reports whether the server sent an error with the given number.
func has(err error, number int32) bool { return slices.Contains(numbers(err), number) }

// classifyTransport judges errors that did not come from the server.
func classifyTransport(err error) dialect.Class {
	var network *net.OpError
	isNetwork := errors.As(err, &network)
	var stream mssql.StreamError
	var fatal mssql.ServerError
	switch {
	case errors.Is(err, sql.ErrTxDone):
		return dialect.TransactionEnded
	case errors.Is(err, dialect.ErrPassword):
		return dialect.Unreachable
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return dialect.Other
	case isNetwork && network.Op == "dial":
		return dialect.Unreachable
	case isNetwork, errors.As(err, &stream), errors.As(err, &fatal), errors.Is(err, driver.ErrBadConn),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return dialect.Disconnected
	default:
		return dialect.Other
	}
}
