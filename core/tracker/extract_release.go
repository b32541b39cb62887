package tracker

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// ReleaseExtracts changes the status of extracts that are [Loading] though no active
// run holds them, and returns those extracts as they are afterwards. It leaves other
// extracts unchanged. to is their new status; if empty, each gets the status that it
// had before it was loaded, or [Ready]. The change is recorded with the reason on each
// extract, on its link to the run that left it loading, and in the history. See
// [ExtractFilter.Unheld].
//
// An extract is left loading when a run completes without changing its status. If a run
// ends otherwise, its extracts get their previous statuses back by themselves.
func (a *Admin) ReleaseExtracts(ctx context.Context, reason string, to ExtractStatus, extracts ...Extract) ([]Extract, error) {
	t := a.of()
	if to == Loading {
		return nil, invalid("extract status", string(to), "the status that they have now", "give the status to release them to, or none")
	}
	r := store.Release{Actor: t.made().actor, Reason: t.prose(reason)}
	if to != "" {
		var err error
		if r.To, err = t.extractStatus(ctx, extractStatuses(), to); err != nil {
			return nil, err
		}
	}
	if len(extracts) == 0 {
		return nil, t.made().absent
	}
	r.Extracts = ids(extracts)
	released, err := t.made().store.ReleaseExtracts(ctx, r)
	if err != nil {
		return nil, t.failed(fmt.Sprintf("release %d extracts", len(extracts)), err)
	}
	return extractList(released), nil
}

// ids returns the ids of the extracts, each once.
func ids(extracts []Extract) []int64 {
	all := make([]int64, 0, len(extracts))
	seen := make(map[int64]bool, len(extracts))
	for _, e := range extracts {
		if !seen[e.ID] {
			all, seen[e.ID] = append(all, e.ID), true
		}
	}
	return all
}
