package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// Starts of a process that refuses take turns until one of them has started a run and none waits.
func TestStartsOfAProcessThatRefusesTakeTurns(t *testing.T) {
	t.Parallel()
	var r refusing
	if r.enter("process") != nil {
		t.Fatal("one that refused nothing has turns")
	}
	r.add("process")
	first, second := r.enter("process"), r.enter("process")
	end, err := first.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := second.take(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("the second one waits and its context ends: %v", err)
	}
	end()
	r.leave("process", first, true)
	if third := r.enter("process"); third != second {
		t.Error("it was forgotten while one waits")
	} else {
		r.leave("process", third, false)
	}
	r.leave("process", second, true)
	if r.enter("process") != nil {
		t.Error("it was not forgotten when its run was started")
	}
	for i := range 3 * mostRefusing {
		r.add(fmt.Sprint(i))
	}
	if n := len(r.turns); n > mostRefusing {
		t.Errorf("%d are remembered", n)
	}
}
