package modeltest

import (
	"cmp"
	"context"
	"slices"

	"github.com/processtracker/processtracker-go/conformance/model"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// view reads the state that the model describes, through one of the clients.
func (d *Database) view(ctx context.Context, by Client) (model.View, error) {
	var v model.View
	for _, name := range processes {
		p, err := d.process(ctx, by, name)
		if err != nil {
			return v, err
		}
		v.Processes = append(v.Processes, p)
	}
	var found []tracker.Extract
	for _, location := range locations {
		all, err := d.Extracts(ctx, by.Actor, location)
		if err != nil {
			return v, err
		}
		found = append(found, all...)
	}
	slices.SortFunc(found, func(a, b tracker.Extract) int {
		return cmp.Or(a.RegisteredAt.Compare(b.RegisteredAt), cmp.Compare(a.ID, b.ID))
	})
	for _, e := range found {
		v.Extracts = append(v.Extracts, model.Extract{
			File: d.file(e), Status: e.Status, RegisteredBy: model.RunRef{Process: d.short(e.Process), Number: e.RunNumber},
		})
	}
	return v, nil
}

// Runs returns the runs of a process as an actor's client reads them, newest first.
func (d *Database) Runs(ctx context.Context, by, process string) ([]tracker.RunInfo, error) {
	return collect(d.of(by).tracker.Runs(ctx, tracker.RunFilter{Process: d.full(process)}))
}

// Extracts returns the extracts in a location as an actor's client reads them.
func (d *Database) Extracts(ctx context.Context, by, location string) ([]tracker.Extract, error) {
	return collect(d.of(by).tracker.Extracts(ctx, tracker.ExtractFilter{Location: d.path(location)}))
}

func (d *Database) process(ctx context.Context, by Client, name string) (model.Process, error) {
	tr, p := by.tracker, model.Process{Name: name}
	infos, err := collect(tr.Registry().Processes(ctx, tracker.ProcessFilter{Name: d.full(name)}))
	if err != nil || len(infos) == 0 {
		return p, err
	}
	info := infos[0]
	p.Known, p.Watermark, p.Totals = true, number(data, info.Totals.Watermark), counts(info.Totals.Counts)
	p.Failures, p.MaxFailures = int(info.Failures), info.MaxFailures
	switch info.MaxFailures {
	case 0:
		p.MaxFailures = -1
	case tracker.NeverHold:
		p.MaxFailures = 0
	}
	if info.Hold != nil {
		p.Held = info.Hold.By + ": " + info.Hold.Reason
	}
	runs, err := d.Runs(ctx, by.Actor, name)
	if err != nil {
		return p, err
	}
	recorded, err := collect(tr.Errors(ctx, tracker.ErrorFilter{Process: d.full(name)}))
	if err != nil {
		return p, err
	}
	slices.Reverse(runs)
	for _, r := range runs {
		seen := model.Run{
			RunRef: model.RunRef{Process: name, Number: r.Number}, Status: r.Status, By: r.Actor, Name: r.Name,
			Low: number(data, r.Low), High: number(data, r.High), Counts: counts(r.Counts),
		}
		if r.Status == tracker.Completed {
			seen.CompletedAt = number(d.ends, r.EndedAt)
		}
		for _, e := range recorded {
			if e.RunNumber == r.Number {
				seen.Errors += e.Description + ";"
			}
		}
		p.Runs = append(p.Runs, seen)
	}
	if len(runs) > 0 {
		soft, err := tr.SoftDependencies(ctx, runs[len(runs)-1].ID)
		if err != nil {
			return p, err
		}
		p.Soft = d.parents(soft)
	}
	return p, nil
}

func counts(c tracker.Counts) model.Counts {
	return model.Counts{c.Records, c.Inserts, c.Updates, c.Deletes}
}
