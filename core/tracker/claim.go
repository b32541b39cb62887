package tracker

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// MaxClaim is the greatest [ClaimOptions].Limit.
const MaxClaim = 10_000

// ClaimOptions says which extracts [Run.Claim] takes, and how many. Fields other than
// Limit restrict nothing if they are zero.
type ClaimOptions struct {
	Limit        int    // 1 to [MaxClaim]
	Location     string // path
	LocationName string
	NameContains string        // as in [ExtractFilter]
	NameGlob     string        // as in [ExtractFilter]
	Process      string        // the process whose run registered the extract
	From         ExtractStatus // Ready if empty
	// OnFailure is the status of a claimed extract that is still loading when the run
	// ends without completing: Ready if empty, or InError.
	OnFailure ExtractStatus
}

// Claim moves up to Limit extracts to loading for this run, in one transaction, and returns them,
// oldest first. It returns none if nothing matches. Two runs never claim the same extract. Where
// the database can skip locked rows, a claim does not wait for concurrent claims; it may then
// return fewer extracts than match. Claim skips extracts that wait for a parent.
func (r *Run) Claim(ctx context.Context, options ClaimOptions) ([]Extract, error) {
	r = r.made()
	if options.Limit < 1 || options.Limit > MaxClaim {
		return nil, invalid("limit", strconv.Itoa(options.Limit), "out of range", fmt.Sprintf("claim 1 to %d extracts at once", MaxClaim))
	}
	if options.From == "" {
		options.From = Ready
	}
	if options.OnFailure == "" {
		options.OnFailure = Ready
	}
	filter := ExtractFilter{
		Location: options.Location, LocationName: options.LocationName, NameContains: options.NameContains, NameGlob: options.NameGlob,
		Process: options.Process, Status: options.From,
	}
	row, _, err := filter.row()
	if err != nil {
		return nil, err
	}
	row.Limit = int64(options.Limit)
	if _, err := name("extract status", string(options.OnFailure)); err != nil {
		return nil, err // before the other is looked up
	}
	known := extractStatuses()
	from, err := r.tracker.extractStatus(ctx, known, options.From)
	if err != nil {
		return nil, err
	}
	back, err := r.tracker.extractStatus(ctx, known, options.OnFailure)
	if err != nil {
		return nil, err
	}
	if from == store.Loading {
		return nil, invalid("status to claim from", string(options.From), "the status that a claim sets", "give a status in which extracts wait to be claimed")
	}
	row.Status = from
	claimed, state, err := r.tracker.store.Claim(ctx, r.ref, row, from, back)
	if err != nil {
		return nil, r.failed("claim extracts", err)
	}
	if err := r.allowed(ctx, state); err != nil {
		return nil, err
	}
	return extractList(claimed), nil
}

// AddExtractParents makes an extract wait for its parents: it cannot be loading before
// they are loaded. If a parent does not exist, the error is [ErrNotFound].
func (t *Tracker) AddExtractParents(ctx context.Context, child Extract, parents ...Extract) error {
	if len(parents) == 0 {
		return t.made().absent
	}
	ids := make(map[int64]bool, len(parents))
	list := make([]int64, 0, len(parents))
	for _, p := range parents {
		if p.ID == child.ID {
			return fmt.Errorf("extract %q cannot wait for itself: %w", child.Name, ErrCycle)
		}
		if !ids[p.ID] {
			ids[p.ID], list = true, append(list, p.ID)
		}
	}
	known, err := t.made().store.AddExtractParents(ctx, child.ID, list)
	if err != nil {
		return t.failed(fmt.Sprintf("add parents of extract %q", child.Name), err)
	}
	if known < len(list) {
		return missing("extract", len(list)-known, len(list))
	}
	return nil
}

// UnloadedError says which parents have to be loaded first. It matches
// [ErrDependency].
type UnloadedError struct{ Parents []Extract }

func (e *UnloadedError) Error() string {
	parts := make([]string, len(e.Parents))
	for i, p := range e.Parents {
		parts[i] = fmt.Sprintf("%q is %s", p.Path(), p.Status)
	}
	return fmt.Sprintf("%v: these must be loaded first: %s", ErrDependency, strings.Join(parts, "; "))
}

// Unwrap returns [ErrDependency].
func (e *UnloadedError) Unwrap() error { return ErrDependency }
