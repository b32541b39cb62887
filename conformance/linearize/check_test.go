package linearize

import (
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// at is an operation from one millisecond to another.
func at(from, to int, c call, r result) operation {
	return operation{call: c, result: r, from: time.Duration(from) * time.Millisecond, to: time.Duration(to) * time.Millisecond}
}

// TestCheck gives the checker histories that a database must not make, and their
// like that it may.
func TestCheck(t *testing.T) {
	t.Parallel()
	first, second := runKey{"p", 1}, runKey{"p", 2}
	began := func(from, to int, number int64) operation {
		return at(from, to, call{kind: start, process: "p"}, result{number: number})
	}
	failed := func(from, to int) operation { return at(from, to, call{kind: fail, run: first}, result{}) }
	claimed := func(from, to int, run runKey) operation {
		return at(from, to, call{kind: claim, run: run, most: 1}, result{found: map[string]tracker.ExtractStatus{"x": tracker.Loading}})
	}
	read := func(from, to int, status tracker.ExtractStatus) operation {
		return at(from, to, call{kind: extracts}, result{found: map[string]tracker.ExtractStatus{"x": status}})
	}
	refused := func(from, to int, number int64) operation {
		return at(from, to, call{kind: start, process: "p"}, result{refused: tracker.ErrAlreadyRunning, number: number})
	}
	lost := at(3, 4, call{kind: fail, run: first}, result{unknown: true})
	expect(t, []string{"p"}, nil, []expectation{
		{"a start while another starts is refused", true, []operation{began(1, 5, 1), refused(2, 3, 1)}},
		{"two starts at once got runs", false, []operation{began(1, 5, 1), began(2, 3, 2)}},
		{"a start was refused because of a run that had ended", false, []operation{began(1, 2, 1), failed(3, 4), refused(5, 6, 1)}},
		{"a start was refused because of a run that was ending", true, []operation{began(1, 2, 1), failed(3, 6), refused(5, 7, 1)}},
		{"a start went ahead while the process was on hold", false, []operation{at(1, 2, call{kind: hold, process: "p"}, result{}), began(3, 4, 1)}},
		{"a number was left out", false, []operation{began(1, 2, 2)}},
		{"an end that was lost took effect", true, []operation{began(1, 2, 1), lost, began(5, 6, 2)}},
		{"an end that was lost took none", true, []operation{began(1, 2, 1), lost, refused(5, 6, 1)}},
		{"an end that was lost took effect and then none", false, []operation{began(1, 2, 1), lost, began(5, 6, 2), refused(7, 8, 1)}},
	})
	expect(t, nil, []string{"x"}, []expectation{
		{"an extract was claimed twice", false, []operation{claimed(1, 5, first), claimed(2, 6, second)}},
		{"what a failed run had claimed went back", true, []operation{claimed(1, 2, first), failed(3, 4), claimed(5, 6, second)}},
		{"what a failed run had claimed stayed away", false, []operation{claimed(1, 5, first), failed(2, 6), read(7, 8, tracker.Loading)}},
		{"a status was read that was over", false, []operation{claimed(1, 2, first), read(3, 4, tracker.Ready)}},
	})
}

type expectation struct {
	name       string
	right      bool
	operations []operation
}

// expect checks histories of a process or of an extract.
func expect(t *testing.T, processes, names []string, all []expectation) {
	t.Helper()
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := &history{operations: c.operations}
			if found := check(h, processes, names); (len(found) == 0) != c.right {
				t.Errorf("the checker found %v in\n%v", found, h)
			}
		})
	}
}
