package dialect

import (
	"fmt"
	"time"
)

// Time scans a time column whatever its driver returns: a [time.Time], or text in ISO
// 8601 form without a zone, which is UTC. NULL becomes the zero time. The result is in
// UTC (rule S3.7).
type Time struct{ time.Time }

// TextTime is the layout of a time stored as text: it sorts as the times do.
const TextTime = "2006-01-02 15:04:05.000000"

// Scan implements [database/sql.Scanner].
func (t *Time) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		t.Time = time.Time{}
	case time.Time:
		t.Time = v.UTC()
	case string:
		return t.parse(v)
	case []byte:
		return t.parse(string(v))
	default:
		return fmt.Errorf("a time column returned %T", value)
	}
	return nil
}

func (t *Time) parse(s string) error {
	// Parsing accepts any number of fractional digits after the seconds.
	v, err := time.ParseInLocation(time.DateTime, s, time.UTC)
	if err != nil {
		return fmt.Errorf("a time column returned text that is not a time: %w", err)
	}
	t.Time = v
	return nil
}
