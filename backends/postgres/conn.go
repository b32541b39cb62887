package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// poolConn is a [dialect.Conn] and a [dialect.Batcher] on a pool.
type poolConn struct {
	pool *pgxpool.Pool
	// stricter says that a transaction without a BEGIN would be at a stricter level than
	// those that [begin] begins.
	stricter bool
}

// acquire takes a connection from the pool and checks its settings, which may differ
// between connections.
func (c poolConn) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkConn(conn.Conn()); err != nil {
		conn.Release()
		return nil, err
	}
	return conn, nil
}

func (c poolConn) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	conn, err := c.acquire(ctx)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.Name, err)
	}
	defer conn.Release()
	if s.Many || c.stricter {
		step := &dialect.Step{Stmt: s}
		err := c.send(ctx, conn, []*dialect.Step{step})
		return step.Affected, pooled(err)
	}
	n, err := exec(ctx, conn, s)
	return n, pooled(err)
}

func (c poolConn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	conn, err := c.acquire(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	defer conn.Release()
	if s.Many || s.Ordered || c.stricter {
		return pooled(c.send(ctx, conn, []*dialect.Step{{Stmt: s, Row: row}}))
	}
	return pooled(query(ctx, conn, s, row))
}

// Atomic begins a transaction at the isolation level that the tracker's statements are
// made for. A stricter default would only cause more conflicts: at REPEATABLE READ, a
// claim fails on each row that another one has claimed since its snapshot.
func (c poolConn) Atomic(ctx context.Context, fn func(dialect.Conn) error) error {
	conn, err := c.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return pooled((&transaction{conn: conn.Conn()}).run(ctx, fn))
}

// Batch sends the steps as one transaction.
func (c poolConn) Batch(ctx context.Context, steps []*dialect.Step) error {
	conn, err := c.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if c.stricter {
		return pooled(c.send(ctx, conn, steps)) // settled by itself
	}
	return pooled(settled(ctx, conn.Conn(), func(ctx context.Context) error { return c.send(ctx, conn, steps) }))
}

// send sends the steps as one pipeline with a single Sync at its end, which makes them
// one implicit transaction: PostgreSQL's manual, "Extended Query". Where that would be
// at a stricter level, BEGIN and COMMIT are in the pipeline, too.
func (c poolConn) send(ctx context.Context, conn *pgxpool.Conn, steps []*dialect.Step) error {
	if !c.stricter {
		return batch(ctx, conn, steps)
	}
	t := &transaction{conn: conn.Conn()}
	return t.run(ctx, func(dialect.Conn) error { return t.Finish(ctx, steps) })
}

// answerTimeout is how long a server may take to answer a cancel request.
const answerTimeout = 5 * time.Second

// settled calls send, which sends a transaction and reads its outcome. If ctx ends
// meanwhile, settled sends a cancel request and waits for the server's answer. If the
// connection were dropped, as pgx does, it would be unknown whether the transaction was
// committed; a committed start would leave a run without a holder.
func settled(ctx context.Context, conn *pgx.Conn, send func(context.Context) error) error {
	patient, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	defer giveUp()
	asked := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(asked)
		limit, cancel := context.WithTimeout(patient, answerTimeout)
		defer cancel()
		_ = conn.PgConn().CancelRequest(limit)
		<-limit.Done()
		giveUp()
	})
	err := send(patient)
	if stop() {
		return err
	}
	giveUp()
	<-asked
	// The cancel request may still be on its way, and would hit the connection's next
	// user.
	_ = conn.Close(context.WithoutCancel(ctx))
	if err != nil {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

// txConn sends statements in a caller's transaction.
type txConn struct{ tx pgx.Tx }

func (c txConn) Exec(ctx context.Context, s dialect.Stmt) (int64, error) {
	if s.Many {
		step := &dialect.Step{Stmt: s}
		err := batch(ctx, c.tx, []*dialect.Step{step})
		return step.Affected, err
	}
	return exec(ctx, c.tx, s)
}

func (c txConn) Query(ctx context.Context, s dialect.Stmt, row func(dialect.Row) error) error {
	if s.Many {
		return batch(ctx, c.tx, []*dialect.Step{{Stmt: s, Row: row}})
	}
	return query(ctx, c.tx, s, row)
}

// Batch sends the steps as one pipeline, in the transaction.
func (c txConn) Batch(ctx context.Context, steps []*dialect.Step) error {
	return batch(ctx, c.tx, steps)
}

// querier has the methods that a pool and a transaction have in common.
type querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

func exec(ctx context.Context, q querier, s dialect.Stmt) (int64, error) {
	tag, err := q.Exec(ctx, s.SQL, s.Args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.Name, err)
	}
	return tag.RowsAffected(), nil
}

func query(ctx context.Context, q querier, s dialect.Stmt, row func(dialect.Row) error) error {
	rows, err := q.Query(ctx, s.SQL, s.Args...)
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	return each(s.Name, rows, row)
}

// each calls row for every row and closes the result.
func each(name string, rows pgx.Rows, row func(dialect.Row) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func batch(ctx context.Context, q querier, steps []*dialect.Step) error {
	return pipeline{steps: steps}.send(ctx, q)
}

// collect takes the next result of a batch, which is the step's.
func collect(results pgx.BatchResults, s *dialect.Step) error {
	if s.Row == nil {
		tag, err := results.Exec()
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		s.Affected = tag.RowsAffected()
		return nil
	}
	rows, err := results.Query()
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	return each(s.Name, rows, s.Row)
}
