package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// table is one of the user's, with the statements that the load needs. The
// names begin with demo_, so that no table of yours is replaced.
type table struct {
	name, create, insert string
}

// tables says which table each extract is for.
func tables() map[string]table {
	country := table{
		name:   "demo_country",
		create: `CREATE TABLE IF NOT EXISTS demo_country (code TEXT PRIMARY KEY, name TEXT NOT NULL)`,
		insert: `INSERT INTO demo_country (code, name) VALUES ($1, $2)`,
	}
	return map[string]table{
		"country.csv":           country,
		"country_additions.csv": country,
		"time_zone.csv": {
			name: "demo_time_zone",
			create: `CREATE TABLE IF NOT EXISTS demo_time_zone (
				name TEXT PRIMARY KEY, country_codes TEXT NOT NULL,
				latitude DOUBLE PRECISION NOT NULL, longitude DOUBLE PRECISION NOT NULL, comments TEXT NOT NULL)`,
			insert: `INSERT INTO demo_time_zone (name, country_codes, latitude, longitude, comments) VALUES ($1, $2, $3, $4, $5)`,
		},
		"leap_second.csv": {
			name: "demo_leap_second",
			create: `CREATE TABLE IF NOT EXISTS demo_leap_second (
				day DATE PRIMARY KEY, at TEXT NOT NULL, correction INTEGER NOT NULL)`,
			insert: `INSERT INTO demo_leap_second (day, at, correction) VALUES ($1, $2, $3)`,
		},
	}
}

// count is how many rows a table was given.
type count struct {
	table string
	rows  int
}

// replace makes the contents the tables' only rows, all or nothing.
func replace(ctx context.Context, db *sql.DB, contents []content) (counts []count, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() {
		if rollback := tx.Rollback(); !errors.Is(rollback, sql.ErrTxDone) {
			err = errors.Join(err, rollback)
		}
	}()
	all, emptied := tables(), map[string]bool{}
	for _, c := range contents {
		t, ok := all[c.extract.Name]
		if !ok {
			return nil, fmt.Errorf("there is no table for %s", c.extract.Name)
		}
		if !emptied[t.name] {
			if err := t.empty(ctx, tx); err != nil {
				return nil, err
			}
			emptied[t.name] = true
		}
		if err := t.fill(ctx, tx, c.rows); err != nil {
			return nil, err
		}
		counts = append(counts, count{t.name, len(c.rows)})
	}
	return counts, tx.Commit()
}

// empty creates the table if it is not there, and takes all rows out.
func (t table) empty(ctx context.Context, tx *sql.Tx) error {
	for _, statement := range []string{t.create, "DELETE FROM " + t.name} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

// fill inserts the rows. All values travel as text; the columns' types turn them
// into numbers and dates.
func (t table) fill(ctx context.Context, tx *sql.Tx, rows [][]string) error {
	insert, err := tx.PrepareContext(ctx, t.insert)
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	defer func() { _ = insert.Close() }()
	for i, row := range rows {
		values := make([]any, len(row))
		for k, v := range row {
			values[k] = v
		}
		if _, err := insert.ExecContext(ctx, values...); err != nil {
			return fmt.Errorf("%s, row %d: %w", t.name, i+1, err)
		}
	}
	return nil
}
