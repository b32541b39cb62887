package mysql_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func TestNilPoolsOptionsAndBackendsAreInvalid(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	calls := map[string]func() error{
		"New without a pool": func() error { _, err := mysql.New(ctx, nil); return err },
		"New with an option of Open's": func() error {
			_, err := mysql.New(ctx, new(sql.DB), mysql.Password(func(context.Context) (string, error) { return "", nil }))
			return err
		},
		"New with a nil option": func() error { _, err := mysql.New(ctx, new(sql.DB), nil); return err },
	}
	for what, b := range map[string]*mysql.Backend{"a nil backend": nil, "a zero backend": new(mysql.Backend)} {
		for call, err := range map[string]func() error{
			"Check":   func() error { return b.Check(ctx) },
			"Exec":    func() error { _, err := b.Conn().Exec(ctx, dialect.Stmt{}); return err },
			"Query":   func() error { return b.Conn().Query(ctx, dialect.Stmt{}, nil) },
			"Atomic":  func() error { return b.Conn().Atomic(ctx, func(dialect.Conn) error { return nil }) },
			"New":     func() error { _, err := tracker.New(ctx, b, nil); return err },
			"Run":     func() error { _, err := setup.Run(ctx, b); return err },
			"Upgrade": func() error { _, err := setup.Upgrade(ctx, b); return err },
			"Version": func() error { _, _, err := setup.Version(ctx, b); return err },
			"Compare": func() error { _, err := setup.Compare(ctx, b); return err },
			"DryRun":  func() error { _, err := setup.DryRun(ctx, b); return err },
		} {
			calls[call+" of "+what] = err
		}
		if b.Dialect() == nil || b.MostBytes() <= 0 || b.Classify(nil) != dialect.Other {
			t.Errorf("%s: dialect %v, %d bytes, class %v", what, b.Dialect(), b.MostBytes(), b.Classify(nil))
		}
		if err := b.Close(); err != nil {
			t.Errorf("Close of %s, which has nothing to release: %v", what, err)
		}
	}
	for what, call := range calls {
		if err := call(); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("%s: %v, want %v", what, err, tracker.ErrInvalid)
		}
	}
	if tx := mysql.Tx(nil); tx != (dialect.Tx{}) {
		t.Errorf("Tx of nil: %+v, want none", tx)
	}
}
