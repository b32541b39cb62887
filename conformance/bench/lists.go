package bench

import (
	"context"
	"iter"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// listed is the maximum number of rows that a list reads.
const listed = 100

// listOperation reads a list to its end.
func listOperation[T any](name string, list func(ctx context.Context, p *place) iter.Seq2[T, error], byHand func(p *place) work) operation {
	return operation{
		name: name, prepare: nothing, done: nothing,
		ours: func(ctx context.Context, p *place, s *subject) error {
			for _, err := range list(ctx, p) {
				if err != nil {
					return err
				}
				s.found++
			}
			return nil
		},
		facts: func(p *place, _ *subject) work { return byHand(p) },
	}
}

// listOperations find and list rows, compared with a hand-written query that joins the
// same tables and knows the IDs to filter by.
func listOperations() []operation {
	const (
		extracts = `SELECT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.name, t.name, l.file_count, l.listed_at,
			p.name, run.run_no, run.id, ft.name, ct.name, e.size_bytes, e.checksum,
			e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
			FROM {extract} AS e JOIN {extract_status} AS s ON s.id = e.status_id
			JOIN {location} AS l ON l.id = e.location_id JOIN {location_type} AS t ON t.id = l.type_id
			JOIN {run} AS run ON run.id = e.registered_by JOIN {process} AS p ON p.id = e.process_id
			LEFT JOIN {file_type} AS ft ON ft.id = e.file_type_id LEFT JOIN {compression_type} AS ct ON ct.id = e.compression_type_id `
		runs = `SELECT run.id, p.id, p.name, run.run_no, s.name, a.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at,
			run.records, run.inserts, run.updates, run.deletes
			FROM {run} AS run JOIN {process} AS p ON p.id = run.process_id
			JOIN {run_status} AS s ON s.id = run.status_id JOIN {actor} AS a ON a.id = run.actor_id `
	)
	return []operation{
		listOperation("find by name", func(ctx context.Context, p *place) iter.Seq2[tracker.Extract, error] {
			return p.tracker.Extracts(ctx, tracker.ExtractFilter{Name: knownName})
		}, func(p *place) work {
			return p.look(extracts+"WHERE e.name = ? AND e.name_key = ?", knownName, key(knownName))
		}),
		listOperation("find by location", func(ctx context.Context, p *place) iter.Seq2[tracker.Extract, error] {
			return p.tracker.Extracts(ctx, tracker.ExtractFilter{Location: landing, Limit: listed})
		}, func(p *place) work {
			return p.look(extracts+"WHERE e.location_id = ? ORDER BY e.registered_at, e.id LIMIT 100", p.landing)
		}),
		listOperation("newest runs", func(ctx context.Context, p *place) iter.Seq2[tracker.RunInfo, error] {
			return p.tracker.Runs(ctx, tracker.RunFilter{Limit: listed})
		}, func(p *place) work { return p.look(runs + "ORDER BY run.id DESC LIMIT 100") }),
		listOperation("runs of a process", func(ctx context.Context, p *place) iter.Seq2[tracker.RunInfo, error] {
			return p.tracker.Runs(ctx, tracker.RunFilter{Process: processOf(ours, 0), Limit: listed})
		}, func(p *place) work {
			return p.look(runs+"WHERE run.process_id = ? ORDER BY run.run_no DESC LIMIT 100", p.ids[processOf(ours, 0)])
		}),
		listOperation("history of a process", func(ctx context.Context, p *place) iter.Seq2[tracker.Change, error] {
			return p.tracker.History(ctx, tracker.HistoryFilter{Process: processOf(ours, 0), Limit: listed})
		}, func(p *place) work {
			return p.look(`SELECT h.id, h.changed_at, p.name, h.run_id, run.run_no, h.extract_id, e.name, l.path, h.from_status, h.to_status, a.name, h.reason
				FROM {status_history} AS h LEFT JOIN {process} AS p ON p.id = h.process_id LEFT JOIN {run} AS run ON run.id = h.run_id
				LEFT JOIN {extract} AS e ON e.id = h.extract_id LEFT JOIN {location} AS l ON l.id = e.location_id
				LEFT JOIN {actor} AS a ON a.id = h.actor_id WHERE h.process_id = ? ORDER BY h.changed_at, h.id LIMIT 100`, p.ids[processOf(ours, 0)])
		}),
	}
}

// knownName is a file that seedClaims registers.
const knownName = "claim ours 0050.csv"
