package table

import (
	"fmt"
	"time"
)

// Age formats how long ago a time was, in a single unit, as people say it.
func Age(t, now time.Time) string {
	const day = 24 * time.Hour
	switch d := max(now.Sub(t), 0); {
	case t.IsZero():
		return ""
	case d < time.Minute:
		return fmt.Sprintf("%ds ago", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%dm ago", d/time.Minute)
	case d < 2*day:
		return fmt.Sprintf("%dh ago", d/time.Hour)
	default:
		return fmt.Sprintf("%dd ago", d/day)
	}
}

// Clock formats times.
type Clock struct {
	Zone *time.Location // nil: UTC
	Ages bool           // show ages instead of times
	Now  time.Time
}

// Apply rewrites the cells that contain times, as [Time] formats them, and adds the
// zone to the titles of their columns: its abbreviation, or "local" if the abbreviation
// differs between rows.
func (c Clock) Apply(columns []Column, rows [][]string) {
	zone := c.Zone
	if zone == nil {
		zone = time.UTC
	}
	for i := range columns {
		column := &columns[i]
		if !column.Time {
			continue
		}
		names := map[string]bool{}
		for _, row := range rows {
			at, err := time.Parse(time.DateTime, row[i])
			if err != nil {
				continue // empty, or not a time
			}
			if c.Ages {
				row[i] = Age(at, c.Now)
				continue
			}
			at = at.In(zone)
			name, _ := at.Zone()
			row[i], names[name] = at.Format(time.DateTime), true
		}
		switch {
		case c.Ages:
		case len(names) == 1:
			for name := range names {
				column.Title += " (" + name + ")"
			}
		case len(names) > 1:
			column.Title += " (local)"
		}
	}
}
