package tracker

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// ReleaseExtracts gives extracts another status that are [Loading], though no active
// run holds them, and returns those as they are then; others are left alone. to is the
// status that they get; if empty, it is the one that they had before they were loaded,
// or [Ready]. The change, with the reason, is recorded on each extract, on its link to
// the run that has left it so, and in the history. See [ExtractFilter.Unheld].
//
// Extracts come to be so when a run completes without finishing with them. Those of a
// run that ends otherwise go back by themselves.
func (a *Admin) ReleaseExtracts(ctx context.Context, reason string, to ExtractStatus, extracts ...Extract) ([]Extract, error) {
	t := a.of()
	if to == Loading {
		return nil, invalid("extract status", string(to), "is what they have", "give the status to release them to, or none")
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

// ids are those of the extracts, each once.
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
