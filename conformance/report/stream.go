// Package report evaluates what a test run proved on which database. It reads the
// stream of go test -json: which tests passed, failed or were skipped, and why. The
// suite adds attributes (testing.T.Attr) that identify the server of a group of cases.
package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// The attributes that the suite sets. Backend, server, provider and proves are set on a group: each test directly under it
// is a case.
const (
	AttrBackend  = "backend"  // the database of a group's cases, such as "postgres"
	AttrServer   = "server"   // its version, such as "15.18"
	AttrProvider = "provider" // where the server is from, and after a comma its setting: "container postgres:17, serializable"
	AttrProves   = "proves"   // rules that each case of the group proves, whatever its name
	AttrMissing  = "missing"  // on a test that is skipped or fails: the database for which there was no server
	AttrNightly  = "nightly"  // on any test: what it leaves to the nightly run
)

// The outcomes of a test. A test that began but did not end counts as interrupted: its
// program died or was interrupted. A test that was still waiting for its turn never ran.
const (
	passed    = "pass"
	failed    = "fail"
	skipped   = "skip"
	brokenOff = ""
	waiting   = "pause"
)

// An event is a line of the stream.
type event struct {
	Action, Package, Test, Output, Key, Value string

	Elapsed float64 // seconds
}

// A test is a test in the stream, at any depth.
type test struct {
	name    string
	attrs   map[string]string
	outcome string
	seconds float64
	output  []string // of a test that may still fail, or was skipped
	frame   bool     // a line of the testing package continues, as long lines come in pieces
	parent  bool
}

// A program is one run of the tests of a package.
type program struct {
	name    string
	outcome string
	seconds float64
	output  []string // output that belongs to no test
	dying   bool     // it panicked or timed out: later output belongs to no test, whatever the stream says
	tests   map[string]*test
	order   []*test
	counts  map[string]int // of tests without subtests, by outcome
}

// Run is the content of the streams of one or several test runs.
type Run struct {
	programs []*program
	current  map[string]*program
	building []string // output of the compiler
}

// The maximum size of a test's output, and of a program's, whose end has the stacks of
// all goroutines.
const (
	mostLines   = 300
	mostOfAnEnd = 5000
)

// Read reads stored streams. A line that is no event, such as a truncated one, is an error.
func Read(paths ...string) (*Run, error) {
	r := &Run{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		number := 0
		for line := range bytes.Lines(content) {
			number++
			e, ok := parse(line)
			if !ok {
				return nil, fmt.Errorf("report: %s:%d is no line of go test -json: %q", path, number, oneLine(string(line)))
			}
			r.add(e)
		}
		r.current = nil // the next file may contain the same package
	}
	return r, nil
}

func parse(line []byte) (e event, ok bool) {
	return e, json.Unmarshal(line, &e) == nil && e.Action != ""
}

func (r *Run) add(e event) (*program, *test) {
	if e.Package == "" { // a build event
		r.building = append(r.building, e.Output)
		return nil, nil
	}
	p := r.current[e.Package]
	if p == nil || e.Action == "start" {
		p = &program{name: e.Package, tests: map[string]*test{}, counts: map[string]int{}}
		r.programs = append(r.programs, p)
		if r.current == nil {
			r.current = map[string]*program{}
		}
		r.current[e.Package] = p
	}
	p.dying = p.dying || e.Action == "output" && (strings.HasPrefix(e.Output, "panic: ") || strings.HasPrefix(e.Output, "fatal error: "))
	if e.Test == "" || p.dying && e.Action == "output" {
		p.add(e)
		return p, nil
	}
	t := p.tests[e.Test]
	if t == nil {
		t = &test{name: e.Test, attrs: map[string]string{}}
		p.tests[e.Test] = t
		p.order = append(p.order, t)
		if above := p.above(t); above != nil {
			above.parent = true
		}
	}
	t.add(e)
	if e.Action == t.outcome && !t.parent {
		p.counts[e.Action]++
	}
	return p, t
}

func (p *program) add(e event) {
	switch e.Action {
	case passed, failed, skipped:
		p.outcome, p.seconds = e.Action, e.Elapsed
	case "output":
		if !strings.HasPrefix(e.Output, "FAIL") && !strings.HasPrefix(e.Output, "ok ") && e.Output != "PASS\n" {
			p.output = keep(p.output, e.Output, mostOfAnEnd)
		}
	}
}

func (t *test) add(e event) {
	switch e.Action {
	case passed:
		t.outcome, t.seconds, t.output = e.Action, e.Elapsed, nil
	case failed, skipped:
		t.outcome, t.seconds = e.Action, e.Elapsed
	case waiting:
		t.outcome = waiting
	case "cont":
		t.outcome = brokenOff
	case "attr":
		t.attrs[e.Key] = e.Value
	case "output":
		t.frame = t.frame || strings.HasPrefix(e.Output, "=== ") || strings.HasPrefix(strings.TrimLeft(e.Output, " "), "--- ")
		if !t.frame {
			t.output = keep(t.output, e.Output, mostLines)
		}
		t.frame = t.frame && !strings.HasSuffix(e.Output, "\n")
	}
}

func keep(lines []string, line string, most int) []string {
	if len(lines) == most {
		line = "… and more\n"
	}
	if len(lines) > most {
		return lines
	}
	return append(lines, line)
}

// above returns the parent of a test.
func (p *program) above(t *test) *test {
	if i := strings.LastIndexByte(t.name, '/'); i >= 0 {
		return p.tests[t.name[:i]]
	}
	return nil
}
