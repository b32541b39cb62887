package suite

import (
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/setup"
)

func dryRunCases() []Case {
	return []Case{
		{"S9.2 a dry run prints exactly the statements that setup then runs, and only reads", dryRunPrints},
		{"S9.2 a dry run on an older schema prints the missing statements", dryRunOfOlder},
		{"S9.2 the printed script sets up if the database's client runs it, whatever the names", byHand},
		{"S9.2 a script that fails halfway sets nothing up, and can be run again", byHandBroken},
	}
}

// statementsSent returns the statements that a spy saw and that do more than read.
func statementsSent(s *spy) []string {
	return slices.DeleteFunc(s.texts(), func(text string) bool { return strings.HasPrefix(text, "SELECT") || locksSetup(text) })
}

// locksSetup reports whether a statement is the lock that setup holds where it is no SELECT.
func locksSetup(text string) bool { return strings.Contains(text, "EXEC @got = sp_getapplock ") }

func dryRunPrints(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.open(t)}
	before := tables(ctx, t, s)
	s.forget()
	plan, err := setup.DryRun(ctx, s)
	want := setup.Result{From: 0, To: len(s.Dialect().Migrations())}
	if err != nil || plan.Result != want {
		t.Fatalf("dry run: %+v, %v", plan.Result, err)
	}
	if sent := statementsSent(s); len(sent) > 0 {
		t.Errorf("a dry run sent %q", sent)
	}
	if after := tables(ctx, t, s); !slices.Equal(before, after) {
		t.Errorf("it left behind: %q, was %q", after, before)
	}
	s.forget()
	_, err = setup.Run(ctx, s)
	must(t, err)
	heading, rest, _ := strings.Cut(plan.Script, "\n")
	if ran := s.Dialect().Script(statementsSent(s)); rest != ran || !strings.HasPrefix(heading, "-- ") {
		t.Errorf("it printed\n%s\n%s\nand ran\n%s", heading, rest, ran)
	}
	s.forget()
	want.From = want.To
	if plan, err := setup.DryRun(ctx, s); err != nil || plan != (setup.Plan{Result: want}) || len(statementsSent(s)) > 0 {
		t.Errorf("when all is there: %+v, %v; sent %q", plan, err, statementsSent(s))
	}
}

func dryRunOfOlder(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	present := len(b.Dialect().Migrations())
	s := &spy{Backend: later{b, []string{"CREATE TABLE " + b.Dialect().Table("later") + " (id INTEGER)"}}}
	plan, err := setup.DryRun(ctx, s)
	if err != nil || plan.Result != (setup.Result{From: present, To: present + 1}) {
		t.Fatalf("dry run: %+v, %v", plan.Result, err)
	}
	_, err = setup.Run(ctx, s)
	must(t, err)
	if sent := statementsSent(s); len(sent) != 2 || !strings.HasSuffix(plan.Script, s.Dialect().Script(sent)) {
		t.Errorf("it printed\n%s\nand ran %q", plan.Script, sent)
	}
}

func byHand(t *testing.T, e *Env) {
	ctx := e.context(t)
	places := []*Env{e}
	for _, name := range append(e.oddNames(), `:a :'b' :"c" \q `+"`") {
		places = append(places, e.beside(t, name))
	}
	for i, place := range places {
		b := place.open(t)
		plan, err := setup.DryRun(ctx, b)
		must(t, err)
		output := place.pipe(ctx, t, plan.Script)
		if again, err := setup.DryRun(ctx, b); err != nil || again.Script != "" {
			t.Fatalf("place %d: %v; there is left to do:\n%s\nthe client said:\n%s", i, err, again.Script, output)
		}
		if r, err := setup.Run(ctx, b); err != nil || r.From != r.To {
			t.Errorf("place %d: set up after it: %+v, %v", i, r, err)
		}
		whole(ctx, t, b)
		if output := place.pipe(ctx, t, "-- nothing to do\n"); output != "" {
			t.Errorf("the script when there is nothing to do: %s", output)
		}
	}
}

func byHandBroken(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	empty := tables(ctx, t, b)
	present := len(b.Dialect().Migrations())
	next := later{b, []string{"CREATE TABLE " + b.Dialect().Table("later") + " (id INTEGER)", "SELECT 1 FROM there_is_no_such_table"}}
	plan, err := setup.DryRun(ctx, next)
	must(t, err)
	output := e.pipe(ctx, t, plan.Script)
	if left := tables(ctx, t, b); !slices.Equal(left, empty) && !e.Backend.DDLCommits {
		t.Errorf("a script that fails leaves %q; the client said:\n%s", left, output)
	}
	have, _, err := setup.Version(ctx, b)
	if err != nil || have > present || have != 0 && !e.Backend.DDLCommits || !strings.Contains(output, "there_is_no_such_table") {
		t.Errorf("version %d, %v; the client said:\n%s", have, err, output)
	}
	// A script of the remaining statements continues where it stopped.
	plan, err = setup.DryRun(ctx, b)
	must(t, err)
	e.pipe(ctx, t, plan.Script)
	if have, _, err := setup.Version(ctx, b); err != nil || have != present {
		t.Fatalf("run again: version %d, %v", have, err)
	}
	whole(ctx, t, b)
}
