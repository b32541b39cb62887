package sqlserver

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

const (
	// maxArguments is how many travel with one text: SQL Server takes 2,100.
	maxArguments = 2000
	// grace is how long a batch may go on after its caller's context has ended before
	// it is cancelled: a batch that waits for no lock is done by then.
	grace = 200 * time.Millisecond
	// answerTimeout is how long a server may take to answer a cancel request.
	answerTimeout = 5 * time.Second
)

// Batch sends the whole transaction as one text.
func (c poolConn) Batch(ctx context.Context, steps []*dialect.Step) error {
	if len(chunks(steps)) > 1 {
		return c.Atomic(ctx, func(tx dialect.Conn) error { return sendChunks(ctx, tx, steps) })
	}
	conn, err := sqldb.Connect(ctx, c.pool)
	if err != nil {
		return err
	}
	mark := make([]byte, 16)
	_, _ = rand.Read(mark) // never fails
	patient, stop := patience(ctx)
	err = text{begin: true, steps: steps, mark: mark}.send(patient, conn)
	ended := stop()
	if err != nil {
		err = settle(ctx, conn, mark, err)
		if ended != nil {
			err = fmt.Errorf("%w: %w", ended, err)
		}
	}
	return errors.Join(err, sqldb.Release(conn))
}

func sendChunks(ctx context.Context, c dialect.Conn, steps []*dialect.Step) error {
	if b, ok := c.(dialect.Batcher); ok {
		return b.Batch(ctx, steps)
	}
	return errors.New("a transaction that accepts no batches")
}

// patience returns a context that goes on a little after ctx has ended, and a
// function that ends it and returns why ctx ended, if it did. The driver sends what
// breaks a statement off when the context ends, throws away what it gets, and waits
// until the server has confirmed.
func patience(ctx context.Context) (patient context.Context, stop func() error) {
	patient, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			giveUp()
		case <-done:
		}
	})
	return patient, func() error {
		close(done)
		giveUp()
		if cancel() {
			return nil
		}
		return ctx.Err()
	}
}

// settle cleans up a connection on which a batch failed with err, and finds out whether
// the batch may have been committed nevertheless: if nothing else can have ended it, and
// the session has the mark that it gets before the COMMIT. Then its results are lost, as
// the driver drops what arrives after it has cancelled a text, and the error is
// [dialect.ErrUnsettled].
func settle(ctx context.Context, conn *sql.Conn, mark []byte, err error) error {
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTimeout)
	defer cancel()
	var info []byte
	asking := conn.QueryRowContext(limit, rollback+";\nSELECT CONTEXT_INFO()").Scan(&info)
	if asking != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	switch {
	case len(numbers(err)) > 0: // the server says that it failed
		return err
	case asking != nil || bytes.HasPrefix(info, mark):
		return fmt.Errorf("%w: %w", dialect.ErrUnsettled, err)
	default:
		return err
	}
}

// Batch sends the steps as one text, or as several where there are too many
// arguments.
func (c txConn) Batch(ctx context.Context, steps []*dialect.Step) error {
	for _, chunk := range chunks(steps) {
		if err := (text{steps: chunk}).send(ctx, c.q); err != nil {
			return err
		}
	}
	return nil
}

// chunks divides steps so that the arguments of each part can travel together.
func chunks(steps []*dialect.Step) [][]*dialect.Step {
	var all [][]*dialect.Step
	first, n := 0, 0
	for i, s := range steps {
		if n += len(s.Args); n > maxArguments && i > first {
			all, first, n = append(all, steps[first:i]), i, len(s.Args)
		}
	}
	return append(all, steps[first:])
}

// text is several statements that travel as one. Each step has one result: its
// rows, or the number of rows that it changed.
type text struct {
	begin bool // and commit
	steps []*dialect.Step
	mark  []byte
}

// join makes one statement of them, with the placeholders counted on.
func (t text) join() (string, []any) {
	parts, args := []string{quiet}, arguments{long: map[string]int{}}
	if t.begin {
		parts = append(parts, begin)
	}
	for _, s := range t.steps {
		st := typed(s.Stmt)
		st.SQL = args.add(st)
		parts = append(parts, around(st, s.Row == nil)...)
	}
	if t.begin {
		parts = append(parts, "SET CONTEXT_INFO "+args.number(t.mark), "COMMIT TRANSACTION")
	}
	// The setting ends with the text, but not on every server, nor if the text has no
	// arguments; and the next statement needs its rows counted.
	parts = append(parts, "SET NOCOUNT OFF")
	return strings.Join(parts, ";\n"), args.all
}

// arguments are those of a text. A long value that several steps need, such as rows, is sent once.
type arguments struct {
	all  []any
	long map[string]int // their numbers
}

// add adds a statement's arguments, and returns it with the placeholders that they
// have now.
func (a *arguments) add(s dialect.Stmt) string {
	if len(s.Args) == 0 {
		return s.SQL
	}
	var b strings.Builder
	for i, part := range s.Between {
		b.WriteString(part)
		if i < len(s.Args) {
			b.WriteString(a.number(s.Args[i]))
		}
	}
	return b.String()
}

func (a *arguments) number(arg any) string {
	const long = 1000
	text, ok := arg.(string)
	n := a.long[text]
	if !ok || n == 0 {
		a.all = append(a.all, arg)
		n = len(a.all)
	}
	if ok && len(text) > long {
		a.long[text] = n
	}
	return "@p" + strconv.Itoa(n)
}

func (t text) send(ctx context.Context, q sqldb.Querier) (err error) {
	rows, err := q.QueryContext(ctx, procedure, declared(t.join())...)
	if err != nil {
		return t.failed(ctx, 0, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for i, s := range t.steps {
		if err := collect(rows, s); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		// An error of the next statement ends the rows of this one.
		if err := rows.Err(); err != nil {
			return t.failed(ctx, i+1, err)
		}
		// Behind the last result there are only statements without one.
		if more := rows.NextResultSet(); more != (i < len(t.steps)-1) {
			if err := rows.Err(); err != nil {
				return t.failed(ctx, i+1, err)
			}
			return fmt.Errorf("%s: the number of results that the server sent differs from the number of statements", t.name(i+1))
		}
	}
	return nil
}

// failed is the error of a step.
func (t text) failed(ctx context.Context, step int, err error) error {
	if step < len(t.steps) {
		err = raced(t.steps[step].Stmt, err)
	}
	return fmt.Errorf("%s: %w", t.name(step), sqldb.Ended(ctx, err))
}

// name is the name of a step, for an error.
func (t text) name(step int) string {
	if step < len(t.steps) {
		return t.steps[step].Name
	}
	return "commit"
}

// collect reads the rows of a result.
func collect(rows *sql.Rows, s *dialect.Step) error {
	for rows.Next() {
		var err error
		if s.Row == nil {
			err = rows.Scan(&s.Affected)
		} else {
			err = s.Row(rows)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
