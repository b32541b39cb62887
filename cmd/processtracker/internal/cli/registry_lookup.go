package cli

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// lookupCommand has a subcommand for each lookup.
func (a *app) lookupCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "lookup", Short: "Statuses, types, frequencies and tools: the preloaded ones and your own", Args: cobra.NoArgs,
		Long: `A lookup is a list of names for one purpose. The preloaded names, which every database
has, stay as they are. You can rename and delete your own as long as nothing refers to
them.`,
		Example: `  processtracker lookup error-type add "Schema Error"
  processtracker lookup run-status add waiting --active
  processtracker lookup file-type set csv --delimiter ';'`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, l := range []struct {
		lookup tracker.Lookup
		things string
	}{
		{tracker.RunStatuses, "statuses of runs"}, {tracker.ExtractStatuses, "statuses of extracts"}, {tracker.ErrorTypes, "types of errors"},
		{tracker.ProcessTypes, "types of processes"}, {tracker.Frequencies, "schedule frequencies"}, {tracker.Tools, "tools"},
		{tracker.DatasetTypes, "kinds of data"}, {tracker.SourceTypes, "types of systems"}, {tracker.LocationTypes, "types of locations"},
		{tracker.FileTypes, "types of files"}, {tracker.CompressionTypes, "compressions"},
		{tracker.FilterOperators, "operators of filters"}, {tracker.DependencyKinds, "kinds of dependencies"},
	} {
		cmd.AddCommand(a.resourceCommand(lookupResource(l.lookup, l.things)))
	}
	return cmd
}

func lookupResource(l tracker.Lookup, things string) resource {
	r := resource{
		name: strings.ReplaceAll(string(l), " ", "-"), things: things, short: strings.ToUpper(things[:1]) + things[1:], under: "lookup",
		fields: []resourceField{{name: "name"}, {name: "preloaded", kind: boolField, listed: true}},
	}
	r.list = func(ctx context.Context, t *tracker.Tracker, name string, limit int) iter.Seq2[record, error] {
		return limited(lookupRecords(ctx, t, l, name), limit)
	}
	switch l { // users cannot add to these
	case tracker.FilterOperators:
		r.sample = string(tracker.OpLike)
		return r
	case tracker.DependencyKinds:
		r.sample = string(tracker.Hard)
		return r
	default:
	}
	r.add = func(ctx context.Context, t *tracker.Tracker, name string, _ given) error {
		return t.Registry().AddLookupName(ctx, l, name)
	}
	r.rename = func(ctx context.Context, t *tracker.Tracker, from, to string, _ given) error {
		return t.Registry().RenameLookupName(ctx, l, from, to)
	}
	r.remove = func(ctx context.Context, t *tracker.Tracker, name string, _ given) error {
		return t.Registry().DeleteLookupName(ctx, l, name)
	}
	switch l {
	case tracker.RunStatuses:
		r.sampleFlags = " --active"
		r.fields = append(r.fields,
			resourceField{name: "active", help: "a run with this status goes on", kind: boolField, listed: true},
			resourceField{name: "ended", help: "a run with this status has ended", kind: boolField})
		r.add = func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			active, ended := g.bool("active"), g.bool("ended")
			if active == ended {
				return exit(CodeUsage, errors.New("does a run go on with this status? give --active or --ended"))
			}
			return t.Registry().AddRunStatus(ctx, tracker.RunStatus(name), active)
		}
	case tracker.FileTypes:
		r.sampleFlags = " --delimiter ';'"
		r.fields = append(r.fields, formatFields()...)
		r.add = func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			if err := t.Registry().AddLookupName(ctx, l, name); err != nil {
				return err
			}
			return setFormat(ctx, t, name, g)
		}
		r.set = setFormat
	default:
	}
	r.fields = append(r.fields, auditFields()...)
	return r
}

func formatFields() []resourceField {
	return []resourceField{
		{name: "delimiter", help: "the separator between fields; \\t is a tab", kind: exactField, listed: true},
		{name: "quote", help: "the quote around fields", kind: exactField, listed: true},
		{name: "escape", help: "the escape character within fields", kind: exactField, listed: true},
	}
}

// setFormat sets how files of a type are written. It keeps the values that are not given.
func setFormat(ctx context.Context, t *tracker.Tracker, name string, g given) error {
	return t.Registry().ChangeFileFormat(ctx, name, func(f *tracker.FileFormat) {
		f.Delimiter, f.Quote, f.Escape = g.text("delimiter", f.Delimiter), g.text("quote", f.Quote), g.text("escape", f.Escape)
	})
}

func lookupRecords(ctx context.Context, t *tracker.Tracker, l tracker.Lookup, name string) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for n, err := range t.Registry().LookupNames(ctx, l) {
			if err == nil && name != "" && n.Name != strings.TrimSpace(name) {
				continue
			}
			rec := record{
				"name": n.Name, "preloaded": n.Preloaded, "active": n.Active, "ended": !n.Active,
				"delimiter": n.Format.Delimiter, "quote": n.Format.Quote, "escape": n.Format.Escape,
			}.audited(n.Audit)
			if !yield(rec, err) {
				return
			}
		}
	}
}

// limited ends a list after the given number of items; 0 means no limit.
func limited[T any](list iter.Seq2[T, error], limit int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		n := 0
		for item, err := range list {
			if !yield(item, err) {
				return
			}
			if n++; n == limit {
				return
			}
		}
	}
}

// dataFlags are flags for the grain of the data.
func dataFlags(flags *pflag.FlagSet) {
	flags.Bool("target", false, "the process writes it, instead of reading it")
	flags.String("object", "", "an object of the system, instead of the whole system")
	flags.String("attribute", "", "an attribute of the object, instead of the whole object")
	flags.String("alias", "", "the process's own name for the attribute")
	flags.String("expression", "", "the expression by which the process makes or reads the attribute")
}

func processData(process, system string, g given) tracker.Process {
	ref := tracker.DataRef{System: system, Object: g.text("object", ""), Attribute: g.text("attribute", "")}
	if g.bool("target") {
		return tracker.Process{Name: process, Targets: []tracker.DataRef{ref}}
	}
	return tracker.Process{Name: process, Sources: []tracker.DataRef{ref}}
}
