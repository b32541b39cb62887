package report

import (
	"io"
	"strings"
	"testing"
	"time"
)

// TestWatch reads a run piece by piece, and is asked for what goes on in between.
func TestWatch(t *testing.T) {
	t.Parallel()
	const want = `      0s: 1 done, 0 failed; pg: 1 passed
FAIL  pg TestConformance/suite/S2.10 cheap
      0s: 2 done, 1 failed; pg: 1 passed, 1 failed
not JSON
FAIL  pg  1 passed, 1 failed, 0s

--- FAIL: pg TestConformance/suite/S2.10 cheap
    a_test.go:7: 5 trips

--- FAIL: pg
    a_test.go:7: a leak
`
	pieces := []string{
		stream(t, "start pg\nrun pg TestConformance\nattr pg TestConformance/suite: backend postgres\nrun pg TestConformance/suite/S2.7 one\npass pg TestConformance/suite/S2.7 one"),
		stream(t, "fail pg TestConformance/suite/S2.10 cheap: 5 trips"),
		"not JSON\n" + stream(t, "fail pg TestConformance/suite\nfail pg TestConformance\nfail pg: a leak"),
	}
	again := stream(t, "run pg TestConformance") // changes nothing; when it is read, what came before was seen
	in, out := io.Pipe()
	tick, shown := make(chan time.Time), new(strings.Builder)
	began := time.Now()
	go func() {
		for i, piece := range pieces {
			_, _ = io.WriteString(out, piece)
			if i < 2 {
				_, _ = io.WriteString(out, again)
				tick <- began
			}
		}
		_ = out.Close()
	}()
	var kept strings.Builder
	r, err := Watch(in, strings.NewReader(""), &kept, shown, tick, false)
	if err != nil {
		t.Fatal(err)
	}
	if shown.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", shown, want)
	}
	if kept.String() != strings.ReplaceAll(strings.Join(pieces[:2], again)+again+pieces[2], "not JSON\n", "") || r.Totals() != "1 passed, 2 failed, 0 skipped" {
		t.Errorf("%s; kept:\n%s", r.Totals(), &kept)
	}
}
