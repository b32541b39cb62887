package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

// inPostgres reads a schema that is made for it and dropped after.
func inPostgres(ctx context.Context) (s Schema, err error) {
	server, err := servers.Postgres(ctx)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	name := fmt.Sprintf("schemadoc %d", os.Getpid())
	b, err := postgres.Open(ctx, server.DSN, postgres.Schema(name))
	if err != nil {
		return s, err
	}
	defer func() {
		_, dropped := b.Conn().Exec(ctx, dialect.Stmt{SQL: `DROP SCHEMA IF EXISTS "` + name + `" CASCADE`})
		err = errors.Join(err, dropped, b.Close())
	}()
	if _, err := setup.Run(ctx, b); err != nil {
		return s, err
	}
	return readPostgres(ctx, b.Conn(), name)
}

// readPostgres reads the tables of a schema from the system's catalogue.
func readPostgres(ctx context.Context, c dialect.Conn, name string) (Schema, error) {
	var s Schema
	for _, read := range []func(context.Context, dialect.Conn, string, *Schema) error{postgresColumns, postgresKeys, postgresIndexes} {
		if err := read(ctx, c, name, &s); err != nil {
			return s, err
		}
	}
	s.sort()
	return s, nil
}

func postgresColumns(ctx context.Context, c dialect.Conn, schema string, s *Schema) error {
	// attidentity is of a type that is not read as text
	const columns = `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
			CASE WHEN a.attidentity <> '' THEN 'generated' ELSE coalesce(pg_get_expr(d.adbin, d.adrelid), '') END
		FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
		JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
		WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY c.relname, a.attnum`
	short := strings.NewReplacer("character varying", "varchar", "timestamp with time zone", "timestamptz")
	return c.Query(ctx, dialect.Stmt{SQL: columns, Args: []any{schema}}, func(r dialect.Row) error {
		var table, name, kind, value string
		var null bool
		if err := r.Scan(&table, &name, &kind, &null, &value); err != nil {
			return err
		}
		if value == "CURRENT_TIMESTAMP" {
			value = now
		}
		value, _, _ = strings.Cut(value, "::") // its type, which is the column's
		s.Tables = withColumn(s.Tables, table, Column{Name: name, Types: []string{short.Replace(kind)}, Defaults: []string{value}, Null: null})
		return nil
	})
}

func postgresKeys(ctx context.Context, c dialect.Conn, schema string, s *Schema) error {
	const keys = `SELECT c.relname, k.contype::text, coalesce(f.relname, ''), array_to_string(ARRAY(
			SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, place)
			JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = u.attnum ORDER BY u.place), ',')
		FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
		LEFT JOIN pg_class AS f ON f.oid = k.confrelid
		WHERE n.nspname = $1 AND k.contype IN ('p', 'u', 'f')`
	return c.Query(ctx, dialect.Stmt{SQL: keys, Args: []any{schema}}, func(r dialect.Row) error {
		var table, kind, to, list string
		if err := r.Scan(&table, &kind, &to, &list); err != nil {
			return err
		}
		columns := strings.Split(list, ",")
		if kind == "u" {
			return s.addUnique(table, columns)
		}
		for _, column := range columns {
			if err := s.set(table, column, func(c *Column) {
				if kind == "p" {
					c.Key = true
				} else {
					c.References = to
				}
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

func postgresIndexes(ctx context.Context, c dialect.Conn, schema string, s *Schema) error {
	const indexes = `SELECT c.relname, i.relname, array_to_string(ARRAY(
			SELECT pg_get_indexdef(x.indexrelid, place, true) FROM generate_series(1, x.indnkeyatts) AS place ORDER BY place), ',')
		FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_class AS c ON c.oid = x.indrelid
		JOIN pg_namespace AS n ON n.oid = c.relnamespace
		WHERE n.nspname = $1 AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u'))`
	return c.Query(ctx, dialect.Stmt{SQL: indexes, Args: []any{schema}}, func(r dialect.Row) error {
		var table, name, list string
		if err := r.Scan(&table, &name, &list); err != nil {
			return err
		}
		return s.addIndex(table, Index{name, strings.Split(list, ",")})
	})
}
