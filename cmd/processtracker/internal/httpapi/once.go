package httpapi

import (
	"context"
	"crypto/sha256"
	"net/http"
	"sync"
	"time"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
)

// The limits of the answers that are stored for repeated calls: age, total size and number.
const (
	keptFor   = 24 * time.Hour
	keptBytes = 64 << 20
	keptMost  = 10_000
)

// patience limits a call with a key. Such a call continues when its client is gone.
const patience = time.Minute

// longestKey is the maximum length of a key in characters.
const longestKey = 255

// keyed identifies a call. The same key from two clients is two calls.
type keyed struct{ client, key string }

// kept is a call that was made, or that is in progress.
type kept struct {
	keyed

	print [sha256.Size]byte
	at    time.Time
	done  chan struct{} // closed when there is an answer
	answer
}

// answers holds the stored answers, in the order of their calls.
type answers struct {
	now func() time.Time

	mu    sync.Mutex
	calls map[keyed]*kept
	order []*kept
	bytes int
}

func newAnswers(now func() time.Time) *answers { return &answers{now: now, calls: map[keyed]*kept{}} }

func fingerprint(method, token string, body []byte) [sha256.Size]byte {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(method), []byte(token), body} {
		sum := sha256.Sum256(part)
		_, _ = h.Write(sum[:]) // never fails
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// once makes a call unless it was made before, and returns the same answer for every
// repetition. A call is made again if its failure may be temporary.
func (s *Server) once(ctx context.Context, k keyed, print [sha256.Size]byte, do func(context.Context) answer) answer {
	if !validKey(k.key) {
		return s.own("invalid", nil, "the header %s has %d characters; give 1 to %d printable ASCII characters", IdempotencyKey, len(k.key), longestKey)
	}
	call, first := s.answers.enter(k, print)
	if call.print != print {
		return s.own(rpc.KeyReused, nil, "the %s %q was used for another call; give each call a key of its own, such as a random UUID", IdempotencyKey, k.key)
	}
	if first {
		working, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		s.answers.settle(call, do(working))
		return call.answer
	}
	select {
	case <-call.done:
		return call.answer
	case <-ctx.Done():
		return s.problem(ctx.Err())
	}
}

func validKey(key string) bool {
	for _, c := range []byte(key) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return key != "" && len(key) <= longestKey
}

// enter returns the call with that identity, and whether the caller has to make it.
func (a *answers) enter(k keyed, print [sha256.Size]byte) (call *kept, first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.clean()
	if call, ok := a.calls[k]; ok {
		return call, false
	}
	call = &kept{keyed: k, print: print, at: a.now(), done: make(chan struct{})}
	a.calls[k], a.order = call, append(a.order, call)
	return call, true
}

// settle stores the answer of a call.
func (a *answers) settle(call *kept, answered answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	call.answer = answered
	close(call.done)
	if a.calls[call.keyed] != call {
		return // it was removed meanwhile
	}
	a.bytes += len(answered.body)
	if answered.status >= http.StatusInternalServerError {
		delete(a.calls, call.keyed)
	}
}

// clean removes old answers, and the oldest ones if there are too many. The caller must
// hold mu.
func (a *answers) clean() {
	for len(a.order) > 0 {
		oldest := a.order[0]
		if a.now().Sub(oldest.at) < keptFor && a.bytes < keptBytes && len(a.order) < keptMost {
			return
		}
		a.order = a.order[1:]
		a.bytes -= len(oldest.body)
		if a.calls[oldest.keyed] == oldest {
			delete(a.calls, oldest.keyed)
		}
	}
}
