package suite

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/conformance/tap"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// listingTroubleCases are about unusual listings: cancelled ones, concurrent ones, and
// very long ones.
func listingTroubleCases() []Case {
	return []Case{
		{"S5.9 S5.10 an interrupted listing reports no file as missing, and can be run again", listBrokenOff},
		{"S5.9 S5.10 the older of two overlapping listings undoes nothing", listOverlap},
		{"S5.9 S5.1 if many callers list a location at once, each file is new to one of them", listAtOnce},
		{"S5.9 S8.2 files whose registration was committed but whose reply was lost are still new", listAnswerLost},
		{"S5.9 S5.5 25,000 files take few statements, and are all registered", listMany},
		{"S5.9 memory does not grow with the number of files", listMemory},
	}
}

func listBrokenOff(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	c, s := &clock{Backend: b}, &spy{}
	c.set(t, noon)
	s.Backend = c
	tr := trackerOn(ctx, t, s, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Landing"})
	list(ctx, t, run, &store{objects: objects("a", "b")}, "/landing", "")
	c.set(t, noon.Add(time.Hour))

	broke := errors.New("the store broke off")
	short, cancel := context.WithCancel(ctx)
	defer cancel()
	for what, how := range map[string]struct {
		ctx    context.Context //nolint:containedctx // of a case
		lister listing.Lister
		onFile func(tracker.ListedFile) error
		want   error
	}{
		"an error of the lister's": {ctx, &store{objects: objects("b", "c", "d"), before: func(i int) error {
			if i == 2 {
				return broke
			}
			return nil
		}}, nil, broke},
		// This lister does not look at the context.
		"the context's end":        {short, &store{objects: objects("b", "c"), before: func(int) error { cancel(); return nil }}, nil, context.Canceled},
		"an error of the caller's": {ctx, &store{objects: objects("b", "c")}, func(tracker.ListedFile) error { return broke }, broke},
	} {
		options := &tracker.ListOptions{MissingAs: tracker.Deleted, OnFile: how.onFile}
		l, err := run.ListLocation(how.ctx, how.lister, "/landing", options)
		if !errors.Is(err, how.want) || l.Missing != 0 {
			t.Errorf("%s: %d missing, %v", what, l.Missing, err)
		}
		now, err := tr.Registry().Location(ctx, "/landing")
		if err != nil || *now.FileCount != 2 || !now.ListedAt.Equal(noon) {
			t.Errorf("after %s, the location has %s files at %v, %v", what, number(now.FileCount), now.ListedAt, err)
		}
	}
	for i, name := range []string{"extract.insert", "listing.mark", "listing.gone", "listing.lock_gone", "listing.moved", "listing.end"} {
		c.set(t, noon.Add(time.Hour+time.Duration(1+i)*time.Minute))
		s.meddle(broken(name))
		if _, err := run.ListLocation(ctx, &store{objects: objects("b", "c", "new for "+name)}, "/landing", &tracker.ListOptions{MissingAs: tracker.InError}); err == nil {
			t.Errorf("%s was refused, and the listing was not", name)
		}
	}
	s.meddle(nil)
	if now, err := tr.Registry().Location(ctx, "/landing"); err != nil || *now.FileCount != 2 {
		t.Errorf("the location has %s files, %v", number(now.FileCount), err)
	}
	if a := collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Name: "a"}))[0]; a.Status == tracker.Deleted {
		t.Errorf("the file that a broken listing did not find is %s", a.Status)
	}
	c.set(t, noon.Add(2*time.Hour))
	if l, got := list(ctx, t, run, &store{objects: objects("b", "c")}, "/landing", ""); l.New > 1 || l.Known < 1 || !slices.Contains(got, "missing a") {
		t.Errorf("again: %q", got)
	}
}

// listOverlap has one listing that begins first and ends last.
func listOverlap(t *testing.T, e *Env) {
	ctx, c := e.context(t), &clock{Backend: e.setUp(t)}
	c.set(t, noon)
	tr := trackerOn(ctx, t, c, nil)
	older := start(ctx, t, tr, tracker.Process{Name: "older"})
	newer := start(ctx, t, tr, tracker.Process{Name: "newer"})
	ready(ctx, t, older, "/landing", "both", "only the older", "neither")
	c.set(t, noon.Add(time.Hour))
	s := &store{objects: objects("both", "only the older"), before: func(i int) error {
		if i > 0 {
			return nil
		}
		c.set(t, noon.Add(2*time.Hour)) // "only the older" is removed, "only the newer" is written
		l, got := list(ctx, t, newer, &store{objects: objects("both", "only the newer")}, "/landing", "")
		wantListing(ctx, t, tr, l, got, "missing neither", "missing only the older", "known both", "new only the newer")
		return nil
	}}
	_, got := list(ctx, t, older, s, "/landing", "")
	if want := []string{"known both", "known only the older", "missing neither"}; !slices.Equal(got, want) {
		t.Errorf("the older found %q, want %q", got, want)
	}
	now, err := tr.Registry().Location(ctx, "/landing")
	if err != nil || *now.FileCount != 2 || !now.ListedAt.Equal(noon.Add(2*time.Hour)) {
		t.Errorf("the location is as listed at %v, with %s files, %v", now.ListedAt, number(now.FileCount), err)
	}
	for _, extract := range collect(t, tr.Extracts(ctx, tracker.ExtractFilter{Location: "/landing"})) {
		want := map[string]time.Time{"both": noon.Add(2 * time.Hour), "only the newer": noon.Add(2 * time.Hour), "only the older": noon.Add(time.Hour)}[extract.Name]
		if !extract.ListedAt.Equal(want) {
			t.Errorf("%s was listed at %v, want %v", extract.Name, extract.ListedAt, want)
		}
	}
}

func listAtOnce(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	trackers := []*tracker.Tracker{trackerOn(ctx, t, b, nil), trackerOn(ctx, t, e.open(t), nil), trackerOn(ctx, t, e.open(t), nil)}
	const callers, files = 6, 300
	runs := make([]*tracker.Run, callers)
	for i := range runs {
		runs[i] = start(ctx, t, trackers[i%len(trackers)], tracker.Process{Name: fmt.Sprint("Teams Landing ", i), Sources: tracker.SystemRefs("Lahman")})
	}
	runs[callers-1] = runs[0] // two listings of one run
	all := make([]string, files)
	for i := range all {
		all[i] = fmt.Sprintf("%03d.csv", i)
	}
	type result struct {
		l   tracker.Listing
		err error
	}
	var isNew int64
	for i, r := range atOnce(callers, func(i int) result {
		mine := objects(all...)
		if i%2 == 1 {
			slices.Reverse(mine)
		}
		l, err := runs[i].ListLocation(ctx, &store{objects: mine}, "/landing", &tracker.ListOptions{MissingAs: tracker.Deleted})
		return result{l, err}
	}) {
		if r.err != nil || r.l.New+r.l.Known != files || r.l.Missing != 0 || r.l.Changed != 0 {
			t.Errorf("caller %d: %+v, %v", i, r.l, r.err)
		}
		isNew += r.l.New
	}
	if isNew != files {
		t.Errorf("%d files were new %d times", files, isNew)
	}
	n := content(ctx, t, b)
	if n["extract"] != files || n["extract_system"] != files {
		t.Errorf("%d files are %d extracts, linked %d times", files, n["extract"], n["extract_system"])
	}
	if first := single[int64](ctx, t, b, "SELECT count(*) FROM {status_history} WHERE extract_id IS NOT NULL"); first != files {
		t.Errorf("%d files have %d rows of history", files, first)
	}
}

// An amnesiac loses the answers to commits: each transaction that has executed a
// statement of that name commits once, and then returns an error.
type amnesiac struct {
	dialect.Backend

	name string
	done bool
}

func (a *amnesiac) Conn() dialect.Conn { return tap.Conn(a.Backend.Conn(), a) }

func (a *amnesiac) Classify(err error) dialect.Class {
	if errors.Is(err, errLost) {
		return dialect.Disconnected
	}
	return a.Backend.Classify(err)
}

// Send implements [tap.Tap].
func (*amnesiac) Send(ctx context.Context, steps []*dialect.Step, real func(context.Context, []*dialect.Step) error) error {
	return real(ctx, steps)
}

// Atomic implements [tap.Tap].
func (a *amnesiac) Atomic(ctx context.Context, c dialect.Conn, fn func(dialect.Conn) error) error {
	s := &spy{}
	err := s.Atomic(ctx, c, fn)
	if err == nil && !a.done && slices.Contains(s.names(), a.name) {
		a.done, err = true, errLost
	}
	return err
}

func listAnswerLost(t *testing.T, e *Env) {
	ctx := e.context(t)
	a := &amnesiac{Backend: e.setUp(t), name: "listing.mark"}
	tr := trackerOn(ctx, t, a, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Landing"})
	ready(ctx, t, run, "/landing", "known")
	l, got := list(ctx, t, run, &store{objects: objects("a", "b", "known")}, "/landing", "")
	wantListing(ctx, t, tr, l, got, "known known", "new a", "new b")
	if !a.done {
		t.Error("no answer was lost")
	}
}

// synthetic yields n files without storing them.
type synthetic int

func (n synthetic) List(context.Context, string) iter.Seq2[listing.Object, error] {
	return func(yield func(listing.Object, error) bool) {
		for i := range int(n) {
			name := fmt.Sprintf("year=2026/month=11/day=22/part-%08d.csv.gz", i)
			if !yield(listing.Object{Name: name, Size: sizeOf(i), Checksum: fmt.Sprintf("etag:%032x", i)}, nil) {
				return
			}
		}
	}
}

func listMany(t *testing.T, e *Env) {
	ctx, s := e.context(t), &spy{Backend: e.setUp(t)}
	tr := trackerOn(ctx, t, s, nil)
	run := start(ctx, t, tr, tracker.Process{Name: "Teams Landing", Sources: tracker.ObjectRefs("Lahman", "Teams")})
	many, chunks := sized(e, 25_000, 10_100), sized(e, 3, 2)
	must(t, ignore(run.ListLocation(ctx, synthetic(1), "s3://bucket/teams", nil)))
	sent := map[int]int{}
	for _, n := range []int{many / 100, many} {
		s.forget()
		l, err := run.ListLocation(ctx, synthetic(n), "s3://bucket/teams", nil)
		must(t, err)
		sent[n] = len(s.names())
		if l.New+l.Known != int64(n) || l.Missing != 0 {
			t.Errorf("%d files: %+v", n, l)
		}
	}
	if sent[many] > chunks*sent[many/100] {
		t.Errorf("%d files take %d statements, %d take %d", many, sent[many], many/100, sent[many/100])
	}
	t.Logf("%d files take %d statements, %d take %d", many/100, sent[many/100], many, sent[many])
	count := "SELECT count(*) FROM {extract} AS e JOIN {extract_status} AS s ON s.id = e.status_id WHERE s.name = 'ready' AND e.listed_at IS NOT NULL"
	if n := single[int64](ctx, t, s, count); n != int64(many) {
		t.Errorf("%d files are %d extracts", many, n)
	}
	// Hundreds are missing, spread over all of them.
	s.forget()
	l, err := run.ListLocation(ctx, synthetic(many-300), "s3://bucket/teams", &tracker.ListOptions{MissingAs: tracker.Deleted})
	if err != nil || l.Missing != 300 || l.New != 0 || *l.Location.FileCount != int64(many-300) {
		t.Errorf("300 are gone: %+v, %v", l, err)
	}
	if again := len(s.names()); again > sent[many] {
		t.Errorf("new files take %d statements, known ones %d", sent[many], again)
	}
}

// A listing holds at most one chunk of files. This test measures the growth with each
// chunk after the first. What is kept for each file grows with all of them; a connection
// that is opened meanwhile, only once.
const chunk, chunks = 10_000, 3

// listMemory lists in a separate operating-system process, so that nothing else is on
// its heap. Memory that is kept for each file shows even with few files beyond a chunk.
func listMemory(t *testing.T, e *Env) {
	const most = 4 // bytes for each file: half of an extract's number
	ctx := e.context(t)
	e.setUp(t)
	w := hire(ctx, t, []task{{DSN: e.DSN, Process: "Teams Landing", Actor: "tester", Files: chunks*chunk + 1}})[0]
	w.order(t, orderList)
	o := w.answer(t)
	w.dismiss(t)
	if len(o.Errors) > 0 {
		t.Fatalf("listing: %q", o.Errors)
	}
	t.Logf("%d bytes after %d files more", o.Grown, chunk)
	if o.Grown > most*chunk {
		t.Errorf("after %d files more, a listing holds %d bytes more", chunk, o.Grown)
	}
}

// A measured lister measures the heap before the first file of each chunk but the
// first: the files before it have been stored.
type measured struct {
	synthetic

	live []uint64
}

func (m *measured) List(ctx context.Context, location string) iter.Seq2[listing.Object, error] {
	return func(yield func(listing.Object, error) bool) {
		n := 0
		for o, err := range m.synthetic.List(ctx, location) {
			if n > 0 && n%chunk == 0 {
				var stats runtime.MemStats
				runtime.GC() // the second collection frees what pools hold
				runtime.GC()
				runtime.ReadMemStats(&stats)
				m.live = append(m.live, stats.HeapAlloc)
			}
			if n++; !yield(o, err) {
				return
			}
		}
	}
}

// listSynthetic lists n files, and returns the least that the heap grew by from the end
// of a chunk to the end of the next.
func listSynthetic(ctx context.Context, tr *tracker.Tracker, process string, n int) (grown int64, err error) {
	run, err := tr.Start(ctx, tracker.Process{Name: process}, nil)
	if err != nil {
		return 0, err
	}
	m := &measured{synthetic: synthetic(n)}
	_, err = run.ListLocation(ctx, m, "s3://bucket/"+process, nil)
	if err = errors.Join(err, run.Complete(ctx, nil)); err != nil {
		return 0, err
	}
	grown = math.MaxInt64
	for i, before := range m.live[:len(m.live)-1] {
		grown = min(grown, int64(m.live[i+1])-int64(before))
	}
	return grown, nil
}
