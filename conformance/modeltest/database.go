package modeltest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/processtracker/processtracker-go/conformance/model"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Client calls the tracker.
type Client struct {
	Actor string
	Most  int // failures

	tracker *tracker.Tracker
}

// A Database makes the model's calls on a real database. All names that it uses have
// its own prefix, so that many can share a place.
type Database struct {
	clients []Client
	name    string
	ends    time.Time // the model's time 0 for ends of runs; later than any start

	mu       sync.Mutex
	runs     map[model.RunRef]*tracker.Run
	extracts map[model.File]tracker.Extract
}

// data is the model's time 0 for times of data.
var data = time.Date(2024, 2, 28, 12, 0, 0, 0, time.UTC)

func moment(base time.Time, t int) time.Time {
	if t == 0 {
		return time.Time{}
	}
	return base.Add(time.Duration(t) * time.Minute)
}

func number(base, at time.Time) int {
	if at.IsZero() {
		return 0
	}
	return int(at.Sub(base) / time.Minute)
}

// full returns a name with the database's prefix; short removes the prefix.
func (d *Database) full(name string) string  { return d.name + " " + name }
func (d *Database) short(name string) string { return strings.TrimPrefix(name, d.name+" ") }

func (d *Database) path(location string) string { return "/" + d.name + "/" + location }

func (d *Database) file(e tracker.Extract) model.File {
	return model.File{Location: strings.TrimPrefix(e.Location.Path, "/"+d.name+"/"), Name: e.Name}
}

func (d *Database) files(all []tracker.Extract) []model.File {
	var files []model.File
	for _, e := range all {
		files = append(files, d.file(e))
	}
	return files
}

func (d *Database) run(ref model.RunRef) *tracker.Run {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.runs[ref]
}

// Do makes a call through the client that the call names or, if it names none, through
// the first one.
func (d *Database) Do(ctx context.Context, call model.Call) (model.Outcome, error) {
	tr := d.clients[0].tracker
	switch c := call.(type) {
	case model.Start:
		return d.start(ctx, c)
	case model.SetStatus:
		return d.outcome(d.setStatus(ctx, c))
	case model.RecordError:
		return d.outcome(d.run(c.Run).RecordError(ctx, tracker.ErrorRecord{Description: c.Problem}))
	case model.Count:
		counts := tracker.Counts{Records: c.Counts[0], Inserts: c.Counts[1], Updates: c.Counts[2], Deletes: c.Counts[3]}
		if c.Add {
			return d.outcome(d.run(c.Run).AddCounts(ctx, counts))
		}
		return d.outcome(d.run(c.Run).SetCounts(ctx, counts))
	case model.Covers:
		return d.outcome(d.run(c.Run).ExtendRange(ctx, moment(data, c.Low), moment(data, c.High)))
	case model.Hold:
		return d.outcome(d.of(c.By).tracker.Admin().Hold(ctx, d.full(c.Process), c.Reason))
	case model.Release:
		return d.outcome(d.of(c.By).tracker.Admin().Release(ctx, d.full(c.Process), "repaired"))
	case model.SetMaxFailures:
		return d.outcome(tr.Admin().SetMaxFailures(ctx, d.full(c.Process), map[int]int{0: tracker.NeverHold, 1: 1, 2: 2}[c.Most]))
	case model.AddDependency:
		options := tracker.DependencyOptions{Kind: c.Kind}
		if c.Fresh != nil {
			options.Freshness = map[bool]tracker.Freshness{true: tracker.Fresh, false: tracker.AnyAge}[*c.Fresh]
		}
		return d.outcome(tr.Registry().AddDependency(ctx, d.full(c.Child), d.full(c.Parent), options))
	case model.RemoveDependency:
		return d.outcome(tr.Registry().RemoveDependency(ctx, d.full(c.Child), d.full(c.Parent)))
	case model.SetCluster:
		return d.outcome(tr.Registry().SetCluster(ctx, tracker.Cluster{Name: d.full(c.Cluster), MaxMemory: c.Memory, MaxProcessing: c.Processing}))
	case model.JoinCluster:
		return d.outcome(tr.Registry().JoinCluster(ctx, d.full(c.Process), d.full(c.Cluster)))
	case model.LeaveCluster:
		return d.outcome(tr.Registry().LeaveCluster(ctx, d.full(c.Process), d.full(c.Cluster)))
	default:
		return d.doExtracts(ctx, call)
	}
}

func (d *Database) doExtracts(ctx context.Context, call model.Call) (model.Outcome, error) {
	switch c := call.(type) {
	case model.Register:
		return d.register(ctx, c)
	case model.AddParents:
		return d.outcome(d.clients[0].tracker.AddExtractParents(ctx, d.known(c.Child)[0], d.known(c.Parents...)...))
	case model.Move:
		return d.outcome(d.run(c.Run).SetExtractStatus(ctx, c.To, d.known(c.Files...)...))
	case model.Claim:
		claim := tracker.ClaimOptions{Limit: c.Most, Location: d.path(c.Location), From: c.From, OnFailure: c.OnFailure}
		if c.Suffix != "" {
			claim.NameGlob = "*" + c.Suffix
		}
		claimed, err := d.run(c.Run).Claim(ctx, claim)
		o, err := d.outcome(err)
		o.Files = append(o.Files, d.files(claimed)...)
		return o, err
	default:
		return model.Outcome{}, fmt.Errorf("no such call: %v", call)
	}
}

func (d *Database) of(actor string) Client {
	return d.clients[slices.IndexFunc(d.clients, func(c Client) bool { return c.Actor == actor })]
}

func (d *Database) start(ctx context.Context, c model.Start) (model.Outcome, error) {
	options := &tracker.StartOptions{
		Name: c.Name, FromWatermark: c.FromWatermark, Needs: tracker.Capacity{Memory: c.Memory, Processing: c.Processing},
	}
	run, err := d.of(c.By).tracker.Start(ctx, tracker.Process{Name: d.full(c.Process)}, options)
	if err != nil {
		return d.outcome(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.runs[model.RunRef{Process: c.Process, Number: run.Number()}] = run
	return model.Outcome{Run: run.Number(), Low: number(data, run.Low()), Parents: d.parents(run.SoftDependencies())}, nil
}

// setStatus makes the specific call for the status, if there is one.
func (d *Database) setStatus(ctx context.Context, c model.SetStatus) error {
	run := d.run(c.Run)
	switch {
	case c.To == tracker.Completed && c.At > 0:
		return run.Complete(ctx, &tracker.EndOptions{EndedAt: moment(d.ends, c.At)})
	case c.To == tracker.Completed:
		return run.Complete(ctx, nil)
	case c.To == tracker.Failed && c.Problem != "":
		return run.Fail(ctx, tracker.ErrorRecord{Description: c.Problem})
	case c.To == tracker.OnHold && c.Reason != "":
		return run.Hold(ctx, c.Reason, nil)
	default:
		return run.SetStatus(ctx, c.To, nil)
	}
}

func (d *Database) register(ctx context.Context, c model.Register) (model.Outcome, error) {
	files := make([]tracker.File, len(c.Files))
	for i, f := range c.Files {
		files[i] = tracker.File{Location: d.path(f.Location), Name: f.Name, Status: c.Status}
	}
	registered, err := d.run(c.Run).RegisterExtracts(ctx, files...)
	o, err := d.outcome(err)
	o.Files = append(o.Files, d.files(registered)...)
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range registered {
		o.Statuses = append(o.Statuses, e.Status)
		d.extracts[d.file(e)] = e
	}
	return o, err
}

// known returns registered extracts, in the given order.
func (d *Database) known(files ...model.File) []tracker.Extract {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]tracker.Extract, len(files))
	for i, f := range files {
		all[i] = d.extracts[f]
	}
	return all
}

func collect[T any](list iter.Seq2[T, error]) (all []T, err error) {
	for item, err := range list {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}

// outcome converts an error to an outcome. It returns an error that corresponds to no
// refusal of the model's.
func (d *Database) outcome(err error) (model.Outcome, error) {
	var o model.Outcome
	var blocked *tracker.BlockedError
	var done *tracker.DoneError
	var ended *tracker.EndedError
	var unloaded *tracker.UnloadedError
	switch {
	case err == nil:
		return o, nil
	case errors.As(err, &blocked):
		o.Refused = blocked.Reason
		if r := blocked.Run; r != nil {
			o.Run, o.Name, o.Status, o.By = r.Number, r.Name, r.Status, r.Actor
		}
		if h := blocked.Hold; h != nil {
			o.By, o.Reason = h.By, h.Reason
		}
		o.Parents = d.parents(blocked.Parents)
		for _, c := range blocked.Clusters {
			o.Clusters = append(o.Clusters, model.Cluster{
				Name: d.short(c.Name), UsedMemory: c.Used.Memory, UsedProcessing: c.Used.Processing,
			})
		}
	case errors.As(err, &done):
		o = model.Outcome{Refused: tracker.ErrAlreadyDone, Run: done.Run.Number, Name: done.Run.Name, Status: done.Run.Status, By: done.Run.Actor}
	case errors.As(err, &ended):
		o = model.Outcome{Refused: tracker.ErrAlreadyEnded, Run: ended.Number, Status: ended.Status}
	case errors.As(err, &unloaded):
		o = model.Outcome{Refused: tracker.ErrDependency, Files: d.files(unloaded.Parents)}
	case errors.Is(err, tracker.ErrNotFound):
		o.Refused = tracker.ErrNotFound
	case errors.Is(err, tracker.ErrCycle):
		o.Refused = tracker.ErrCycle
	default:
		return o, err
	}
	if !errors.Is(err, o.Refused) {
		return o, fmt.Errorf("not %w: %w", o.Refused, err)
	}
	return o, nil
}

func (d *Database) parents(all []tracker.Parent) (parents []model.Parent) {
	for _, p := range all {
		parents = append(parents, model.Parent{
			Process: d.short(p.Process), Kind: p.Kind, Fresh: p.Fresh && p.Kind != tracker.Soft, Number: p.RunNumber, Status: p.Status, By: p.Actor,
		})
	}
	return parents
}
