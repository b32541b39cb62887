package conformance

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestTablesChanged changes columns under a program whose connections have prepared
// statements that read them.
func TestTablesChanged(t *testing.T) {
	server := start(t)
	dsn := schemas(server.DSN)(t)
	b := opened(t, dsn)
	if _, err := setup.Run(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	tr := tracked(t, b)
	process := tracker.Process{Name: "Teams Load"}
	life := func() {
		t.Helper()
		err := tr.Do(t.Context(), process, nil, func(ctx context.Context, run *tracker.Run) error { return run.RecordError(ctx, tracker.ErrorRecord{}) })
		for _, failed := range tr.Runs(t.Context(), tracker.RunFilter{}) {
			err = errors.Join(err, failed)
		}
		for _, failed := range tr.Registry().Processes(t.Context(), tracker.ProcessFilter{}) {
			err = errors.Join(err, failed)
		}
		if err != nil {
			t.Error(err)
		}
	}
	alter := func(length string) {
		t.Helper()
		run, process := b.Dialect().Table("run"), b.Dialect().Table("process")
		administer(t, server.DSN,
			// Views that others made are in the way; the tracker's statements read none.
			"DO $$ DECLARE v text; BEGIN FOR v IN SELECT format('%I.%I', schemaname, viewname) FROM pg_views WHERE schemaname = "+literalOf(b.Dialect().Table(""))+
				" LOOP EXECUTE 'DROP VIEW ' || v || ' CASCADE'; END LOOP; END $$",
			"ALTER TABLE "+run+" ALTER COLUMN name TYPE varchar("+length+")",
			"ALTER TABLE "+process+" ALTER COLUMN hold_reason TYPE varchar("+length+")")
	}
	life()
	alter("300")
	life()

	// In a transaction of the caller's, whose session has prepared them, too, nothing is
	// tried again.
	tx, err := begin(t.Context(), dsn, 0)
	if err != nil {
		t.Fatal(err)
	}
	in := tr.In(tx.Tx)
	if _, err := in.Start(t.Context(), tracker.Process{Name: "Players Load"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := tx.Exec(t.Context(), "ALTER TABLE "+b.Dialect().Table("run")+" ALTER COLUMN name TYPE varchar(310)"); err != nil {
		t.Fatal(err)
	}
	_, err = in.Start(t.Context(), tracker.Process{Name: "Parks Load"}, nil)
	var e *pgconn.PgError
	if ok := errors.As(err, &e); !errors.Is(err, tracker.ErrBusy) || !ok || e.Code != "0A000" {
		t.Errorf("want it to be tried again by the caller, got: %v", err)
	}
	if err := tx.End(t.Context(), false); err != nil {
		t.Error(err)
	}
}

// literalOf is the schema of a table's full name, as a text.
func literalOf(table string) string {
	for i := len(table) - 1; i >= 0; i-- {
		if table[i] == '.' {
			return "'" + table[1:i-1] + "'"
		}
	}
	return "''"
}
