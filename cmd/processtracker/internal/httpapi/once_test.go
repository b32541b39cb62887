package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// clock is set by hand.
type clock struct{ now time.Time }

func keeping() (*Server, *clock) {
	c := &clock{now: time.Date(2026, 11, 29, 7, 50, 0, 0, time.UTC)}
	return &Server{answers: newAnswers(func() time.Time { return c.now })}, c
}

// call makes a call with a key, and reports whether it was made.
func (s *Server) callWith(t *testing.T, key string, a answer) (answer, bool) {
	t.Helper()
	made := false
	got := s.once(t.Context(), keyed{"client", key}, fingerprint("m", "", []byte(key)), func(context.Context) answer {
		made = true
		return a
	})
	return got, made
}

var done = answer{status: http.StatusOK, body: []byte("1")}

// An answer is kept for 24 hours.
func TestAnswersAreKept(t *testing.T) {
	t.Parallel()
	s, c := keeping()
	for _, step := range []struct {
		after time.Duration
		made  bool
	}{{0, true}, {24*time.Hour - 1, false}, {1, true}, {time.Hour, false}} {
		c.now = c.now.Add(step.after)
		if got, made := s.callWith(t, "k", done); made != step.made || string(got.body) != "1" {
			t.Errorf("after %v: made %v, %s", step.after, made, got.body)
		}
	}
}

// A refusal is stored; an answer whose cause may be temporary is not.
func TestFailuresAreNotKept(t *testing.T) {
	t.Parallel()
	s, _ := keeping()
	for key, a := range map[string]answer{"refused": s.problem(tracker.ErrAlreadyRunning), "busy": s.problem(tracker.ErrBusy)} {
		s.callWith(t, key, a)
		if _, made := s.callWith(t, key, done); made != (key == "busy") {
			t.Errorf("%s: made again: %v", key, made)
		}
	}
}

// The oldest answers are removed if there are too many or they are too large.
func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	s, _ := keeping()
	large := answer{status: http.StatusOK, body: make([]byte, keptBytes/3)}
	s.callWith(t, "a", large)
	s.callWith(t, "b", large)
	s.callWith(t, "c", large)
	s.callWith(t, "d", large)
	if _, made := s.callWith(t, "b", large); made {
		t.Error("the last answers are forgotten")
	}
	if _, made := s.callWith(t, "a", done); !made {
		t.Error("the first answer is kept")
	}
	for i := range keptMost {
		s.callWith(t, "many"+strings.Repeat("x", i%200)+string(rune('a'+i/200)), done)
	}
	if n := len(s.answers.calls); n > keptMost || len(s.answers.order) > keptMost {
		t.Errorf("%d answers", n)
	}
}

// A repeated call waits for the answer to the first one. A call continues if its client
// is gone.
func TestConcurrentCallsWithOneKeyAreOneCall(t *testing.T) {
	t.Parallel()
	s, _ := keeping()
	ctx, gone := context.WithCancel(t.Context())
	k, print := keyed{"client", "k"}, fingerprint("m", "", nil)
	working, finish := make(chan struct{}), make(chan struct{})
	first := make(chan answer)
	go func() {
		first <- s.once(ctx, k, print, func(ctx context.Context) answer {
			close(working)
			<-finish
			if ctx.Err() != nil {
				t.Error("the call ends with its client")
			}
			return done
		})
	}()
	<-working
	gone()
	second := make(chan answer)
	go func() {
		second <- s.once(t.Context(), k, print, func(context.Context) answer {
			t.Error("the call is made twice")
			return done
		})
	}()
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if a := s.once(impatient, k, print, nil); a.status != http.StatusServiceUnavailable {
		t.Errorf("who does not wait gets %d", a.status)
	}
	close(finish)
	if a, b := <-first, <-second; string(a.body) != "1" || string(b.body) != "1" {
		t.Errorf("%s, %s", a.body, b.body)
	}
}

// An answer to a call that may succeed later tells when to retry.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	s, _ := keeping()
	for err, want := range map[error]string{tracker.ErrBusy: "1", tracker.ErrDisconnected: "1", tracker.ErrOnHold: "", tracker.ErrInvalid: ""} {
		w := httptest.NewRecorder()
		s.problem(err).write(w)
		if got := w.Header().Get("Retry-After"); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}
