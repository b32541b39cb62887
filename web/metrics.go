package web

import (
	"bufio"
	"context"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// metrics responds to a scrape with the data that the pages read.
func (d *dashboard) metrics(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), d.options.QueryLimit)
	defer cancel()
	q := &request{dashboard: d, view: d.view(r, Viewer{})}
	began := d.now()
	s, err := q.snapshot(ctx)
	var waiting []tracker.WaitingExtracts
	if err == nil {
		err = q.stale
	}
	if err == nil {
		waiting, err = shared(ctx, q, "waiting", func(ctx context.Context, src source) ([]tracker.WaitingExtracts, error) {
			return src.Overview().WaitingExtracts(ctx)
		})
	}
	if err != nil {
		d.options.Logger.WarnContext(r.Context(), "scrape failed", "error", err)
		s, waiting = nil, nil
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_ = writeMetrics(w, s, waiting, scrape{took: d.now().Sub(began), failed: err != nil, version: d.options.Version}) // the client may have disconnected
}

// WriteMetrics writes the metrics of a tracker in Prometheus' text format, as the page
// metrics does. Use it from cron for node_exporter's textfile collector.
func WriteMetrics(ctx context.Context, w io.Writer, t *tracker.Tracker, version string) error {
	began := time.Now()
	src := tracked{t}
	s, err := readSnapshot(ctx, src)
	if err != nil {
		return err
	}
	waiting, err := src.Overview().WaitingExtracts(ctx)
	if err != nil {
		return err
	}
	return writeMetrics(w, s, waiting, scrape{took: time.Since(began), version: version})
}

// scrape holds the metrics about the scrape itself.
type scrape struct {
	took    time.Duration
	failed  bool
	version string
}

// family is a metric with a value for each process.
type family struct {
	name, kind, help string
	value            func(tracker.ProcessInfo) float64
}

func families() []family {
	flag := func(yes bool) float64 {
		if yes {
			return 1
		}
		return 0
	}
	const name = "processtracker_process_"
	return []family{
		{name + "last_completed_timestamp_seconds", "gauge", "When a run last completed; 0 if none did.", func(p tracker.ProcessInfo) float64 { return seconds(p.LastCompletedAt) }},
		{name + "last_failed_timestamp_seconds", "gauge", "When a run last failed; 0 if none did.", func(p tracker.ProcessInfo) float64 { return seconds(p.LastFailedAt) }},
		{name + "last_start_timestamp_seconds", "gauge", "When the latest run started; 0 if it never ran.", func(p tracker.ProcessInfo) float64 { return seconds(p.StartedAt) }},
		{name + "last_duration_seconds", "gauge", "Duration of the latest run that has ended; 0 while it is active.", tookSeconds},
		{name + "running", "gauge", "Whether a run is active.", func(p tracker.ProcessInfo) float64 { return flag(p.Active) }},
		{name + "lease_expired", "gauge", "Whether the active run's lease has expired.", func(p tracker.ProcessInfo) float64 { return flag(p.LeaseExpired) }},
		{name + "on_hold", "gauge", "Whether the process is on hold.", func(p tracker.ProcessInfo) float64 { return flag(p.Hold != nil) }},
		{name + "failures_in_a_row", "gauge", "Failed runs in a row since the last release.", func(p tracker.ProcessInfo) float64 { return float64(p.Failures) }},
		{name + "watermark_timestamp_seconds", "gauge", "Watermark: the time up to which data was loaded; 0 if it is not known.", func(p tracker.ProcessInfo) float64 { return seconds(p.Totals.Watermark) }},
		{name + "records_total", "counter", "Records of all runs.", func(p tracker.ProcessInfo) float64 { return float64(p.Totals.Counts.Records) }},
		{name + "inserts_total", "counter", "Inserts of all runs.", func(p tracker.ProcessInfo) float64 { return float64(p.Totals.Counts.Inserts) }},
		{name + "updates_total", "counter", "Updates of all runs.", func(p tracker.ProcessInfo) float64 { return float64(p.Totals.Counts.Updates) }},
		{name + "deletes_total", "counter", "Deletes of all runs.", func(p tracker.ProcessInfo) float64 { return float64(p.Totals.Counts.Deletes) }},
	}
}

func seconds(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return float64(at.UnixMilli()) / 1000
}

func tookSeconds(p tracker.ProcessInfo) float64 {
	if p.Active || p.EndedAt.IsZero() {
		return 0
	}
	return p.EndedAt.Sub(p.StartedAt).Seconds()
}

func writeMetrics(to io.Writer, s *snapshot, waiting []tracker.WaitingExtracts, how scrape) error {
	w := &exposition{w: bufio.NewWriter(to), escapes: strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)}
	if s != nil {
		labels := make([]string, len(s.processes)) // written once: each process is in every family
		for i, p := range s.processes {
			labels[i] = w.labels("process", p.Name, "type", p.Type)
		}
		for _, f := range families() {
			w.family(f.name, f.kind, f.help)
			for i, p := range s.processes {
				w.sample(f.name, f.value(p), labels[i])
			}
		}
		const blocked = "processtracker_process_blocked"
		w.family(blocked, "gauge", "Whether the process cannot start because another has failed, is on hold or is dead.")
		for i, p := range s.processes {
			w.sample(blocked, math.Min(1, float64(len(s.blocked[p.Name]))), labels[i])
		}
		expired := 0
		for _, p := range s.processes {
			if p.LeaseExpired {
				expired++
			}
		}
		w.family("processtracker_leases_expired", "gauge", "Active runs whose lease has expired.")
		w.sample("processtracker_leases_expired", float64(expired), "")
		w.family("processtracker_extracts", "gauge", "Extracts that are still to be processed, at most the oldest 10000 of each status.")
		for _, e := range waiting {
			w.sample("processtracker_extracts", float64(e.Count), w.labels("location", e.Location, "status", string(e.Status)))
		}
	}
	w.family("processtracker_scrape_duration_seconds", "gauge", "How long it took to read the database.")
	w.sample("processtracker_scrape_duration_seconds", how.took.Seconds(), "")
	w.family("processtracker_scrape_error", "gauge", "Whether the database could not be read.")
	failed := 0.0
	if how.failed {
		failed = 1
	}
	w.sample("processtracker_scrape_error", failed, "")
	w.family("processtracker_build_info", "gauge", "The version, as a label.")
	w.sample("processtracker_build_info", 1, w.labels("version", how.version))
	return w.w.Flush()
}

// exposition writes Prometheus' text format. The buffered writer keeps errors until it
// is flushed.
type exposition struct {
	w       *bufio.Writer
	escapes *strings.Replacer // of labels
}

func (e *exposition) family(name, kind, help string) {
	_, _ = e.w.WriteString("# HELP " + name + " " + help + "\n# TYPE " + name + " " + kind + "\n")
}

// labels formats labels, given as pairs of names and values.
func (e *exposition) labels(pairs ...string) string {
	var text strings.Builder
	separator := "{"
	for pair := range slices.Chunk(pairs, 2) {
		text.WriteString(separator + pair[0] + `="` + e.escapes.Replace(strings.ToValidUTF8(pair[1], "\uFFFD")) + `"`)
		separator = ","
	}
	text.WriteByte('}')
	return text.String()
}

// sample writes a value with its labels.
func (e *exposition) sample(name string, value float64, labels string) {
	_, _ = e.w.WriteString(name)
	_, _ = e.w.WriteString(labels)
	_ = e.w.WriteByte(' ')
	_, _ = e.w.Write(strconv.AppendFloat(e.w.AvailableBuffer(), value, 'g', -1, 64))
	_ = e.w.WriteByte('\n')
}
