package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// DSNVariable names the environment variable that holds the DSN.
const DSNVariable = "PROCESSTRACKER_DSN"

// database returns the database that the user named, or the default file.
func (a *app) database() (backends.Database, error) {
	dsn, named, err := a.namedDSN()
	if err != nil {
		return backends.Database{}, err
	}
	if dsn == "" {
		path, err := a.defaultFile()
		if err != nil {
			return backends.Database{}, err
		}
		dsn = sqlite.DSN(path)
	}
	db, err := backends.Parse(dsn)
	if err != nil {
		return db, err
	}
	if !named {
		if err := a.asParent(db); err != nil {
			return db, err
		}
	}
	a.used = dsn
	return a.asking(db)
}

// namedDSN returns the DSN from the settings, empty if there is none, and whether it
// was given for this call. A DSN from a profile that is only the file's default was
// not.
func (a *app) namedDSN() (dsn string, named bool, err error) {
	said, ok := a.settings[settingDSN]
	switch {
	case strings.TrimSpace(a.dsn) != "": // also if a command has chosen one
		return a.dsn, true, nil
	case !ok:
		return "", false, nil
	case strings.TrimSpace(said.value) == "":
		return "", false, fmt.Errorf("%w: %s is set but empty; name a database in it, or leave it out for the file in the user's data directory", dialect.ErrDSN, said.from)
	}
	dsn = said.value
	if said.name == settingDSNFile {
		if dsn, err = firstLine(said); err != nil {
			return "", false, fmt.Errorf("%w: %w", dialect.ErrDSN, err)
		}
	}
	return dsn, said.rank > fromProfile, nil
}

// usesDefault reports whether the user named no database.
func (a *app) usesDefault() bool {
	_, said := a.settings[settingDSN]
	return a.dsn == "" && !said
}

// defaultFile returns the path of the default database, in the user's data directory.
func (a *app) defaultFile() (string, error) {
	dir, err := dataDirectory(runtime.GOOS, a.env.Getenv)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "processtracker", "tracker.db"), nil
}

// dataDirectory returns the operating system's directory for the user's application data.
func dataDirectory(system string, getenv func(string) string) (string, error) {
	if dir := getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) { // the XDG specification says to ignore a relative path
		return dir, nil
	}
	if dir := getenv("LocalAppData"); system == "windows" && dir != "" {
		return dir, nil
	}
	home := getenv("HOME")
	switch {
	case home == "":
		return "", errors.New("there is no home directory for the default database; name one with --dsn or " + DSNVariable)
	case system == "darwin":
		return filepath.Join(home, "Library", "Application Support"), nil
	default:
		return filepath.Join(home, ".local", "share"), nil
	}
}

// makeDefaultDirectory creates the directory of the default file before setup, if the
// user named no database.
func (a *app) makeDefaultDirectory() error {
	if !a.usesDefault() {
		return nil
	}
	file, err := a.defaultFile()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("the default database's directory: %w", err)
	}
	return nil
}

// withBackend opens the database, calls work, and closes it.
func (a *app) withBackend(ctx context.Context, create bool, work func(backends.Database, dialect.Backend) error) error {
	db, err := a.database()
	if err != nil {
		return err
	}
	b, err := db.Open(ctx, create)
	if err != nil {
		return a.advise(err, create)
	}
	defer func() { _ = b.Close() }() // all writes have been committed
	return a.advise(work(db, b), create)
}

// withTracker opens a tracker, calls work, and closes it.
func (a *app) withTracker(ctx context.Context, actor string, work func(*tracker.Tracker) error) error {
	return a.withConfig(ctx, tracker.Config{Actor: actor}, work)
}

// withConfig opens a tracker with a configuration, calls work, and closes it.
func (a *app) withConfig(ctx context.Context, config tracker.Config, work func(*tracker.Tracker) error) error {
	config.Actor = cmp.Or(config.Actor, a.settings[settingActor].value)
	return a.withBackend(ctx, false, func(_ backends.Database, b dialect.Backend) error {
		t, err := tracker.New(ctx, b, &config)
		if err != nil {
			return err
		}
		defer func() { _ = t.Close() }() // never fails
		return withNearest(ctx, t, work(t))
	})
}

// leased returns a tracker's configuration for runs with a lease; 0 means no lease.
func leased(actor string, lease time.Duration) tracker.Config {
	return tracker.Config{Actor: actor, Lease: lease, NoLease: lease == 0}
}
