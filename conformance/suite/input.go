package suite

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func inputCases() []Case {
	return []Case{
		{"S1.2 S8.1 a name that is not allowed is refused by every call before any SQL is sent", refusedNames},
		{"S1.2 a name of the greatest length is taken by every call", longestNames},
		{"S8.1 a value that makes no sense is refused before any SQL is sent", refusedValues},
		{"S3.3 S3.4 free text is never refused", freeText},
	}
}

// A sort of text says what is not allowed in it.
type sort struct {
	optional bool // empty means none
	exact    bool // kept as it is: white space may be all there is
	most     string
	tooLong  string
}

var (
	aName  = sort{most: strings.Repeat("🚚", tracker.MaxName), tooLong: strings.Repeat("é", tracker.MaxName+1)}
	aPath  = sort{exact: true, most: "/" + strings.Repeat("x", tracker.MaxPath-1), tooLong: "/" + strings.Repeat("x", tracker.MaxPath)}
	aFile  = sort{exact: true, most: strings.Repeat("é", tracker.MaxFileName/2), tooLong: strings.Repeat("x", tracker.MaxFileName+1)}
	noName = sort{optional: true, most: aName.most, tooLong: aName.tooLong}
)

func (s sort) orNone() sort {
	s.optional = true
	return s
}

func (s sort) bad() []string {
	all := []string{"a\x00b", "\x00", "a\nb", "a\tb", "a\x1b[31mb", "a\x7fb", "a\u0085b", "a\xffb", "a\xed\xa0\x80b", "\xc3", s.tooLong, strings.Repeat(s.tooLong, 100)}
	if !s.optional {
		all = append(all, "")
	}
	if !s.exact {
		all = append(all, " ", " \t\n\u00a0\u2003")
	}
	return all
}

// An input is one text that one call takes.
type input struct {
	call, field string
	sort        sort
	give        func(ctx context.Context, text string) error
}

// inputs lists every text that a name, a path or a filter is given in.
func inputs(b dialect.Backend, tr *tracker.Tracker, run *tracker.Run) []input {
	all := slices.Concat(processInputs(tr), filterInputs(tr), claimInputs(run), fileInputs(run), clusterInputs(tr), registryInputs(tr), lookupInputs(tr))
	return append(all, []input{
		{"New", "actor", aName, func(ctx context.Context, s string) error { _, err := tracker.New(ctx, b, tracker.Actor(s)); return err }},
		{"AddDependency", "child process", aName, func(ctx context.Context, s string) error { return tr.AddDependency(ctx, s, "a parent", "") }},
		{"AddDependency", "parent process", aName, func(ctx context.Context, s string) error { return tr.AddDependency(ctx, "a child", s, "") }},
		{"RemoveDependency", "child process", aName, func(ctx context.Context, s string) error { return tr.RemoveDependency(ctx, s, "p") }},
		{"RemoveDependency", "parent process", aName, func(ctx context.Context, s string) error { return tr.RemoveDependency(ctx, "p", s) }},
		{"Tracker.Hold", "process name", aName, func(ctx context.Context, s string) error { return tr.Hold(ctx, s, "") }},
		{"Release", "process name", aName, func(ctx context.Context, s string) error { return tr.Release(ctx, s, "") }},
		{"AddRunStatus", "run status", aName, func(ctx context.Context, s string) error { return tr.AddRunStatus(ctx, tracker.RunStatus(s), true) }},
		{"RegisterLocation", "location path", aPath, func(ctx context.Context, s string) error { _, err := tr.RegisterLocation(ctx, s, ""); return err }},
		{"RegisterLocation", "location name", noName, func(ctx context.Context, s string) error {
			_, err := tr.RegisterLocation(ctx, "/landing/named", s)
			return err
		}},
		{"Location", "location path", aPath, func(ctx context.Context, s string) error { _, err := tr.Location(ctx, s); return err }},
		{"SetFileCount", "location path", aPath, func(ctx context.Context, s string) error { return tr.SetFileCount(ctx, s, 1) }},
		{"RegisterExtracts", "location path", aPath, func(ctx context.Context, s string) error {
			return second(ctx, run, tracker.File{Location: s, Name: "x"})
		}},
		{"RegisterExtracts", "location name", noName, func(ctx context.Context, s string) error {
			return second(ctx, run, tracker.File{Location: "/landing/named", LocationName: s, Name: "x"})
		}},
		{"RegisterExtracts", "file name", aFile, func(ctx context.Context, s string) error {
			return second(ctx, run, tracker.File{Location: "/landing", Name: s})
		}},
		{"RegisterExtracts", "extract status", noName, func(ctx context.Context, s string) error {
			return second(ctx, run, tracker.File{Location: "/landing", Name: "x", Status: tracker.ExtractStatus(s)})
		}},
		{"SetExtractStatus", "extract status", aName, func(ctx context.Context, s string) error {
			return run.SetExtractStatus(ctx, tracker.ExtractStatus(s), tracker.Extract{ID: 1})
		}},
		{"SetStatus", "run status", aName, func(ctx context.Context, s string) error { return run.SetStatus(ctx, tracker.RunStatus(s)) }},
		{"RecordError", "error type", noName, func(ctx context.Context, s string) error {
			return run.RecordError(ctx, tracker.Problem{}, tracker.Problem{Type: "mine"}, tracker.Problem{Type: s})
		}},
		{"Fail", "error type", noName, func(ctx context.Context, s string) error {
			return run.Fail(ctx, tracker.Problem{}, tracker.Problem{Type: "mine"}, tracker.Problem{Type: s})
		}},
	}...)
}

// second registers a file after one with which nothing is wrong.
func second(ctx context.Context, run *tracker.Run, f tracker.File) error {
	_, err := run.RegisterExtracts(ctx, tracker.File{Location: "/landing/fine", Name: "fine", Status: "mine"}, f)
	return err
}

// processInputs lists what the calls take that are given a [tracker.Process].
func processInputs(tr *tracker.Tracker) []input {
	data := func(d tracker.Data) []tracker.Data { return append(tracker.Systems("fine"), d) }
	fields := []struct {
		field string
		sort  sort
		p     func(s string) tracker.Process
	}{
		{"process name", aName, func(s string) tracker.Process { return tracker.Process{Name: s} }},
		{"process type", noName, func(s string) tracker.Process { return tracker.Process{Type: s} }},
		{"tool", noName, func(s string) tracker.Process { return tracker.Process{Tool: s} }},
		{"schedule frequency", noName, func(s string) tracker.Process { return tracker.Process{Frequency: s} }},
		{"dataset type", aName, func(s string) tracker.Process { return tracker.Process{DatasetTypes: []string{"fine", s}} }},
		{"source system", aName, func(s string) tracker.Process { return tracker.Process{Sources: data(tracker.Data{System: s})} }},
		{"source object", noName, func(s string) tracker.Process {
			return tracker.Process{Sources: data(tracker.Data{System: "s", Object: s})}
		}},
		{"source attribute", noName, func(s string) tracker.Process {
			return tracker.Process{Sources: data(tracker.Data{System: "s", Object: "o", Attribute: s})}
		}},
		{"target system", aName, func(s string) tracker.Process {
			return tracker.Process{Targets: data(tracker.Data{System: s, Object: "o"})}
		}},
		{"target object", noName, func(s string) tracker.Process {
			return tracker.Process{Targets: data(tracker.Data{System: "s", Object: s})}
		}},
		{"target attribute", noName, func(s string) tracker.Process {
			return tracker.Process{Targets: data(tracker.Data{System: "s", Object: "o", Attribute: s})}
		}},
	}
	var all []input
	for _, f := range fields {
		for call, do := range map[string]func(context.Context, tracker.Process) error{
			"Start":    func(ctx context.Context, p tracker.Process) error { _, err := tr.Start(ctx, p); return err },
			"Register": tr.Register, "Redefine": tr.Redefine,
		} {
			all = append(all, input{call, f.field, f.sort, func(ctx context.Context, s string) error {
				p := f.p(s)
				if f.field != "process name" {
					p.Name = call + " " + f.field
				}
				return do(ctx, p)
			}})
		}
	}
	return all
}

// filterInputs lists what the filters of lists take.
func filterInputs(tr *tracker.Tracker) []input {
	runs := func(f tracker.RunFilter) func(context.Context) error {
		return func(ctx context.Context) error { return firstError(tr.Runs(ctx, f)) }
	}
	problems := func(f tracker.ErrorFilter) func(context.Context) error {
		return func(ctx context.Context) error { return firstError(tr.Errors(ctx, f)) }
	}
	history := func(f tracker.HistoryFilter) func(context.Context) error {
		return func(ctx context.Context) error { return firstError(tr.History(ctx, f)) }
	}
	extracts := func(f tracker.ExtractFilter) func(context.Context) error {
		return func(ctx context.Context) error { return firstError(tr.Extracts(ctx, f)) }
	}
	var all []input
	for _, f := range []struct {
		call, field string
		sort        sort
		list        func(s string) func(context.Context) error
	}{
		{"Runs", "process name", noName, func(s string) func(context.Context) error { return runs(tracker.RunFilter{Process: s}) }},
		{"Runs", "run status", noName, func(s string) func(context.Context) error {
			return runs(tracker.RunFilter{Status: tracker.RunStatus(s)})
		}},
		{"Errors", "process name", noName, func(s string) func(context.Context) error { return problems(tracker.ErrorFilter{Process: s}) }},
		{"History", "process name", noName, func(s string) func(context.Context) error { return history(tracker.HistoryFilter{Process: s}) }},
		{"Extracts", "process name", noName, func(s string) func(context.Context) error { return extracts(tracker.ExtractFilter{Process: s}) }},
		{"Extracts", "location name", noName, func(s string) func(context.Context) error { return extracts(tracker.ExtractFilter{LocationName: s}) }},
		{"Extracts", "extract status", noName, func(s string) func(context.Context) error {
			return extracts(tracker.ExtractFilter{Status: tracker.ExtractStatus(s)})
		}},
		{"Extracts", "location path", aPath.orNone(), func(s string) func(context.Context) error { return extracts(tracker.ExtractFilter{Location: s}) }},
		{"Extracts", "file name", aFile.orNone(), func(s string) func(context.Context) error { return extracts(tracker.ExtractFilter{Name: s}) }},
		{"Extracts", "part of a file name", aFile.orNone(), func(s string) func(context.Context) error { return extracts(tracker.ExtractFilter{NameContains: s}) }},
		{"Extracts", "glob", aFile.orNone(), func(s string) func(context.Context) error { return extracts(tracker.ExtractFilter{NameGlob: s}) }},
	} {
		all = append(all, input{f.call, f.field, f.sort, func(ctx context.Context, s string) error { return f.list(s)(ctx) }})
	}
	return all
}

// claimInputs lists what a claim takes.
func claimInputs(run *tracker.Run) []input {
	var all []input
	for _, f := range []struct {
		field string
		sort  sort
		claim func(s string) tracker.Claim
	}{
		{"location path", aPath.orNone(), func(s string) tracker.Claim { return tracker.Claim{Location: s} }},
		{"location name", noName, func(s string) tracker.Claim { return tracker.Claim{LocationName: s} }},
		{"part of a file name", aFile.orNone(), func(s string) tracker.Claim { return tracker.Claim{NameContains: s} }},
		{"glob", aFile.orNone(), func(s string) tracker.Claim { return tracker.Claim{NameGlob: s} }},
		{"process name", noName, func(s string) tracker.Claim { return tracker.Claim{Process: s} }},
		{"extract status", noName, func(s string) tracker.Claim { return tracker.Claim{From: tracker.ExtractStatus(s)} }},
		{"extract status", noName, func(s string) tracker.Claim { return tracker.Claim{From: "mine", OnFailure: tracker.ExtractStatus(s)} }},
	} {
		all = append(all, input{"Claim", f.field, f.sort, func(ctx context.Context, s string) error { return ignore(run.Claim(ctx, 1, f.claim(s))) }})
	}
	return all
}

// clusterInputs lists what the calls take that are about clusters, totals and
// limits.
func clusterInputs(tr *tracker.Tracker) []input {
	return []input{
		{"SetCluster", "cluster name", aName, func(ctx context.Context, s string) error { return tr.SetCluster(ctx, tracker.Cluster{Name: s}) }},
		{"JoinCluster", "process name", aName, func(ctx context.Context, s string) error { return tr.JoinCluster(ctx, s, "a cluster") }},
		{"JoinCluster", "cluster name", aName, func(ctx context.Context, s string) error { return tr.JoinCluster(ctx, "a process", s) }},
		{"LeaveCluster", "process name", aName, func(ctx context.Context, s string) error { return tr.LeaveCluster(ctx, s, "a cluster") }},
		{"LeaveCluster", "cluster name", aName, func(ctx context.Context, s string) error { return tr.LeaveCluster(ctx, "a process", s) }},
		{"Totals", "process name", aName, func(ctx context.Context, s string) error { return ignore(tr.Totals(ctx, s)) }},
		{"SetMaxFailures", "process name", aName, func(ctx context.Context, s string) error { return tr.SetMaxFailures(ctx, s, 1) }},
		{"Start", "run name", aName, func(ctx context.Context, s string) error {
			return ignore(tr.Start(ctx, tracker.Process{Name: "a named one"}, tracker.Named(s)))
		}},
	}
}

func firstError[T any](list iter.Seq2[T, error]) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// wantInvalid checks that an error says what is wrong with which value of which
// field and what would be right, in print that a terminal can show, and that the
// database was not asked.
func wantInvalid(t *testing.T, s *spy, call, field, value string, err error) {
	t.Helper()
	var invalid *tracker.InvalidError
	switch {
	case !errors.Is(err, tracker.ErrInvalid) || !errors.As(err, &invalid):
		t.Errorf("%s, %s %.40q: %v", call, field, value, err)
	case invalid.Field != field || invalid.Reason == "" || invalid.Remedy == "" || !strings.Contains(value, strings.TrimSuffix(invalid.Value, "…")):
		t.Errorf("%s, %s %.40q: %+v", call, field, value, *invalid)
	case !strings.Contains(err.Error(), field) || strings.ContainsFunc(err.Error(), unicode.IsControl) || len(err.Error()) > 500:
		t.Errorf("%s, %s %.40q: the error reads %q", call, field, value, err)
	}
	if sent := s.names(); len(sent) > 0 {
		t.Errorf("%s, %s %.40q: sent %q", call, field, value, sent)
		s.forget()
	}
}

func refusedNames(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	s.forget()
	for _, in := range inputs(s, tr, run) {
		for _, text := range in.sort.bad() {
			wantInvalid(t, s, in.call, in.field, text, in.give(ctx, text))
		}
	}
	if info := stored(ctx, t, tr, run); !info.Active() {
		t.Errorf("one of them ended the run: %+v", info)
	}
}

// longestNames shows that the limits are the ones that are promised, and that no
// column is narrower.
func longestNames(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b)
	must(t, tr.AddLookup(ctx, tracker.ExtractStatuses, "mine"))
	must(t, tr.AddLookup(ctx, tracker.ErrorTypes, "mine"))
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	for _, in := range inputs(b, tr, run) {
		err := in.give(ctx, in.sort.most)
		if err != nil && !errors.Is(err, tracker.ErrNotFound) && !errors.Is(err, tracker.ErrMismatch) && !errors.Is(err, tracker.ErrAlreadyEnded) {
			t.Errorf("%s, %s of the greatest length: %v", in.call, in.field, err)
		}
	}
}

func refusedValues(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	late := time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	early := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	negative := int64(-1)
	s.forget()
	for what, err := range map[[3]string]error{
		{"RegisterLocation", "location path"}:      ignore(tr.RegisterLocation(ctx, strings.Repeat("x", tracker.MaxName+1)+"://a", "")),
		{"AddDependency", "dependency kind"}:       tr.AddDependency(ctx, "a", "b", "firm"),
		{"AddDependency", "dependency kind", "2"}:  tr.AddDependency(ctx, "a", "b", "Hard"),
		{"SetFileCount", "file count"}:             tr.SetFileCount(ctx, "/landing", -1),
		{"Register", "source object"}:              tr.Register(ctx, tracker.Process{Name: "p", Sources: []tracker.Data{{System: "s", Attribute: "a"}}}),
		{"Register", "target object"}:              tr.Register(ctx, tracker.Process{Name: "p", Targets: []tracker.Data{{System: "s", Attribute: "a"}}}),
		{"Start", "process name"}:                  ignore(tr.Start(ctx, tracker.Process{})),
		{"Runs", "limit"}:                          firstError(tr.Runs(ctx, tracker.RunFilter{Limit: -1})),
		{"Errors", "limit"}:                        firstError(tr.Errors(ctx, tracker.ErrorFilter{Limit: -1})),
		{"Extracts", "limit"}:                      firstError(tr.Extracts(ctx, tracker.ExtractFilter{Limit: -1})),
		{"Refusals", "limit"}:                      firstError(tr.Refusals(ctx, tracker.RefusalFilter{Limit: -1})),
		{"Processes", "limit"}:                     firstError(tr.Processes(ctx, tracker.ProcessFilter{Limit: -1})),
		{"Systems", "limit"}:                       firstError(tr.Systems(ctx, tracker.SystemFilter{Limit: -1})),
		{"Objects", "limit"}:                       firstError(tr.Objects(ctx, tracker.ObjectFilter{Limit: -1})),
		{"Runs", "run id"}:                         firstError(tr.Runs(ctx, tracker.RunFilter{ID: -1})),
		{"Errors", "run id"}:                       firstError(tr.Errors(ctx, tracker.ErrorFilter{RunID: -1})),
		{"Extracts", "run id"}:                     firstError(tr.Extracts(ctx, tracker.ExtractFilter{RunID: -1})),
		{"Extracts", "extract id"}:                 firstError(tr.Extracts(ctx, tracker.ExtractFilter{ID: -1})),
		{"History", "run id"}:                      firstError(tr.History(ctx, tracker.HistoryFilter{RunID: -1})),
		{"History", "extract id"}:                  firstError(tr.History(ctx, tracker.HistoryFilter{ExtractID: -1})),
		{"SoftDependencies", "run id"}:             ignore(tr.SoftDependencies(ctx, -1)),
		{"History", "limit"}:                       firstError(tr.History(ctx, tracker.HistoryFilter{Limit: -1})),
		{"History", "since"}:                       firstError(tr.History(ctx, tracker.HistoryFilter{Since: late})),
		{"History", "until"}:                       firstError(tr.History(ctx, tracker.HistoryFilter{Until: early})),
		{"Extracts", "since"}:                      firstError(tr.Extracts(ctx, tracker.ExtractFilter{Since: late})),
		{"Extracts", "until"}:                      firstError(tr.Extracts(ctx, tracker.ExtractFilter{Until: early})),
		{"RecordError", "error time"}:              run.RecordError(ctx, tracker.Problem{Type: "mine"}, tracker.Problem{At: late}),
		{"RecordError", "error time", "2"}:         run.RecordError(ctx, tracker.Problem{At: early}),
		{"Fail", "error time"}:                     run.Fail(ctx, tracker.Problem{At: late}),
		{"Complete", "end time"}:                   run.Complete(ctx, tracker.EndedAt(late)),
		{"Complete", "end time", "2"}:              run.Complete(ctx, tracker.EndedAt(early)),
		{"Hold", "end time"}:                       run.Hold(ctx, "", tracker.EndedAt(late)),
		{"SetStatus", "end time"}:                  run.SetStatus(ctx, tracker.Failed, tracker.EndedAt(run.StartedAt().Add(-1))),
		{"SetExtractStatus", "extract status"}:     run.SetExtractStatus(ctx, ""),
		{"RegisterExtract", "file name"}:           ignore(run.RegisterExtract(ctx, tracker.File{Location: "/landing"})),
		{"RegisterExtract", "location path"}:       ignore(run.RegisterExtract(ctx, tracker.File{Name: "x"})),
		{"Claim", "number of extracts"}:            ignore(run.Claim(ctx, 0, tracker.Claim{})),
		{"Claim", "number of extracts", "2"}:       ignore(run.Claim(ctx, 10_001, tracker.Claim{})),
		{"Claim", "status to claim from"}:          ignore(run.Claim(ctx, 1, tracker.Claim{From: tracker.Loading})),
		{"SetCounts", "count of records"}:          run.SetCounts(ctx, tracker.Counts{Records: -1}),
		{"AddCounts", "count of deletes"}:          run.AddCounts(ctx, tracker.Counts{Deletes: -1}),
		{"Covers", "high time"}:                    run.Covers(ctx, noon, noon.Add(-1)),
		{"Covers", "data time"}:                    run.Covers(ctx, noon, late),
		{"Covers", "data time", "2"}:               run.Covers(ctx, early, time.Time{}),
		{"SetMaxFailures", "maximum of failures"}:  tr.SetMaxFailures(ctx, "p", -2),
		{"SetCluster", "maximum of cluster"}:       tr.SetCluster(ctx, tracker.Cluster{Name: "c", MaxMemory: &negative}),
		{"Start", "processing"}:                    ignore(tr.Start(ctx, tracker.Process{Name: "p"}, tracker.Needs(tracker.Capacity{Processing: -1}))),
		{"New", "maximum of failures"}:             ignore(tracker.New(ctx, s, tracker.MaxFailures(-1))),
		{"New", "lease"}:                           ignore(tracker.New(ctx, s, tracker.Lease(-time.Second))),
		{"New", "lease", "2"}:                      ignore(tracker.New(ctx, s, tracker.Lease(time.Millisecond))),
		{"New", "lease", "3"}:                      ignore(tracker.New(ctx, s, tracker.Lease(25*24*time.Hour))),
		{"New", "renewal interval"}:                ignore(tracker.New(ctx, s, tracker.Lease(time.Second), tracker.RenewEvery(time.Second))),
		{"New", "renewal interval", "2"}:           ignore(tracker.New(ctx, s, tracker.RenewEvery(-time.Second))),
		{"New", "renewal interval", "3"}:           ignore(tracker.New(ctx, s, tracker.RenewEvery(0))),
		{"New", "renewal interval", "4"}:           ignore(tracker.New(ctx, s, tracker.Lease(0), tracker.RenewEvery(time.Second))),
		{"Reap", "force"}:                          ignore(tr.Reap(ctx, tracker.Reap{Force: true})),
		{"Reap", "reason"}:                         ignore(tr.Reap(ctx, tracker.Reap{Process: "p", Reason: "why"})),
		{"Reap", "run id"}:                         ignore(tr.Reap(ctx, tracker.Reap{RunID: -1})),
		{"Reap", "process name"}:                   ignore(tr.Reap(ctx, tracker.Reap{Process: "a\x00b"})),
		{"RegisterExtract", "location path", "pw"}: ignore(run.RegisterExtract(ctx, tracker.File{Name: "x", Location: "ftp://a:b@c/d"})),
	} {
		var invalid *tracker.InvalidError
		if !errors.Is(err, tracker.ErrInvalid) || !errors.As(err, &invalid) || invalid.Field != what[1] || invalid.Reason == "" || invalid.Remedy == "" {
			t.Errorf("%s, %s: %v", what[0], what[1], err)
		}
	}
	if sent := s.names(); len(sent) > 0 {
		t.Errorf("sent %q", sent)
	}
	if info := stored(ctx, t, tr, run); !info.Active() {
		t.Errorf("one of them ended the run: %+v", info)
	}
}

func ignore[T any](_ T, err error) error { return err }

// freeText gives reasons and descriptions that no name could be.
func freeText(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t)
	texts := []string{"", " ", "a\x00b", "a\xffb", "\n\t\a", strings.Repeat("long ", 100_000), `' " \ % ; -- $1 ? {}`}
	for i, text := range texts {
		name := fmt.Sprint("Load ", i)
		run := start(ctx, t, tr, tracker.Process{Name: name})
		must(t, run.RecordError(ctx, tracker.Problem{Description: text}))
		must(t, run.Hold(ctx, text))
		want := strings.NewReplacer("\x00", "\uFFFD", "\xff", "\uFFFD").Replace(text)
		var blocked *tracker.BlockedError
		if _, err := tr.Start(ctx, tracker.Process{Name: name}); !errors.As(err, &blocked) || blocked.Hold == nil || blocked.Hold.Reason != want {
			t.Errorf("held because of %.40q: %.200v", text, err)
		}
		must(t, tr.Release(ctx, name, text))
		must(t, tr.Hold(ctx, name, text))
		if _, err := tr.Start(ctx, tracker.Process{Name: name}); !errors.As(err, &blocked) || blocked.Hold == nil || blocked.Hold.Reason != want {
			t.Errorf("held by hand because of %.40q: %.200v", text, err)
		}
		must(t, tr.Release(ctx, name, text))
	}
}
