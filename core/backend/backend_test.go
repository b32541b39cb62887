package backend_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// opened is the backend of a driver that only says which one it is.
type opened struct {
	dialect.Backend

	driver, dsn string
	options     backend.Options
}

// found returns the backend of a driver above.
func found(t *testing.T, b dialect.Backend) *opened {
	t.Helper()
	o, ok := b.(*opened)
	if !ok {
		t.Fatalf("it opened %T", b)
	}
	return o
}

// driver returns one whose Open records what it was called with.
func driver(name string, schemes ...string) backend.Driver {
	return backend.Driver{
		Name: name, Schemes: schemes, Form: schemes[0] + "://host/database",
		Open: func(_ context.Context, dsn string, options backend.Options) (dialect.Backend, error) {
			return &opened{driver: name, dsn: dsn, options: options}, nil
		},
	}
}

func TestTheSchemeDecides(t *testing.T) {
	t.Parallel()
	drivers := []backend.Driver{driver("one", "one"), driver("two", "two", "second")}
	for dsn, want := range map[string]string{"one:file": "one", "one://h/d": "one", "two://h/d": "two", "second://u:p@h/d?x=one:": "two"} {
		b, err := backend.Open(t.Context(), dsn, nil, drivers...)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
		} else if o := found(t, b); o.driver != want || o.dsn != dsn || o.options.Create || o.options.Password != nil {
			t.Errorf("%s: %+v, want driver %s", dsn, o, want)
		}
	}
	b, err := backend.Open(t.Context(), "one:file", &backend.Options{Create: true}, drivers...)
	if err != nil || !found(t, b).options.Create {
		t.Errorf("with options: %+v, %v", b, err)
	}
}

func TestAnUnknownSchemeListsTheSchemesAndNoPassword(t *testing.T) {
	t.Parallel()
	drivers := []backend.Driver{driver("one", "one"), driver("two", "two", "second")}
	for dsn, says := range map[string]string{
		"":                        "it begins with no scheme",
		":":                       "it begins with no scheme",
		"://":                     "it begins with no scheme",
		"file.db":                 "it begins with no scheme",
		"/a/b:c":                  "it begins with no scheme",
		"One:file":                "it begins with no scheme",
		"host=h password=s3cr3t":  "it begins with no scheme",
		"user:s3cr3t@h/d":         "it begins with no scheme",
		"s3cr3t:one://":           "it begins with no scheme",
		"mssql://user:s3cr3t@h/d": `no driver has the scheme "mssql"`,
	} {
		_, err := backend.Open(t.Context(), dsn, nil, drivers...)
		if !errors.Is(err, backend.ErrDSN) {
			t.Errorf("%q: %v, want %v", dsn, err, backend.ErrDSN)
			continue
		}
		for _, want := range []string{says, "one, two, second", "one://host/database or two://host/database"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v, want %q in it", dsn, err, want)
			}
		}
		if strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("the password is in: %v", err)
		}
	}
}

func TestAMistakeInTheListOfDriversIsFoundForAnyDSN(t *testing.T) {
	t.Parallel()
	one := driver("one", "one")
	for what, c := range map[string]struct {
		drivers []backend.Driver
		says    string
	}{
		"no drivers":         {nil, "driver"},
		"a zero driver":      {[]backend.Driver{one, {}}, "driver 2 of 2"},
		"without Open":       {[]backend.Driver{{Name: "x", Schemes: []string{"x"}}, one}, "driver 1 of 2"},
		"without schemes":    {[]backend.Driver{one, {Name: "x", Open: one.Open}}, "driver 2 of 2"},
		"the same twice":     {[]backend.Driver{one, one}, `"one"`},
		"a scheme of others": {[]backend.Driver{one, driver("two", "two", "one")}, `driver "two": the scheme "one" is also that of driver "one"`},
	} {
		for _, dsn := range []string{"one:file", "other:file", ""} {
			_, err := backend.Open(t.Context(), dsn, nil, c.drivers...)
			if !errors.Is(err, backend.ErrInvalid) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s, %q: %v, want %v with %q", what, dsn, err, backend.ErrInvalid, c.says)
			}
		}
	}
}

func TestADSNThatItsDriverCannotReadListsTheSchemes(t *testing.T) {
	t.Parallel()
	d := driver("one", "one")
	d.Open = func(context.Context, string, backend.Options) (dialect.Backend, error) {
		return nil, fmt.Errorf("%w: names no database", backend.ErrDSN)
	}
	_, err := backend.Open(t.Context(), "one:", nil, d, driver("two", "two", "second"))
	if !errors.Is(err, backend.ErrDSN) || !strings.Contains(err.Error(), "names no database (schemes: one, two, second)") {
		t.Error(err)
	}
}

func TestADriverThatFailsGivesNoBackend(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	d := driver("one", "one")
	d.Open = func(context.Context, string, backend.Options) (dialect.Backend, error) { return (*opened)(nil), broken }
	if b, err := backend.Open(t.Context(), "one:file", nil, d); b != nil || !errors.Is(err, broken) {
		t.Errorf("%v, %v, want no backend and %v", b, err, broken)
	}
}
