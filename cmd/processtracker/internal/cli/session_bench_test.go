package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// The limits that the page on performance promises.
const (
	mostOverCall = time.Millisecond
	mostForStart = 100 * time.Millisecond
)

// talk is a session in its own process.
type talk struct {
	b   *testing.B
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// startTalk starts a session, and returns once it has been greeted.
func startTalk(b *testing.B, dsn string) *talk {
	b.Helper()
	t := &talk{b: b, cmd: exec.CommandContext(b.Context(), os.Args[0], asTool, "session")}
	t.cmd.Env = append(os.Environ(), DSNVariable+"="+dsn)
	var err error
	if t.in, err = t.cmd.StdinPipe(); err != nil {
		b.Fatal(err)
	}
	out, err := t.cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	t.out = bufio.NewReader(out)
	if err := t.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	t.call(`"session.hello","params":{"protocols":[1]}`)
	return t
}

func (t *talk) call(method string) string {
	t.b.Helper()
	if _, err := io.WriteString(t.in, `{"jsonrpc":"2.0","id":1,"method":`+method+"}\n"); err != nil {
		t.b.Fatal(err)
	}
	answer, err := t.out.ReadString('\n')
	if err != nil || !strings.Contains(answer, `"result"`) {
		t.b.Fatalf("%v: %s", err, answer)
	}
	return answer
}

func (t *talk) end() {
	t.b.Helper()
	t.call(`"session.goodbye"`)
	_ = t.in.Close()
	if err := t.cmd.Wait(); err != nil {
		t.b.Error(err)
	}
}

func benchDSN(b *testing.B) string {
	b.Helper()
	dsn := sqlite.DSN(filepath.Join(b.TempDir(), "tracker.db"))
	if code := Main(b.Context(), Env{Args: []string{"setup"}, Environ: []string{DSNVariable + "=" + dsn}, Stdout: io.Discard, Stderr: os.Stderr}); code != 0 {
		b.Fatal(code)
	}
	return dsn
}

// BenchmarkSession compares calls over a session with the SDK's own, on SQLite, in turns.
func BenchmarkSession(b *testing.B) {
	ctx := b.Context()
	db, err := backends.Parse(benchDSN(b))
	if err != nil {
		b.Fatal(err)
	}
	backend, err := db.Open(ctx, false)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = backend.Close() }()
	t, err := tracker.New(ctx, backend, nil)
	if err != nil {
		b.Fatal(err)
	}
	run, err := t.Start(ctx, tracker.Process{Name: "P"}, nil)
	if err != nil {
		b.Fatal(err)
	}
	session := startTalk(b, benchDSN(b))
	session.call(`"tracker.start","params":{"process":{"name":"P"}}`)
	n := int64(0)
	for _, c := range []struct {
		name string
		sdk  func() error
		line func() string
	}{
		{"read", func() error { _, err := t.RunByID(ctx, 1); return err }, func() string { return `"tracker.run","params":{"run_id":1}` }},
		{
			"write",
			func() error { n++; return run.SetCounts(ctx, tracker.Counts{Records: n}) },
			func() string { n++; return fmt.Sprintf(`"run.set_counts","params":{"run_id":1,"records":%d}`, n) },
		},
	} {
		b.Run(c.name, func(b *testing.B) {
			session.b = b
			var own, over []time.Duration
			for b.Loop() {
				own = append(own, timed(func() {
					if err := c.sdk(); err != nil {
						b.Fatal(err)
					}
				}))
				over = append(over, timed(func() { session.call(c.line()) }))
			}
			b.ReportMetric(0, "ns/op")
			report(b, "sdk-ms", middle(own))
			report(b, "session-ms", middle(over))
			keep(b, "a call over the session, beyond the SDK's own", middle(over)-middle(own), mostOverCall)
		})
	}
	session.b = b
	session.end()
}

// BenchmarkSessionStart measures the time from the start of the process to the answer
// to hello.
func BenchmarkSessionStart(b *testing.B) {
	dsn := benchDSN(b)
	var starts []time.Duration
	for b.Loop() {
		var t *talk
		starts = append(starts, timed(func() { t = startTalk(b, dsn) }))
		t.end()
	}
	b.ReportMetric(0, "ns/op")
	report(b, "start-ms", middle(starts))
	keep(b, "a session's start", middle(starts), mostForStart)
}

func timed(do func()) time.Duration {
	began := time.Now()
	do()
	return time.Since(began)
}

func middle(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func report(b *testing.B, unit string, d time.Duration) {
	b.Helper()
	b.ReportMetric(float64(d.Microseconds())/1000, unit)
}

// keep fails the benchmark if it takes longer than promised.
func keep(b *testing.B, what string, d, most time.Duration) {
	b.Helper()
	if d > most {
		b.Errorf("%s takes %v, and at most %v is promised", what, d, most)
	}
}
