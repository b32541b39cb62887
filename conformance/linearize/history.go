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

// An operation is a call with its result, and the times of the call and the return
// since the history began. An operation with an unknown outcome may have taken effect,
// or may do so later.
type operation struct {
	client   int
	call     model.Call
	outcome  model.Outcome
	unknown  bool
	from, to time.Duration
}

// explained reports whether the model's result explains the operation's.
func (o operation) explained(want model.Outcome) bool { return o.unknown || o.outcome.Same(want) }

func (o operation) String() string {
	outcome := o.outcome.String()
	if o.unknown {
		outcome = "unknown"
	}
	return fmt.Sprintf("%9v to %9v  client %d  %v -> %s", o.from.Round(time.Microsecond), o.to.Round(time.Microsecond), o.client, o.call, outcome)
}

// A history is the operations of concurrent clients.
type history struct {
	began time.Time // has a monotonic clock reading; only differences to it are used

	mu         sync.Mutex
	operations []operation
}

// record makes a call and stores the result.
func (h *history) record(client int, c model.Call, do func() (outcome model.Outcome, unknown bool)) {
	o := operation{client: client, call: c, from: time.Since(h.began)}
	o.outcome, o.unknown = do()
	o.to = time.Since(h.began)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, o)
}

// String lists the operations in the order of their calls.
func (h *history) String() string {
	ordered := slices.SortedFunc(slices.Values(h.operations), func(a, b operation) int { return cmp.Compare(a.from, b.from) })
	var b strings.Builder
	for _, o := range ordered {
		fmt.Fprintln(&b, o)
	}
	return b.String()
}
