package suite

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A Program describes how the processes of a test open a place.
type Program struct {
	Open  func(ctx context.Context, dsn string) (dialect.Backend, error) // as [Backend.Open]
	Begin Begin                                                          // as [Backend.Begin]

	// Close closes resources that the tests of the program share, such as servers. It may be nil.
	Close func() error
}

// Main runs a test binary. Cases that need several operating-system processes start the
// binary again, as workers, which run and end in Main. Resources that the tests share
// are closed at the end, even if tests failed.
//
// At the end, leaks reports the goroutines that still run, which is a failure: every
// goroutine of the tracker or a backend has to have ended. It is a parameter so that
// the suite itself needs no library; goleak.Find is one.
func Main(m *testing.M, p Program, leaks func() error) {
	os.Exit(run(m, p, leaks))
}

func (p Program) close() error {
	if p.Close == nil {
		return nil
	}
	return p.Close()
}

func run(m *testing.M, p Program, leaks func() error) int {
	// Far from UTC, so that a time that is mistaken for a local one is noticed (rule
	// S3.7). No other goroutine runs yet.
	time.Local = time.FixedZone("Asia/Kathmandu", 5*3600+45*60)
	code := 0
	if text, ok := os.LookupEnv(workerVar); ok {
		if err := work(text, p, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "worker:", err)
			code = 1
		}
	} else {
		code = m.Run()
		if err := p.close(); err != nil {
			fmt.Fprintln(os.Stderr, "at the end of all tests:", err)
			code = max(code, 1)
		}
	}
	if code != 0 {
		return code // a failed test may have left goroutines behind, which means nothing then
	}
	if err := leaks(); err != nil {
		fmt.Fprintln(os.Stderr, "goroutines are left at the end:", err)
		return 1
	}
	return 0
}
