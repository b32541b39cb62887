package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/sqldb"
)

// The statements that open a transaction. READ COMMITTED applies to this transaction
// only: under REPEATABLE READ, MySQL's own default, an INSERT ... SELECT locks the rows
// that it reads and the gaps between them, so that concurrent starts would deadlock.
const (
	isolation = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"
	begin     = "START TRANSACTION"
)

// The statements that end one, without further effects, whatever completion_type is.
const (
	commit   = "COMMIT AND NO CHAIN NO RELEASE"
	rollback = "ROLLBACK AND NO CHAIN NO RELEASE"
)

func words() sqldb.Words {
	return sqldb.Words{
		Commit: commit, Rollback: rollback,
		Save: "SAVEPOINT ", RollbackTo: "ROLLBACK TO SAVEPOINT ", Release: "RELEASE SAVEPOINT ",
	}
}

// poolConn is a [dialect.Conn] and a [dialect.Batcher] on a pool whose connections
// accept several statements at once.
type poolConn struct {
	*sqldb.DB

	pool   *sql.DB
	apart  *sql.DB // for the KILL that cancels a batch
	packet int
}

// Batch sends the whole transaction as one text. A statement that fails ends it: those
// after it, including the COMMIT, do not run. A text that is larger than a packet is
// sent as several.
func (c poolConn) Batch(ctx context.Context, steps []*dialect.Step) (err error) {
	if len(packets(steps, c.packet)) > 1 {
		return c.Atomic(ctx, func(tx dialect.Conn) error { return sendPackets(ctx, tx, steps) })
	}
	conn, err := sqldb.Connect(ctx, c.pool)
	if err != nil {
		return err
	}
	patient, stop := c.interruptible(ctx)
	t := text{first: []string{"SELECT CONNECTION_ID()", isolation, begin}, steps: steps, last: []string{commit}}
	err = t.send(patient.ctx, conn, patient.known) //nolint:contextcheck // it is the caller's, and lasts longer
	stopped := stop()
	if err != nil || stopped != nil {
		// A transaction may still be open on the connection, or a KILL for it be on its
		// way.
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	if err != nil && stopped != nil {
		err = fmt.Errorf("%w: %w", stopped, err)
	}
	return errors.Join(err, sqldb.Release(conn))
}

// answerTimeout is how long a server may take to answer a cancel request.
const answerTimeout = 5 * time.Second

// interruption lets a batch go on after its caller's context has ended, until the
// server has reported its outcome. If the connection were dropped, as the driver does,
// it would be unknown whether the transaction was committed; a committed start would
// leave a run without a holder.
type interruption struct {
	ctx   context.Context //nolint:containedctx // for one call only
	known func(connection int64)
}

// interruptible returns the interruption, and a function that ends it and returns
// why the caller's context ended, if it did.
func (c poolConn) interruptible(ctx context.Context) (interruption, func() error) {
	patient, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	id := make(chan int64, 1)
	asked := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(asked)
		limit, done := context.WithTimeout(patient, answerTimeout)
		defer done()
		select {
		case connection := <-id:
			c.breakOff(limit, connection)
		case <-limit.Done():
		}
		giveUp()
	})
	return interruption{ctx: patient, known: func(connection int64) { id <- connection }}, func() error {
		if cancel() {
			giveUp()
			return nil
		}
		giveUp()
		<-asked
		return ctx.Err()
	}
}

// breakOff asks the server, repeatedly until limit ends, to cancel the connection's
// current statement. One request is not enough: the server forgets a request that comes
// between two statements.
func (c poolConn) breakOff(limit context.Context, connection int64) {
	const interval = 100 * time.Millisecond
	again := time.NewTicker(interval)
	defer again.Stop()
	for limit.Err() == nil {
		_, _ = c.apart.ExecContext(limit, fmt.Sprintf("KILL QUERY %d", connection))
		select {
		case <-again.C:
		case <-limit.Done():
		}
	}
}

// inTransaction makes a transaction's Conn a [dialect.Batcher].
func (has traits) inTransaction(c dialect.Conn, q sqldb.Querier) dialect.Conn {
	return txConn{c, q, has.packet}
}

type txConn struct {
	dialect.Conn

	q      sqldb.Querier
	packet int
}

// Batch sends the steps as one text, or as several if they are larger than a packet.
func (c txConn) Batch(ctx context.Context, steps []*dialect.Step) error {
	for _, part := range packets(steps, c.packet) {
		if err := (text{steps: part}).send(ctx, c.q, nil); err != nil {
			return err
		}
	}
	return nil
}

// text is several statements that are sent as one. Each step has one result: its rows,
// or the number of rows that it changed.
type text struct {
	first []string // the result of the first of them is a connection's id
	steps []*dialect.Step
	last  []string
}

func (t text) send(ctx context.Context, q sqldb.Querier, known func(int64)) (err error) {
	query, args := t.build()
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", t.name(0, known), prepared(query, args, sqldb.Ended(ctx, err)))
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if known != nil {
		var id int64
		if err := one(rows, &id); err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		known(id)
		if more := rows.NextResultSet(); more != (t.answered(0) < len(t.steps)) || rows.Err() != nil {
			return fmt.Errorf("%s: %w", t.name(0, nil), unexpected(rows))
		}
	}
	for i := t.answered(0); i < len(t.steps); {
		s := t.steps[i]
		if err := t.collect(rows, s); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		// After the last result there are only statements without one.
		i = t.answered(i + 1)
		if more := rows.NextResultSet(); more != (i < len(t.steps)) || rows.Err() != nil {
			return fmt.Errorf("%s: %w", t.name(i, nil), unexpected(rows))
		}
	}
	return nil
}

// answered returns the first step from i on that has a result, or the number of steps if
// none has.
func (t text) answered(i int) int {
	for i < len(t.steps) && t.steps[i].Row == nil && t.steps[i].Uncounted {
		i++
	}
	return i
}

// longText is how many bytes make it worthwhile to send a text separately.
const longText = 1000

// build writes the text. A long argument that several steps need, such as their carried
// rows, is sent once: in a session variable, which is emptied afterwards.
func (t text) build() (query string, args []any) {
	uses := map[string]int{}
	for _, s := range t.steps {
		for _, arg := range s.Args {
			if text, ok := arg.(string); ok && len(text) > longText {
				uses[text]++
			}
		}
	}
	parts, names, empty := slices.Clone(t.first), map[string]string{}, []string(nil)
	for text, n := range uses {
		if n > 1 {
			name := fmt.Sprintf("@processtracker_%d", len(names)+1)
			names[text], empty = name, append(empty, "SET "+name+" = NULL")
			parts, args = append(parts, "SET "+name+" = ?"), append(args, text)
		}
	}
	for _, s := range t.steps {
		statement, rest := withVariables(s.Stmt, names)
		parts, args = append(parts, statement), append(args, rest...)
		if s.Row == nil && !s.Uncounted {
			parts = append(parts, "SELECT ROW_COUNT()")
		}
	}
	return strings.Join(slices.Concat(parts, empty, t.last), ";\n"), args
}

// withVariables replaces arguments with variables.
func withVariables(s dialect.Stmt, names map[string]string) (statement string, args []any) {
	if len(names) == 0 || len(s.Between) == 0 {
		return s.SQL, s.Args
	}
	for i, part := range s.Between {
		if i > 0 {
			text, _ := s.Args[i-1].(string)
			if name, ok := names[text]; ok && text != "" {
				statement += name
			} else {
				statement, args = statement+"?", append(args, s.Args[i-1])
			}
		}
		statement += part
	}
	return statement, args
}

// name is the name of a step, for an error.
func (t text) name(step int, known func(int64)) string {
	switch {
	case known != nil:
		return "begin"
	case step < len(t.steps):
		return t.steps[step].Name
	default:
		return "commit"
	}
}

func (t text) collect(rows *sql.Rows, s *dialect.Step) error {
	if s.Row == nil {
		return one(rows, &s.Affected)
	}
	for rows.Next() {
		if err := s.Row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// one reads the single number of a result.
func one(rows *sql.Rows, n *int64) error {
	for rows.Next() {
		if err := rows.Scan(n); err != nil {
			return err
		}
	}
	return rows.Err()
}

// unexpected returns the error for a missing or an extra result.
func unexpected(rows *sql.Rows) error {
	if err := rows.Err(); err != nil {
		return err
	}
	return errors.New("the number of results that the server sent differs from the number of statements")
}
