// Package demo is a small data integration job that uses the tracker as any program
// would, through its public API only. It is meant to be read.
//
// Two processes pass files to each other. The "Time Zone Extract" turns the tables of
// the time zone database into CSV files in a landing directory. The "Time Zone Load",
// which depends on it, loads the files into the user's own tables, beside the
// tracker's. extract.go and load.go contain the two processes. warehouse.go contains
// the user's SQL; nothing in it uses the tracker.
package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// The two processes.
const (
	ExtractProcess = "Time Zone Extract"
	LoadProcess    = "Time Zone Load"
)

// Demo is the configuration of the job.
type Demo struct {
	// Tracker keeps track, in a database that was set up. A program makes one
	// in two lines:
	//
	//	be, err := sqlite.Open(ctx, "sqlite:tracker.db", nil)
	//	t, err := tracker.New(ctx, be, nil)
	Tracker *tracker.Tracker

	// DB is the target database of the load: here, the same one as the tracker's.
	DB *sql.DB

	// Placeholders is the placeholder style of that database: ? or $1, $2 …
	Placeholders squirrel.PlaceholderFormat

	// Landing is the directory for the CSV files. Files with the same names are replaced.
	Landing string

	// Say is called with a line of text for each step.
	Say func(format string, args ...any)
}

// Run runs the extract and the load once.
func (d Demo) Run(ctx context.Context) error {
	// A hard dependency: the load waits until the extract has run. It does not start
	// while the extract runs, or after the extract failed.
	if err := d.Tracker.Registry().AddDependency(ctx, LoadProcess, ExtractProcess, tracker.DependencyOptions{Kind: tracker.Hard}); err != nil {
		return err
	}
	d.Say("%q depends on %q: it starts only once its parent has run, and not while the parent is running.", LoadProcess, ExtractProcess)
	if err := d.extract(ctx); err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	if err := d.load(ctx); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	return nil
}

// expectRefusal starts a process that must be refused, and reports the reason.
func (d Demo) expectRefusal(ctx context.Context, p tracker.Process, reason error) error {
	run, err := d.Tracker.Start(ctx, p, nil)
	var blocked *tracker.BlockedError
	switch {
	case err == nil:
		return errors.Join(fmt.Errorf("process %q has started, though its parent is still to run", p.Name), run.Close()) //nolint:contextcheck // it works when ctx has ended
	case errors.As(err, &blocked) && errors.Is(err, reason):
		d.Say("  Start %q? Refused: %v.", p.Name, err)
		return nil
	default:
		return err
	}
}

// end completes the run. If the work returned an error, it fails the run with that error.
func end(ctx context.Context, run *tracker.Run, err error) error {
	if err == nil {
		return run.Complete(ctx, nil)
	}
	// The error may be that ctx has ended.
	ctx = context.WithoutCancel(ctx)
	return errors.Join(err, run.Fail(ctx, tracker.ErrorRecord{Type: tracker.ProcessError, Description: err.Error()}))
}
