package suite

import (
	"context"
	"iter"
	"slices"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

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
		{"ChangeCluster", "cluster name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().ChangeCluster(ctx, s, func(*tracker.Cluster) {})
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
