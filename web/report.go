package web

import (
	"context"
	"html/template"
	"io"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// ReportOptions configures a report.
type ReportOptions struct {
	Title   string         // "ProcessTracker" if empty
	Zone    *time.Location // for the times in the report; UTC if nil
	Version string
}

// WriteReport writes the current problems and the course of the last night as one HTML
// file, without scripts, links or anything else to load.
func WriteReport(ctx context.Context, w io.Writer, t *tracker.Tracker, options ReportOptions) error {
	o := Options{Title: options.Title, Zone: options.Zone, Version: options.Version}.withDefaults()
	return writeReport(ctx, w, tracked{t}, o, time.Now())
}

func writeReport(ctx context.Context, w io.Writer, src source, o Options, now time.Time) error {
	a, err := loadAssets()
	if err != nil {
		return err
	}
	s, err := readSnapshot(ctx, src)
	if err != nil {
		return err
	}
	v := view{zone: o.Zone, now: now}
	span := lastNight(now.In(o.Zone))
	n, err := readNight(ctx, src, span)
	if err != nil {
		return err
	}
	p := nowPage(v, s)
	p.Title = "Now and last night, " + v.full(now) + " " + o.Zone.String()
	for _, sec := range nightPage(v, n, span).Sections {
		if sec.ID == "gantt" {
			sec.Title = "Last night: " + sec.Title
		}
		if sec.ID == "runs" {
			sec.ID = "night-runs"
		}
		p.Sections = append(p.Sections, sec)
	}
	return a.writePage(w, frame{page: p, Site: o.Title, Zone: o.Zone.String(), Version: o.Version, Style: template.CSS(a.static["style.css"])}) //nolint:gosec // a file of ours
}
