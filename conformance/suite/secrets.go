package suite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func secretCases() []Case {
	return []Case{
		{"S8.4 no error of opening a database shows a password", passwordsHidden},
		{"S8.4 S8.1 no error of a call, nor any detail of it, shows a token or a password", errorsHideSecrets},
	}
}

// secret is the password in the DSNs of these cases.
const secret = "geheim"

// shown returns everything that may be printed of an error: the error and every error
// in it, in every form that logs use.
func shown(err error) string {
	if err == nil {
		return ""
	}
	text := fmt.Sprintf("%v\n%+v\n%#v\n%q\n", err, err, err, err)
	if document, failed := json.Marshal(err); failed == nil {
		text += string(document) + "\n"
	}
	switch e := err.(type) { //nolint:errorlint // this walks the tree itself
	case interface{ Unwrap() error }:
		text += shown(e.Unwrap())
	case interface{ Unwrap() []error }:
		var textSb40 strings.Builder
		for _, inner := range e.Unwrap() {
			textSb40.WriteString(shown(inner))
		}
		text += textSb40.String()
	}
	return text
}

// wantHidden checks that a call failed, and that its error shows no secret.
func wantHidden(t *testing.T, what string, err error, secrets ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error", what)
	}
	for _, s := range secrets {
		if text := shown(err); strings.Contains(text, s) || strings.Contains(text, url.QueryEscape(s)) {
			t.Errorf("%s shows %q:\n%s", what, s, text)
		}
	}
}

// withPassword returns the place's DSN with the password in it, or the unchanged DSN if
// it cannot have one.
func (e *Env) withPassword(t testing.TB, edit func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(e.DSN)
	if err != nil || u.Host == "" {
		return e.DSN
	}
	u.User = url.UserPassword(u.User.Username(), secret)
	edit(u)
	return u.String()
}

func passwordsHidden(t *testing.T, e *Env) {
	ctx := e.context(t)
	for what, dsn := range map[string]string{
		"of no database":     "nonsense://user:" + secret + "@127.0.0.1:1/db",
		"of another kind":    "sqlserver://user:" + secret + "@127.0.0.1:1?database=db",
		"of pairs":           "host=127.0.0.1 port=1 user=user password=" + secret,
		"with a bad port":    e.Backend.Name + "://user:" + secret + "@127.0.0.1:port/db",
		"with a bad escape":  e.Backend.Name + "://user:" + secret + "%zz@127.0.0.1:1/db",
		"with an @":          e.Backend.Name + "://user:a@" + secret + "@127.0.0.1:1/db",
		"with a slash":       e.Backend.Name + "://user:1/" + secret + "@127.0.0.1:1/db",
		"with no end":        e.Backend.Name + "://user:" + secret + "@[::1/db",
		"with a parameter":   e.Backend.Name + "://127.0.0.1:1/db?password=" + secret + "&user=user&x=%zz",
		"of a closed port":   e.Backend.Name + "://user:" + secret + "@127.0.0.1:1/db",
		"in the wrong place": secret,
	} {
		b, err := e.Backend.Open(ctx, dsn)
		if err == nil {
			_ = b.Close() // a file may be called anything
			continue
		}
		wantHidden(t, "a DSN "+what, err, secret)
	}
	if dsn := e.withPassword(t, noDatabase); dsn != e.DSN {
		_, err := e.Backend.Open(ctx, dsn)
		wantHidden(t, "a database that there is not", err, secret)
	}
	if dsn := e.withPassword(t, func(u *url.URL) { u.User = url.UserPassword("nobody", secret) }); dsn != e.DSN {
		_, err := e.Backend.Open(ctx, dsn)
		wantHidden(t, "a user that there is not", err, secret)
	}
}

// noDatabase puts the name of a missing database into the DSN.
func noDatabase(u *url.URL) {
	const name = "there is none"
	if q := u.Query(); q.Has("database") {
		q.Set("database", name)
		u.RawQuery = q.Encode()
		return
	}
	u.Path = "/" + name
}

func errorsHideSecrets(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	guarded := *e
	guarded.DSN = e.withPassword(t, func(*url.URL) {})
	if with, err := guarded.Backend.Open(ctx, guarded.DSN); err == nil { // where any password works
		b = with
		defer func() { _ = with.Close() }()
	}
	s := &spy{Backend: b}
	tr := trackerOn(ctx, t, s, nil)
	active := start(ctx, t, tr, tracker.Process{Name: "active"})
	held := start(ctx, t, tr, tracker.Process{Name: "held"})
	must(t, held.Hold(ctx, "a look is needed", nil))
	must(t, tr.Registry().AddDependency(ctx, "child", "active", tracker.DependencyOptions{Kind: tracker.Hard}))
	named, err := tr.Start(ctx, tracker.Process{Name: "named"}, &tracker.StartOptions{Name: "n"})
	must(t, err)
	must(t, named.Complete(ctx, nil))
	stolen := start(ctx, t, tr, tracker.Process{Name: "stolen"})
	change(ctx, t, b, "UPDATE {run} SET token_digest = 'theirs-and-secret' WHERE id = ?", stolen.ID())
	change(ctx, t, b, "UPDATE {process} SET latest_token_digest = 'theirs-and-secret' WHERE name = 'stolen'")
	extract, err := active.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "teams.csv"})
	must(t, err)
	secrets := []string{secret, "theirs-and-secret", active.Token(), held.Token(), named.Token(), stolen.Token()}

	for what, call := range map[string]func() error{
		"already running": func() error { return ignore(tr.Start(ctx, tracker.Process{Name: "active"}, nil)) },
		"on hold":         func() error { return ignore(tr.Start(ctx, tracker.Process{Name: "held"}, nil)) },
		"dependency":      func() error { return ignore(tr.Start(ctx, tracker.Process{Name: "child"}, nil)) },
		"already done": func() error {
			return ignore(tr.Start(ctx, tracker.Process{Name: "named"}, &tracker.StartOptions{Name: "n"}))
		},
		"wrong token": func() error { return ignore(tr.Resume(ctx, active.ID(), held.Token())) },
		"ended":       func() error { return ignore(tr.Resume(ctx, held.ID(), held.Token())) },
		"no run":      func() error { return ignore(tr.Resume(ctx, 1<<60, active.Token())) },
	} {
		wantHidden(t, what, call(), secrets...)
	}
	for what, write := range writes(extract) {
		wantHidden(t, what+", not the owner", write(ctx, stolen), secrets...)
		if what != sameStatus[tracker.OnHold] {
			wantHidden(t, what+", ended", write(ctx, held), secrets...)
		}
	}
	all := calls(tr, active)
	maps.Copy(all, additions(active))
	for what, class := range map[string]dialect.Class{"denied": dialect.Denied, "a duplicate": dialect.Duplicate, "odd": dialect.Other} {
		s.failAs(class)
		s.meddle(allFail)
		for name, call := range all {
			wantHidden(t, name+", "+what, call(ctx), secrets...)
		}
	}
	s.meddle(func(st *dialect.Stmt) error { // the database's own errors
		*st = dialect.Stmt{Name: st.Name, SQL: st.SQL + " no SQL", Args: st.Args}
		return nil
	})
	for name, call := range all {
		wantHidden(t, name+", broken", call(ctx), secrets...)
	}
	s.meddle(nil)
	over, cancel := context.WithCancelCause(ctx)
	cancel(errors.New("stopped"))
	for name, call := range all {
		wantHidden(t, name+", cancelled", call(over), secrets...)
	}
	lost, err := e.Backend.Open(ctx, guarded.DSN)
	if err != nil {
		lost, err = e.Backend.Open(ctx, e.DSN)
		must(t, err)
	}
	gone := trackerOn(ctx, t, lost, nil)
	taken, err := gone.Resume(ctx, active.ID(), active.Token())
	must(t, err)
	must(t, lost.Close())
	for name, call := range calls(gone, taken) {
		wantHidden(t, name+", closed", call(ctx), secrets...)
	}
}
