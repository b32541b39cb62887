// Package main runs the blocks of Go that the documents show. A block that uses a
// name which it does not declare gets the value of the method of that name.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func main() {
	for _, b := range blocks {
		if err := runIn(b.do); err != nil {
			fmt.Printf("%s: %v\n", b.name, err)
			defer os.Exit(1)
		}
	}
}

// runIn runs a block in an empty directory with a database of its own.
func runIn(do func(*world) error) (err error) {
	dir, err := os.MkdirTemp("", "shown")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Chdir(os.TempDir()), os.RemoveAll(dir)) }()
	if err := os.Chdir(dir); err != nil {
		return err
	}
	if err := errors.Join(os.Mkdir("landing", 0o700), os.WriteFile("landing/Teams.csv", nil, 0o600)); err != nil {
		return err
	}
	w := &world{}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
		for _, c := range w.closers {
			err = errors.Join(err, c())
		}
	}()
	return do(w)
}

// world provides the values that blocks use.
type world struct {
	closers []func() error
	backend *sqlite.Backend
	tracker *tracker.Tracker
}

// must panics on an error that no block has caused.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func (w *world) ctx() context.Context { return context.Background() }

func (w *world) dsn() string { return "sqlite:tracker.db" }

func (w *world) be() *sqlite.Backend {
	if w.backend == nil {
		w.backend = must(sqlite.Open(w.ctx(), w.dsn(), &sqlite.Options{Create: true}))
		w.closers = append(w.closers, w.backend.Close)
		must(setup.Run(w.ctx(), w.backend))
	}
	return w.backend
}

// t returns a tracker that has registered the processes which the blocks name.
func (w *world) t() *tracker.Tracker {
	if w.tracker == nil {
		w.tracker = must(tracker.New(w.ctx(), w.be(), nil))
		for _, name := range []string{"Teams Extract", "Teams Load", "Orders Extract"} {
			must(0, w.tracker.Registry().Register(w.ctx(), tracker.Process{Name: name, Type: "Load", Tool: "Go"}))
		}
	}
	return w.tracker
}

func (w *world) run() *tracker.Run {
	return must(w.t().Start(w.ctx(), tracker.Process{Name: "Players Load"}, nil))
}

func (w *world) teams() tracker.Extract {
	return must(w.run().RegisterExtract(w.ctx(), tracker.File{Location: "landing/", Name: "Teams.csv"}))
}

// The work that the blocks omit.
func (w *world) load() func(context.Context) error { return func(context.Context) error { return nil } }

func (w *world) download() func(context.Context, string) error {
	return func(context.Context, string) error { return nil }
}

func (w *world) extractSince() func(context.Context, time.Time) (time.Time, error) {
	return func(context.Context, time.Time) (time.Time, error) { return time.Now(), nil }
}

func (w *world) loadTeams() func(context.Context, pgx.Tx, string) (int64, error) { return nil }

func (w *world) retryLater() func(error) error { return func(err error) error { return err } }

func (w *world) low() time.Time { return w.lastFriday() }

func (w *world) high() time.Time { return time.Now() }

func (w *world) lastFriday() time.Time { return time.Now().AddDate(0, 0, -5) }

func (w *world) token() func(context.Context) (string, error) { return nil }

// The values for blocks that are compiled but not run.
func (w *world) pool() *pgxpool.Pool      { return nil }
func (w *world) columns() []string        { return nil }
func (w *world) rows() pgx.CopyFromSource { return nil }
