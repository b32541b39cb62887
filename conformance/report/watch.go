package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Watch reads the stream of a test run in progress, and shows it: a line for each test
// that fails, a line for each package when it ends, and the current state whenever tick
// fires. At the end it shows the complete output of the failed tests. On a terminal,
// the current state stays on one line. Watch also writes the stream to kept. Other
// output of the programs is shown as it arrives.
func Watch(stream, said io.Reader, kept, to io.Writer, tick <-chan time.Time, terminal bool) (*Run, error) {
	w := &watch{to: to, terminal: terminal, began: time.Now()}
	events, notes := lines(stream), lines(said)
	for events != nil || notes != nil {
		select {
		case line, ok := <-events:
			if !ok {
				events = nil
			} else if e, ok := parse([]byte(line)); !ok {
				w.printf("%s", line)
			} else if _, err := io.WriteString(kept, line); err != nil {
				return nil, fmt.Errorf("report: %w", err)
			} else {
				w.see(e)
			}
		case line, ok := <-notes:
			if !ok {
				notes = nil
			}
			w.printf("%s", line)
		case now := <-tick:
			w.status(now)
		}
	}
	w.printf("%s", w.run.said())
	return &w.run, w.err
}

// lines sends its input line by line, until the input ends.
func lines(from io.Reader) <-chan string {
	to := make(chan string)
	go func() {
		defer close(to)
		in := bufio.NewReader(from)
		for err := error(nil); err == nil; {
			var line string
			if line, err = in.ReadString('\n'); line != "" {
				to <- line
			}
		}
	}()
	return to
}

type watch struct {
	run      Run
	to       io.Writer
	err      error // the first error of a write
	terminal bool
	began    time.Time
	shown    bool // whether the cursor's line shows the current state
	done     int  // tests that have ended
	failed   int
	running  []*program
}

func (w *watch) printf(format string, args ...any) {
	if w.shown {
		format = "\r\x1b[K" + format
		w.shown = false
	}
	if _, err := fmt.Fprintf(w.to, format, args...); err != nil && w.err == nil {
		w.err = err
	}
}

func (w *watch) see(e event) {
	p, t := w.run.add(e)
	if p == nil {
		return
	}
	ended := e.Action == passed || e.Action == failed || e.Action == skipped
	switch {
	case e.Action == "start":
		w.running = append(w.running, p)
	case ended && t != nil && !t.parent:
		w.done++
		if e.Action == failed {
			w.failed++
			w.printf("FAIL  %s %s\n", short(p.name), strings.ReplaceAll(t.name, "_", " "))
		}
	case ended && t == nil:
		w.running = slices.DeleteFunc(w.running, func(r *program) bool { return r == p })
		if n := p.tests; e.Action != skipped || len(n) > 0 { // a package without tests
			w.printf("%-4s  %s  %s, %s\n", map[string]string{passed: "ok", failed: "FAIL"}[e.Action], short(p.name), p.tally(), took(p.seconds))
		}
	}
}

func took(seconds float64) string {
	return time.Duration(seconds * float64(time.Second)).Round(100 * time.Millisecond).String()
}

// tally counts tests by outcome: "300 passed, 2 skipped".
func (p *program) tally() string {
	text := []string{fmt.Sprintf("%d passed", p.counts[passed])}
	for _, outcome := range []struct{ name, says string }{{failed, "failed"}, {skipped, "skipped"}} {
		if n := p.counts[outcome.name]; n > 0 {
			text = append(text, fmt.Sprintf("%d %s", n, outcome.says))
		}
	}
	return strings.Join(text, ", ")
}

// shownRunning is the maximum number of running packages to name.
const shownRunning = 2

// status shows the current state.
func (w *watch) status(now time.Time) {
	text := fmt.Sprintf("%s: %d done, %d failed", now.Sub(w.began).Round(time.Second), w.done, w.failed)
	if len(w.running) == 0 {
		text += "; compiling"
	}
	for i, p := range w.running {
		if i == shownRunning {
			text += fmt.Sprintf("; and %d more", len(w.running)-i)
			break
		}
		text += fmt.Sprintf("; %s: %s", short(p.name), p.tally())
	}
	if !w.terminal {
		w.printf("      %s\n", text)
		return
	}
	const width = 79
	if len(text) > width {
		text = text[:width]
	}
	w.printf("%s", "\r\x1b[K"+text)
	w.shown = true
}

// said returns the output of the compiler, and of the programs and tests that failed.
func (r *Run) said() string {
	var text strings.Builder
	for _, p := range r.programs {
		if p.outcome != failed {
			continue
		}
		for _, t := range p.order {
			if t.outcome == failed && len(t.output) > 0 {
				fmt.Fprintf(&text, "\n--- FAIL: %s %s\n%s", short(p.name), strings.ReplaceAll(t.name, "_", " "), strings.Join(t.output, ""))
			}
		}
		if len(p.output) > 0 {
			fmt.Fprintf(&text, "\n--- FAIL: %s\n%s", short(p.name), strings.Join(p.output, ""))
		}
	}
	return strings.Join(r.building, "") + text.String()
}
