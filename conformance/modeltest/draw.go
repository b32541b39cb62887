package modeltest

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/processtracker/processtracker-go/conformance/model"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// The objects of the calls. There are few of each kind, so that calls affect each other.
var (
	processes = []string{"A", "B", "C"}
	clusters  = []string{"K", "L"}
	locations = []string{"x", "y"}
	names     = []string{"1.csv", "2.csv", "3.txt"}
)

// drawn is a call in the form that rapid prints.
type drawn struct{ model.Call }

// GoString implements [fmt.GoStringer].
func (d drawn) GoString() string { return d.String() }

// A hat draws calls for the objects in a state of the model.
type hat struct {
	*rapid.T

	state   *model.State
	clients []Client
	step    int // the model's current time
}

func from[T any](t *rapid.T, what string, all ...T) T { return rapid.SampledFrom(all).Draw(t, what) }

func (h hat) process() string { return from(h.T, "process", processes...) }
func (h hat) by() Client      { return from(h.T, "client", h.clients...) }

// cluster draws one of the two clusters, usually one that exists.
func (h hat) cluster() string {
	made := h.state.Clusters()
	return from(h.T, "cluster", slices.Concat(made, made, made, clusters)...)
}

// started returns the latest runs of the processes that ever ran; active ones are
// repeated many times.
func (h hat) started() (all []model.RunRef) {
	for _, p := range processes {
		switch latest, active := h.state.Latest(p); {
		case active:
			all = append(all, latest, latest, latest, latest)
		case latest.Number > 0:
			all = append(all, latest)
		}
	}
	return all
}

// run draws a run that was started, usually an active one.
func (h hat) run() model.RunRef {
	run := from(h.T, "run", h.started()...)
	run.Number = max(1, run.Number-from(h.T, "runs ago", int64(0), 0, 0, 0, 0, 0, 1, 2))
	return run
}

// idle draws a process, usually one that is not active.
func (h hat) idle() string {
	all := slices.Clone(processes)
	for _, p := range processes {
		if _, active := h.state.Latest(p); !active {
			all = append(all, p, p, p)
		}
	}
	return from(h.T, "process", all...)
}

// some draws 1 to 3 of all.
func some[T any](t *rapid.T, what string, all []T) []T {
	return rapid.Permutation(all).Draw(t, what)[:rapid.IntRange(1, min(3, len(all))).Draw(t, "how many")]
}

// amount draws a number or, often, no limit.
func (h hat) amount(what string) *int64 {
	n := from(h.T, what, int64(-1), 0, 2, 4)
	if n < 0 {
		return nil
	}
	return &n
}

// calls returns the kinds of calls to draw from; the usual ones are repeated many
// times. Calls on a run are usual only while one is active, and omitted before there is
// any.
func (h hat) calls() []func() model.Call {
	all := []func() model.Call{
		h.start, h.addDependency, h.start, h.joinCluster, h.start, h.addDependency, h.setCluster, h.joinCluster,
		h.hold, h.release, h.leaveCluster, h.removeDependency, h.maxFailures, h.release, h.start,
	}
	runs := []func() model.Call{h.setStatus, h.count, h.register, h.covers}
	files := []func() model.Call{h.claim, h.move, h.addParents}
	if slices.ContainsFunc(processes, func(p string) bool { _, active := h.state.Latest(p); return active }) {
		runs = append(runs, h.count, h.setStatus, h.register, h.covers, h.count, h.setStatus, h.recordError)
		files = append(files, h.move, h.claim, h.claim, h.addParents, h.move, h.claim)
	}
	if len(h.started()) > 0 {
		all = append(runs, all...)
	}
	if len(h.state.Files()) > 0 {
		all = append(files, all...)
	}
	return all
}

// call draws a call.
func (h hat) call() model.Call {
	all := h.calls()
	return all[rapid.IntRange(0, len(all)-1).Draw(h.T, "call")]()
}

func (h hat) start() model.Call {
	by := h.by()
	return model.Start{
		By: by.Actor, MaxFailures: by.Most, Process: h.idle(),
		Name:          from(h.T, "name", "", "", "", "Monday", "Tuesday"),
		FromWatermark: rapid.Bool().Draw(h.T, "from the watermark"),
		Memory:        from(h.T, "memory", int64(0), 0, 1, 2, 3), Processing: from(h.T, "processing", int64(0), 0, 1, 2, 3),
	}
}

func (h hat) setStatus() model.Call {
	c := model.SetStatus{Run: h.run(), To: from(h.T, "status",
		tracker.Completed, tracker.Completed, tracker.Completed, tracker.Failed, tracker.Failed, tracker.Failed, tracker.Failed,
		tracker.OnHold, tracker.Running, model.Waiting, model.Cancelled)}
	switch c.To {
	case tracker.Completed:
		c.At = h.step
	case tracker.Failed:
		c.Problem = from(h.T, "problem", "", "no disk", "no net")
	case tracker.OnHold:
		c.Reason = from(h.T, "reason", "", "odd rows")
	default:
	}
	return c
}

func (h hat) recordError() model.Call {
	return model.RecordError{Run: h.run(), Problem: from(h.T, "problem", "a bad row", "a late file")}
}

func (h hat) count() model.Call {
	c := model.Count{Run: h.run(), Add: rapid.Bool().Draw(h.T, "add")}
	for i := range c.Counts {
		c.Counts[i] = from(h.T, "count", int64(0), 1, 10, 1<<40)
	}
	return c
}

func (h hat) covers() model.Call {
	c := model.Covers{Run: h.run(), Low: rapid.IntRange(0, 20).Draw(h.T, "low")}
	c.High = from(h.T, "high", 0, c.Low, c.Low+1, c.Low+10)
	if c.Low+c.High == 0 {
		c.High = 1 // otherwise the call would say nothing
	}
	return c
}

func (h hat) hold() model.Call {
	return model.Hold{By: h.by().Actor, Process: h.process(), Reason: from(h.T, "reason", "maintenance", "audit")}
}

func (h hat) release() model.Call {
	held := h.state.Held()
	return model.Release{By: h.by().Actor, Process: from(h.T, "process", slices.Concat(processes, held, held, held)...)}
}

func (h hat) maxFailures() model.Call {
	return model.SetMaxFailures{Process: h.process(), Most: rapid.IntRange(-1, 2).Draw(h.T, "failures")}
}

func (h hat) addDependency() model.Call {
	c := model.AddDependency{
		Child: h.process(), Parent: h.process(), Kind: from(h.T, "kind", tracker.Normal, tracker.Hard, tracker.Soft, ""),
	}
	if rapid.Bool().Draw(h.T, "say whether fresh") {
		fresh := rapid.Bool().Draw(h.T, "fresh")
		c.Fresh = &fresh
	}
	return c
}

func (h hat) removeDependency() model.Call {
	return model.RemoveDependency{Child: h.process(), Parent: h.process()}
}

func (h hat) setCluster() model.Call {
	return model.SetCluster{Cluster: h.cluster(), Memory: h.amount("memory"), Processing: h.amount("processing")}
}

func (h hat) joinCluster() model.Call {
	return model.JoinCluster{Process: h.process(), Cluster: h.cluster()}
}

func (h hat) leaveCluster() model.Call {
	return model.LeaveCluster{Process: h.process(), Cluster: h.cluster()}
}

func (h hat) register() model.Call {
	var all []model.File
	for _, location := range locations {
		for _, name := range names {
			all = append(all, model.File{Location: location, Name: name})
		}
	}
	return model.Register{
		Run: h.run(), Files: some(h.T, "files", all),
		Status: from(h.T, "status", tracker.Ready, tracker.Ready, tracker.Initializing, tracker.Loaded, tracker.Loading),
	}
}

// addParents makes extracts wait only for older ones: extracts that wait for each other
// can never be loaded one by one.
func (h hat) addParents() model.Call {
	all := h.state.Files()
	child := rapid.IntRange(0, len(all)-1).Draw(h.T, "child")
	return model.AddParents{Child: all[child], Parents: some(h.T, "parents", all[:max(child, 1)])}
}

func (h hat) move() model.Call {
	return model.Move{
		Run: h.run(), Files: some(h.T, "files", h.state.Files()),
		To: from(h.T, "status", tracker.Ready, tracker.Loading, tracker.Loading, tracker.Loaded, tracker.Loaded, tracker.Archived,
			tracker.Deleted, tracker.InError),
	}
}

func (h hat) claim() model.Call {
	return model.Claim{
		Run: h.run(), Most: rapid.IntRange(1, 4).Draw(h.T, "most"), Location: from(h.T, "location", locations...),
		Suffix: from(h.T, "suffix", "", "", ".csv"), From: from(h.T, "from", tracker.Ready, tracker.Ready, tracker.Ready, tracker.InError),
		OnFailure: from(h.T, "on failure", tracker.Ready, tracker.InError),
	}
}
