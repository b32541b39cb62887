package suite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func locationCases() []Case {
	return []Case{
		{"S5.2 a path is kept exactly, and is stored once", exactPaths},
		{"S5.2 a location's type comes from its path's scheme", locationTypes},
		{"S5.2 a name is made from the path, and made unique", derivedNames},
		{"S5.2 S8.1 a given name is kept, and belongs to one path", givenNames},
		{"S5.2 concurrent registrations of locations store each path and each name once", locationsAtOnce},
		{"S5.2 S8.2 a location whose name was taken by a concurrent registration gets the next name", locationGivenUp},
		{"S5.2 ~ is the user's home in local paths", homePaths},
		{"S8.4 a URL with a password is refused, and not shown", noPasswords},
		{"S5.10 S8.1 a location keeps the number of files that its last listing found", fileCount},
	}
}

// place registers a location that has to be registered.
func place(ctx context.Context, t testing.TB, tr *tracker.Tracker, path, name string) tracker.Location {
	t.Helper()
	l, err := tr.Registry().RegisterLocation(ctx, path, name)
	must(t, err)
	return l
}

func exactPaths(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	paths := []string{
		"/landing/Teams", "/landing/teams", "/LANDING/teams", "/landing/teams/", "/landing//teams", "landing/teams", "./landing/teams",
		"/landing/te ams", " /landing/teams ", "/landing/téams", "/landing/te\u0301ams", "/landing/日本/🚚", `C:\Landing\Teams`, `\\server\share`,
		"s3://bucket/Teams", "s3://bucket/teams", "S3://bucket/teams", "s3://bucket/teams/", "s3a://bucket/teams", "s3://bucket/te%20ams",
		"s3://bucket/100%", "/landing/%_[]*?'\";--", "/", ".", "..", "/landing/" + strings.Repeat("x", tracker.MaxPath-9),
		"/landing/" + strings.Repeat("é", (tracker.MaxPath-9)/2),
	}
	ids := map[int64]string{}
	for _, path := range paths {
		l := place(ctx, t, tr, path, "")
		if other, known := ids[l.ID]; known || l.Path != path {
			t.Errorf("%.40q became %d %.40q, as did %.40q", path, l.ID, l.Path, other)
		}
		ids[l.ID] = path
		if again := place(ctx, t, tr, path, ""); again != l {
			t.Errorf("%.40q again: %+v, was %+v", path, again, l)
		}
		if found, err := tr.Registry().Location(ctx, path); err != nil || found != l {
			t.Errorf("%.40q finds %+v, %v", path, found, err)
		}
	}
	if n := content(ctx, t, b)["location"]; n != int64(len(paths)) {
		t.Errorf("%d paths are %d locations", len(paths), n)
	}
}

func locationTypes(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for path, want := range map[string]string{
		"/landing/a": "local", "landing/b": "local", `C:\landing`: "local", "C://landing": "local", "file:///landing/c": "local", "a:b": "local",
		"s3://bucket/a": "s3", "S3://bucket/b": "s3", "s3a://bucket/c": "s3", "s3n://bucket/d": "s3",
		"gs://bucket/a": "gs", "gcs://bucket/b": "gs",
		"az://container/a": "azblob", "abfs://container@account/b": "azblob", "abfss://container@account/c": "azblob",
		"wasb://container@account/d": "azblob", "wasbs://container@account/e": "azblob", "azblob://container/f": "azblob",
		"http://host/a": "http", "https://host/b": "http", "HTTPS://host/c": "http",
		"ftp://host/a": "ftp", "ftps://host/b": "ftp", "sftp://host/a": "sftp", "hdfs://host/a": "hdfs",
		"dbfs://a": "dbfs", "Oss-Hdfs+x.1://a": "oss-hdfs+x.1", "dbfs://b": "dbfs",
	} {
		if l := place(ctx, t, tr, path, ""); l.Type != want {
			t.Errorf("%s is of type %q, want %q", path, l.Type, want)
		}
	}
}

func derivedNames(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for _, c := range []struct{ path, want string }{
		{"/landing/teams", "teams"}, {"/landing/Teams/", "Teams"}, {"s3://bucket/players/", "players"}, {"s3://bucket", "bucket"},
		{"gs://other/with%20space", "with space"}, {"/landing/with%20percent", "with%20percent"}, {"/", "local"}, {"hdfs://", "hdfs"},
		{"http://host/broken%00name", "http"}, {"/landing/ padded ", "padded"},
		{"/landing/" + strings.Repeat("é", 300), strings.Repeat("é", 180)},
	} {
		if l := place(ctx, t, tr, c.path, ""); l.Name != c.want {
			t.Errorf("%.40q is named %q, want %q", c.path, l.Name, c.want)
		}
	}
	names := map[string]bool{"teams": true}
	for i := range 20 {
		path := fmt.Sprintf("/elsewhere/%d/teams", i)
		l := place(ctx, t, tr, path, "")
		if names[l.Name] || !strings.HasPrefix(l.Name, "teams (") {
			t.Errorf("%s is named %q", path, l.Name)
		}
		names[l.Name] = true
	}
	long := place(ctx, t, tr, "/elsewhere/"+strings.Repeat("é", 300), "")
	if utf8.RuneCountInString(long.Name) > tracker.MaxName || long.Name == strings.Repeat("é", 180) {
		t.Errorf("a long path is named %q", long.Name)
	}
	// A caller's name for a location may look like a generated one.
	taken := place(ctx, t, tr, "/taken", "teams by hand")
	if l := place(ctx, t, tr, "/elsewhere/teams by hand", ""); l.Name == taken.Name || l.ID == taken.ID {
		t.Errorf("two locations are named %q", l.Name)
	}
}

func givenNames(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	first := place(ctx, t, tr, "/landing/teams", "  Landed teams ")
	if first.Name != "Landed teams" {
		t.Errorf("named %q", first.Name)
	}
	for _, name := range []string{"", "Landed teams", "Landed teams "} {
		if again := place(ctx, t, tr, "/landing/teams", name); again != first {
			t.Errorf("again as %q: %+v, was %+v", name, again, first)
		}
	}
	if other := place(ctx, t, tr, "/landing/players", "landed teams"); other.Name != "landed teams" || other.ID == first.ID {
		t.Errorf("a name in other case: %+v", other)
	}
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	rows := content(ctx, t, b)
	for _, c := range []struct {
		path, name string
		want       tracker.MismatchError
	}{
		{"/landing/teams", "Teams", tracker.MismatchError{Field: "name", Stored: "Landed teams", Given: "Teams"}},
		{"/landing/TEAMS", "Landed teams", tracker.MismatchError{Field: "path", Stored: "/landing/teams", Given: "/landing/TEAMS"}},
		{"/landing/teams", "landed teams", tracker.MismatchError{Field: "name", Stored: "Landed teams", Given: "landed teams"}},
	} {
		_, direct := tr.Registry().RegisterLocation(ctx, c.path, c.name)
		_, byFile := run.RegisterExtract(ctx, tracker.File{Location: c.path, LocationName: c.name, Name: "teams.csv"})
		for what, err := range map[string]error{"a location": direct, "a file": byFile} {
			var differ *tracker.MismatchError
			if !errors.Is(err, tracker.ErrMismatch) || !errors.As(err, &differ) ||
				differ.Field != c.want.Field || differ.Stored != c.want.Stored || differ.Given != c.want.Given || differ.Remedy == "" {
				t.Errorf("%s in %s named %q: %v", what, c.path, c.name, err)
			}
		}
	}
	wantContent(ctx, t, b, rows)
}

func locationsAtOnce(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	trackers := []*tracker.Tracker{trackerOn(ctx, t, b, nil), trackerOn(ctx, t, e.open(t), nil), trackerOn(ctx, t, e.open(t), nil)}
	// Twelve paths with one last element, each registered by four callers.
	type result struct {
		l   tracker.Location
		err error
	}
	names, ids := map[string]string{}, map[string]int64{}
	for i, r := range atOnce(48, func(i int) result {
		l, err := trackers[i%3].Registry().RegisterLocation(ctx, fmt.Sprintf("/landing/%d/teams", i%12), "")
		return result{l, err}
	}) {
		must(t, r.err)
		path := fmt.Sprintf("/landing/%d/teams", i%12)
		if r.l.Path != path || ids[path] != 0 && ids[path] != r.l.ID || names[r.l.Name] != "" && names[r.l.Name] != path {
			t.Errorf("%s came back as %+v", path, r.l)
		}
		ids[path], names[r.l.Name] = r.l.ID, path
	}
	if n := content(ctx, t, b)["location"]; n != 12 || names["teams"] == "" {
		t.Errorf("12 paths are %d locations, with the names %v", n, names)
	}
	// One name for twelve paths: one of them gets it.
	got := 0
	for i, r := range atOnce(12, func(i int) result {
		l, err := trackers[i%3].Registry().RegisterLocation(ctx, fmt.Sprintf("/fought over/%d", i), "the name")
		return result{l, err}
	}) {
		switch {
		case r.err == nil && r.l.Name == "the name" && r.l.Path == fmt.Sprintf("/fought over/%d", i):
			got++
		case !errors.Is(r.err, tracker.ErrMismatch):
			t.Errorf("path %d: %+v, %v", i, r.l, r.err)
		}
	}
	if got != 1 {
		t.Errorf("%d paths got the name", got)
	}
}

// locationGivenUp registers a location, which is seen and then removed, and its name
// taken before the retry: the result is the stored row.
func locationGivenUp(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	quick := trackerOn(ctx, t, b, nil)
	slow := trackerOn(ctx, t, &undone{Backend: b, meanwhile: func() { place(ctx, t, quick, "/elsewhere/teams", "") }}, nil)
	l := place(ctx, t, slow, "/landing/teams", "")
	stored, err := quick.Registry().Location(ctx, "/landing/teams")
	if must(t, err); l != stored || !strings.HasPrefix(l.Name, "teams (") {
		t.Errorf("%+v was returned, %+v is stored", l, stored)
	}
}

func homePaths(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	home, err := os.UserHomeDir()
	if err != nil {
		t.Skipf("this user has no home directory: %v", err)
	}
	for path, want := range map[string]string{
		"~/landing": home + "/landing", "~": home, "~/": home + "/",
		"~teams/landing": "~teams/landing", "/landing/~": "/landing/~", "s3://bucket/~/x": "s3://bucket/~/x", "./~/landing": "./~/landing",
	} {
		l := place(ctx, t, tr, path, "")
		if l.Path != want {
			t.Errorf("%s became %s, want %s", path, l.Path, want)
		}
		for _, spelling := range []string{path, want} {
			if found, err := tr.Registry().Location(ctx, spelling); err != nil || found.ID != l.ID {
				t.Errorf("%s finds %+v, %v", spelling, found, err)
			}
		}
	}
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	if extract := register(ctx, t, run, files("~/landing", "teams.csv")...)[0]; extract.Path() != home+"/landing/teams.csv" {
		t.Errorf("a file in ~/landing is at %s", extract.Path())
	}
	if found := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Location: "~/landing"})); len(found) != 1 {
		t.Errorf("~/landing has %d extracts", len(found))
	}
}

func noPasswords(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	rows := content(ctx, t, b)
	for _, path := range []string{
		"sftp://user:geheim@host/dir", "s3://key:geheim@bucket/teams", "s3://:geheim@bucket", "http://user:gehe@im@host", "http://user:%67geheim@host/",
		"s3://key:gehe/im+geheim@bucket/teams", "http://user:gehe?im#geheim@host/dir", "http://user:ge:he/geheim@host",
		" s3://key:geheim@bucket", "jdbc:postgresql://user:geheim@host/db", "s3://key:geheim@bucket/\x01", "s3://key:geheim\xff@bucket",
		"s3://key:geheim@bucket/" + strings.Repeat("x", tracker.MaxPath),
	} {
		_, register := tr.Registry().RegisterLocation(ctx, path, "")
		_, location := tr.Registry().Location(ctx, path)
		_, extract := run.RegisterExtract(ctx, tracker.File{Location: path, Name: "teams.csv"})
		var find error
		for _, err := range tr.Extracts(ctx, tracker.ExtractFilter{Location: path}) {
			find = err
		}
		for what, err := range map[string]error{
			"RegisterLocation": register, "Location": location, "RegisterExtract": extract, "Extracts": find,
			"SetFileCount": tr.Registry().SetFileCount(ctx, path, 1),
		} {
			var invalid *tracker.InvalidError
			if !errors.Is(err, tracker.ErrInvalid) || !errors.As(err, &invalid) || invalid.Field != "location path" {
				t.Errorf("%s(%.50q): %v", what, path, err)
			} else if strings.Contains(err.Error()+fmt.Sprintf("%+v", *invalid), "geheim") {
				t.Errorf("%s shows the password: %v", what, err)
			}
		}
	}
	wantContent(ctx, t, b, rows)
	for _, path := range []string{
		"sftp://user@host/dir", "http://host:8080/a@b", "https://host:8443/c:d@e", "abfss://container@account.dfs.core.windows.net/x", "s3://bucket/a:b@c",
		"/landing/a:b@c", "user@host:/landing", "http://[::1]:8080/x@y",
	} {
		if _, err := tr.Registry().RegisterLocation(ctx, path, ""); err != nil {
			t.Errorf("%s has no password: %v", path, err)
		}
	}
}

func fileCount(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	c.set(t, noon)
	tr := trackerOn(ctx, t, c, nil)
	l := place(ctx, t, tr, "/landing", "")
	if l.FileCount != nil || !l.ListedAt.IsZero() {
		t.Errorf("never listed: %+v", l)
	}
	for _, n := range []int64{3, 0, 1 << 40} {
		must(t, tr.Registry().SetFileCount(ctx, "/landing", n))
		if l, err := tr.Registry().Location(ctx, "/landing"); err != nil || l.FileCount == nil || *l.FileCount != n || !l.ListedAt.Equal(noon) {
			t.Errorf("counted %d: %+v, %v", n, l, err)
		}
	}
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	extract := register(ctx, t, run, files("/landing", "teams.csv")...)[0]
	if n := extract.Location.FileCount; n == nil || *n != 1<<40 {
		t.Errorf("the location of an extract: %+v", extract.Location)
	}
	_, finding := tr.Registry().Location(ctx, "/Landing")
	for _, err := range []error{finding, tr.Registry().SetFileCount(ctx, "/Landing", 1)} {
		var missing *tracker.NotFoundError
		if !errors.Is(err, tracker.ErrNotFound) || !errors.As(err, &missing) || missing.Name != "/Landing" {
			t.Errorf("a location that is not registered: %v", err)
		}
	}
}
