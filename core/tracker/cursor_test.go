package tracker

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestACursorRoundTrips(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]int64{{1}, {math.MaxInt64}, {0, 1}, {math.MinInt64, 2}, {time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro(), 3}, {5, math.MaxInt64}} {
		c := cursor(runCursor, keys...)
		if got, err := c.keys(runCursor, len(keys)); err != nil || !slices.Equal(got, keys) {
			t.Errorf("%v is %q and then %v, %v", keys, c, got, err)
		}
		if strings.Trim(string(c), "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" || strings.HasPrefix(string(c), "-") {
			t.Errorf("%q is no word for a flag or a URL", c)
		}
	}
	if keys, err := Cursor("").keys(runCursor, 2); keys != nil || err != nil {
		t.Errorf("no cursor is %v, %v", keys, err)
	}
}

func TestACursorOfAnotherListIsInvalid(t *testing.T) {
	t.Parallel()
	for _, c := range []Cursor{
		" ", "r", "r_", "_", "r1", "r1_", "r1_0", "r1_-1", "r1_1_1", "R1_1", "r01_1", "r+1_1", "r1_1 ", "x1_1", "1_1", "r1_zzzzzzzzzzzzzzzzz", "r1_Z",
		cursor(errorCursor, 1), cursor(extractCursor, 1, 1),
	} {
		keys, err := c.keys(runCursor, 2)
		var invalid *InvalidError
		if !errors.As(err, &invalid) || invalid.Field != "cursor" || keys != nil {
			t.Errorf("%q is %v, %v", c, keys, err)
		}
	}
}
