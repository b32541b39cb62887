package bench

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// SQLHand is a [Hand] on a pool of database/sql's.
type SQLHand struct {
	Pool *sql.DB

	// Begin opens a transaction.
	Begin string

	// Table returns a table's name for use in a statement.
	Table func(name string) string

	// Joined reports whether the pool's connections accept several statements in one text.
	Joined bool

	// Turn, if set, is held by each writer. It is a channel with one slot, for a
	// database with a single writer.
	Turn chan struct{}

	// MostArguments is the maximum number of arguments of one statement.
	MostArguments int
}

// Run implements [Hand].
func (h SQLHand) Run(ctx context.Context, statements ...Statement) error {
	defer h.turn()()
	if len(statements) == 1 {
		_, err := h.Pool.ExecContext(ctx, statements[0].SQL, statements[0].Args...)
		return err
	}
	if h.Joined {
		var b strings.Builder
		var args []any
		b.WriteString(h.Begin)
		for _, s := range statements {
			b.WriteString(";\n" + s.SQL)
			args = append(args, s.Args...)
		}
		b.WriteString(";\nCOMMIT")
		_, err := h.Pool.ExecContext(ctx, b.String(), args...)
		return err
	}
	return h.transaction(ctx, func(conn *sql.Conn) error {
		for _, s := range statements {
			if _, err := conn.ExecContext(ctx, s.SQL, s.Args...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h SQLHand) turn() (done func()) {
	if h.Turn == nil {
		return func() {}
	}
	h.Turn <- struct{}{}
	return func() { <-h.Turn }
}

func (h SQLHand) transaction(ctx context.Context, fn func(*sql.Conn) error) (err error) {
	conn, err := h.Pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, h.Begin); err != nil {
		return err
	}
	if err := fn(conn); err != nil {
		_, rollback := conn.ExecContext(ctx, "ROLLBACK")
		return errors.Join(err, rollback)
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

// Read implements [Hand].
func (h SQLHand) Read(ctx context.Context, s Statement) (columns []string, all [][]any, err error) {
	rows, err := h.Pool.QueryContext(ctx, s.SQL, s.Args...)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if columns, err = rows.Columns(); err != nil {
		return nil, nil, err
	}
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, nil, err
		}
		all = append(all, values)
	}
	return columns, all, rows.Err()
}

// Load implements [Hand], by INSERTs of as many rows as the arguments allow.
func (h SQLHand) Load(ctx context.Context, tables ...Rows) error {
	defer h.turn()()
	return h.transaction(ctx, func(conn *sql.Conn) error {
		for _, t := range tables {
			if err := h.load(ctx, conn, t); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h SQLHand) load(ctx context.Context, conn *sql.Conn, t Rows) error {
	insert := "INSERT INTO " + h.Table(t.Table) + " (" + strings.Join(t.Columns, ", ") + ") VALUES "
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", len(t.Columns)), ",") + ")"
	most := h.MostArguments / len(t.Columns)
	full := insert + strings.TrimSuffix(strings.Repeat(row+",", most), ",")
	for values := t.Values; len(values) > 0; {
		n := min(most, len(values))
		text := full
		if n < most {
			text = insert + strings.TrimSuffix(strings.Repeat(row+",", n), ",")
		}
		args := make([]any, 0, n*len(t.Columns))
		for _, v := range values[:n] {
			args = append(args, v...)
		}
		if _, err := conn.ExecContext(ctx, text, args...); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}
