package linearize

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A kind is which of the tracker's calls a [call] is.
type kind string

const (
	start    kind = "start"
	complete kind = "complete"
	fail     kind = "fail"
	stop     kind = "stop" // the run ends as on hold
	hold     kind = "hold" // an operator's
	release  kind = "release"
	runs     kind = "runs" // read the statuses of a process's runs

	claim    kind = "claim"
	set      kind = "set"      // extracts' status
	extracts kind = "extracts" // read the statuses of all
)

// A runKey names a run.
type runKey struct {
	process string
	number  int64
}

func (k runKey) String() string { return fmt.Sprintf("%s/%d", k.process, k.number) }

// A call is one call of the tracker.
type call struct {
	kind    kind
	process string
	run     runKey // of the calls that a run makes
	most    int
	status  tracker.ExtractStatus
	names   []string
}

func (c call) String() string {
	switch c.kind {
	case start, hold, release, runs:
		return fmt.Sprintf("%s %s", c.kind, c.process)
	case claim:
		return fmt.Sprintf("%v: claim %d", c.run, c.most)
	case set:
		return fmt.Sprintf("%v: set %s %s", c.run, strings.Join(c.names, " "), c.status)
	case extracts:
		return "extracts"
	default:
		return fmt.Sprintf("%v: %s", c.run, c.kind)
	}
}

// A result is what a call returned. Of an unknown one nobody knows whether it
// took effect, nor whether it still will.
type result struct {
	unknown bool
	refused error                            // the sentinel; nil if it was not refused
	number  int64                            // of the run that was started, or is in the way
	status  tracker.RunStatus                // that the run has ended with
	runs    []tracker.RunStatus              // by number
	found   map[string]tracker.ExtractStatus // what was claimed, or read
}

func (r result) String() string {
	var parts []string
	switch {
	case r.unknown:
		return "unknown"
	case r.refused != nil:
		parts = append(parts, r.refused.Error())
	default:
		parts = append(parts, "ok")
	}
	if r.number != 0 {
		parts = append(parts, fmt.Sprintf("run %d", r.number))
	}
	if r.status != "" {
		parts = append(parts, string(r.status))
	}
	for i, status := range r.runs {
		parts = append(parts, fmt.Sprintf("%d %s", i+1, status))
	}
	for _, name := range slices.Sorted(maps.Keys(r.found)) {
		parts = append(parts, fmt.Sprintf("%s %s", name, r.found[name]))
	}
	return strings.Join(parts, ", ")
}

// An operation is a call with what it returned, and when it was made and when it
// returned, in time since the history began.
type operation struct {
	client   int
	call     call
	result   result
	from, to time.Duration
}

func (o operation) String() string {
	return fmt.Sprintf("%9v to %9v  client %d  %v -> %v",
		o.from.Round(time.Microsecond), o.to.Round(time.Microsecond), o.client, o.call, o.result)
}

// A history is what clients did at the same time.
type history struct {
	began time.Time // with the monotonic clock, as only differences to it are taken

	mu         sync.Mutex
	operations []operation
}

// record makes a call and keeps what came of it.
func (h *history) record(client int, c call, do func() result) {
	o := operation{client: client, call: c, from: time.Since(h.began)}
	o.result = do()
	o.to = time.Since(h.began)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, o)
}

// String lists the operations by the time at which they were called.
func (h *history) String() string {
	ordered := slices.SortedFunc(slices.Values(h.operations), func(a, b operation) int { return cmp.Compare(a.from, b.from) })
	var b strings.Builder
	for _, o := range ordered {
		fmt.Fprintln(&b, o)
	}
	return b.String()
}
