package suite

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func roleCases() []Case {
	return []Case{
		{"S9.4 an owner sets up and upgrades with the rights of the script, also a schema that another user made", ownerIsEnough},
		{"S9.4 a reader reads every list, the views, the status and the drift, and can write nothing", readerIsEnough},
		{"S9.4 a user who may read a view needs no right on the tables", viewsAlone},
		{"S9.4 a call without the right says how to get it, and changes nothing", toldRights},
		{"S9.4 the name of the grantee is quoted or refused", oddUsers},
	}
}

// A restricted Backend works as a user with the privileges of a role. Statements of a
// case that bypass the tracker's API run as the user who set up the place.
type restricted struct {
	dialect.Backend

	owner dialect.Backend
}

// alone is a restricted backend that offers no way around its privileges.
func alone(t testing.TB, b dialect.Backend) dialect.Backend {
	t.Helper()
	r, ok := b.(restricted)
	if !ok {
		t.Fatal("the backend is not restricted")
	}
	return r.Backend
}

func (e *Env) alone(t testing.TB) dialect.Backend {
	t.Helper()
	return alone(t, e.open(t))
}

// past is the connection for statements of a case that bypass the tracker's API.
func past(b dialect.Backend) dialect.Conn {
	for inner := b; ; {
		switch w := inner.(type) {
		case restricted:
			return w.owner.Conn()
		case *spy:
			inner = w.Backend
		case *clock:
			inner = w.Backend
		case *tally:
			inner = w.Backend
		default:
			return b.Conn()
		}
	}
}

// needsOwner are the rules whose cases set up, delete lookups, purge, or load a user's tables.
func (c Case) needsOwner() bool {
	return slices.ContainsFunc(c.Rules(), func(rule string) bool {
		return slices.Contains([]string{"S1.7", "S8.5", "S9.1", "S9.2", "S9.3", "S9.4", "S9.5", "S9.6", "S7.1", "S7.2"}, rule)
	})
}

// as returns the place as a user with the privileges of a role sees it.
func (e *Env) as(t testing.TB, role setup.Role) *Env {
	t.Helper()
	return e.granted(t, role, func(d dialect.Dialect, to string) ([]string, error) { return setup.Grants(d, role, to) })
}

// granted grants privileges in the place to one of the server's users.
func (e *Env) granted(t testing.TB, user setup.Role, grants func(d dialect.Dialect, to string) ([]string, error)) *Env {
	t.Helper()
	if e.Backend.User == nil {
		t.Skip(e.Backend.Name + " has no users")
	}
	name, dsn := e.Backend.User(t, user, e.DSN)
	b := e.open(t)
	statements, err := grants(b.Dialect(), name)
	must(t, err)
	for _, s := range statements {
		if _, err := b.Conn().Exec(e.context(t), dialect.Stmt{Name: "grant", SQL: s}); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return &Env{DSN: dsn, Backend: e.Backend, owner: b}
}

func ownerIsEnough(t *testing.T, e *Env) {
	ctx := e.context(t)
	owner := e.as(t, setup.Owner) // before anything is there
	b := owner.alone(t)
	versionOne(ctx, t, b)
	_, err := setup.Upgrade(ctx, b)
	must(t, err)
	wantNoDrift(ctx, t, b)
	trackerOn(ctx, t, b, nil)
	// Tables that a DBA has created by hand become the owner's.
	other := e.beside(t, "other")
	other.setUp(t)
	whole(ctx, t, other.as(t, setup.Owner).alone(t))
}

func readerIsEnough(t *testing.T, e *Env) {
	ctx := e.context(t)
	whole(ctx, t, e.setUp(t))
	b := e.as(t, setup.Reader).open(t)
	s := &spy{Backend: alone(t, b)}
	rows := content(ctx, t, s)
	tr := trackerOn(ctx, t, s, nil)
	if n := len(collect(t, tr.Runs(ctx, tracker.RunFilter{}))) * len(collect(t, tr.Extracts(ctx, tracker.ExtractFilter{}))) * len(collect(t, tr.History(ctx, tracker.HistoryFilter{}))); n == 0 {
		t.Error("a list is empty")
	}
	collect(t, tr.Errors(ctx, tracker.ErrorFilter{}))
	for _, view := range viewNames() {
		column[int64](ctx, t, s, "SELECT count(*) FROM {"+view+"}")
	}
	wantNoDrift(ctx, t, s)
	if r, err := setup.Run(ctx, s); err != nil || r.From != r.To {
		t.Errorf("set up where all is there: %+v, %v", r, err)
	}
	for _, text := range s.texts() {
		if !strings.HasPrefix(text, "SELECT") && !strings.HasPrefix(text, "WITH") {
			t.Errorf("it sent: %s", text)
		}
	}
	_, err := tr.Start(ctx, tracker.Process{Name: "Teams Load"}, nil)
	wantDenied(t, err, "runner")
	wantDenied(t, tr.Registry().Register(ctx, tracker.Process{Name: "another"}), "runner")
	wantContent(ctx, t, b, rows)
}

func wantDenied(t *testing.T, err error, role string) {
	t.Helper()
	if !only(err, tracker.ErrDenied) || !driverError(err) || !strings.Contains(err.Error(), "processtracker grants --role "+role) {
		t.Errorf("%v, want %v with how to get the rights of a %s", err, tracker.ErrDenied, role)
	}
}

// onViews are privileges to read the views, and nothing else.
func onViews(d dialect.Dialect, to string) ([]string, error) {
	var rights []dialect.Right
	for _, view := range viewNames() {
		rights = append(rights, dialect.Right{Table: view, View: true, Read: true})
	}
	return d.Grant(to, rights)
}

func viewsAlone(t *testing.T, e *Env) {
	ctx := e.context(t)
	whole(ctx, t, e.setUp(t))
	b := e.granted(t, setup.Reader, onViews).alone(t)
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {v1_runs}"); n != 1 {
		t.Errorf("the view has %d runs", n)
	}
	if n := single[int64](ctx, t, b, "SELECT count(*) FROM {v1_history}"); n == 0 {
		t.Error("the view has no history")
	}
	err := b.Conn().Query(ctx, statement(t, b, "SELECT token_digest FROM {run}"), func(dialect.Row) error { return nil })
	if b.Classify(err) != dialect.Denied {
		t.Errorf("reading the table: %v", err)
	}
}

func toldRights(t *testing.T, e *Env) {
	ctx := e.context(t)
	whole(ctx, t, e.setUp(t))
	b := e.as(t, setup.Runner).open(t)
	rights := alone(t, b)
	tr := trackerOn(ctx, t, rights, nil)
	must(t, tr.Registry().AddLookupName(ctx, tracker.Tools, "mine"))
	must(t, tr.Registry().RenameLookupName(ctx, tracker.Tools, "mine", "yours"))
	wantDenied(t, tr.Registry().DeleteLookupName(ctx, tracker.Tools, "yours"), "runner")
	before := tables(ctx, t, b)
	next := later{rights, []string{"CREATE TABLE " + b.Dialect().Table("later") + " (id INTEGER)"}}
	_, err := setup.Run(ctx, next)
	wantDenied(t, err, "owner")
	_, err = setup.Upgrade(ctx, next)
	wantDenied(t, err, "owner")
	if after := tables(ctx, t, b); !slices.Equal(before, after) {
		t.Errorf("the schema was %q and is %q", before, after)
	}
	// A user that sees the tables but may not read them is not told to set up.
	nobody := e.beside(t, "nobody's")
	whole(ctx, t, nobody.setUp(t))
	none := nobody.granted(t, setup.Runner, func(dialect.Dialect, string) ([]string, error) { return nil, nil })
	_, err = tracker.New(ctx, none.alone(t), nil)
	if !errors.Is(err, tracker.ErrNotSetUp) || !e.Backend.DDLCommits { // MySQL hides what one may not read
		wantDenied(t, err, "runner")
	}
}

// oddUsers has names that would end their quotes. Quoting does not depend on whether
// such a user exists.
func oddUsers(t *testing.T, e *Env) {
	d := e.open(t).Dialect()
	if _, err := setup.Grants(d, "god", "somebody"); !errors.Is(err, tracker.ErrInvalid) {
		t.Errorf("no such role: %v", err)
	}
	statements, err := setup.Grants(d, setup.Owner, "somebody")
	must(t, err)
	if len(statements) == 0 { // the database knows no users, so there is nothing to grant
		if e.Backend.User != nil {
			t.Error("there are users and no grants for them")
		}
		return
	}
	for _, name := range []string{`it's`, "a]b", "back`tick", `"quoted"`, "a; DROP TABLE x; --", `\`, "日本"} {
		statements, err := setup.Grants(d, setup.Reader, name)
		if errors.Is(err, tracker.ErrInvalid) {
			continue // MySQL: what looks as if it had been quoted already
		}
		must(t, err)
		s := statements[len(statements)-1]
		end := strings.TrimSuffix(s, "@`%`")
		quote := end[len(end)-1:]
		first := strings.ReplaceAll(quote, "]", "[")
		if want := " TO " + first + strings.ReplaceAll(name, quote, quote+quote) + quote; !strings.HasSuffix(end, want) {
			t.Errorf("%q: %s, want it to end with%s", name, s, want)
		}
	}
	for _, name := range []string{"", strings.Repeat("x", 300)} {
		if _, err := setup.Grants(d, setup.Reader, name); !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// restrict sets a case's place up, and has the case go on in it with the rights of
// a role.
func (e *Env) restrict(t *testing.T, role setup.Role) {
	t.Helper()
	e.setUp(t)
	limited := e.as(t, role)
	e.DSN, e.owner = limited.DSN, limited.owner
}

// AsRole are the rules to be gone through again with the rights of a role, for
// [Backend.Only]: at night all, and else those whose calls touch every table.
func AsRole() (all []string) {
	if AtLevel() != Nightly {
		return []string{"S1.1", "S1.5", "S1.6", "S1.9", "S2.2", "S2.6", "S2.11", "S3.3", "S3.4", "S3.6", "S3.8", "S5.3", "S5.6", "S5.10"}
	}
	for _, c := range Cases() {
		all = append(all, c.Rules()...)
	}
	return all
}
