package suite

import (
	"database/sql"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func joinClaimCases() []Case {
	return []Case{{"S5.6 S8.3 a claim works in a transaction of every isolation level", claimedAtEveryLevel}}
}

// claimedAtEveryLevel claims at the levels that a caller may choose. What passes over
// locked rows does so at some levels only, on some databases.
func claimedAtEveryLevel(t *testing.T, e *Env) {
	levels := []sql.IsolationLevel{sql.LevelDefault}
	if len(e.Backend.Levels) > 0 {
		levels = append(levels, sql.LevelReadCommitted, sql.LevelRepeatableRead, sql.LevelSerializable)
		for _, level := range e.Backend.Levels {
			if !slices.Contains(levels, level) {
				levels = append(levels, level)
			}
		}
	}
	ctx, b, _, run, extract := begun(t, e)
	for _, level := range levels {
		l := e.beginAt(t, b, level)
		got, err := run.In(l.Tx).Claim(ctx, tracker.ClaimOptions{Limit: 10})
		if err != nil || len(got) != 1 || got[0].ID != extract.ID {
			t.Errorf("at %s it claimed %v, %v, want %s", level, names(got), err, extract.Name)
		}
		l.end(false)
	}
}
