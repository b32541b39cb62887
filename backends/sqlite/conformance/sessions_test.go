package conformance

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestSessions goes through a process's life with pools of the caller's whose
// connections are set oddly (rule S8.6), in files of different kinds.
func TestSessions(t *testing.T) {
	const keys = "_pragma=foreign_keys(1)&"
	sessions := []suite.Session{
		{Name: "", Refused: "foreign_keys"},
		{Name: keys + "_texttotime=1", Refused: "_texttotime"},
	}
	for _, parameters := range []string{
		"_pragma=recursive_triggers(1)&_pragma=defer_foreign_keys(1)", "_pragma=case_sensitive_like(1)",
		"_pragma=ignore_check_constraints(1)", "_pragma=trusted_schema(0)&_defensive=1&_dqs=0", "_pragma=legacy_alter_table(1)",
		"_pragma=reverse_unordered_selects(1)", "_pragma=count_changes(1)&_pragma=full_column_names(1)&_pragma=short_column_names(0)",
		"_pragma=read_uncommitted(1)&cache=shared", "_pragma=writable_schema(1)", "_pragma=synchronous(0)",
		"_pragma=temp_store(2)&_pragma=cache_size(1)&_pragma=cell_size_check(1)&_pragma=automatic_index(0)&_pragma=mmap_size(0)",
		"_time_format=sqlite&_inttotime=1&_timezone=Asia/Kolkata", "_time_integer_format=unix_micro&_inttotime=1", "_txlock=exclusive",
	} {
		sessions = append(sessions, suite.Session{Name: keys + parameters})
	}
	// Where there is a write-ahead log, the mode is the file's, and stays.
	rollback := []suite.Session{
		{Name: keys + "_pragma=journal_mode(OFF)", Refused: "journal_mode"}, {Name: keys + "_pragma=journal_mode(MEMORY)", Refused: "journal_mode"},
		{Name: keys + "_pragma=journal_mode(TRUNCATE)"}, {Name: keys + "_pragma=journal_mode(PERSIST)"},
	}
	for name, with := range map[string][]suite.Session{
		"PRAGMA journal_mode = WAL": sessions, "PRAGMA journal_mode = DELETE": rollback,
		"PRAGMA encoding = 'UTF-16le'": sessions, "PRAGMA encoding = 'UTF-16be'": sessions,
	} {
		with = slices.Clone(with)
		for i := range with {
			with[i].Open, with[i].Begin = onPool(with[i].Name), beginOn(with[i].Name)
		}
		with = append(with, suite.Session{Name: "a pool that only reads", Error: tracker.ErrReadOnly, Open: onPool(keys + "_pragma=query_only(1)")})
		backend := underTest()
		backend.Provider += ", " + name
		backend.Fresh = made(name)
		suite.Sessions(t, backend, name, with)
	}
}

// TestVariants goes once more through what names and their order decide, with files
// whose texts are UTF-16.
func TestVariants(t *testing.T) {
	suite.RunVariants(t, "sqlite", []suite.Variant{{Name: "UTF-16", Run: func(t *testing.T) {
		backend := underTest()
		backend.Provider += ", UTF-16"
		backend.Fresh = made("PRAGMA encoding = 'UTF-16le'")
		backend.Proves = []string{"S8.6"}
		backend.Only = []string{"S1.2", "S5.7"}
		suite.Run(t, backend)
	}}})
}

// made returns a function that makes a file, and has its first connection say
// something.
func made(statement string) func(testing.TB) string {
	return func(t testing.TB) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), "tracker.db")
		db, err := sql.Open("sqlite", "file:"+path)
		if err == nil {
			_, err = db.ExecContext(t.Context(), statement+"; CREATE TABLE made (a); DROP TABLE made")
		}
		if err = errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		return "sqlite:" + path
	}
}

// beginOn begins a transaction in a pool of the caller's.
func beginOn(parameters string) func(context.Context, string) (suite.Transaction, error) {
	return func(ctx context.Context, dsn string) (suite.Transaction, error) {
		db, err := sql.Open("sqlite", file(dsn)+"?_txlock=immediate&_pragma=busy_timeout(10000)&"+parameters)
		if err != nil {
			return suite.Transaction{}, err
		}
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return suite.Transaction{}, errors.Join(err, db.Close())
		}
		return suite.Transaction{Tx: sqlite.Tx(tx), End: func(_ context.Context, commit bool) error {
			if commit {
				return errors.Join(tx.Commit(), db.Close())
			}
			return errors.Join(tx.Rollback(), db.Close())
		}}, nil
	}
}

// onPool opens a place with a pool of the caller's.
func onPool(parameters string) func(context.Context, string) (dialect.Backend, error) {
	return func(ctx context.Context, dsn string) (dialect.Backend, error) {
		db, err := sql.Open("sqlite", file(dsn)+"?_pragma=busy_timeout(10000)&"+parameters)
		if err != nil {
			return nil, err
		}
		b, err := sqlite.New(ctx, db, nil)
		if err != nil {
			return nil, errors.Join(err, db.Close())
		}
		return callersPool{b, db}, nil
	}
}
