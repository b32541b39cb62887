// Package linearize checks that concurrent calls of the tracker by many clients behave
// as if they had been made one after the other, in an order that agrees with the clock.
// A backend's test calls [Run].
//
// Clients start, end, hold and release processes, and claim and change extracts, while
// the start, end and result of each call are recorded. Then a checker looks for such an
// order. If there is none, the history is printed, and a page that shows it in a
// browser is written to the system's directory for temporary files.
//
// There are 50 histories, 10 with -short, or as many as PROCESSTRACKER_HISTORIES says:
// 1,000 take some minutes. The log contains the seed that decides which calls are made;
// set PROCESSTRACKER_SEED to use it again. The seed does not decide the order of
// concurrent calls.
package linearize

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/modeltest"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// The environment variables that this package reads.
const (
	HistoriesVar = "PROCESSTRACKER_HISTORIES"
	SeedVar      = "PROCESSTRACKER_SEED"
)

// Run checks histories on a backend.
func Run(t *testing.T, b suite.Backend) {
	t.Helper()
	suite.RunCases(t, b, "linearize", []suite.Case{
		{Name: "S2.7 S2.8 S3.2 S3.3 S5.6 S8.2 concurrent calls take effect as if in some serial order", Test: histories},
	})
}

func histories(t *testing.T, e *suite.Env) {
	n := 50
	if testing.Short() {
		n = 10
	}
	n = number(t, HistoriesVar, n)
	seed := number(t, SeedVar, rand.Uint64())
	t.Logf("%d histories with %s=%d", n, SeedVar, seed)

	// Processes never go on hold because of failures: that makes a start take two steps,
	// between which other calls may take effect.
	clients := append(modeltest.Open(t, e, modeltest.Client{Actor: "Ann"}, modeltest.Client{Actor: "Bob"}), modeltest.Open(t, e, modeltest.Client{Actor: "cron"})...)
	began, operations, unknown := time.Now(), 0, 0
	for i := range n {
		name := fmt.Sprintf("history %d", i)
		s := newScene(t.Context(), t, clients, name)
		s.play(t.Context(), seed+uint64(i))
		operations += len(s.operations)
		for _, o := range s.operations {
			if o.unknown {
				unknown++
			}
		}
		if all := check(&s.history, processes, files); len(all) > 0 {
			show(t, &s.history, all)
		}
		if t.Failed() {
			t.Fatalf("%s failed; its seed is %d", name, seed+uint64(i))
		}
	}
	t.Logf("%d operations, %d of them with an unknown outcome, in %v", operations, unknown, time.Since(began).Round(time.Millisecond))
}

// number reads a number from the environment.
func number[N int | uint64](t *testing.T, variable string, otherwise N) N {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q; give a number from 1", variable, text)
	}
	return N(n)
}

// show prints a history that no order explains.
func show(t *testing.T, h *history, all []violation) {
	t.Helper()
	t.Errorf("no order of the calls explains their outcomes:\n%v", h)
	for _, v := range all {
		page, err := os.CreateTemp("", "history-*.html") //nolint:usetesting // the user looks at it after the test
		if err == nil {
			err = page.Close()
		}
		if err == nil {
			err = v.draw(page.Name())
		}
		if err != nil {
			t.Errorf("%v: %v", v, err)
			continue
		}
		t.Errorf("%v: %s", v, page.Name())
	}
}
