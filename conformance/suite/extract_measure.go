package suite

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func extractMeasureCases() []Case {
	return []Case{
		{"S5.8 an extract keeps its latest counts, the lowest low and the highest high", measureOne},
		{"S5.8 times of an extract's records are the same in any time zone", measureZones},
		{"S5.8 S5.5 measures of many extracts take as many statements as of one, all or none", measureMany},
	}
}

// hour is a time on a day of the cases', in microseconds.
func hour(n int) time.Time { return time.Date(2026, 11, 22, n, 0, 0, 123456000, time.UTC) }

func wantMeasures(t *testing.T, what string, got tracker.Measures, count *int64, low, high time.Time) {
	t.Helper()
	if !samePointer(got.Count, count) || !got.Low.Equal(low) || !got.High.Equal(high) {
		t.Errorf("%s: %s records from %v to %v, want %s from %v to %v", what, number(got.Count), got.Low, got.High, number(count), low, high)
	}
}

func measureOne(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	writer := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	extract := register(ctx, t, writer, files("/landing", "teams.csv")...)[0]
	none := time.Time{}
	wantMeasures(t, "new", extract.Written, nil, none, none)
	for _, c := range []struct {
		give      tracker.Measures
		count     *int64
		low, high time.Time
	}{
		{tracker.Measures{}, nil, none, none},
		{tracker.Measures{Count: pointer(int64(math.MaxInt64)), High: hour(6)}, pointer(int64(math.MaxInt64)), none, hour(6)},
		{tracker.Measures{Low: hour(5)}, pointer(int64(math.MaxInt64)), hour(5), hour(6)},
		{tracker.Measures{Count: pointer(int64(7)), Low: hour(4), High: hour(5)}, pointer(int64(7)), hour(4), hour(6)},
		{tracker.Measures{Count: pointer(int64(0)), Low: hour(8), High: hour(9)}, pointer(int64(0)), hour(4), hour(9)},
		{tracker.Measures{Low: hour(4), High: hour(9)}, pointer(int64(0)), hour(4), hour(9)},
	} {
		must(t, writer.RecordWritten(ctx, extract, c.give))
		now := reread(ctx, t, tr, extract)
		wantMeasures(t, "written", now.Written, c.count, c.low, c.high)
		wantMeasures(t, "loaded before it was", now.Loaded, nil, none, none)
	}
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	must(t, run.RecordLoaded(ctx, extract, tracker.Measures{Count: pointer(int64(5)), Low: hour(1), High: hour(2)}))
	now := reread(ctx, t, tr, extract)
	wantMeasures(t, "loaded", now.Loaded, pointer(int64(5)), hour(1), hour(2))
	wantMeasures(t, "written", now.Written, pointer(int64(0)), hour(4), hour(9))
	if linked := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{RunID: run.ID()})); len(linked) != 1 {
		t.Errorf("the run that loaded it is linked to %d extracts", len(linked))
	}
	if now.Status != extract.Status || !now.StatusChangedAt.Equal(extract.StatusChangedAt) {
		t.Errorf("its status changed: %+v", now)
	}
}

func measureZones(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for i, dsn := range e.zones(t) {
		there := &Env{DSN: dsn, Backend: e.Backend}
		run := start(ctx, t, trackerOn(ctx, t, there.open(t), nil), tracker.Process{Name: fmt.Sprint("Teams Extract ", i)})
		extract := register(ctx, t, run, tracker.File{Location: "/landing", Name: fmt.Sprint(i)})[0]
		away := time.FixedZone("away", -9*3600)
		for _, at := range []time.Time{hour(12), time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)} {
			must(t, run.RecordWritten(ctx, extract, tracker.Measures{Low: at.In(away), High: at}))
		}
		wantMeasures(t, dsn, reread(ctx, t, tr, extract).Written, nil,
			time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC))
	}
}

func measureMany(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	writer := start(ctx, t, tr, tracker.Process{Name: "Teams Extract"})
	all := register(ctx, t, writer, numbered("/landing", sized(e, 5_000, 500))...)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Load"})
	measured := make([]tracker.ExtractMeasures, len(all))
	for i, extract := range all {
		measured[i] = tracker.ExtractMeasures{Extract: extract,
			Written: tracker.Measures{Count: pointer(int64(i)), Low: hour(i % 12)}, Loaded: tracker.Measures{Count: pointer(int64(-i + len(all))), High: hour(i % 12)}}
	}
	must(t, run.RecordMeasures(ctx))
	s.forget()
	must(t, run.RecordMeasures(ctx, measured[0]))
	one := len(s.names())
	s.forget()
	// The first again: of the counts the last one wins, of the times the widest.
	again := tracker.ExtractMeasures{Extract: all[0], Written: tracker.Measures{Count: pointer(int64(9)), Low: hour(3)}, Loaded: tracker.Measures{High: hour(20)}}
	must(t, run.RecordMeasures(ctx, append(slices.Clone(measured), again)...))
	if many := len(s.names()); many != one {
		t.Errorf("measures of one extract take %d statements, of %d %d", one, len(all), many)
	}
	for i, extract := range collect(t, tr.Extracts(ctx, tracker.ExtractFilter{})) {
		written, loaded, high := int64(i), int64(-i+len(all)), hour(i%12)
		if i == 0 {
			written, high = 9, hour(20)
		}
		wantMeasures(t, extract.Name+" written", extract.Written, &written, hour(i%12), time.Time{})
		wantMeasures(t, extract.Name+" loaded", extract.Loaded, &loaded, time.Time{}, high)
		if t.Failed() {
			return
		}
	}

	var missing *tracker.NotFoundError
	err := run.RecordMeasures(ctx, tracker.ExtractMeasures{Extract: all[0], Written: tracker.Measures{Count: pointer(int64(1))}}, tracker.ExtractMeasures{})
	if !errors.Is(err, tracker.ErrNotFound) || !errors.As(err, &missing) || missing.Name != "1 of 2" {
		t.Errorf("one that does not exist: %v", err)
	}
	for _, name := range []string{"extract.lock", "extract.measure", "extract.link_moved"} {
		s.meddle(broken(name))
		if err := run.RecordWritten(ctx, all[0], tracker.Measures{Count: pointer(int64(1))}); err == nil {
			t.Errorf("%s was refused, and measuring was not", name)
		}
	}
	s.meddle(nil)
	if now := reread(ctx, t, tr, all[0]); *now.Written.Count != 9 {
		t.Errorf("refused, and there are %d records", *now.Written.Count)
	}
}
