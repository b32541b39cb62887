package cli

import (
	"context"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func TestExecCompletes(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	r := tl.runWith("in\n", "exec", "--process", "Teams Load", "--type", "Load", "--tool", "bash", "--frequency", "daily",
		"--source", "Lahman", "--target", "Warehouse", "--dataset-type", "sport", "--actor", "cron",
		"--", "sh", "-c", "cat; echo to stderr >&2").want(0)
	if r.stdout != "in\n" || r.stderr != "to stderr\n" {
		t.Errorf("output is not the command's: %q, %q", r.stdout, r.stderr)
	}
	tl.wantRun(1, "completed")
	if run := tl.runs()[0]; run.Actor != "cron" || run.Active {
		t.Errorf("run: %+v", run)
	}
	tl.run("errors").want(0, "there are no errors")
}

func TestExecFlagsEndAtTheCommand(t *testing.T) {
	t.Parallel()
	newSetUp(t).run("exec", "--process", "P", "echo", "--json", "-n").want(0, "--json -n\n")
}

func TestExecFailsWithTheCommandsCode(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	r := tl.run("exec", "--process", "P", "--", "sh", "-c", "echo reason one >&2; echo reason two >&2; exit 42").want(42)
	if r.stderr != "reason one\nreason two\n" {
		t.Errorf("standard error is not the command's: %q", r.stderr)
	}
	tl.wantRun(1, "failed")
	var all []runErrorJSONText
	tl.run("errors", "--json").want(0).json(&all)
	if len(all) != 1 || all[0].Type != "Process Error" || all[0].Description != "sh: exit status 42; standard error ended:\nreason one\nreason two" {
		t.Errorf("errors: %+v", all)
	}
	tl.run("errors", "--full").want(0, "\n    reason one\n    reason two\n")

	tl.run("exec", "--process", "P", "--", "false").want(1)
	tl.wantRun(2, "failed")
	tl.run("errors").want(0, "false: exit status 1; nothing on standard error")
}

type runErrorJSONText struct{ Type, Description string }

func TestExecKeepsTheTailOnly(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	r := tl.run("exec", "--process", "P", "--", "sh", "-c", "seq 1 20000 >&2; exit 1").want(1)
	if strings.Count(r.stderr, "\n") != 20000 {
		t.Errorf("%d of 20000 lines were passed through", strings.Count(r.stderr, "\n"))
	}
	var all []runErrorJSONText
	tl.run("errors", "--json").want(0).json(&all)
	if d := all[0].Description; len(d) > tailSize+100 || !strings.HasSuffix(d, "\n19999\n20000") || !strings.Contains(d, "ended:\n…\n1") {
		t.Errorf("%d bytes: %.80s … %s", len(d), d, d[len(d)-20:])
	}
}

func TestExecOfACommandThatCannotBeStarted(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "P", "--", "no-such-command-anywhere").want(127, "cannot start the command")
	tl.wantRun(1, "failed")
	tl.run("exec", "--process", "P", "--", "./no/such/file").want(127)
	tl.run("exec", "--process", "P", "--", tl.home).want(126)
	tl.wantRun(3, "failed")
	tl.run("errors").want(0, "cannot start the command")
}

func TestExecEndedByASignal(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "P", "--", "sh", "-c", "kill -KILL $$").want(128 + 9)
	tl.wantRun(1, "failed")
	tl.run("errors").want(0, "signal: killed")
}

func TestExecEnvironment(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	r := tl.run("exec", "--process", "Teams Load", "--", "env").want(0,
		"PROCESSTRACKER_PROCESS=Teams Load\n", "PROCESSTRACKER_RUN_ID=1\n", "PROCESSTRACKER_RUN_NUMBER=1\n", "HOME="+tl.home)
	if strings.Contains(r.stdout, DSNVariable) {
		t.Errorf("the command gets the DSN: %s", r.stdout)
	}
}

func TestExecRefused(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tr, ctx := tl.tracker(), t.Context()
	run, err := tr.Start(ctx, tracker.Process{Name: "Busy"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	since := run.StartedAt().UTC().Format("2006-01-02T15:04")
	const notRun = "echo it ran"
	refused := func(code int, reason string, args []string, parts ...string) {
		t.Helper()
		args = append(append([]string{"exec"}, args...), "--", "sh", "-c", notRun)
		r := tl.run(args...).want(code, parts...)
		if strings.Contains(r.stdout, "it ran") || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%q: %s%s", args, r.stdout, r.stderr)
		}
		r = tl.run(append([]string{"exec", "--json"}, args[1:]...)...).want(code, parts[0])
		lines := strings.Split(strings.TrimSpace(r.stderr), "\n")
		var report struct {
			RunID    *int64 `json:"run_id"`
			ExitCode int    `json:"exit_code"`
			Refusal  struct {
				Reason string `json:"reason"`
			} `json:"refusal"`
		}
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &report); err != nil {
			t.Fatal(err)
		}
		if report.RunID != nil || report.ExitCode != code || report.Refusal.Reason != reason {
			t.Errorf("%q: %+v", args, report)
		}
	}
	refused(75, "already_running", []string{"--process", "Busy"}, "already running: run 1, started by tester at "+since)
	refused(77, "dependency", []string{"--process", "Child", "--after", "Busy"}, `"Busy": run 1 is running, started by tester at `+since)
	if err := run.Complete(ctx, nil); err != nil {
		t.Fatal(err)
	}
	tl.run("exec", "--process", "Child", "--after", "Busy", "--", "true").want(0)
	tl.run("exec", "--process", "Busy", "--after", "Child", "--", "true").want(125, "cycle")
	if err := tr.Admin().Hold(ctx, "Busy", "bad data"); err != nil {
		t.Fatal(err)
	}
	for busy, err := range tr.Registry().Processes(ctx, tracker.ProcessFilter{Name: "Busy"}) {
		if err != nil || busy.Hold == nil {
			t.Fatalf("%+v, %v", busy, err)
		}
		since = busy.Hold.Since.UTC().Format("2006-01-02T15:04") // the minute may have changed
	}
	refused(76, "on_hold", []string{"--process", "Busy"}, "on hold since "+since, "(tester): bad data")
}

func TestExecMismatch(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "P", "--tool", "bash", "--", "true").want(0)
	tl.run("exec", "--process", "P", "--tool", "Go", "--", "true").want(125, `"Go"`, `"bash"`, "--redefine")
	tl.run("exec", "--process", "P", "--tool", "Go", "--redefine", "--", "true").want(0)
	tl.run("exec", "--process", "P", "--tool", "Go", "--", "true").want(0)
}

func TestExecJSON(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	r := tl.run("exec", "--json", "--process", "P", "--", "sh", "-c", "echo words >&2; exit 3").want(3)
	want := `words
{"process":"P","run_id":1,"run_number":1,"status":"failed","exit_code":3,"tries":1,"refusal":null,"error":null}
`
	if r.stderr != want {
		t.Errorf("standard error: %s", r.stderr)
	}
}

// exec cannot end a run whose token has changed.
func TestExecEndThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	steal := []string{"--", os.Args[0], asChild, "steal", tl.dsn}
	tl.run(append([]string{"exec", "--process", "P"}, steal...)...).want(74, "NOT RECORDED: run 1", "not the run's token")
	tl.wantRun(1, "running")
	tl.run(append([]string{"exec", "--process", "Q"}, append(steal, "5")...)...).want(5, "NOT RECORDED: run 1")
	tl.run(append([]string{"exec", "--json", "--process", "R"}, steal...)...).want(74, `"status":null`, `"exit_code":74`)
}

// notices waits until a text is written to it.
type notices struct {
	mu    sync.Mutex
	text  strings.Builder
	await string
	times int // how often it has to appear; 0 for once
	seen  chan struct{}
}

func (n *notices) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	enough := func() bool { return strings.Count(n.text.String(), n.await) >= max(1, n.times) }
	before := enough()
	n.text.Write(p)
	if !before && enough() {
		close(n.seen)
	}
	return len(p), nil
}

// whileAway runs a command that makes the database unusable. It calls meanwhile once exec
// has reported that it cannot record the end.
func whileAway(t *testing.T, tl *tool, meanwhile func(), args ...string) *result {
	t.Helper()
	n := &notices{await: "cannot record the end", times: 2, seen: make(chan struct{})} // and says so again
	if len(args) > 0 {
		n.times = 1 // if exec has no time to report it again
	}
	env := tl.env
	env.Stderr, env.Reminder = n, time.Millisecond
	env.Args = append(append([]string{"exec", "--process", "P"}, args...), "--", os.Args[0], asChild, "hide", tl.dsn)
	code := make(chan int, 1)
	go func() { code <- Main(context.WithoutCancel(t.Context()), env) }()
	patient, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	select {
	case <-n.seen:
	case <-patient.Done():
		t.Fatalf("exec does not say that it cannot record the end")
	case early := <-code:
		select {
		case <-n.seen: // it said so, and has already ended
			code <- early
		default:
			t.Fatalf("exec could record the end, with the exit code %d", early)
		}
	}
	meanwhile()
	r := &result{t: t, args: env.Args, code: <-code}
	n.mu.Lock()
	defer n.mu.Unlock()
	r.stderr = n.text.String()
	return r
}

// While the database is away, exec retries recording the end, and reports so at
// intervals. The run records that its end was late.
func TestExecEndIsRecordedLate(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	r := whileAway(t, tl, func() { tl.sql("ALTER TABLE hidden RENAME TO pt_run_status") })
	r.want(0, "more (send a signal to give up)")
	if left := regexp.MustCompile(`trying for (\S+) more`).FindStringSubmatch(r.stderr); left == nil {
		t.Errorf("exec does not say how long it tries: %s", r.stderr)
	} else if d, err := time.ParseDuration(left[1]); err != nil || d > time.Hour || d < 50*time.Minute {
		t.Errorf("exec tries for %s more, of an hour", left[1])
	}
	tl.wantRun(1, "completed")
	tl.run("errors", "--full").want(0, "this end was recorded", "late; the command ended at", "pt_run_status")
	tl.run("history").want(0, "this end was recorded")
}

// An end that comes too late does not end another run.
func TestExecEndIsRecordedTooLate(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	r := whileAway(t, tl, func() {
		// As a start does that takes over the run with the expired lease.
		tl.sql(`BEGIN IMMEDIATE; ALTER TABLE hidden RENAME TO pt_run_status;
			UPDATE pt_run_lease SET renewed_at = expires_at;
			UPDATE pt_run SET status_id = 3, ended_at = '2026-01-02 03:04:05.000000';
			UPDATE pt_process SET active = 0, latest_status_id = 3, latest_ended_at = '2026-01-02 03:04:05.000000'; COMMIT`)
	})
	r.want(CodeNotRecorded, "NOT RECORDED", "lease lost", `processtracker runs --process "P"`)
	tl.wantRun(1, "failed")
	tl.run("errors").want(0, "there are no errors")
}

func TestExecEndIsGivenUp(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	whileAway(t, tl, func() {}, "--record-for", "0s").want(CodeNotRecorded, "NOT RECORDED: run 1", "still counts as running", "the next start ends the run once its lease has expired", "run: processtracker reap --run-id 1 --force --reason TEXT")
	tl.run("exec", "--process", "P", "--record-for", "-1s", "--", "true").want(CodeExecError, "--record-for", "negative")
}

// A signal that arrived before the command was started prevents its start.
func TestExecInterruptedBeforeTheCommand(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	signals := make(chan os.Signal, 1)
	signals <- syscall.SIGTERM
	a := &app{env: tl.env}
	out := a.runCommand(t.Context(), []string{"sh", "-c", "echo it ran"}, nil, orders{signals: signals})
	if out.code != 128+15 || !strings.Contains(out.failure, "not started") {
		t.Errorf("%+v", out)
	}
}
