package cli

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	listers "github.com/processtracker/processtracker-go/core/listing"
)

type extractsJSON []struct {
	ID       int64
	Name     string
	Path     string
	Status   string
	Location struct{ Path, Name string }
	FileType *string `json:"file_type"`
	Size     *int64
	Loaded   struct{ Records *int64 }
}

// TestAScriptCanUseExtractsLikeAProgram covers the life of some files.
func TestAScriptCanUseExtractsLikeAProgram(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl = tl.with(RunVariable, tl.start("--process", "Teams Load", "--source", "Lahman"))
	tl.run("extract", "register", "Teams.csv", "--location", "/landing/core/", "--location-name", "Lahman 2018", "--size", "42").
		want(0, "extract 1 is initializing: /landing/core/Teams.csv")
	tl.run("extract", "register", "/landing/core/2018/People.csv.gz", "--status", "ready").want(0, "extract 2 is ready: /landing/core/2018/People.csv.gz")
	var all extractsJSON
	tl.run("extract", "register", "Teams.csv", "--location", "/landing/core/", "--json").want(0).json(&all)
	if len(all) != 1 || all[0].ID != 1 || *all[0].FileType != "csv" || *all[0].Size != 42 || all[0].Location.Name != "Lahman 2018" {
		t.Errorf("registered again: %+v", all)
	}
	tl.run("extract", "set", "loading", "/landing/core/Teams.csv").want(0, "extract 1 is loading")
	tl.run("extract", "measure", "--loaded", "Teams.csv", "--location", "/landing/core/", "--records", "2835", "--high", "2018-03-28").want(0, "measured extract 1")
	tl.run("extract", "set", "loaded", "--id", "1").want(0, "extract 1 is loaded")
	tl.run("extract", "show", "--id", "1").want(0, "2835 records", "/landing/core/", "Lahman 2018", "loaded since")
	tl.run("extract", "show", "/landing/core/Teams.csv", "--json").want(0).json(&all)
	if len(all) != 1 || *all[0].Loaded.Records != 2835 {
		t.Errorf("shown: %+v", all)
	}
	tl.run("extract", "register", "a.csv", "b.csv", "--location", "/landing/shop", "--status", "ready").want(0)
	tl.run("extract", "depend", "b.csv", "--on", "a.csv", "--location", "/landing/shop").want(0, "extract 4 waits for 1 other")
	tl.run("extract", "set", "loading", "--id", "4").want(CodeError, "these must be loaded first")
	tl.run("extract", "list", "--status", "ready", "--process", "Teams Load").want(0).wantColumn("ID", "2", "3", "4")
	if r := tl.run("extract", "claim", "--limit", "10", "--glob", "*.csv").want(0); r.stdout != "/landing/shop/a.csv\n" {
		t.Errorf("claimed %q", r.stdout)
	}
	if r := tl.run("extract", "claim", "--ids").want(0); r.stdout != "2\n" {
		t.Errorf("claimed %q", r.stdout)
	}
	if r := tl.run("extract", "claim", "--json").want(0, "no extract to claim"); r.stdout != "[]\n" {
		t.Errorf("claimed %q", r.stdout)
	}
	tl.run("fail").want(0)
	tl.run("extract", "list", "--status", "ready").want(0).wantColumn("ID", "2", "3", "4") // claimed extracts are ready again
}

func TestExtractCommandsRefuseInvalidArguments(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("extract", "claim").want(CodeUsage, "no run is named", RunVariable)
	tl = tl.with(RunVariable, tl.start("--process", "P"))
	for _, c := range []struct {
		code int
		text string
		args []string
	}{
		{CodeUsage, "nothing to register", []string{"register"}},
		{CodeUsage, `"a.csv" has no directory`, []string{"register", "a.csv"}},
		{CodeUsage, "--status is for files given by name", []string{"register", "--location", "/x", "--status", "ready"}},
		{CodeUsage, "--glob is for listing a location", []string{"register", "/x/a", "--glob", "*"}},
		{CodeUsage, "--size is for one file, and 2 are given", []string{"register", "/x/a", "/x/b", "--size", "1"}},
		{CodeUsage, "--location is given but empty", []string{"register", "--location", ""}},
		{CodeError, "gone", []string{"register", "/x/a", "--status", "gone"}},
		{CodeUsage, "no extracts are named", []string{"set", "loaded"}},
		{CodeError, `extract "/x/none.csv"`, []string{"set", "loaded", "/x/none.csv"}},
		{CodeUsage, `"none.csv" is a name without a location`, []string{"set", "loaded", "none.csv"}},
		{CodeError, `extract with id "7"`, []string{"show", "--id", "7"}},
		{CodeUsage, "--id -1 is not an id", []string{"show", "--id", "-1"}},
		{CodeUsage, "claim 1 to", []string{"claim", "--limit", "0"}},
		{CodeUsage, "give --written or --loaded", []string{"measure", "/x/a", "--records", "1"}},
		{CodeUsage, "no measure is given", []string{"measure", "--loaded", "/x/a"}},
		{CodeUsage, `"on" not set`, []string{"depend", "/x/a"}},
		{CodeUsage, "unknown command", []string{"lst"}},
	} {
		tl.run(append([]string{"extract"}, c.args...)...).want(c.code, c.text)
	}
}

// TestALocationIsListed in the local file system, and by the lister for its scheme.
func TestALocationIsListed(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	dir := filepath.Join(tl.home, "landing")
	write := func(names ...string) {
		t.Helper()
		for _, name := range names {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	write("a.csv", "deep/b.csv", "c.txt")
	tl = tl.with(RunVariable, tl.start("--process", "P"))
	tl.run("extract", "register", "--location", dir, "--glob", "*.csv").want(0, dir+": 2 new, 0 known (0 of them changed), 0 missing")
	tl.run("extract", "register", "--location", dir, "--location-name", "landing").want(0, "1 new, 2 known")
	if err := os.Remove(filepath.Join(dir, "a.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "c.txt")); err != nil {
		t.Fatal(err)
	}
	var found map[string]any
	tl.run("extract", "register", "--location", dir, "--glob", "*.csv", "--missing-as", "deleted", "--json").want(0).json(&found)
	if found["missing"] != 1.0 || found["known"] != 1.0 || found["new"] != 0.0 {
		t.Errorf("found %v", found)
	}
	tl.run("extract", "list", "--status", "deleted").want(0, "a.csv").wantColumn("ID", "1") // c.txt is missing, too, but was not listed
	tl.run("extract", "register", "--location", filepath.Join(dir, "none")).want(CodeError, "none")

	bucket := *tl
	bucket.env.Terminal, bucket.env.Width = true, 60
	bucket.env.Lister = func(_ context.Context, location string, _ func(string) string) (listers.Lister, error) {
		if location == "s3://denied/x" {
			return nil, errors.New("no credentials")
		}
		return some{"x/1.parquet", "x/2.parquet"}, nil
	}
	bucket.run("extract", "register", "--location", "s3://bucket/landing").want(0, "s3://bucket/landing: 2 new")
	bucket.run("extract", "register", "--location", "s3://denied/x").want(CodeError, "no credentials")
}

// some is a lister of these names.
type some []string

// List implements [listers.Lister].
func (s some) List(context.Context, string) iter.Seq2[listers.Object, error] {
	return func(yield func(listers.Object, error) bool) {
		for _, name := range s {
			if !yield(listers.Object{Name: name}, nil) {
				return
			}
		}
	}
}

// TestProgressIsDrawnOnATerminal, and only there, and is erased at the end.
func TestProgressIsDrawnOnATerminal(t *testing.T) {
	t.Parallel()
	var shown strings.Builder
	a := &app{env: Env{Stderr: &shown, Terminal: true, Width: 40}}
	p := a.progress("listing s3://bucket/with/a/long/prefix")
	p.shown = p.began.Add(-redraw)
	p.add(7)
	p.clear()
	if text := shown.String(); !strings.HasPrefix(text, "\r\x1b[Klisting s3:") || !strings.HasSuffix(text, "\r\x1b[K") || len([]rune(text)) > 48 {
		t.Errorf("drawn: %q", text)
	}
	shown.Reset()
	a.env.Terminal = false
	p.shown = p.began.Add(-redraw)
	p.add(7)
	p.clear()
	if shown.Len() > 0 {
		t.Errorf("drawn without a terminal: %q", shown.String())
	}
}

func TestSplitsOfAPath(t *testing.T) {
	t.Parallel()
	for given, want := range map[string][]spot{
		"/a/b/c":          {{"/a/b", "c"}, {"/a/b/", "c"}, {"/a", "b/c"}, {"/a/", "b/c"}},
		"s3://bucket/a":   {{"s3://bucket", "a"}, {"s3://bucket/", "a"}},
		"s3://bucket":     nil,
		"name":            nil,
		"/":               nil,
		"~/landing/teams": {{"~/landing", "teams"}, {"~/landing/", "teams"}, {"~", "landing/teams"}, {"~/", "landing/teams"}},
	} {
		got := splits(given)
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", given, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: %v, want %v", given, got, want)
			}
		}
	}
}

// The output of claim identifies the extract, even if its location is a bare name.
func TestClaimedPathsNameTheirExtracts(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	for _, location := range []string{"landing", "/landing", "landing/in", "s3://bucket/landing"} {
		run := tl.with(RunVariable, tl.start("--process", location))
		run.run("extract", "register", "a.csv", "--location", location, "--status", "ready").want(0)
		path := strings.TrimSpace(run.run("extract", "claim", "--process", location).want(0).stdout)
		run.run("extract", "set", "loaded", path).want(0)
	}
}
