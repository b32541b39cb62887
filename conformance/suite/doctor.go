package suite

import (
	"errors"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

func doctorCases() []Case {
	return []Case{
		{"S9.4 a probe of rights tells a runner from a reader, and changes nothing", probesRights},
		{"S9.4 S8.6 an examination describes a reader's connection and database", examines},
	}
}

func probesRights(t *testing.T, e *Env) {
	ctx := e.context(t)
	e.setUp(t)
	for _, c := range []struct {
		user, finds setup.Role
	}{{setup.Reader, setup.Reader}, {setup.Runner, setup.Runner}, {setup.Owner, setup.Runner}} {
		p, err := setup.ProbeRights(ctx, e.as(t, c.user).alone(t))
		must(t, err)
		if p.Role != c.finds || p.ReadOnly || (len(p.Lacks) == 0) != (c.finds == setup.Runner) {
			t.Errorf("of %s: %q, lacking %q", c.user, p.Role, p.Lacks)
		}
	}
	wantNoDrift(ctx, t, e.open(t))
	_, err := setup.ProbeRights(ctx, nil)
	if !errors.Is(err, dialect.ErrInvalid) {
		t.Errorf("error: %v, want %v", err, dialect.ErrInvalid)
	}
}

func examines(t *testing.T, e *Env) {
	ctx := e.context(t)
	e.setUp(t)
	b := e.open(t)
	if e.Backend.User != nil {
		b = e.as(t, setup.Reader).alone(t)
	}
	examiner, ok := b.(dialect.Examiner)
	if !ok {
		t.Fatalf("%T cannot examine its database", b)
	}
	seen := map[string]bool{}
	for _, f := range examiner.Examine(ctx) {
		seen[f.Check] = true
		if f.Found == "" || (f.Level == dialect.OK) != (f.Remedy == "") || f.Level == dialect.Fail || strings.Contains(f.Found, "cannot be asked") {
			t.Errorf("%+v", f)
		}
	}
	for _, check := range []string{"server", "encryption", "encoding", "isolation", "size"} {
		if !seen[check] {
			t.Errorf("nothing was said of %s: %v", check, seen)
		}
	}
}
