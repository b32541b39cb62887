package tracker_test

import (
	"context"
	"path/filepath"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

// open opens the database of an example, in an empty directory.
func open(ctx context.Context, dir string) (dialect.Backend, error) {
	be, err := sqlite.Open(ctx, sqlite.DSN(filepath.Join(dir, "tracker.db")), &sqlite.Options{Create: true})
	if err != nil {
		return nil, err
	}
	_, err = setup.Run(ctx, be)
	return be, err
}
