package suite

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

func setupKilledCases() []Case {
	return []Case{
		{"S9.1 a setup whose process is killed at any statement can be run again", setUpKilled},
		{"S9.1 S9.3 an upgrade whose process is killed at any statement can be run again", upgradeKilled},
	}
}

// setUpToKill is the main function of a worker that sets up. The worker answers when it
// is about to send the statement at which it is to be killed, sends it, and stops at
// the next one.
func setUpToKill(ctx context.Context, b dialect.Backend, at int, answers *json.Encoder) error {
	n := 0
	s := &spy{Backend: b, forgetful: true, before: func(*dialect.Stmt) error {
		switch n++; n {
		case at:
			return answers.Encode(outcome{})
		case at + 1:
			<-ctx.Done()
			return ctx.Err()
		default:
			return nil
		}
	}}
	if _, err := setup.Run(ctx, s); err != nil {
		return err
	}
	return answers.Encode(outcome{SetUp: true})
}

// killedAt starts a process that sets up, and kills it while it executes its n-th
// statement. It reports whether there were fewer statements.
func killedAt(ctx context.Context, t *testing.T, e *Env, n int) (done bool) {
	t.Helper()
	w, first := hireOne(ctx, t, task{DSN: e.DSN, Actor: "tester", KillAt: n})
	if first.SetUp {
		return true
	}
	must(t, w.cmd.Process.Kill())
	_ = w.cmd.Wait() // the error says that it was killed
	return false
}

// killed kills one setup after another, each at a later statement, and checks what each
// leaves behind.
func killed(ctx context.Context, t *testing.T, e *Env, b dialect.Backend, from int) {
	t.Helper()
	step := sized(e, 1, 23)
	if len(e.Backend.Only) > 0 {
		step = max(step, 11)
	}
	newest := len(b.Dialect().Migrations())
	left := tables(ctx, t, b)
	for n := 1; !killedAt(ctx, t, e, n); n += step {
		now := tables(ctx, t, b) // read first: the server may only now be executing the last commit
		have, _, err := setup.Version(ctx, b)
		switch {
		case err != nil || have < from || have > newest, have != from && have != newest && !e.Backend.DDLCommits:
			t.Fatalf("killed at statement %d: version %d, %v", n, have, err)
		case have == from && !e.Backend.DDLCommits && !slices.Equal(now, left):
			t.Fatalf("killed at statement %d it leaves %q", n, now)
		}
	}
	wantNoDrift(ctx, t, b)
}

func setUpKilled(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	killed(ctx, t, e, b, 0)
	whole(ctx, t, b)
}

func upgradeKilled(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	versionOne(ctx, t, b)
	before := rowsOfVersionOne(ctx, t, b)
	killed(ctx, t, e, b, 1)
	for table, rows := range rowsOfVersionOne(ctx, t, b) {
		if table != b.Dialect().Table("schema_version") && !slices.Equal(rows, before[table]) {
			t.Errorf("%s was\n%s\nand is\n%s", table, before[table], rows)
		}
	}
}
