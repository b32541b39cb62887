package store

import (
	"context"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Use is one kind of rows that refer to a name in a lookup: their number, and the first
// few.
type Use struct {
	What  string
	Count int64
	Names []string
}

// usesShown limits how many rows of a kind are named.
const usesShown = 3

// A reference is a column that refers to a lookup.
type reference struct{ what, table, column string }

func (l Lookup) references() []reference {
	switch l {
	case RunStatusLookup:
		return []reference{
			{"latest run of process", tProcess, "latest_status_id"}, {"run", tRun, "status_id"},
			{"soft dependency of run", tRunSoft, "parent_status_id"},
		}
	case ExtractStatusLookup:
		return []reference{
			{"extract", tExtract, "status_id"}, {"claim of extract", tExtract, "claim_return_id"},
			{"run's link to extract", tRunExtract, "status_id"},
		}
	case ErrorTypeLookup:
		return []reference{{"error of run", tRunError, "error_type_id"}}
	case ProcessTypeLookup:
		return []reference{{"process", tProcess, "type_id"}}
	case FrequencyLookup:
		return []reference{{"process", tProcess, "frequency_id"}}
	case ToolLookup:
		return []reference{{"process", tProcess, "tool_id"}}
	case DatasetTypeLookup:
		return []reference{{"process", tProcessData, "dataset_type_id"}}
	case LocationTypeLookup:
		return []reference{{"location", tLocation, "type_id"}}
	case FileTypeLookup:
		return []reference{{"extract", tExtract, "file_type_id"}}
	case CompressionLookup:
		return []reference{{"extract", tExtract, "compression_type_id"}}
	case SourceTypeLookup:
		return []reference{{"system", tSystem, "type_id"}}
	case ActorTable:
		return []reference{{"run", tRun, "actor_id"}, {"process", tProcess, "created_by"}, {"process", tProcess, "changed_by"}}
	case ClusterTable:
		return []reference{{"process", tProcessCluster, "cluster_id"}}
	case SystemTable:
		return []reference{
			{"object", tObject, "system_id"}, {"process", tSystemLink, "system_id"}, {"contact", tSystemContact, "system_id"},
			{"extract", tExtractSystem, "system_id"}, {"location", tLocationSystem, "system_id"},
		}
	case LocationTable:
		return []reference{{"extract", tExtract, "location_id"}, {"system", tLocationSystem, "location_id"}}
	default:
		return nil
	}
}

// uses counts the rows that refer to a name, and names the first ones: by their own name,
// or by their process and the number of their run. Uncommitted rows of other transactions
// count, too.
func (q sql) uses(ref reference, id int64) dialect.Stmt {
	return q.stmt("lookup.uses_"+ref.table+"_"+ref.column, func() squirrel.Sqlizer {
		label := []string{"x.name"}
		query := squirrel.Select("count(*) OVER ()").From(q.d.Read(ref.table, "x", dialect.Waiting))
		switch ref.table {
		case tProcessData, tProcessCluster, tSystemLink, tProcessContact:
			label = []string{"p.name"}
			query = query.Join(q.as(tProcess, "p") + " ON p.id = x.process_id")
		case tSystemContact:
			if label = []string{"c.name"}; ref.column == "contact_id" {
				label = []string{"sy.name"}
				query = query.Join(q.as(tSystem, "sy") + " ON sy.id = x.system_id")
				break
			}
			query = query.Join(q.as(tContact, "c") + " ON c.id = x.contact_id")
		case tLocationSystem:
			if label = []string{"l.name"}; ref.column == "location_id" {
				label = []string{"sy.name"}
				query = query.Join(q.as(tSystem, "sy") + " ON sy.id = x.system_id")
				break
			}
			query = query.Join(q.as(tLocation, "l") + " ON l.id = x.location_id")
		case tRunExtract, tExtractSystem:
			label = []string{"e.name"}
			query = query.Join(q.as(tExtract, "e") + " ON e.id = x.extract_id")
		case tRun:
			label = []string{"p.name", "x.run_no"}
			query = query.Join(q.as(tProcess, "p") + " ON p.id = x.process_id")
		case tRunSoft, tRunError:
			label = []string{"p.name", "run.run_no"}
			query = query.Join(q.as(tRun, "run") + " ON run.id = x.run_id").Join(q.as(tProcess, "p") + " ON p.id = run.process_id")
		}
		query = query.Columns(label...).Where(squirrel.Eq{"x." + ref.column: slot(0)}).OrderBy(label...)
		if len(label) == 1 {
			query = query.Column("0")
		}
		return q.first(query, usesShown, "")
	}, id)
}

// readUses reads the rows that refer to a name.
func (s *Store) readUses(ctx context.Context, c dialect.Conn, l Lookup, id int64, change *LookupChange) error {
	return s.readUsesOf(ctx, c, l.references(), id, change)
}

func (s *Store) readUsesOf(ctx context.Context, c dialect.Conn, refs []reference, id int64, change *LookupChange) error {
	var steps []*dialect.Step
	uses := make([]Use, len(refs))
	for i, ref := range refs {
		use := &uses[i]
		use.What = ref.what
		steps = append(steps, read(s.uses(ref, id), func(r dialect.Row) error {
			var name string
			var number int64
			err := r.Scan(&use.Count, &name, &number)
			if number > 0 {
				name = fmt.Sprintf("%s, run %d", name, number)
			}
			use.Names = append(use.Names, name)
			return err
		}))
	}
	err := inOrder(ctx, c, steps)
	for _, use := range uses {
		if use.Count > 0 {
			change.InUse, change.Uses = true, append(change.Uses, use)
		}
	}
	return err
}
