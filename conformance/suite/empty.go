package suite

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

// A snapshot is the state of a place after its setup: the schema and the rows.
type snapshot struct {
	relations []relation // in the order of their creation
	schema    []string
	counts    map[string]int64
	rows      map[string][]string // of the tables that setup fills
}

// A relation is one of the tracker's tables, as a statement names it.
type relation struct {
	name string
	// columns are the columns whose values are the same in every place: all except
	// times. The first one is a key.
	columns []string
}

// relationsOf reads the tracker's tables from the statements that create them.
func relationsOf(d dialect.Dialect) (all []relation) {
	for _, m := range d.Migrations() {
		for _, made := range created.FindAllStringSubmatch(strings.Join(m.Statements, ";\n"), -1) {
			one := relation{name: made[1]}
			for line := range strings.SplitSeq(made[2], "\n") {
				if fields := strings.Fields(line); len(fields) > 1 && strings.ToLower(fields[0]) == fields[0] && !strings.HasSuffix(fields[0], "_at") {
					one.columns = append(one.columns, fields[0])
				}
			}
			all = append(all, one)
		}
	}
	return all
}

// look takes a snapshot of a place.
func look(ctx context.Context, b dialect.Backend) (s snapshot, err error) {
	s.relations = relationsOf(b.Dialect())
	if s.schema, err = schemaOf(ctx, b); err != nil {
		return s, err
	}
	if s.counts, err = s.count(ctx, b.Conn()); err != nil {
		return s, err
	}
	s.rows, err = s.preloaded(ctx, b.Conn(), s.counts)
	return s, err
}

// schemaOf lists all objects in a place, of any owner, as the database describes them.
func schemaOf(ctx context.Context, b dialect.Backend) ([]string, error) {
	var all []string
	query, args := tablesQuery(b)
	query, err := b.Dialect().Placeholders().ReplacePlaceholders(query)
	if err != nil {
		return nil, err
	}
	err = b.Conn().Query(ctx, dialect.Stmt{Name: "case", SQL: query, Args: args}, func(r dialect.Row) error {
		var line string
		err := r.Scan(&line)
		all = append(all, line)
		return err
	})
	if err != nil {
		return nil, err
	}
	catalogue, err := setup.Catalogue(ctx, b)
	return append(all, strings.Split(catalogue, "\n")...), err
}

// count counts the rows of all tables, in one round trip.
func (s snapshot) count(ctx context.Context, c dialect.Conn) (map[string]int64, error) {
	counts := map[string]int64{}
	var query []string
	for i, t := range s.relations {
		query = append(query, fmt.Sprintf("SELECT %d, count(*) FROM %s", i, t.name))
	}
	err := c.Query(ctx, dialect.Stmt{Name: "case", SQL: strings.Join(query, " UNION ALL ")}, func(r dialect.Row) error {
		var i int
		var n int64
		err := r.Scan(&i, &n)
		counts[s.relations[i].name] = n
		return err
	})
	return counts, err
}

// preloaded reads the rows of the tables that setup fills.
func (s snapshot) preloaded(ctx context.Context, c dialect.Conn, counts map[string]int64) (map[string][]string, error) {
	all := map[string][]string{}
	for _, t := range s.relations {
		if counts[t.name] == 0 {
			continue
		}
		query := "SELECT " + strings.Join(t.columns, ", ") + " FROM " + t.name + " ORDER BY " + t.columns[0]
		err := c.Query(ctx, dialect.Stmt{Name: "case", SQL: query}, func(r dialect.Row) error {
			values, targets := make([]any, len(t.columns)), make([]any, len(t.columns))
			for i := range values {
				targets[i] = &values[i]
			}
			err := r.Scan(targets...)
			for i, value := range values {
				if text, ok := value.([]byte); ok {
					values[i] = string(text)
				}
			}
			all[t.name] = append(all[t.name], fmt.Sprintf("%v", values))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// differs returns the differences between two snapshots as an error; nil if there are none.
func (s snapshot) differs(was snapshot) error {
	var all []error
	if lines := difference(s.schema, was.schema); len(lines) > 0 {
		all = append(all, fmt.Errorf("its schema is another: only one has %q", lines))
	}
	for _, t := range was.relations {
		if n := s.counts[t.name]; n != was.counts[t.name] {
			all = append(all, fmt.Errorf("%s has %d rows, had %d", t.name, n, was.counts[t.name]))
		} else if lines := difference(s.rows[t.name], was.rows[t.name]); len(lines) > 0 {
			all = append(all, fmt.Errorf("%s has other rows: only one has %q", t.name, lines))
		}
	}
	return errors.Join(all...)
}

// empty deletes the rows of a case, and checks that the place is in its state after
// setup, on each server of a cluster.
func (p *site) empty(ctx context.Context, b Backend) (err error) {
	dsns := []string{p.dsn}
	if b.Reuse.Nodes != nil {
		dsns = b.Reuse.Nodes(p.dsn)
	}
	nodes := make([]dialect.Backend, len(dsns))
	for i, dsn := range dsns {
		if nodes[i], err = b.Open(ctx, dsn); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, nodes[i].Close()) }()
		if err := endOthers(ctx, nodes[i].Conn(), b.Reuse); err != nil {
			return fmt.Errorf("end the sessions of the case: %w", err)
		}
	}
	if b.Reuse.Inspect != nil {
		if err := b.Reuse.Inspect(ctx, p.dsn); err != nil {
			return err
		}
	}
	counts, err := p.since.count(ctx, nodes[0].Conn())
	if err != nil {
		return err
	}
	if !maps.Equal(counts, p.since.counts) {
		if err := nodes[0].Conn().Atomic(ctx, func(c dialect.Conn) error { return p.delete(ctx, c, b.Reuse.Loose, counts) }); err != nil {
			return fmt.Errorf("delete the rows of the case: %w", err)
		}
	}
	for _, node := range nodes {
		now, err := look(ctx, node)
		if err == nil {
			err = now.differs(p.since)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// delete deletes all rows that setup has not created, beginning with the tables that
// were created last.
func (p *site) delete(ctx context.Context, c dialect.Conn, loose string, counts map[string]int64) error {
	if _, err := c.Exec(ctx, dialect.Stmt{Name: "case", SQL: loose}); err != nil {
		return err
	}
	for _, t := range slices.Backward(p.since.relations) {
		query := "DELETE FROM " + t.name
		switch keep := p.since.counts[t.name]; {
		case counts[t.name] == keep:
			continue
		case keep > 0:
			var keys []string
			for _, row := range p.since.rows[t.name] {
				key, _, _ := strings.Cut(strings.Trim(row, "[]"), " ")
				keys = append(keys, key)
			}
			query += " WHERE " + t.columns[0] + " NOT IN (" + strings.Join(keys, ", ") + ")"
		}
		if _, err := c.Exec(ctx, dialect.Stmt{Name: "case", SQL: query}); err != nil {
			return err
		}
	}
	return nil
}

// endOthers returns when no other session is in the place.
func endOthers(ctx context.Context, c dialect.Conn, r Reuse) error {
	for {
		var ids []int64
		err := c.Query(ctx, dialect.Stmt{Name: "case", SQL: r.Sessions}, func(row dialect.Row) error {
			var id int64
			err := row.Scan(&id)
			ids = append(ids, id)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			// Some databases return an error for a session that has just ended by itself.
			_, _ = c.Exec(ctx, dialect.Stmt{Name: "case", SQL: r.End(id)})
		}
	}
}
