package cli

import (
	"net"
	"strings"
	"testing"
	"time"
)

// completed returns the completions that a shell gets.
func (tl *tool) completed(args ...string) []string {
	tl.t.Helper()
	r := tl.run(append([]string{"__complete"}, args...)...).want(0)
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	return lines[:len(lines)-1] // the last one is the directive
}

// Names are completed from the database.
func TestNamesAreCompleted(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	tl.env.Completion = time.Minute
	tl.configure("[profiles.prod]\n[profiles.dev]\n")
	for _, c := range []struct{ args, want string }{
		{"runs --process ", "Teams Extract,Teams Load"},
		{"runs --process teams\\ l", "Teams Load"},
		{"why ", "Teams Extract,Teams Load"},
		{"process show ", "Teams Extract,Teams Load"},
		{"process add ", ""},
		{"hold t", "Teams Extract,Teams Load"},
		{"extracts --location ", "/landing,s3://bucket/landing"},
		{"extracts --location /", "/landing"},
		{"runs --status r", "running"},
		{"extracts --status re", "ready"},
		{"runs --output j", strings.Join(outputs, ",")},
		{"runs --profile ", "dev,prod"},
	} {
		var args []string
		for word := range strings.SplitSeq(c.args, " ") {
			if n := len(args); n > 0 && strings.HasSuffix(args[n-1], "\\") {
				args[n-1] = strings.TrimSuffix(args[n-1], "\\") + " " + word
				continue
			}
			args = append(args, word)
		}
		if got := strings.Join(tl.completed(args...), ","); got != c.want {
			t.Errorf("%s: %s, want %s", c.args, got, c.want)
		}
	}
}

// If a database cannot be opened, or does not answer, there are no names and no error.
func TestCompletionIsSilent(t *testing.T) {
	t.Parallel()
	silent, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	for _, dsn := range []string{"sqlite:/no/such/file.db", "what is this", "postgres://u@" + silent.Addr().String() + "/db?sslmode=disable"} {
		began := time.Now()
		r := newTool(t).with(DSNVariable, dsn).run("__complete", "runs", "--process", "").want(0)
		if strings.TrimSpace(r.stdout) != ":4" {
			t.Errorf("%s: %s", dsn, r.stdout)
		}
		if strings.Contains(r.stderr, "processtracker:") {
			t.Errorf("%s says %s", dsn, r.stderr)
		}
		t.Logf("%s took %v", dsn, time.Since(began))
	}
}
