package suite

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func settingCases() []Case {
	return []Case{
		{"S8.6 S8.1 S9.1 an unsupported setting is refused by name, by setup and by the tracker, and nothing is written", refusedSetting},
		{"S8.6 the life of a process is stored and read the same under every setting", func(t *testing.T, e *Env) { lives(t, e, nil) }},
	}
}

// misset is a backend whose database has settings that the tracker cannot work with.
type misset struct{ dialect.Backend }

// Check implements [dialect.Backend].
func (misset) Check(context.Context) error {
	return &dialect.SettingError{Setting: "encoding", Value: "LATIN1", Why: "it lacks characters", Remedy: "use another"}
}

func refusedSetting(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.open(t)
	_, setUp := setup.Run(ctx, misset{b})
	_, upgraded := setup.Upgrade(ctx, misset{b})
	_, printed := setup.DryRun(ctx, misset{b})
	_, opened := tracker.New(ctx, misset{b}, nil)
	for _, err := range []error{setUp, upgraded, printed, opened} {
		wantSetting(t, err, "encoding")
		if err != nil && !strings.Contains(err.Error(), `encoding is "LATIN1": it lacks characters; use another`) {
			t.Errorf("it says: %v", err)
		}
	}
	have, _, err := setup.Version(ctx, b)
	must(t, err)
	if have != 0 {
		t.Errorf("it was set up as version %d", have)
	}
}

// A Session is a way to configure a user's sessions.
type Session struct {
	Name string
	// Open opens a place of the backend's Fresh with such sessions.
	Open func(ctx context.Context, dsn string) (dialect.Backend, error)
	// Begin begins a user's transaction in such a session; nil if another Session tests that.
	Begin func(ctx context.Context, dsn string) (Transaction, error)
	// Refused is the setting that the refusal has to name; empty if everything has to work.
	Refused string
	// Error is an error that has to match instead.
	Error error
}

// Sessions runs through a process's life with each of the sessions, in one place. It
// compares the stored and the read values with those of a session with the backend's
// own settings. group is their name in the report.
func Sessions(t *testing.T, b Backend, group string, sessions []Session) {
	t.Helper()
	RunCases(t, b, group, []Case{{"S8.6 a session stores and reads the same under any setting, or is refused", func(t *testing.T, e *Env) {
		lives(t, e, sessions)
	}}})
}

func lives(t *testing.T, e *Env, sessions []Session) {
	ctx, plain := e.context(t), e.tracker(t, nil)
	first := life{mark: mark(0), tr: plain}
	must(t, first.live(ctx))
	want, err := first.told(ctx, plain)
	must(t, err)
	for i, s := range sessions {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			ctx := e.context(t)
			tr, err := opened(ctx, t, s, e.DSN)
			l := life{mark: mark(i + 1), tr: tr}
			if err == nil {
				err = l.live(ctx)
			}
			if s.Begin != nil {
				joins(ctx, t, e, s, plain, l)
			}
			if s.Refused != "" {
				wantSetting(t, err, s.Refused)
				return
			}
			if s.Error != nil {
				if !errors.Is(err, s.Error) {
					t.Errorf("want %v, got: %v", s.Error, err)
				}
				return
			}
			must(t, err)
			there, err := l.told(ctx, plain)
			must(t, err)
			read, err := l.told(ctx, tr)
			must(t, err)
			wantSame(t, "it reads", read, there)
			wantSame(t, "it stored", alike(there, l.mark), alike(want, first.mark))
		})
	}
}

// joins writes to a run in a transaction of such a session.
func joins(ctx context.Context, t *testing.T, e *Env, s Session, plain *tracker.Tracker, l life) {
	t.Helper()
	run := start(ctx, t, plain, tracker.Process{Name: "joined " + l.process()})
	tx, err := s.Begin(ctx, e.DSN)
	must(t, err)
	in := run.In(tx.Tx)
	err = in.RecordError(ctx, tracker.ErrorRecord{Description: oddly})
	if s.Refused != "" {
		wantSetting(t, err, s.Refused)
		must(t, tx.End(ctx, false))
		return
	}
	must(t, errors.Join(err, in.ExtendRange(ctx, east(), east()), in.Complete(ctx, nil), tx.End(ctx, true)))
	if info := stored(ctx, t, plain, run); info.Status != tracker.Completed || !info.High.Equal(east()) {
		t.Errorf("in a transaction: %+v", info)
	}
	for _, problem := range collect(t, plain.Errors(ctx, tracker.ErrorFilter{RunID: run.ID()})) {
		if problem.Description != oddly {
			t.Errorf("in a transaction: %+v", problem)
		}
	}
}

// mark has a fixed length, so that it does not affect sorting.
func mark(i int) string { return fmt.Sprintf("life-%04d", i) }

func opened(ctx context.Context, t *testing.T, s Session, dsn string) (*tracker.Tracker, error) {
	t.Helper()
	b, err := s.Open(ctx, dsn)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { must(t, b.Close()) })
	tr, err := tracker.New(ctx, b, &tracker.Config{Actor: "tester"})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { must(t, tr.Close()) })
	return tr, nil
}

// wantSetting checks that a refusal names the setting and the remedy.
func wantSetting(t *testing.T, err error, setting string) {
	t.Helper()
	var refused *tracker.SettingError
	ok := errors.As(err, &refused)
	if !ok || !errors.Is(err, tracker.ErrSetting) || refused.Setting != setting || refused.Remedy == "" {
		t.Errorf("want a refusal of %s that says what to do, got: %v", setting, err)
	}
}

func wantSame(t *testing.T, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			at := func(lines []string) string { return strings.Join(lines[min(i, len(lines)):min(i+1, len(lines))], "") }
			t.Fatalf("%s\n%s\nwant\n%s", what, at(got), at(want))
		}
	}
}

// The parts of a line that differ between lives.
var (
	ids  = regexp.MustCompile(`"(ID|RunID|ExtractID)":\d+`)
	nows = regexp.MustCompile(`"20[23]\d-[^"]*Z"`)
)

// alike removes the parts of lines that differ between lives.
func alike(lines []string, mark string) []string {
	lines = slices.Clone(lines)
	for i, line := range lines {
		line = strings.ReplaceAll(line, mark, "life")
		line = ids.ReplaceAllString(line, `"$1":0`)
		lines[i] = nows.ReplaceAllString(line, `"now"`)
	}
	return lines
}
