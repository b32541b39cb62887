package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

// inSQLite reads a file that is made for it and removed after.
func inSQLite(ctx context.Context) (s Schema, err error) {
	dir, err := os.MkdirTemp("", "schemadoc")
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b, err := sqlite.Open(ctx, "sqlite:"+filepath.ToSlash(filepath.Join(dir, "tracker.db")), sqlite.Create())
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if _, err := setup.Run(ctx, b); err != nil {
		return s, err
	}
	return readSQLite(ctx, b.Conn(), "pt_")
}

// readSQLite reads the tables whose names begin with prefix. Names come without it.
func readSQLite(ctx context.Context, c dialect.Conn, prefix string) (Schema, error) {
	var s Schema
	for _, read := range []func(context.Context, dialect.Conn, string, *Schema) error{sqliteColumns, sqliteReferences, sqliteIndexes} {
		if err := read(ctx, c, prefix, &s); err != nil {
			return s, err
		}
	}
	s.sort()
	return s, nil
}

// ofTables selects from a pragma of each of the tables.
func ofTables(columns, pragma string) string {
	return "SELECT substr(t.name, length(?) + 1), " + columns + " FROM sqlite_master AS t JOIN " + pragma + "(t.name) AS x" +
		" WHERE t.type = 'table' AND substr(t.name, 1, length(?)) = ? ORDER BY t.name, "
}

func sqliteColumns(ctx context.Context, c dialect.Conn, prefix string, s *Schema) error {
	columns := ofTables(`x.name, x.type, x."notnull" = 0 AND x.pk = 0, x.pk > 0,
		CASE WHEN x.pk > 0 AND t.sql LIKE '%AUTOINCREMENT%' THEN 'generated' ELSE coalesce(x.dflt_value, '') END`, "pragma_table_info")
	return c.Query(ctx, dialect.Stmt{SQL: columns + "x.cid", Args: []any{prefix, prefix, prefix}}, func(r dialect.Row) error {
		var table, value string
		column := Column{Types: make([]string, 1)}
		if err := r.Scan(&table, &column.Name, &column.Types[0], &column.Null, &column.Key, &value); err != nil {
			return err
		}
		if strings.HasPrefix(value, "strftime(") {
			value = now
		}
		column.Defaults = []string{value}
		s.Tables = withColumn(s.Tables, table, column)
		return nil
	})
}

func sqliteReferences(ctx context.Context, c dialect.Conn, prefix string, s *Schema) error {
	references := ofTables(`x."from", x."table"`, "pragma_foreign_key_list") + "x.id, x.seq"
	return c.Query(ctx, dialect.Stmt{SQL: references, Args: []any{prefix, prefix, prefix}}, func(r dialect.Row) error {
		var table, column, to string
		if err := r.Scan(&table, &column, &to); err != nil {
			return err
		}
		return s.set(table, column, func(c *Column) { c.References = strings.TrimPrefix(to, prefix) })
	})
}

func sqliteIndexes(ctx context.Context, c dialect.Conn, prefix string, s *Schema) error {
	indexes := ofTables(`x.name, x.origin, (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(x.name) ORDER BY seqno))`,
		"pragma_index_list") + "x.seq"
	return c.Query(ctx, dialect.Stmt{SQL: indexes, Args: []any{prefix, prefix, prefix}}, func(r dialect.Row) error {
		var table, name, origin, list string
		if err := r.Scan(&table, &name, &origin, &list); err != nil {
			return err
		}
		switch columns := strings.Split(list, ","); origin {
		case "u":
			return s.addUnique(table, columns)
		case "c":
			return s.addIndex(table, Index{strings.TrimPrefix(name, prefix), columns})
		default: // the primary key
			return nil
		}
	})
}
