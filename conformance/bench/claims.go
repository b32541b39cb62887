package bench

import (
	"context"
	"fmt"
	"strings"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// seedClaims registers ready extracts, the same number for each way: the tracker's
// first, because a claim takes the oldest, and then the ones whose IDs the hand-written
// SQL knows.
func (p *place) seedClaims(ctx context.Context, many int) error {
	run, err := p.tracker.Start(ctx, tracker.Process{Name: processOf(ours, 0)}, nil)
	if err != nil {
		return err
	}
	for _, w := range []way{ours, facts} {
		files := make([]tracker.File, many)
		for i := range files {
			files[i] = tracker.File{Location: landing, Name: fmt.Sprintf("claim %s %04d.csv", w, i), Status: tracker.Ready}
		}
		all, err := run.RegisterExtracts(ctx, files...)
		if err != nil {
			return err
		}
		p.known = p.known[:0]
		for _, e := range all {
			p.known = append(p.known, e.ID)
		}
	}
	return run.Complete(ctx, nil)
}

// claimOperations claim one extract, and as many as there are for it. The run fails
// afterwards, which returns them.
func claimOperations(many int) []operation {
	return []operation{claimOperation(1), claimOperation(many)}
}

func claimOperation(n int) operation {
	return operation{
		name: "claim " + map[int]string{1: "one", few: "100", many: "1,000"}[n],
		prepare: func(ctx context.Context, p *place, s *subject) error {
			s.ids = p.known[:n]
			return begin(ctx, p, s)
		},
		ours: func(ctx context.Context, _ *place, s *subject) error {
			all, err := s.run.Claim(ctx, tracker.ClaimOptions{Limit: n})
			if err == nil && len(all) != n {
				err = fmt.Errorf("claimed %d instead of %d", len(all), n)
			}
			return err
		},
		floor: func(p *place, s *subject) work { return p.do(p.claimByHand(s)[0]) },
		facts: func(p *place, s *subject) work { return p.do(p.claimByHand(s)...) },
		done:  giveBack,
	}
}

func giveBack(ctx context.Context, p *place, s *subject) error {
	if s.way == ours {
		return s.run.Fail(ctx)
	}
	return p.Hand.Run(ctx, append(p.returnByHand(s), p.completeByHand(s)...)...)
}

// placeholders returns n placeholders separated by commas, and ids the arguments for them.
func placeholders(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

func arguments(ids []int64) []any {
	all := make([]any, len(ids))
	for i, id := range ids {
		all[i] = id
	}
	return all
}
