package cli

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// The test binary is also the tool, and the commands that it runs, for tests that need
// separate processes.
const (
	asTool  = "as-tool"
	asChild = "as-child"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case asTool:
			os.Exit(Main(context.Background(), Env{
				Args: os.Args[2:], Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
			}))
		case asChild:
			os.Exit(child(os.Args[2]))
		}
	}
	os.Exit(m.Run())
}

// tool is the command-line tool with its own database.
type tool struct {
	t    *testing.T
	dsn  string
	env  Env
	home string
}

// databaseName is the file in its home that a tool has as its database.
const databaseName = "tracker.db"

// newTool returns a tool whose database has not been set up.
func newTool(t *testing.T) *tool {
	t.Helper()
	dir := t.TempDir()
	dsn := sqlite.DSN(filepath.Join(dir, databaseName))
	return &tool{t: t, dsn: dsn, home: dir, env: Env{
		Environ:    []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), DSNVariable + "=" + dsn},
		Stragglers: time.Minute, // a slow machine may deliver a command's output late
	}}
}

// newSetUp returns a tool whose database has been set up.
func newSetUp(t *testing.T) *tool {
	t.Helper()
	tl := newTool(t)
	template, err := setUpFile()
	if err == nil {
		err = os.WriteFile(filepath.Join(tl.home, databaseName), template, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

// setUpFile returns the file of a database that has been set up, which costs ten times
// as much as copying it.
var setUpFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "processtracker")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, databaseName)
	var said bytes.Buffer
	env := Env{Args: []string{"setup"}, Environ: []string{"HOME=" + dir, DSNVariable + "=" + sqlite.DSN(path)}, Stdout: &said, Stderr: &said}
	if code := Main(context.Background(), env); code != 0 {
		return nil, fmt.Errorf("setup ends with exit code %d: %s", code, &said)
	}
	return os.ReadFile(path)
})

// result is the result of one call of the tool.
type result struct {
	t              *testing.T
	args           []string
	code           int
	stdout, stderr string
}

func (tl *tool) run(args ...string) *result { return tl.runWith("", args...) }

// runWith runs a command with text on standard input.
func (tl *tool) runWith(stdin string, args ...string) *result {
	tl.t.Helper()
	return tl.runFrom(strings.NewReader(stdin), args...)
}

// runFrom runs a command that reads standard input.
func (tl *tool) runFrom(stdin io.Reader, args ...string) *result {
	tl.t.Helper()
	var stdout, stderr bytes.Buffer
	env := tl.env
	env.Args, env.Stdin, env.Stdout, env.Stderr = args, stdin, &stdout, &stderr
	code := Main(tl.t.Context(), env)
	return &result{t: tl.t, args: args, code: code, stdout: stdout.String(), stderr: stderr.String()}
}

// want checks the exit code, and looks for texts in the output and error output.
func (r *result) want(code int, parts ...string) *result {
	r.t.Helper()
	if r.code != code {
		r.t.Errorf("%q: exit code %d, want %d", r.args, r.code, code)
	}
	for _, part := range parts {
		if !strings.Contains(r.stdout+r.stderr, part) {
			r.t.Errorf("%q: nowhere %q", r.args, part)
		}
	}
	if r.t.Failed() {
		r.t.Fatalf("%q\nstdout: %s\nstderr: %s", r.args, r.stdout, r.stderr)
	}
	return r
}

// json decodes standard output.
func (r *result) json(into any) {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.stdout), into); err != nil {
		r.t.Fatalf("%q: %v in %s", r.args, err, r.stdout)
	}
}

// tracker opens the tool's database as a program would.
func (tl *tool) tracker() *tracker.Tracker {
	tl.t.Helper()
	db, err := backends.Parse(tl.dsn)
	if err != nil {
		tl.t.Fatal(err)
	}
	b, err := db.Open(tl.t.Context(), false)
	if err != nil {
		tl.t.Fatal(err)
	}
	tl.t.Cleanup(func() { _ = b.Close() })
	tr, err := tracker.New(tl.t.Context(), b, &tracker.Config{Actor: "tester"})
	if err != nil {
		tl.t.Fatal(err)
	}
	tl.t.Cleanup(func() { _ = tr.Close() })
	return tr
}

// sql changes the database without the tracker.
func (tl *tool) sql(statements ...string) {
	tl.t.Helper()
	db, err := openForTest(tl.dsn)
	if err != nil {
		tl.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, s := range statements {
		if _, err := db.ExecContext(tl.t.Context(), s); err != nil {
			tl.t.Fatal(err)
		}
	}
}

func openForTest(dsn string) (*sql.DB, error) {
	db, err := backends.Parse(dsn)
	if err != nil {
		return nil, err
	}
	return db.OpenSQL(context.Background())
}

// die makes the leases of all runs expired for a long time.
func (tl *tool) die() {
	tl.t.Helper()
	tl.sql("UPDATE pt_run_lease SET renewed_at = '2001-01-01 00:00:00.000000', expires_at = '2001-01-01 00:01:00.000000'")
}

// runs returns the runs that the tool lists.
func (tl *tool) runs() []runJSON {
	tl.t.Helper()
	var all []struct {
		runJSON
		StartedAt string `json:"started_at"`
		EndedAt   string `json:"ended_at"`
		Lease     string `json:"lease_until"`
	}
	tl.run("runs", "--json").want(0).json(&all)
	runs := make([]runJSON, len(all))
	for i, r := range all {
		runs[i] = r.runJSON
	}
	return runs
}

// wantRun checks the status of the latest run.
func (tl *tool) wantRun(number int64, status string) {
	tl.t.Helper()
	all := tl.runs()
	if len(all) == 0 || all[0].Number != number || all[0].Status != status {
		tl.t.Fatalf("runs are %+v, want number %d %s first", all, number, status)
	}
}
