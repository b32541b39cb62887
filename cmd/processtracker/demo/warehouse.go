package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// table is one of the user's tables, with the statements that the load needs. Its name
// begins with demo_, so that it replaces none of your tables. Text columns use the SQL
// standard's type for text in any language: some databases cannot have TEXT as a key,
// and others limit it to Western European characters.
type table struct {
	name, create, insert string
}

// tables maps each extract to its table.
func tables() map[string]table {
	country := table{
		name: "demo_country",
		create: `CREATE TABLE IF NOT EXISTS demo_country (
			code NATIONAL CHAR VARYING(2) PRIMARY KEY, name NATIONAL CHAR VARYING(100) NOT NULL)`,
		insert: `INSERT INTO demo_country (code, name) VALUES (?, ?)`,
	}
	return map[string]table{
		"country.csv":           country,
		"country_additions.csv": country,
		"time_zone.csv": {
			name: "demo_time_zone",
			create: `CREATE TABLE IF NOT EXISTS demo_time_zone (
				name NATIONAL CHAR VARYING(100) PRIMARY KEY, country_codes NATIONAL CHAR VARYING(100) NOT NULL,
				latitude DOUBLE PRECISION NOT NULL, longitude DOUBLE PRECISION NOT NULL,
				comments NATIONAL CHAR VARYING(200) NOT NULL)`,
			insert: `INSERT INTO demo_time_zone (name, country_codes, latitude, longitude, comments) VALUES (?, ?, ?, ?, ?)`,
		},
		"leap_second.csv": {
			name: "demo_leap_second",
			create: `CREATE TABLE IF NOT EXISTS demo_leap_second (
				day DATE PRIMARY KEY, at NATIONAL CHAR VARYING(8) NOT NULL, correction INTEGER NOT NULL)`,
			insert: `INSERT INTO demo_leap_second (day, at, correction) VALUES (?, ?, ?)`,
		},
	}
}

// count is the number of rows loaded into a table.
type count struct {
	table string
	rows  int
}

// replace replaces all rows of the tables with the contents, or changes nothing.
func (d Demo) replace(ctx context.Context, contents []content) (counts []count, err error) {
	// Create the tables first, because MySQL commits at every CREATE TABLE.
	all := tables()
	for _, c := range contents {
		t, ok := all[c.extract.Name]
		if !ok {
			return nil, fmt.Errorf("there is no table for %s", c.extract.Name)
		}
		if _, err := d.DB.ExecContext(ctx, t.create); err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
	}
	tx, err := d.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() {
		if rollback := tx.Rollback(); !errors.Is(rollback, sql.ErrTxDone) {
			err = errors.Join(err, rollback)
		}
	}()
	emptied := map[string]bool{}
	for _, c := range contents {
		t := all[c.extract.Name]
		if !emptied[t.name] {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+t.name); err != nil { //nolint:gosec // a name of ours
				return nil, fmt.Errorf("%s: %w", t.name, err)
			}
			emptied[t.name] = true
		}
		if err := d.fill(ctx, tx, t, c.rows); err != nil {
			return nil, err
		}
		counts = append(counts, count{t.name, len(c.rows)})
	}
	return counts, tx.Commit()
}

// fill inserts the rows. All values are sent as text; the columns' types convert them
// to numbers and dates.
func (d Demo) fill(ctx context.Context, tx *sql.Tx, t table, rows [][]string) error {
	statement, err := d.Placeholders.ReplacePlaceholders(t.insert)
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	insert, err := tx.PrepareContext(ctx, statement)
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
