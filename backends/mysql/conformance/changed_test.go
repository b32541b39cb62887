package conformance

import (
	"context"
	"errors"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestTablesChanged changes columns under a program, whose connections may have prepared
// statements that read them.
func TestTablesChanged(t *testing.T) {
	each(t, func(t *testing.T, server *servers.Server) {
		fresh := databases(server, "")
		for name, open := range pools() {
			dsn := fresh(t)
			b, err := open(t.Context(), dsn, nil)
			must(t, err)
			t.Cleanup(func() { _ = b.Close() })
			if _, err := setup.Run(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			tr, other := suite.Tracker(t, b), session(t, dsn)
			for _, column := range []string{"one", "another"} {
				for _, table := range []string{"run", "process", "run_error"} {
					run(t, other, "ALTER TABLE "+b.Dialect().Table(table)+" ADD COLUMN "+column+" int, FORCE")
				}
				err := tr.Do(t.Context(), tracker.Process{Name: "Teams Load"}, nil, func(ctx context.Context, r *tracker.Run) error {
					return r.RecordError(ctx, tracker.ErrorRecord{Description: "odd"})
				})
				for _, failed := range tr.Runs(t.Context(), tracker.RunFilter{}) {
					err = errors.Join(err, failed)
				}
				if err != nil {
					t.Errorf("%s, with the column %s: %v", name, column, err)
				}
			}
		}
	})
}
