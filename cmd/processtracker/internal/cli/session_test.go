package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/httpapi"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
)

// started is the result of a start.
type started struct {
	RunID int64  `json:"run_id"`
	Token string `json:"token"`
}

func (c *conversation) start(process string) (s started) {
	c.t.Helper()
	c.must("tracker.start", fmt.Sprintf(`{"process":{"name":%q}}`, process), &s)
	return s
}

// wantFailure makes a call that fails.
func (c *conversation) wantFailure(name, method, params string) *failure {
	c.t.Helper()
	_, failed := c.call(method, json.RawMessage(params))
	if failed == nil || failed.Name != name || failed.Message == "" {
		c.t.Fatalf("%s %s: %+v, want %s", method, params, failed, name)
	}
	return failed
}

func of(run int64) string { return fmt.Sprintf(`{"run_id":%d}`, run) }

// If the input ends without a goodbye, the session's active runs fail at once, and no others.
func TestSessionEndsWithoutAGoodbye(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	c := tl.greeted(`,"lease":3600`)
	c.start("P")
	done, left := c.start("Q"), c.start("R")
	c.must("run.complete", of(done.RunID))
	c.must("run.detach", of(left.RunID))
	if code := c.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, c.stderr.String())
	}
	tl.wantStatuses("failed", "completed", "running")
	tl.run("errors").want(0, "ended without calling session.goodbye")
}

// wantStatuses compares the statuses of the runs, oldest first.
func (tl *tool) wantStatuses(want ...string) {
	tl.t.Helper()
	var got []string
	for _, r := range slices.Backward(tl.runs()) {
		got = append(got, r.Status)
	}
	if !slices.Equal(got, want) {
		tl.t.Errorf("runs are %q, want %q", got, want)
	}
}

// After a goodbye, active runs keep their leases, and the session ends although its
// input stays open.
func TestSessionGoodbye(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	c := tl.greeted("")
	run := c.start("P")
	var left rpc.Left
	c.must("session.goodbye", "{}", &left)
	if !slices.Equal(left.Left, []int64{run.RunID}) {
		t.Errorf("it leaves %v", left.Left)
	}
	if code := <-c.code; code != 0 {
		t.Errorf("exit code %d", code)
	}
	tl.wantStatuses("running")
	tl.run("complete", "--run", fmt.Sprintf("%d:%s", run.RunID, run.Token)).want(0)
}

// A client may write all its calls and close its end: every call is answered.
func TestSessionAnswersWhatWasWritten(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.env.Patience = 5 * time.Minute
	r := tl.runWith(strings.Join([]string{
		`{"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"protocols":[1]}}` + "\r",
		``,
		`{"jsonrpc":"2.0","id":"two","method":"tracker.start","params":{"process":{"name":"P"}}}`,
		`[{"jsonrpc":"2.0","id":3,"method":"tracker.runs"},{"jsonrpc":"2.0","id":4,"method":"tracker.refusals","params":{}}]`,
	}, "\n"), "session").want(0, `"id":1`, `"id":"two"`, `"run_id":1`, `"id":3`, `"id":4`)
	if lines := strings.Count(r.stdout, "\n"); lines != 3 {
		t.Errorf("%d lines: %s", lines, r.stdout)
	}
	tl.wantStatuses("failed")
}

// The first call is a hello, and there is only one.
func TestSessionHello(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	c := tl.newSession()
	c.wantFailure("hello_required", "tracker.runs", "{}")
	c.wantFailure("hello_required", "run.complete", of(1))
	c.wantFailure("hello_required", "session.goodbye", "{}")
	older := c.wantFailure("unsupported_protocol", "session.hello", `{"protocols":[2,3]}`)
	if !strings.Contains(string(older.Details), `"protocols":[1]`) || !strings.Contains(older.Message, "of the same release") {
		t.Errorf("%s %s", older.Message, older.Details)
	}
	c.wantFailure("unsupported_protocol", "session.hello", `{}`)
	c.wantFailure("no_database", "session.hello", `{"protocols":[1]}`)
	tl.run("setup").want(0)
	c.wantFailure("invalid", "session.hello", `{"protocols":[1],"lease":0.001}`)
	var g rpc.Greeting
	c.must("session.hello", `{"protocols":[2,1],"client":"test/1"}`, &g)
	if g.Protocol != 1 || g.Database != "sqlite" || !slices.Contains(g.Methods, "tracker.start") {
		t.Errorf("greeting %+v", g)
	}
	c.wantFailure("already_greeted", "session.hello", `{"protocols":[1]}`)
}

// Invalid input is answered, and the session continues.
func TestSessionGarbage(t *testing.T) {
	t.Parallel()
	c := newSetUp(t).greeted("")
	for line, want := range map[string]string{
		"garbage":      "parse_error",
		`{"jsonrpc":`:  "parse_error",
		"\x00\xff\xfe": "parse_error",
		`{"a":1}{"b"`:  "parse_error",
		`7`:            "parse_error",
		`[]`:           "invalid_request",
		`{}`:           "invalid_request",
		`null`:         "invalid_request",
		`{"jsonrpc":"2.0","id":{},"method":"tracker.runs"}`:           "invalid_request",
		`{"jsonrpc":"2.0","id":8,"method":"tracker.runs","params":7}`: "invalid_request",
		`{"jsonrpc":"1.0","id":8,"method":"tracker.runs"}`:            "invalid_request",
		`{"jsonrpc":"2.0","id":8,"result":{}}`:                        "invalid_request",
	} {
		c.write(line)
		if r := c.next(); r.Error == nil || r.Error.Data.Name != want || string(r.Error.Data.Details) != "{}" {
			t.Errorf("%q is answered with %+v", line, r.Error)
		}
	}
	c.write(`{"jsonrpc":"2.0","method":"tracker.runs"}`) // a notification, which is not answered
	c.start("P")
}

// A message that is too large is rejected with its id, and the session continues.
func TestSessionLargeMessage(t *testing.T) {
	t.Parallel()
	c := newSetUp(t).greeted("")
	large := strings.Repeat("x", 1<<20)
	for _, beginning := range []string{`{"jsonrpc":"2.0","id":77,"method":"tracker.start","params":{"x":"`, `{"x":"`} {
		go func() {
			_, _ = io.WriteString(c.in, beginning)
			for range 100 {
				_, _ = io.WriteString(c.in, large)
			}
			_, _ = io.WriteString(c.in, "\"}\n")
		}()
		r := c.next()
		if r.Error == nil || r.Error.Data.Name != "message_too_large" || !strings.Contains(string(r.Error.Data.Details), "16777216") {
			t.Fatalf("%+v", r)
		}
		if want := map[bool]string{true: "77", false: "null"}[strings.Contains(beginning, "77")]; string(r.ID) != want {
			t.Errorf("the id is %s, want %s", r.ID, want)
		}
	}
	c.start("P")
}

// A session loses a run that another program has taken over: it is notified once, and
// its calls are rejected.
func TestSessionLearnsOfALostLease(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	c := tl.greeted(`,"lease":3600,"heartbeat_interval":0.02`)
	run := c.start("P")
	tl.run("reap", "--process", "P", "--force", "--reason", "its machine is gone").want(0)
	note := c.note()
	var lost struct {
		RunID int64 `json:"run_id"`
		Error struct {
			Code int `json:"code"`
			Data struct {
				Name    string         `json:"name"`
				Details map[string]any `json:"details"`
			} `json:"data"`
		} `json:"error"`
	}
	if err := json.Unmarshal(note.Params, &lost); err != nil || note.Method != "run.lease_lost" || note.ID != nil {
		t.Fatalf("%v: %+v", err, note)
	}
	if lost.RunID != run.RunID || lost.Error.Data.Name != "lease_lost" || !strings.Contains(fmt.Sprint(lost.Error.Data.Details["reason"]), "its machine is gone") {
		t.Errorf("%+v", lost)
	}
	c.wantFailure("lease_lost", "run.heartbeat", of(run.RunID))
	c.wantFailure("lease_lost", "run.complete", of(run.RunID))
	c.start("P")
	if code := c.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, c.stderr.String())
	}
	tl.wantStatuses("failed", "failed")
}

// If two sessions have one run's token, both may write. When one has ended the run, the
// end of the other's input changes nothing.
func TestTwoSessionsOnOneToken(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	first, second := tl.greeted(""), tl.greeted("")
	run := first.start("P")
	second.wantFailure("not_owner", "run.complete", of(run.RunID))
	second.must("tracker.resume", fmt.Sprintf(`{"run_id":%d,"token":%q}`, run.RunID, run.Token))
	first.must("run.add_counts", fmt.Sprintf(`{"run_id":%d,"inserts":1}`, run.RunID))
	second.must("run.add_counts", fmt.Sprintf(`{"run_id":%d,"inserts":2}`, run.RunID))
	second.must("run.complete", of(run.RunID))
	first.must("run.complete", of(run.RunID)) // which is harmless
	first.wantFailure("already_ended", "run.fail", of(run.RunID))
	first.wantFailure("already_ended", "run.heartbeat", of(run.RunID))
	if code := first.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, first.stderr.String())
	}
	tl.wantStatuses("completed")
}

// If the database goes away, each call returns an error. The session reports the ends
// that it could not record.
func TestSessionWithoutItsDatabase(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	c := tl.greeted("")
	run := c.start("P")
	if err := os.Rename(filepath.Join(tl.home, "tracker.db"), filepath.Join(tl.home, "away.db")); err != nil {
		t.Fatal(err)
	}
	if _, failed := c.call("run.complete", json.RawMessage(of(run.RunID))); failed == nil || failed.Code < 0 {
		t.Errorf("without the database: %+v", failed)
	}
	if code := c.end(); code != CodeError {
		t.Errorf("exit code %d", code)
	}
	if said := c.stderr.String(); !strings.Contains(said, "is active until its lease expires") {
		t.Errorf("it says %s", said)
	}
}

// IDs are returned unchanged, even large ones and strings.
func TestSessionIDs(t *testing.T) {
	t.Parallel()
	c := newSetUp(t).greeted("")
	for _, id := range []string{"0", "-7", "9007199254740993", `"a b"`, `"日本"`} {
		c.write(`{"jsonrpc":"2.0","id":` + id + `,"method":"tracker.runs"}`)
		if r := c.next(); string(r.ID) != id || r.Error != nil {
			t.Errorf("%s is answered as %s, %+v", id, r.ID, r.Error)
		}
	}
}

// Concurrent calls each get their own answer.
func TestSessionCallsAtOnce(t *testing.T) {
	t.Parallel()
	c := newSetUp(t).greeted("")
	const calls = 200
	go func() {
		for i := range calls {
			c.write(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tracker.start","params":{"process":{"name":"P %d"}}}`, 1000+i, i))
		}
	}()
	seen := map[string]bool{}
	for range calls {
		r := c.next()
		var run struct{ Process string }
		if err := json.Unmarshal(r.Result, &run); err != nil {
			t.Fatalf("%v in %+v", err, r)
		}
		var id int
		_ = json.Unmarshal(r.ID, &id)
		if run.Process != fmt.Sprintf("P %d", id-1000) {
			t.Errorf("%d is answered with %s", id, run.Process)
		}
		seen[run.Process] = true
	}
	if len(seen) != calls {
		t.Errorf("%d answers", len(seen))
	}
}

// A session lists directories itself; a server does not.
func TestSessionListsALocation(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.csv"), []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := tl.greeted("")
	run := c.start("P")
	listed := fmt.Sprintf(`{"run_id":%d,"path":%q,"files":true}`, run.RunID, dir)
	var found rpc.Listed
	c.must("run.list_location", listed, &found)
	if found.Listing.New != 1 || len(found.Files) != 1 || *found.Files[0].Object.Size != 5 {
		t.Errorf("%+v", found)
	}
	s := tl.serve()
	s.wantProblem(http.StatusBadRequest, "invalid", "run.list_location", listed, with(httpapi.RunToken, run.Token))
}

// A session continues after the database server has closed its connections.
func TestSessionOutlivesItsConnections(t *testing.T) {
	t.Parallel()
	tl := newOnPostgres(t)
	name := place(t)
	dsn := tl.dsn + "&application_name=" + name
	tl.env.Environ = append(tl.env.Environ, DSNVariable+"="+dsn)
	c := tl.greeted("")
	run := c.start("P")
	for range 3 {
		administer(t, tl.dsn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '"+name+"'")
		c.must("run.set_counts", fmt.Sprintf(`{"run_id":%d,"records":1}`, run.RunID))
	}
	c.must("run.complete", of(run.RunID))
}
