package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

func inMySQL(ctx context.Context) (Schema, error)   { return inMySQLOf(ctx, servers.MySQL) }
func inMariaDB(ctx context.Context) (Schema, error) { return inMySQLOf(ctx, servers.MariaDB) }

// inMySQLOf reads a database that is made for it and dropped after.
func inMySQLOf(ctx context.Context, start func(context.Context) (*servers.Server, error)) (s Schema, err error) {
	server, err := start(ctx)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	apart, err := server.WithDatabase(ctx, fmt.Sprintf("schemadoc %d", os.Getpid()))
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, apart.Close()) }()
	b, err := mysql.Open(ctx, apart.DSN)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if _, err := setup.Run(ctx, b); err != nil {
		return s, err
	}
	return readMySQL(ctx, b.Conn(), "pt_")
}

// readMySQL reads the tables of the connection's database. Their names come without the prefix.
func readMySQL(ctx context.Context, c dialect.Conn, prefix string) (Schema, error) {
	var s Schema
	for _, read := range []func(context.Context, dialect.Conn, string, *Schema) error{mysqlColumns, mysqlKeys, mysqlIndexes} {
		if err := read(ctx, c, prefix, &s); err != nil {
			return s, err
		}
	}
	s.sort()
	return s, nil
}

// mysqlColumns reads the columns. What MariaDB says in other words is said as MySQL does: how wide an integer is shown, and
// NULL for a default that is not there. A default that is an empty text is quoted, as MariaDB and PostgreSQL do.
func mysqlColumns(ctx context.Context, c dialect.Conn, prefix string, s *Schema) error {
	const columns = `SELECT table_name, column_name, replace(column_type, 'bigint(20)', 'bigint'), is_nullable = 'YES', CASE
			WHEN extra = 'auto_increment' THEN 'generated'
			WHEN column_default = 'utc_timestamp(6)' THEN 'now'
			WHEN column_default IS NULL OR column_default = 'NULL' THEN ''
			WHEN column_default = '' THEN quote('')
			ELSE column_default END
		FROM information_schema.columns WHERE table_schema = DATABASE()
			AND table_name NOT IN (SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE())
		ORDER BY table_name, ordinal_position`
	return c.Query(ctx, dialect.Stmt{SQL: columns}, func(r dialect.Row) error {
		var table string
		column := Column{Types: make([]string, 1), Defaults: make([]string, 1)}
		if err := r.Scan(&table, &column.Name, &column.Types[0], &column.Null, &column.Defaults[0]); err != nil {
			return err
		}
		s.Tables = withColumn(s.Tables, strings.TrimPrefix(table, prefix), column)
		return nil
	})
}

// mysqlKeys reads the primary keys and the foreign ones.
func mysqlKeys(ctx context.Context, c dialect.Conn, prefix string, s *Schema) error {
	const keys = `SELECT table_name, column_name, constraint_name = 'PRIMARY', coalesce(referenced_table_name, '')
		FROM information_schema.key_column_usage WHERE table_schema = DATABASE()
		AND (constraint_name = 'PRIMARY' OR referenced_table_name IS NOT NULL)`
	return c.Query(ctx, dialect.Stmt{SQL: keys}, func(r dialect.Row) error {
		var table, column, to string
		var primary bool
		if err := r.Scan(&table, &column, &primary, &to); err != nil {
			return err
		}
		return s.set(strings.TrimPrefix(table, prefix), column, func(c *Column) {
			if primary {
				c.Key = true
			} else {
				c.References = strings.TrimPrefix(to, prefix)
			}
		})
	})
}

// mysqlIndexes reads the indexes and the unique keys. An index of one column with the column's name is one that InnoDB made
// for a foreign key.
func mysqlIndexes(ctx context.Context, c dialect.Conn, prefix string, s *Schema) error {
	const indexes = `SELECT table_name, index_name, non_unique = 0, group_concat(column_name ORDER BY seq_in_index)
		FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY'
		GROUP BY table_name, index_name, non_unique`
	return c.Query(ctx, dialect.Stmt{SQL: indexes}, func(r dialect.Row) error {
		var table, name, list string
		var unique bool
		if err := r.Scan(&table, &name, &unique, &list); err != nil {
			return err
		}
		table = strings.TrimPrefix(table, prefix)
		switch columns := strings.Split(list, ","); {
		case unique:
			return s.addUnique(table, columns)
		case name == list:
			return nil
		default:
			return s.addIndex(table, Index{name, columns})
		}
	})
}
