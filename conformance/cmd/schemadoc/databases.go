package main

import (
	"context"
	"errors"
	"slices"

	"github.com/processtracker/processtracker-go/conformance/servers"
)

// database is a column of the page.
type database struct {
	name string // the column's heading

	// read are the ways to a schema that is set up there, in the order in which they are tried. All of them have to lead
	// to the same.
	read []func(context.Context) (Schema, error)

	// loose are the tables that have no foreign keys there, on purpose.
	loose []string
}

// databases lists what there is. A further one is an entry here, and a file that reads it.
func databases() []database {
	return []database{
		{name: "PostgreSQL", read: []func(context.Context) (Schema, error){inPostgres}},
		{
			name: "MySQL", read: []func(context.Context) (Schema, error){inMySQL, inMariaDB},
			loose: []string{"status_history"}, // docs/decisions/0012
		},
		{name: "SQLite", read: []func(context.Context) (Schema, error){inSQLite}},
	}
}

// schema reads the schema where there is a server for it. If there is none, the error is [servers.Unavailable] of each.
func (d database) schema(ctx context.Context) (Schema, error) {
	var missing []error
	for _, read := range d.read {
		s, err := read(ctx)
		if _, ok := errors.AsType[*servers.Unavailable](err); ok {
			missing = append(missing, err)
			continue
		}
		return d.mark(s), err
	}
	return Schema{}, errors.Join(missing...)
}

// mark writes the database's name on what was read there.
func (d database) mark(s Schema) Schema {
	s.Databases = []string{d.name}
	for i, t := range s.Tables {
		if slices.Contains(d.loose, t.Name) && !slices.ContainsFunc(t.Columns, func(c Column) bool { return c.References != "" }) {
			s.Tables[i].Loose = s.Databases
		}
	}
	return s
}
