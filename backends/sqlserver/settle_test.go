package sqlserver

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A slow server does not answer a batch until the driver cancels it.
type slow struct {
	began  chan struct{}
	answer error // of the batch; nil stands for the driver's after it has cancelled
	marked bool  // the session has the mark: the batch came to its COMMIT
	gone   error // of the question for the mark
}

func (s *slow) Connect(context.Context) (driver.Conn, error) { return &slowConn{slow: s}, nil }
func (s *slow) Driver() driver.Driver                        { return nil }

type slowConn struct {
	recording

	slow *slow
	mark driver.Value
}

func (c *slowConn) ExecContext(context.Context, string, []driver.NamedValue) (driver.Result, error) {
	return driver.RowsAffected(0), nil
}

func (c *slowConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if strings.Contains(query, "CONTEXT_INFO()") {
		if c.slow.gone != nil {
			return nil, c.slow.gone
		}
		row := []driver.Value{nil}
		if c.slow.marked {
			row[0] = c.mark
		}
		return &answer{rows: [][]driver.Value{row}}, nil
	}
	c.mark = args[len(args)-1].Value
	close(c.slow.began)
	<-ctx.Done()
	if c.slow.answer != nil {
		return nil, c.slow.answer
	}
	return nil, ctx.Err()
}

func TestAContextThatEndsDuringTheCommitLeavesTheOutcomeUnsettled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server    *slow
		unsettled bool
		class     dialect.Class
	}{
		"it came to its COMMIT":         {&slow{marked: true}, true, dialect.Disconnected},
		"it did not come to its COMMIT": {&slow{}, false, dialect.Other},
		"the server no longer answers":  {&slow{gone: driver.ErrBadConn}, true, dialect.Disconnected},
		"the server says that it failed": {
			&slow{marked: true, answer: mssql.Error{Number: 1205}}, false, dialect.Conflict,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.server.began = make(chan struct{})
			pool := sql.OpenDB(c.server)
			t.Cleanup(func() { _ = pool.Close() })
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-c.server.began
				cancel()
			}()
			insert := &dialect.Step{Stmt: dialect.Stmt{Name: "start.run", SQL: "INSERT INTO run SELECT 1", Kind: dialect.Insert}}
			err := newConn(pool).Batch(ctx, []*dialect.Step{insert})
			if !errors.Is(err, context.Canceled) || errors.Is(err, dialect.ErrUnsettled) != c.unsettled {
				t.Errorf("it ends with: %v", err)
			}
			if class := (&Backend{}).Classify(err); class != c.class {
				t.Errorf("%v is of the class %s, want %s", err, class, c.class)
			}
		})
	}
}
