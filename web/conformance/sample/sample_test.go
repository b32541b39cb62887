package sample

import (
	"database/sql"
	"strings"
	"testing"
	"time"
)

// TestSampleIsTheSameAtEachHour views the sample at every hour of a day: all that it tells
// of has happened, the dead run's lease has expired, and the other run's has not.
func TestSampleIsTheSameAtEachHour(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for hour := range 24 {
		now := midnight.Add(time.Duration(hour) * time.Hour)
		t.Run(now.Format("15:04"), func(t *testing.T) {
			t.Parallel()
			_, dsn, err := Open(t.Context(), t.TempDir(), now)
			if err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open("sqlite", strings.TrimPrefix(dsn, "sqlite:"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }() // only reads were done
			at := now.Format(layout)
			for what, want := range map[string]int{
				"pt_run WHERE started_at > ?1 OR ended_at > ?1":                 0,
				"pt_refusal WHERE first_at > ?1 OR last_at > ?1":                0,
				"pt_extract WHERE registered_at > ?1 OR status_changed_at > ?1": 0,
				"pt_run WHERE started_at < ?1 AND ended_at IS NULL":             2,
				"pt_run_lease WHERE expires_at < ?1":                            1,
			} {
				var got int
				if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+what, at).Scan(&got); err != nil {
					t.Fatal(err)
				}
				if got != want {
					t.Errorf("%d rows of %s, want %d", got, what, want)
				}
			}
		})
	}
}
