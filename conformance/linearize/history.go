package linearize

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/processtracker/processtracker-go/conformance/model"
)

// An operation is a call with what it returned, and when it was made and when it
// returned, in time since the history began. An unknown operation may have
// taken effect, or may do so later.
type operation struct {
	client   int
	call     model.Call
	outcome  model.Outcome
	unknown  bool
	from, to time.Duration
}

// explained reports whether the operation may have returned what the model returns.
func (o operation) explained(want model.Outcome) bool { return o.unknown || o.outcome.Same(want) }

func (o operation) String() string {
	outcome := o.outcome.String()
	if o.unknown {
		outcome = "unknown"
	}
	return fmt.Sprintf("%9v to %9v  client %d  %v -> %s", o.from.Round(time.Microsecond), o.to.Round(time.Microsecond), o.client, o.call, outcome)
}

// A history is what clients did at the same time.
type history struct {
	began time.Time // with the monotonic clock, as only differences to it are taken

	mu         sync.Mutex
	operations []operation
}

// record makes a call and keeps what came of it.
func (h *history) record(client int, c model.Call, do func() (outcome model.Outcome, unknown bool)) {
	o := operation{client: client, call: c, from: time.Since(h.began)}
	o.outcome, o.unknown = do()
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
