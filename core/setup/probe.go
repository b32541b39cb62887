package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Probe is what the database's user may do with the tracker's tables.
type Probe struct {
	// Role is [Runner], also for a user who may do more, or [Reader]; empty for one who
	// may not even read all of it.
	Role Role
	// Lacks are the rights that the next role up would need, such as "insert into run".
	Lacks []string
	// ReadOnly is true if the database takes no changes from anybody, so that the rights
	// to change were not asked for.
	ReadOnly bool
}

// ProbeRights finds out what the user may do by statements that find no rows, each by
// itself: they change nothing. The schema has to be of this library's version.
func ProbeRights(ctx context.Context, backend dialect.Backend) (Probe, error) {
	if backend == nil {
		return Probe{}, noBackend()
	}
	var p Probe
	for _, role := range []Role{Reader, Runner} {
		for _, right := range rightsOf(backend.Dialect(), role) {
			for _, ask := range probes(backend.Dialect(), right, role) {
				_, err := backend.Conn().Exec(ctx, ask.Stmt)
				switch class := backend.Classify(err); {
				case err == nil:
				case class == dialect.Denied:
					p.Lacks = append(p.Lacks, ask.what)
				case class == dialect.ReadOnly || errors.Is(err, tracker.ErrReadOnly):
					p.ReadOnly = true
					return p, nil
				default:
					return p, fmt.Errorf("try whether the user may %s: %w", ask.what, err)
				}
			}
		}
		if len(p.Lacks) > 0 {
			return p, nil
		}
		p.Role = role
	}
	return p, nil
}

// rightsOf are the rights of a role on tables and views.
func rightsOf(d dialect.Dialect, role Role) []dialect.Right {
	var rights []dialect.Right
	for _, part := range parse(d.Expected()) {
		if part.Kind == dialect.KindTable || part.Kind == dialect.KindView {
			rights = append(rights, right(role, part.Table, part.Kind == dialect.KindView))
		}
	}
	return rights
}

// probing is a statement that fails if the user lacks a right.
type probing struct {
	dialect.Stmt

	what string
}

// probes are the statements for one table, without those of the role below.
func probes(d dialect.Dialect, r dialect.Right, role Role) (all []probing) {
	add := func(what, sql string, kind dialect.Kind) {
		all = append(all, probing{dialect.Stmt{Name: "probe", SQL: sql, Kind: kind}, what + " " + r.Table})
	}
	table := d.Table(r.Table)
	if role == Reader {
		add("read", "SELECT 1 FROM "+table+" WHERE 1 = 0", dialect.Select)
		return all
	}
	columns := written(d, r.Table)
	if r.Insert {
		list := strings.Join(columns, ", ")
		add("insert into", "INSERT INTO "+table+" ("+list+") SELECT "+list+" FROM "+table+" WHERE 1 = 0", dialect.Insert)
	}
	if r.Update {
		add("update", "UPDATE "+table+" SET "+columns[0]+" = "+columns[0]+" WHERE 1 = 0", dialect.Update)
	}
	if r.Delete {
		add("delete from", "DELETE FROM "+table+" WHERE 1 = 0", dialect.Delete)
	}
	return all
}

// written are the columns of a table but one that numbers its rows.
func written(d dialect.Dialect, table string) (columns []string) {
	parts := parse(d.Expected())
	known := index(parts)
	for _, p := range parts {
		if p.Kind == dialect.KindColumn && p.Table == table && !known.any(dialect.KindIdentity, table, p.Name) {
			columns = append(columns, p.Name)
		}
	}
	return columns
}
