// Package modeltest compares databases with package model. Random sequences of calls,
// made by several trackers, one after the other and concurrently, must return the
// model's results and leave the model's state. A backend's test calls [Run].
//
// There are about 1,500 calls, 300 with -short, or as many as
// PROCESSTRACKER_MODEL_CALLS says: 10,000 take some minutes. The log contains the seed;
// use it again with -rapid.seed. A sequence that fails is shortened as long as it still
// fails, and the shortest one is printed. Concurrent calls cannot be repeated reliably,
// and are printed as they were.
package modeltest

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/processtracker/processtracker-go/conformance/model"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// CallsVar names the environment variable with the number of calls.
const CallsVar = "PROCESSTRACKER_MODEL_CALLS"

// Run compares a backend with the model.
func Run(t *testing.T, b suite.Backend) {
	t.Helper()
	share := configure(t) / 2
	suite.RunCases(t, b, "model", []suite.Case{
		{
			Name: "S2.1 S2.2 S2.3 S2.4 S2.5 S2.6 S2.8 S2.9 S2.11 S3.1 S3.2 S3.3 S3.4 S3.5 S3.6 S5.1 S5.3 S5.4 S5.6 S6.1 S6.2 " +
				"calls one after the other return what the model does",
			Test: func(t *testing.T, e *suite.Env) { hold(t, e, share, map[string]func(*play){"call": (*play).one}) },
		},
		{
			Name: "S2.7 S2.8 S3.2 S3.3 S5.6 concurrent calls return the same as the model in some serial order",
			Test: func(t *testing.T, e *suite.Env) {
				hold(t, e, share, map[string]func(*play){"call": (*play).one, "calls at once": (*play).several})
			},
		},
	})
}

// configure sets how much rapid does. Its settings are flags of the test binary; flags
// that the user gave keep their values.
func configure(t *testing.T) (calls int) {
	t.Helper()
	calls = 1_500
	if testing.Short() {
		calls = 300
	}
	if text := os.Getenv(CallsVar); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("%s is %q; give a number from 1", CallsVar, text)
		}
		calls = n
	}
	// As many sequences as calls would be far too many; hold ends when it has made enough calls.
	sequences, actions := calls, 40
	if testing.Short() { // rapid then divides by this
		sequences, actions = 5*sequences, 2*actions
	}
	settings := map[string]string{
		"rapid.checks": strconv.Itoa(sequences), "rapid.steps": strconv.Itoa(actions), "rapid.seed": strconv.FormatUint(rand.Uint64(), 10),
		"rapid.nofailfile": "true", // the seed is enough
		"rapid.shrinktime": "1m",
	}
	flag.Visit(func(f *flag.Flag) { delete(settings, f.Name) })
	for name, value := range settings {
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("about %d calls; again with -rapid.seed=%v", calls, flag.Lookup("rapid.seed").Value)
	return calls
}

// hold makes rapid draw sequences of actions until the number of calls is reached.
func hold(t *testing.T, e *suite.Env, enough int, actions map[string]func(*play)) {
	clients := append(Open(t, e, Client{Actor: "Ann", Most: 2}, Client{Actor: "Bob", Most: 1}), Open(t, e, Client{Actor: "cron", Most: 0})...)
	began, calls, sequences := time.Now(), 0, 0
	begun := 0 // larger than sequences after a failure, when rapid shortens the sequence
	rapid.Check(t, func(t *rapid.T) {
		if calls >= enough && begun == sequences {
			return
		}
		begun++
		p := newPlay(t, clients, fmt.Sprintf("play %d", begun), e.Backend.LocksWhatItReads)
		all := map[string]func(*rapid.T){"": func(*rapid.T) { p.look(false) }}
		for name, action := range actions {
			all[name] = func(*rapid.T) { action(p) }
		}
		t.Repeat(all)
		p.look(true)
		calls, sequences = calls+p.step, sequences+1
	})
	t.Logf("%d calls in %d sequences, in %v", calls, sequences, time.Since(began).Round(time.Millisecond))
}

// Open opens a pool of connections for clients.
func Open(t *testing.T, e *suite.Env, clients ...Client) []Client {
	t.Helper()
	ctx := t.Context()
	b, err := e.Backend.Open(ctx, e.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if _, err := setup.Run(ctx, b); err != nil {
		t.Fatal(err)
	}
	for i, c := range clients {
		tr, err := tracker.New(ctx, b, &tracker.Config{Actor: c.Actor, MaxFailures: cmp.Or(c.Most, tracker.NeverHold), Lease: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = tr.Close() }) // never fails
		clients[i].tracker = tr
		for status, active := range map[tracker.RunStatus]bool{model.Waiting: true, model.Cancelled: false} {
			if err := tr.Registry().AddRunStatus(ctx, status, active); err != nil {
				t.Fatal(err)
			}
		}
	}
	return clients
}

// NewDatabase returns a Database whose names have the given prefix. It registers the
// locations, so that their order is known.
func NewDatabase(ctx context.Context, clients []Client, name string) (*Database, error) {
	d := &Database{clients: clients, name: name, runs: map[model.RunRef]*tracker.Run{}, extracts: map[model.File]tracker.Extract{}}
	d.ends = time.Now().UTC().Truncate(time.Second).Add(time.Hour)
	for _, location := range locations {
		if _, err := clients[0].tracker.Registry().RegisterLocation(ctx, d.path(location), ""); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Close ends the use of all runs.
func (d *Database) Close() error {
	var errs []error
	for _, run := range d.runs {
		errs = append(errs, run.Close())
	}
	return errors.Join(errs...)
}
