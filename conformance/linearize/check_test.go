package linearize

import (
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/model"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// at returns an operation between two times in milliseconds.
func at(from, to int, c model.Call, outcome model.Outcome) operation {
	return operation{call: c, outcome: outcome, from: time.Duration(from) * time.Millisecond, to: time.Duration(to) * time.Millisecond}
}

// TestCheck checks histories that a database must not produce, and similar ones that it may.
func TestCheck(t *testing.T) {
	t.Parallel()
	first, second, x := model.RunRef{Process: "p", Number: 1}, model.RunRef{Process: "p", Number: 2}, model.File{Name: "x"}
	began := func(from, to int, number int64) operation {
		return at(from, to, model.Start{By: "Ann", Process: "p"}, model.Outcome{Run: number})
	}
	end := model.SetStatus{Run: first, To: tracker.Failed}
	failed := func(from, to int) operation { return at(from, to, end, model.Outcome{}) }
	claimed := func(from, to int, run model.RunRef) operation {
		return at(from, to, model.Claim{Run: run, Most: 1, From: tracker.Ready, OnFailure: tracker.Ready}, model.Outcome{Files: []model.File{x}})
	}
	read := func(from, to int, status tracker.ExtractStatus) operation {
		return at(from, to, readExtracts{}, model.Outcome{Files: []model.File{x}, Statuses: []tracker.ExtractStatus{status}})
	}
	refused := func(from, to int, number int64) operation {
		return at(from, to, model.Start{By: "Bob", Process: "p"},
			model.Outcome{Refused: tracker.ErrAlreadyRunning, Run: number, Status: tracker.Running, By: "Ann"})
	}
	lost := operation{call: end, unknown: true, from: 3 * time.Millisecond, to: 4 * time.Millisecond}
	expect(t, []string{"p"}, nil, []expectation{
		{"a start while another starts is refused", true, []operation{began(1, 5, 1), refused(2, 3, 1)}},
		{"two starts at once got runs", false, []operation{began(1, 5, 1), began(2, 3, 2)}},
		{"a start was refused because of a run that had ended", false, []operation{began(1, 2, 1), failed(3, 4), refused(5, 6, 1)}},
		{"a start was refused because of a run that was ending", true, []operation{began(1, 2, 1), failed(3, 6), refused(5, 7, 1)}},
		{"a start went ahead while the process was on hold", false, []operation{at(1, 2, model.Hold{Process: "p"}, model.Outcome{}), began(3, 4, 1)}},
		{"a number was left out", false, []operation{began(1, 2, 2)}},
		{"an end that was lost took effect", true, []operation{began(1, 2, 1), lost, began(5, 6, 2)}},
		{"an end that was lost took none", true, []operation{began(1, 2, 1), lost, refused(5, 6, 1)}},
		{"a run that had ended wrote", false, []operation{began(1, 2, 1), failed(3, 4), at(5, 6, model.Move{Run: first}, model.Outcome{})}},
		{"an end that was lost took effect and then none", false, []operation{began(1, 2, 1), lost, began(5, 6, 2), refused(7, 8, 1)}},
	})
	expect(t, nil, []model.File{x}, []expectation{
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
func expect(t *testing.T, processes []string, files []model.File, all []expectation) {
	t.Helper()
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := &history{operations: c.operations}
			if found := check(h, processes, files); (len(found) == 0) != c.right {
				t.Errorf("the checker found %v in\n%v", found, h)
			}
		})
	}
}
