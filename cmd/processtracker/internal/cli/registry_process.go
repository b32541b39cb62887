package cli

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func processResource() resource {
	return resource{
		name: "process", things: "processes", short: "Processes: what they read and write, and their state",
		sample: `"Teams Load"`, sampleFlags: " --type Load --tool dbt",
		long: "A process that has run is never deleted. A start registers its process, so that you seldom need \"add\".",
		fields: append([]resourceField{
			{name: "name"}, {name: "id", kind: numberField},
			{name: "type", help: `its type, such as "Extract" or "Load"`, listed: true},
			{name: "tool", help: `the tool that it is written with, such as "bash"`, listed: true},
			{name: "frequency", help: `how often it runs, such as "daily"`, listed: true},
			{name: "run_number", kind: numberField, listed: true}, {name: "status"}, {name: "started_at", kind: timeField, listed: true},
			{name: "ended_at", kind: timeField}, {name: "on_hold", kind: boolField}, {name: "hold_reason"},
			{name: "max_failures", help: "failed runs in a row that put it on hold; 0 for the setting of its trackers, -1 for never", kind: numberField},
			{name: "failures", kind: numberField}, {name: "watermark", kind: timeField},
			{name: "sources", as: "source", help: "a system that it reads from (repeatable)", kind: listField},
			{name: "targets", as: "target", help: "a system that it writes to (repeatable)", kind: listField},
			{name: "dataset_types", as: "dataset-type", help: "a dataset type that it works on (repeatable)", kind: listField},
			{name: "depends_on", kind: listField}, {name: "clusters", kind: listField}, {name: "contacts", kind: listField},
		}, append(stateFields(), auditFields()...)...),
		narrow: narrowProcesses,
		list: func(ctx context.Context, t *tracker.Tracker, name string, limit int) iter.Seq2[record, error] {
			if name == "" {
				return surveyedRecords(ctx, t, limit)
			}
			return mapped(t.Registry().Processes(ctx, tracker.ProcessFilter{Name: name, Limit: limit}), func(p tracker.ProcessInfo) (record, error) {
				rec := processRecord(p)
				return rec, errors.Join(rec.define(ctx, t, p.Name), rec.explain(ctx, t, p)) // for a single process, read everything
			})
		},
		add: func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			return setProcess(ctx, t, name, g, t.Registry().Register)
		},
		set: func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			if _, err := t.Registry().Totals(ctx, name); err != nil {
				return err
			}
			return setProcess(ctx, t, name, g, t.Registry().Redefine)
		},
		rename: func(ctx context.Context, t *tracker.Tracker, from, to string, _ given) error {
			return t.Registry().RenameProcess(ctx, from, to)
		},
		links: []link{{
			add: "add-data", remove: "remove-data", others: "SYSTEM", sample: "shop", short: "Link a process to systems that it reads from, or with --target writes to",
			flags: dataFlags,
			do: func(ctx context.Context, t *tracker.Tracker, name, system string, g given) error {
				if err := t.Registry().Register(ctx, processData(name, system, g)); err != nil || !g.has("alias") && !g.has("expression") {
					return err
				}
				return describeData(ctx, t, name, system, g)
			},
			undo: func(ctx context.Context, t *tracker.Tracker, name, system string, g given) error {
				return t.Registry().Undefine(ctx, processData(name, system, g))
			},
		}},
	}
}

func processRecord(p tracker.ProcessInfo) record {
	rec := record{
		"name": p.Name, "id": &p.ID, "type": p.Type, "tool": p.Tool, "frequency": p.Frequency, "status": string(p.Status),
		"started_at": moment(p.StartedAt), "ended_at": moment(p.EndedAt), "on_hold": p.Hold != nil, "failures": &p.Failures,
		"watermark": moment(p.Totals.Watermark), "run_number": (*int64)(nil), "max_failures": (*int64)(nil),
	}
	if p.RunNumber > 0 {
		rec["run_number"] = &p.RunNumber
	}
	if p.Hold != nil {
		rec["hold_reason"] = p.Hold.Reason
	}
	if p.MaxFailures != 0 {
		most := int64(p.MaxFailures)
		if p.MaxFailures == tracker.NeverHold {
			most = -1
		}
		rec["max_failures"] = &most
	}
	return rec.audited(p.Audit)
}

// define adds a process's definition.
func (rec record) define(ctx context.Context, t *tracker.Tracker, process string) error {
	d, err := t.Registry().Definition(ctx, process)
	if err != nil {
		return err
	}
	rec["sources"], rec["targets"], rec["dataset_types"] = refTexts(d.Sources), refTexts(d.Targets), d.DatasetTypes
	dependencies, err := t.Registry().Dependencies(ctx, process)
	if err != nil {
		return err
	}
	var on, in, whom []string
	for _, p := range dependencies.Parents {
		on = append(on, dependencyText(p))
	}
	for c, err := range t.Registry().Clusters(ctx, tracker.NameFilter{}) {
		if err != nil {
			return err
		}
		if slices.Contains(c.Processes, process) {
			in = append(in, c.Name)
		}
	}
	contacts, err := t.Registry().Contacts(ctx, process)
	for _, c := range contacts {
		text := strings.TrimSpace(c.Name + " " + c.Email)
		if c.System != "" {
			text += " (of " + c.System + ")"
		}
		whom = append(whom, text)
	}
	rec["depends_on"], rec["clusters"], rec["contacts"] = on, in, whom
	return err
}

func dependencyText(d tracker.Dependency) string {
	text := d.Parent
	if d.Kind != tracker.Normal {
		text += " (" + string(d.Kind) + ")"
	}
	if d.Fresh {
		text += " (fresh)"
	}
	return text
}

func refTexts(refs []tracker.DataRef) []string {
	all := make([]string, len(refs))
	for i, ref := range refs {
		all[i] = strings.TrimRight(ref.System+"."+ref.Object+"."+ref.Attribute, ".")
	}
	return all
}

func setProcess(ctx context.Context, t *tracker.Tracker, name string, g given, define func(context.Context, tracker.Process) error) error {
	err := define(ctx, tracker.Process{
		Name: name, Type: g.text("type", ""), Tool: g.text("tool", ""), Frequency: g.text("frequency", ""),
		Sources: tracker.SystemRefs(g.list("source")...), Targets: tracker.SystemRefs(g.list("target")...), DatasetTypes: g.list("dataset-type"),
	})
	if err != nil || !g.has("max-failures") {
		return err
	}
	n, err := g.flags.GetInt64("max-failures")
	if err != nil {
		return err
	}
	if n == -1 {
		n = tracker.NeverHold
	}
	return t.Admin().SetMaxFailures(ctx, name, int(n))
}

// describeData sets the details of an attribute that a process reads or writes. It
// keeps the values that are not given.
func describeData(ctx context.Context, t *tracker.Tracker, process, system string, g given) error {
	role := tracker.Source
	if g.bool("target") {
		role = tracker.Target
	}
	ref := tracker.DataRef{System: strings.TrimSpace(system), Object: g.text("object", ""), Attribute: g.text("attribute", "")}
	if ref.Attribute == "" {
		return exit(CodeUsage, errors.New("--alias and --expression describe an attribute; give --attribute, too"))
	}
	a := tracker.ProcessAttribute{Role: role, System: ref.System, Object: ref.Object, Attribute: tracker.Attribute{Name: ref.Attribute}}
	return t.Registry().ChangeProcessAttribute(ctx, process, a, func(a *tracker.ProcessAttribute) {
		a.Alias, a.Expression = g.text("alias", a.Alias), g.text("expression", a.Expression)
	})
}
