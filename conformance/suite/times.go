package suite

import (
	"context"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

func timeCases() []Case {
	return []Case{
		{"S3.7 all times are read from the database's clock", databaseClock},
		{"S3.7 every stored time is from the database's clock", onlyClock},
		{"S3.7 times are read back unchanged, in UTC, in any session's zone and across changes of the clocks", sessionZones},
	}
}

func databaseClock(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	before := now(ctx, t, b)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	must(t, run.Complete(ctx, nil))
	after := now(ctx, t, b)
	info := stored(ctx, t, tr, run)
	if info.StartedAt.Before(before) || info.EndedAt.Before(info.StartedAt) || after.Before(info.EndedAt) {
		t.Errorf("by the database's clock it was %v, started %v, ended %v, %v", before, info.StartedAt, info.EndedAt, after)
	}
	if !run.StartedAt().Equal(info.StartedAt) {
		t.Errorf("the run says that it started %v, stored is %v", run.StartedAt(), info.StartedAt)
	}
}

// noon is a time far from now, with microseconds.
var noon = time.Date(2001, 2, 3, 12, 0, 0, 789_012_000, time.UTC)

// set makes the clock show a time.
func (c *clock) set(t testing.TB, at time.Time) {
	t.Helper()
	text := at.UTC().Format(dialect.TextTime)
	var now string
	switch c.Backend.Dialect().Name() {
	case "postgres":
		now = "TIMESTAMPTZ '" + text + "+00'"
	case "sqlite", "mysql":
		now = "'" + text + "'"
	case "sqlserver":
		now = "CAST('" + text + "' AS DATETIME2(6))"
	default:
		t.Fatalf("say here how %s writes a time", c.Backend.Dialect().Name())
	}
	c.now.Store(&now)
}

// onlyClock sets the database's clock far back, to times that no other clock shows.
// Each time column that the tracker fills must contain one of them.
func onlyClock(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	began := noon
	c.set(t, began)
	tr := trackerOn(ctx, t, c, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	must(t, tr.Admin().Hold(ctx, run.Process(), "a look is needed"))
	extract, err := run.RegisterExtract(ctx, tracker.File{Location: "/landing", Name: "teams.csv"})
	must(t, err)
	must(t, tr.Registry().SetFileCount(ctx, "/landing", 1))
	must(t, run.RecordError(ctx, tracker.ErrorRecord{Description: "first"}))
	ended := began.Add(time.Hour)
	c.set(t, ended)
	must(t, run.SetExtractStatus(ctx, tracker.Ready, extract))
	must(t, run.Fail(ctx, tracker.ErrorRecord{Description: "second"}))

	for query, want := range map[string][]time.Time{
		"SELECT started_at FROM {run} UNION ALL SELECT ended_at FROM {run} ORDER BY 1":                       {began, ended},
		"SELECT latest_started_at FROM {process} UNION ALL SELECT latest_ended_at FROM {process} ORDER BY 1": {began, ended},
		"SELECT last_failed_at FROM {process} UNION ALL SELECT last_errored_at FROM {process} ORDER BY 1":    {ended, ended},
		"SELECT held_at FROM {process}":                  {began},
		"SELECT recorded_at FROM {run_error} ORDER BY 1": {began, ended},
		"SELECT listed_at FROM {location}":               {began},
		"SELECT registered_at FROM {extract} UNION ALL SELECT status_changed_at FROM {extract} ORDER BY 1":     {began, ended},
		"SELECT linked_at FROM {run_extract} UNION ALL SELECT status_changed_at FROM {run_extract} ORDER BY 1": {began, ended},
		"SELECT changed_at FROM {status_history} ORDER BY 1":                                                   {began, began, began, ended, ended},
	} {
		var got []time.Time
		for _, at := range column[dialect.Time](ctx, t, c, query) {
			got = append(got, at.Time)
		}
		if !slices.EqualFunc(got, want, time.Time.Equal) {
			t.Errorf("%s:\n%v, want\n%v", query, got, want)
		}
	}
}

// zones returns DSNs of the same place whose sessions have different time zones, if the
// database has such a setting. MySQL knows zones by name only if a DBA has loaded them.
func (e *Env) zones(t testing.TB) []string {
	t.Helper()
	var parameter string
	var zones []string
	switch e.Backend.Name {
	case "postgres":
		parameter, zones = "timezone", []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"}
	case "mysql", "mariadb":
		parameter, zones = "time_zone", []string{"'+02:00'", "'-04:00'", "'+05:30'", "'+00:00'"}
	default:
		return []string{e.DSN, e.DSN}
	}
	var all []string
	for _, zone := range zones {
		u, err := url.Parse(e.DSN)
		must(t, err)
		q := u.Query()
		q.Set(parameter, zone)
		u.RawQuery = parameters(q)
		all = append(all, u.String())
	}
	return all
}

// nights are times at which clocks change somewhere: a local time that is skipped, as a
// time in UTC, and a local time that occurs twice, both times.
func nights() []time.Time {
	var all []time.Time
	for _, text := range []string{
		"2026-03-29 02:30:00.123456",                               // not in Berlin
		"2026-10-25 00:30:00.000001", "2026-10-25 01:30:00.000001", // in Berlin both 02:30
		"2026-03-08 02:30:00.999999",                               // not in New York
		"2026-11-01 05:30:00.123456", "2026-11-01 06:30:00.123456", // in New York both 01:30
	} {
		at, err := time.ParseInLocation(dialect.TextTime, text, time.UTC)
		if err != nil {
			panic(err) // one of those above
		}
		all = append(all, at)
	}
	return all
}

func sessionZones(t *testing.T, e *Env) {
	ctx := e.context(t)
	e.setUp(t)
	var trackers []*tracker.Tracker
	for _, dsn := range e.zones(t) {
		there := &Env{DSN: dsn, Backend: e.Backend}
		trackers = append(trackers, trackerOn(ctx, t, there.open(t), nil))
	}
	for i, tr := range trackers {
		for _, at := range nights() {
			run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
			must(t, run.RecordError(ctx, tracker.ErrorRecord{At: at.In(time.FixedZone("", -3*3600-1800))}))
			given := run.StartedAt().Add(time.Duration(i)*time.Hour + time.Microsecond)
			must(t, run.Complete(ctx, &tracker.EndOptions{EndedAt: given}))
			for _, reader := range trackers {
				wantTimes(ctx, t, reader, run, given, at)
			}
		}
	}
}

// wantTimes checks the times of a run as a tracker reads them.
func wantTimes(ctx context.Context, t *testing.T, tr *tracker.Tracker, run *tracker.Run, ended, errored time.Time) {
	t.Helper()
	info := stored(ctx, t, tr, run)
	problem := collect(t, tr.Errors(ctx, tracker.ErrorFilter{RunID: run.ID()}))[0]
	for _, pair := range [][2]time.Time{{info.StartedAt, run.StartedAt()}, {info.EndedAt, ended}, {problem.At, errored}} {
		if got, want := pair[0], pair[1]; !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("stored was %v, read is %v", want, got)
		}
	}
}
