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
		{"S1.2 every call accepts a name of the greatest length", longestNames},
		{"S8.1 an invalid value is refused before any SQL is sent", refusedValues},
		{"S3.3 S3.4 free text is never refused", freeText},
	}
}

// A sort of text defines which texts are invalid.
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

// An input is a text argument of a call.
type input struct {
	call, field string
	sort        sort
	give        func(ctx context.Context, text string) error
}

// inputs lists every argument that is a name, a path or part of a filter.
func inputs(b dialect.Backend, tr *tracker.Tracker, run *tracker.Run) []input {
	all := slices.Concat(processInputs(tr), filterInputs(tr), claimInputs(run), fileInputs(run), clusterInputs(tr), registryInputs(tr), lookupInputs(tr))
	return append(all, []input{
		{"New", "actor", noName, func(ctx context.Context, s string) error {
			_, err := tracker.New(ctx, b, &tracker.Config{Actor: s})
			return err
		}},
		{"AddDependency", "child process", aName, func(ctx context.Context, s string) error {
			return tr.Registry().AddDependency(ctx, s, "a parent", tracker.DependencyOptions{})
		}},
		{"AddDependency", "parent process", aName, func(ctx context.Context, s string) error {
			return tr.Registry().AddDependency(ctx, "a child", s, tracker.DependencyOptions{})
		}},
		{"RemoveDependency", "child process", aName, func(ctx context.Context, s string) error { return tr.Registry().RemoveDependency(ctx, s, "p") }},
		{"RemoveDependency", "parent process", aName, func(ctx context.Context, s string) error { return tr.Registry().RemoveDependency(ctx, "p", s) }},
		{"Tracker.Hold", "process name", aName, func(ctx context.Context, s string) error { return tr.Admin().Hold(ctx, s, "") }},
		{"Release", "process name", aName, func(ctx context.Context, s string) error { return tr.Admin().Release(ctx, s, "") }},
		{"AddRunStatus", "run status", aName, func(ctx context.Context, s string) error {
			return tr.Registry().AddRunStatus(ctx, tracker.RunStatus(s), true)
		}},
		{"RegisterLocation", "location path", aPath, func(ctx context.Context, s string) error {
			_, err := tr.Registry().RegisterLocation(ctx, s, "")
			return err
		}},
		{"RegisterLocation", "location name", noName, func(ctx context.Context, s string) error {
			_, err := tr.Registry().RegisterLocation(ctx, "/landing/named", s)
			return err
		}},
		{"Location", "location path", aPath, func(ctx context.Context, s string) error { _, err := tr.Registry().Location(ctx, s); return err }},
		{"SetFileCount", "location path", aPath, func(ctx context.Context, s string) error { return tr.Registry().SetFileCount(ctx, s, 1) }},
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
		{"SetStatus", "run status", aName, func(ctx context.Context, s string) error { return run.SetStatus(ctx, tracker.RunStatus(s), nil) }},
		{"RecordError", "error type", noName, func(ctx context.Context, s string) error {
			return run.RecordError(ctx, tracker.ErrorRecord{}, tracker.ErrorRecord{Type: "mine"}, tracker.ErrorRecord{Type: s})
		}},
		{"Fail", "error type", noName, func(ctx context.Context, s string) error {
			return run.Fail(ctx, tracker.ErrorRecord{}, tracker.ErrorRecord{Type: "mine"}, tracker.ErrorRecord{Type: s})
		}},
	}...)
}

// second registers a file after a valid one.
func second(ctx context.Context, run *tracker.Run, f tracker.File) error {
	_, err := run.RegisterExtracts(ctx, tracker.File{Location: "/landing/fine", Name: "fine", Status: "mine"}, f)
	return err
}

// processInputs lists the arguments of calls that take a [tracker.Process].
func processInputs(tr *tracker.Tracker) []input {
	data := func(d tracker.DataRef) []tracker.DataRef { return append(tracker.SystemRefs("fine"), d) }
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
		{"source system", aName, func(s string) tracker.Process { return tracker.Process{Sources: data(tracker.DataRef{System: s})} }},
		{"source object", noName, func(s string) tracker.Process {
			return tracker.Process{Sources: data(tracker.DataRef{System: "s", Object: s})}
		}},
		{"source attribute", noName, func(s string) tracker.Process {
			return tracker.Process{Sources: data(tracker.DataRef{System: "s", Object: "o", Attribute: s})}
		}},
		{"target system", aName, func(s string) tracker.Process {
			return tracker.Process{Targets: data(tracker.DataRef{System: s, Object: "o"})}
		}},
		{"target object", noName, func(s string) tracker.Process {
			return tracker.Process{Targets: data(tracker.DataRef{System: "s", Object: s})}
		}},
		{"target attribute", noName, func(s string) tracker.Process {
			return tracker.Process{Targets: data(tracker.DataRef{System: "s", Object: "o", Attribute: s})}
		}},
	}
	var all []input
	for _, f := range fields {
		for call, do := range map[string]func(context.Context, tracker.Process) error{
			"Start":    func(ctx context.Context, p tracker.Process) error { _, err := tr.Start(ctx, p, nil); return err },
			"Register": tr.Registry().Register, "Redefine": tr.Registry().Redefine,
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

// filterInputs lists the arguments of the lists' filters.
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

// claimInputs lists the arguments of a claim.
func claimInputs(run *tracker.Run) []input {
	var all []input
	for _, f := range []struct {
		field string
		sort  sort
		claim func(s string) tracker.ClaimOptions
	}{
		{"location path", aPath.orNone(), func(s string) tracker.ClaimOptions { return tracker.ClaimOptions{Location: s} }},
		{"location name", noName, func(s string) tracker.ClaimOptions { return tracker.ClaimOptions{LocationName: s} }},
		{"part of a file name", aFile.orNone(), func(s string) tracker.ClaimOptions { return tracker.ClaimOptions{NameContains: s} }},
		{"glob", aFile.orNone(), func(s string) tracker.ClaimOptions { return tracker.ClaimOptions{NameGlob: s} }},
		{"process name", noName, func(s string) tracker.ClaimOptions { return tracker.ClaimOptions{Process: s} }},
		{"extract status", noName, func(s string) tracker.ClaimOptions { return tracker.ClaimOptions{From: tracker.ExtractStatus(s)} }},
		{"extract status", noName, func(s string) tracker.ClaimOptions {
			return tracker.ClaimOptions{From: "mine", OnFailure: tracker.ExtractStatus(s)}
		}},
	} {
		all = append(all, input{"Claim", f.field, f.sort, func(ctx context.Context, s string) error {
			claim := f.claim(s)
			claim.Limit = 1
			return ignore(run.Claim(ctx, claim))
		}})
	}
	return all
}

// clusterInputs lists the arguments of calls about clusters, totals and limits.
func clusterInputs(tr *tracker.Tracker) []input {
	return []input{
		{"SetCluster", "cluster name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().SetCluster(ctx, tracker.Cluster{Name: s})
		}},
		{"JoinCluster", "process name", aName, func(ctx context.Context, s string) error { return tr.Registry().JoinCluster(ctx, s, "a cluster") }},
		{"JoinCluster", "cluster name", aName, func(ctx context.Context, s string) error { return tr.Registry().JoinCluster(ctx, "a process", s) }},
		{"LeaveCluster", "process name", aName, func(ctx context.Context, s string) error { return tr.Registry().LeaveCluster(ctx, s, "a cluster") }},
		{"LeaveCluster", "cluster name", aName, func(ctx context.Context, s string) error { return tr.Registry().LeaveCluster(ctx, "a process", s) }},
		{"Totals", "process name", aName, func(ctx context.Context, s string) error { return ignore(tr.Registry().Totals(ctx, s)) }},
		{"SetMaxFailures", "process name", aName, func(ctx context.Context, s string) error { return tr.Admin().SetMaxFailures(ctx, s, 1) }},
		{"Start", "run name", noName, func(ctx context.Context, s string) error {
			return ignore(tr.Start(ctx, tracker.Process{Name: "a named one"}, &tracker.StartOptions{Name: s}))
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

// wantInvalid checks that an error names the field, its value, the fault and a valid
// form, in characters that a terminal can show, and that no statement was sent to the
// database.
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
	tr := trackerOn(ctx, t, s, nil)
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

// longestNames checks that the limits are as promised, and that no column is narrower.
func longestNames(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	must(t, tr.Registry().AddLookupName(ctx, tracker.ExtractStatuses, "mine"))
	must(t, tr.Registry().AddLookupName(ctx, tracker.ErrorTypes, "mine"))
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
	tr := trackerOn(ctx, t, s, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	late := time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	early := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	negative := int64(-1)
	s.forget()
	for what, err := range map[[3]string]error{
		{"RegisterLocation", "location path"}:      ignore(tr.Registry().RegisterLocation(ctx, strings.Repeat("x", tracker.MaxName+1)+"://a", "")),
		{"AddDependency", "dependency kind"}:       tr.Registry().AddDependency(ctx, "a", "b", tracker.DependencyOptions{Kind: "firm"}),
		{"AddDependency", "dependency kind", "2"}:  tr.Registry().AddDependency(ctx, "a", "b", tracker.DependencyOptions{Kind: "Hard"}),
		{"SetFileCount", "file count"}:             tr.Registry().SetFileCount(ctx, "/landing", -1),
		{"Register", "source object"}:              tr.Registry().Register(ctx, tracker.Process{Name: "p", Sources: []tracker.DataRef{{System: "s", Attribute: "a"}}}),
		{"Register", "target object"}:              tr.Registry().Register(ctx, tracker.Process{Name: "p", Targets: []tracker.DataRef{{System: "s", Attribute: "a"}}}),
		{"Start", "process name"}:                  ignore(tr.Start(ctx, tracker.Process{}, nil)),
		{"Runs", "limit"}:                          firstError(tr.Runs(ctx, tracker.RunFilter{Limit: -1})),
		{"Errors", "limit"}:                        firstError(tr.Errors(ctx, tracker.ErrorFilter{Limit: -1})),
		{"Extracts", "limit"}:                      firstError(tr.Extracts(ctx, tracker.ExtractFilter{Limit: -1})),
		{"Refusals", "limit"}:                      firstError(tr.Refusals(ctx, tracker.RefusalFilter{Limit: -1})),
		{"Processes", "limit"}:                     firstError(tr.Registry().Processes(ctx, tracker.ProcessFilter{Limit: -1})),
		{"Systems", "limit"}:                       firstError(tr.Registry().Systems(ctx, tracker.SystemFilter{Limit: -1})),
		{"Objects", "limit"}:                       firstError(tr.Registry().Objects(ctx, tracker.ObjectFilter{Limit: -1})),
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
		{"RecordError", "error time"}:              run.RecordError(ctx, tracker.ErrorRecord{Type: "mine"}, tracker.ErrorRecord{At: late}),
		{"RecordError", "error time", "2"}:         run.RecordError(ctx, tracker.ErrorRecord{At: early}),
		{"Fail", "error time"}:                     run.Fail(ctx, tracker.ErrorRecord{At: late}),
		{"Complete", "end time"}:                   run.Complete(ctx, &tracker.EndOptions{EndedAt: late}),
		{"Complete", "end time", "2"}:              run.Complete(ctx, &tracker.EndOptions{EndedAt: early}),
		{"Hold", "end time"}:                       run.Hold(ctx, "", &tracker.EndOptions{EndedAt: late}),
		{"SetStatus", "end time"}:                  run.SetStatus(ctx, tracker.Failed, &tracker.EndOptions{EndedAt: run.StartedAt().Add(-1)}),
		{"SetExtractStatus", "extract status"}:     run.SetExtractStatus(ctx, ""),
		{"RegisterExtract", "file name"}:           ignore(run.RegisterExtract(ctx, tracker.File{Location: "/landing"})),
		{"RegisterExtract", "location path"}:       ignore(run.RegisterExtract(ctx, tracker.File{Name: "x"})),
		{"Claim", "limit"}:                         ignore(run.Claim(ctx, tracker.ClaimOptions{Limit: 0})),
		{"Claim", "limit", "2"}:                    ignore(run.Claim(ctx, tracker.ClaimOptions{Limit: 10_001})),
		{"Claim", "status to claim from"}:          ignore(run.Claim(ctx, tracker.ClaimOptions{Limit: 1, From: tracker.Loading})),
		{"SetCounts", "count of records"}:          run.SetCounts(ctx, tracker.Counts{Records: -1}),
		{"AddCounts", "count of deletes"}:          run.AddCounts(ctx, tracker.Counts{Deletes: -1}),
		{"ExtendRange", "high time"}:               run.ExtendRange(ctx, noon, noon.Add(-1)),
		{"ExtendRange", "data time"}:               run.ExtendRange(ctx, noon, late),
		{"ExtendRange", "data time", "2"}:          run.ExtendRange(ctx, early, time.Time{}),
		{"SetMaxFailures", "maximum of failures"}:  tr.Admin().SetMaxFailures(ctx, "p", -2),
		{"SetCluster", "maximum of cluster"}:       tr.Registry().SetCluster(ctx, tracker.Cluster{Name: "c", MaxMemory: &negative}),
		{"Start", "processing"}:                    ignore(tr.Start(ctx, tracker.Process{Name: "p"}, &tracker.StartOptions{Needs: tracker.Capacity{Processing: -1}})),
		{"New", "maximum of failures"}:             ignore(tracker.New(ctx, s, &tracker.Config{MaxFailures: -1})),
		{"New", "lease"}:                           ignore(tracker.New(ctx, s, &tracker.Config{Lease: -time.Second})),
		{"New", "lease", "2"}:                      ignore(tracker.New(ctx, s, &tracker.Config{Lease: time.Millisecond})),
		{"New", "lease", "3"}:                      ignore(tracker.New(ctx, s, &tracker.Config{Lease: 25 * 24 * time.Hour})),
		{"New", "heartbeat interval"}:              ignore(tracker.New(ctx, s, &tracker.Config{Lease: time.Second, HeartbeatInterval: time.Second})),
		{"New", "heartbeat interval", "2"}:         ignore(tracker.New(ctx, s, &tracker.Config{HeartbeatInterval: -time.Second})),
		{"New", "lease", "4"}:                      ignore(tracker.New(ctx, s, &tracker.Config{NoLease: true, Lease: time.Minute})),
		{"New", "heartbeat interval", "3"}:         ignore(tracker.New(ctx, s, &tracker.Config{NoLease: true, HeartbeatInterval: time.Second})),
		{"Start", "lease"}:                         ignore(tr.Start(ctx, tracker.Process{Name: "p"}, &tracker.StartOptions{Lease: time.Millisecond})),
		{"Start", "lease", "2"}:                    ignore(tr.Start(ctx, tracker.Process{Name: "p"}, &tracker.StartOptions{Lease: time.Minute, NoLease: true})),
		{"Start", "memory"}:                        ignore(tr.Start(ctx, tracker.Process{Name: "p"}, &tracker.StartOptions{Needs: tracker.Capacity{Memory: -1}})),
		{"AddDependency", "freshness"}:             tr.Registry().AddDependency(ctx, "a", "b", tracker.DependencyOptions{Freshness: "new"}),
		{"Runs", "since"}:                          firstError(tr.Runs(ctx, tracker.RunFilter{Since: late})),
		{"Runs", "until"}:                          firstError(tr.Runs(ctx, tracker.RunFilter{Until: early})),
		{"Errors", "since"}:                        firstError(tr.Errors(ctx, tracker.ErrorFilter{Since: late})),
		{"Errors", "until"}:                        firstError(tr.Errors(ctx, tracker.ErrorFilter{Until: early})),
		{"Runs", "order"}:                          firstError(tr.Runs(ctx, tracker.RunFilter{Order: "newest"})),
		{"Errors", "order"}:                        firstError(tr.Errors(ctx, tracker.ErrorFilter{Order: "newest"})),
		{"Extracts", "order"}:                      firstError(tr.Extracts(ctx, tracker.ExtractFilter{Order: "newest"})),
		{"History", "order"}:                       firstError(tr.History(ctx, tracker.HistoryFilter{Order: "newest"})),
		{"Refusals", "order"}:                      firstError(tr.Refusals(ctx, tracker.RefusalFilter{Order: "newest"})),
		{"Processes", "order"}:                     firstError(tr.Registry().Processes(ctx, tracker.ProcessFilter{Order: "newest"})),
		{"Runs", "cursor"}:                         firstError(tr.Runs(ctx, tracker.RunFilter{After: "e1"})),
		{"Errors", "cursor"}:                       firstError(tr.Errors(ctx, tracker.ErrorFilter{After: "r1_1"})),
		{"Extracts", "cursor"}:                     firstError(tr.Extracts(ctx, tracker.ExtractFilter{After: "x"})),
		{"History", "cursor"}:                      firstError(tr.History(ctx, tracker.HistoryFilter{After: "x1_1"})),
		{"Refusals", "cursor"}:                     firstError(tr.Refusals(ctx, tracker.RefusalFilter{After: "f1_0"})),
		{"Processes", "cursor"}:                    firstError(tr.Registry().Processes(ctx, tracker.ProcessFilter{After: "p-1"})),
		{"Systems", "cursor"}:                      firstError(tr.Registry().Systems(ctx, tracker.SystemFilter{After: "o1"})),
		{"Objects", "cursor"}:                      firstError(tr.Registry().Objects(ctx, tracker.ObjectFilter{After: "s1"})),
		{"Reap", "force"}:                          ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{Force: true})),
		{"Reap", "reason"}:                         ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{Process: "p", Reason: "why"})),
		{"Reap", "run id"}:                         ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{RunID: -1})),
		{"Reap", "process name"}:                   ignore(tr.Admin().Reap(ctx, tracker.ReapOptions{Process: "a\x00b"})),
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

// freeText uses reasons and descriptions that would be invalid as names.
func freeText(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	texts := []string{"", " ", "a\x00b", "a\xffb", "\n\t\a", strings.Repeat("long ", 100_000), `' " \ % ; -- $1 ? {}`}
	for i, text := range texts {
		name := fmt.Sprint("Load ", i)
		run := start(ctx, t, tr, tracker.Process{Name: name})
		must(t, run.RecordError(ctx, tracker.ErrorRecord{Description: text}))
		must(t, run.Hold(ctx, text, nil))
		want := strings.NewReplacer("\x00", "\uFFFD", "\xff", "\uFFFD").Replace(text)
		var blocked *tracker.BlockedError
		if _, err := tr.Start(ctx, tracker.Process{Name: name}, nil); !errors.As(err, &blocked) || blocked.Hold == nil || blocked.Hold.Reason != want {
			t.Errorf("held because of %.40q: %.200v", text, err)
		}
		must(t, tr.Admin().Release(ctx, name, text))
		must(t, tr.Admin().Hold(ctx, name, text))
		if _, err := tr.Start(ctx, tracker.Process{Name: name}, nil); !errors.As(err, &blocked) || blocked.Hold == nil || blocked.Hold.Reason != want {
			t.Errorf("held by hand because of %.40q: %.200v", text, err)
		}
		must(t, tr.Admin().Release(ctx, name, text))
	}
}
