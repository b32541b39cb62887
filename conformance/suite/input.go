package suite

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

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
