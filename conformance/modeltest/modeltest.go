// Package modeltest holds databases against package model: random sequences of
// calls, made by several trackers, one after the other and at once, must return
// what the model returns, and leave what the model has. A backend's test calls
// [Run].
//
// There are about 1,500 calls, 300 with -short, or as many as
// PROCESSTRACKER_MODEL_CALLS says: 10,000 take some minutes. The seed is in the
// log; -rapid.seed gives it again. A sequence that fails is made shorter until it
// fails no more, and the shortest is printed. What was done at once cannot be done
// again for certain, and is printed as it was.
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

// CallsVar names the environment variable that says how many calls are made.
const CallsVar = "PROCESSTRACKER_MODEL_CALLS"

// Run holds a backend against the model.
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
			Name: "S2.7 S2.8 S3.2 S3.3 S5.6 calls at once return what the model does in some order",
			Test: func(t *testing.T, e *suite.Env) {
				hold(t, e, share, map[string]func(*play){"call": (*play).one, "calls at once": (*play).several})
			},
		},
	})
}

// configure tells rapid how much to do. Its settings are the flags of the test
// binary; those that were given stay.
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
	// As many sequences as there are calls would be too many by far; hold ends
	// when it has had its share.
	sequences, actions := calls, 40
	if testing.Short() { // what rapid then divides by
		sequences, actions = 5*sequences, 2*actions
	}
	settings := map[string]string{
		"rapid.checks": strconv.Itoa(sequences), "rapid.steps": strconv.Itoa(actions), "rapid.seed": strconv.FormatUint(rand.Uint64(), 10),
		"rapid.nofailfile": "true", // the seed says as much
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

// hold has rapid draw sequences of actions until there were so many calls.
func hold(t *testing.T, e *suite.Env, enough int, actions map[string]func(*play)) {
	clients := append(Open(t, e, Client{Actor: "Ann", Most: 2}, Client{Actor: "Bob", Most: 1}), Open(t, e, Client{Actor: "cron", Most: 0})...)
	began, calls, sequences := time.Now(), 0, 0
	begun := 0 // more than sequences after one has failed: then rapid tries to make it shorter
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

// NewDatabase is where the clients' names begin with that name. It registers the locations, so that their order is known.
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

// Close lets all runs go.
func (d *Database) Close() error {
	var errs []error
	for _, run := range d.runs {
		errs = append(errs, run.Close())
	}
	return errors.Join(errs...)
}
