package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A RunRef names a run.
type RunRef struct {
	Process string
	Number  int64
}

func (r RunRef) String() string { return fmt.Sprintf("%s#%d", r.Process, r.Number) }

// Counts are the numbers of records, inserts, updates and deletes.
type Counts [4]int64

// A Run is a run as every client sees it.
type Run struct {
	RunRef

	Status      tracker.RunStatus
	By          string
	Name        string
	Low, High   int
	CompletedAt int
	Counts      Counts
	Errors      string // their descriptions, newest first
}

// A File names an extract.
type File struct{ Location, Name string }

func (f File) String() string { return f.Location + "/" + f.Name }

// An Extract is an extract as every client sees it.
type Extract struct {
	File

	Status       tracker.ExtractStatus
	RegisteredBy RunRef
}

// A Process is a process as every client sees it.
type Process struct {
	Name        string
	Known       bool
	Held        string // by whom, and why; empty if it is not on hold
	Failures    int    // in a row …
	MaxFailures int    // … and how many put it on hold; -1: the tracker's limit applies
	Watermark   int
	Totals      Counts
	Runs        []Run    // number 1 comes first
	Soft        []Parent // that blocked, or would have, when the latest run started
}

// A View is everything that a client can read from a database.
type View struct {
	Processes []Process
	Extracts  []Extract // oldest first
}

// String returns one line for each object, so that two views can be compared.
func (v View) String() string {
	var b strings.Builder
	for _, p := range v.Processes {
		if !p.Known {
			fmt.Fprintf(&b, "%s: not known\n", p.Name)
			continue
		}
		fmt.Fprintf(&b, "%s: held %q, %d failures of %d, watermark %d, totals %v, soft parents %v\n",
			p.Name, p.Held, p.Failures, p.MaxFailures, p.Watermark, p.Totals, p.Soft)
		for _, r := range p.Runs {
			fmt.Fprintf(&b, "  %d %s by %s, name %q, data %d to %d, completed at %d, counts %v, errors %q\n",
				r.Number, r.Status, r.By, r.Name, r.Low, r.High, r.CompletedAt, r.Counts, r.Errors)
		}
	}
	for _, e := range v.Extracts {
		fmt.Fprintf(&b, "%v %s, registered by %v\n", e.File, e.Status, e.RegisteredBy)
	}
	return b.String()
}

// String shows all that can be read.
func (s *State) String() string { return s.View(slices.Sorted(maps.Keys(s.processes))).String() }

// View returns everything that a client can read about these processes and all extracts.
func (s *State) View(processes []string) View {
	var v View
	for _, name := range processes {
		p, ok := s.processes[name]
		if !ok {
			v.Processes = append(v.Processes, Process{Name: name})
			continue
		}
		seen := Process{Name: name, Known: true, Failures: p.failures, MaxFailures: p.maxFailures, Watermark: p.watermark, Totals: p.totals}
		if p.hold != nil {
			seen.Held = p.hold.by + ": " + p.hold.reason
		}
		for _, r := range p.runs {
			seen.Runs = append(seen.Runs, r.Run)
			seen.Soft = r.soft
		}
		v.Processes = append(v.Processes, seen)
	}
	for _, e := range s.extracts {
		v.Extracts = append(v.Extracts, e.Extract)
	}
	return v
}

// WithoutSoft returns the view without soft parents.
func (v View) WithoutSoft() View {
	v.Processes = slices.Clone(v.Processes)
	for i := range v.Processes {
		v.Processes[i].Soft = nil
	}
	return v
}

// A Parent is a process that blocked a start, or would have if it were not soft.
type Parent struct {
	Process string
	Kind    tracker.DependencyKind
	Fresh   bool  // not set for a soft one
	Number  int64 // of its latest run; 0 if it never ran
	Status  tracker.RunStatus
	By      string
}

// A Cluster is a cluster that has no room.
type Cluster struct {
	Name                       string
	UsedMemory, UsedProcessing int64
}

// An Outcome is the result of a call: the sentinel of a refusal, if any, and the other
// returned values. Which of them are set depends on the call.
type Outcome struct {
	Refused  error
	Run      int64             // started, active, done or ended …
	Name     string            // … with this name …
	Status   tracker.RunStatus // … and this status
	By       string            // who started the run, or holds the process …
	Reason   string            // … and why
	Low      int               // the beginning of the started run's data
	Parents  []Parent          // in the way of a start, or soft
	Clusters []Cluster
	Files    []File // claimed, or to be loaded before
	Statuses []tracker.ExtractStatus
	Runs     []tracker.RunStatus // by number, where they are read
}

// String shows what is set.
func (o Outcome) String() string {
	parts := []string{"ok"}
	if o.Refused != nil {
		parts[0] = o.Refused.Error()
	}
	show := func(set bool, format string, value any) {
		if set {
			parts = append(parts, fmt.Sprintf(format, value))
		}
	}
	show(o.Run != 0, "run %d", o.Run)
	show(o.Name != "", "name %q", o.Name)
	show(o.Status != "", "%s", o.Status)
	show(o.By != "", "by %s", o.By)
	show(o.Reason != "", "because %q", o.Reason)
	show(o.Low != 0, "low %d", o.Low)
	show(len(o.Parents) > 0, "parents %v", o.Parents)
	show(len(o.Clusters) > 0, "clusters %v", o.Clusters)
	show(len(o.Files) > 0, "files %v", o.Files)
	show(len(o.Statuses) > 0, "statuses %v", o.Statuses)
	show(len(o.Runs) > 0, "runs %q", o.Runs)
	return strings.Join(parts, ", ")
}

// Same reports whether two outcomes say the same.
func (o Outcome) Same(other Outcome) bool {
	return o.Refused == other.Refused && o.String() == other.String() //nolint:errorlint // sentinels as they are
}

func refused(sentinel error) Outcome { return Outcome{Refused: sentinel} }

// ended is the error of a write to a run that has ended.
func (r *run) ended() Outcome {
	return Outcome{Refused: tracker.ErrAlreadyEnded, Run: r.Number, Status: r.Status}
}

// A Call is one call of the tracker.
type Call interface {
	// Do changes the state as the call does, and returns what it returns.
	Do(s *State) Outcome
	String() string
}

func words(parts ...any) string {
	return strings.Join(strings.Fields(strings.Trim(fmt.Sprintln(parts...), "\n")), " ")
}
