package tracker

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// MaxOverview bounds what one call of an [Overview] returns.
const MaxOverview = 10_000

// Overview reads data of many processes at once, for a page, a report or an exporter that
// shows all of them. Each call takes one or two statements, returns at most [MaxOverview]
// rows and uses an index. The role reader may call all of its methods. Get it with
// [Tracker.Overview], which costs nothing. Every call on the Overview of a nil or zero
// Tracker returns [ErrInvalid].
type Overview struct{ tracker *Tracker }

// Overview returns the tracker's reads of many processes at once.
func (t *Tracker) Overview() *Overview { return &Overview{t} }

// Dependencies lists up to [MaxOverview] dependencies between processes;
// [Registry.AllDependencies] has no limit.
func (o *Overview) Dependencies(ctx context.Context) ([]Dependency, error) {
	rows, err := o.made().store.AllDependencies(ctx, nil, MaxOverview)
	if err != nil {
		return nil, o.made().failed("list all dependencies", err)
	}
	all := make([]Dependency, len(rows))
	for i, row := range rows {
		all[i] = storedDependency(row.StoredDependency)
	}
	return all, nil
}

// ContactOf is a contact, and the process to ask it about.
type ContactOf struct {
	Process string
	Contact

	System string // the source that it is a contact of; empty if it is the process's own
}

// Contacts lists up to [MaxOverview] contacts of processes, then up to [MaxOverview]
// contacts of their sources.
func (o *Overview) Contacts(ctx context.Context) ([]ContactOf, error) {
	rows, err := o.made().store.AllContacts(ctx, MaxOverview)
	if err != nil {
		return nil, o.made().failed("list all contacts", err)
	}
	all := make([]ContactOf, len(rows))
	for i, row := range rows {
		all[i] = ContactOf{Process: row.Process, Contact: Contact{Name: row.Contact.Name, Email: row.Contact.Email}, System: row.Contact.System}
	}
	return all, nil
}

// Locations lists up to [MaxOverview] locations, oldest first. It begins after the
// location whose id is after; 0 means the beginning.
func (o *Overview) Locations(ctx context.Context, after int64) ([]Location, error) {
	rows, err := o.made().store.Locations(ctx, after, MaxOverview)
	if err != nil {
		return nil, o.made().failed("list locations", err)
	}
	all := make([]Location, len(rows))
	for i, row := range rows {
		all[i] = location(row)
	}
	return all, nil
}

// mostNamed bounds ExtractsNamed, whose rows are wide.
const mostNamed = 100

// ExtractsNamed lists up to 100 extracts whose names begin with the given text, in the
// order of their names. The text must not contain * or ?; no other character is special.
func (o *Overview) ExtractsNamed(ctx context.Context, beginning string) ([]Extract, error) {
	if err := exact("beginning of a file name", beginning, MaxFileName); err != nil {
		return nil, err
	}
	if strings.ContainsAny(beginning, "*?") {
		return nil, invalid("beginning of a file name", beginning, "has a * or a ?", "leave it out, or use Tracker.Extracts with NameGlob")
	}
	rows, err := o.made().store.ExtractsNamed(ctx, beginning, mostNamed)
	if err != nil {
		return nil, o.made().failed("find extracts by the beginning of their names", err)
	}
	all := make([]Extract, len(rows))
	for i, row := range rows {
		all[i] = extract(row)
	}
	return all, nil
}

// RunsDuring lists ended runs that were active at some time from since to until, in
// descending order of their ends: up to limit, or [MaxOverview] if limit is 0. So that it
// reads a bounded part of the history, it leaves out runs that ended long after until:
// later than a day or, if the span from since to until is longer, than the span's length.
// For active runs, use [Tracker.Runs].
func (o *Overview) RunsDuring(ctx context.Context, since, until time.Time, limit int) ([]RunInfo, error) {
	if err := period(since, until); err != nil {
		return nil, err
	}
	if err := checkFilter(limit); err != nil {
		return nil, err
	}
	if limit == 0 || limit > MaxOverview {
		limit = MaxOverview
	}
	during := store.During{Since: since, Until: until, EndedBefore: until.Add(max(until.Sub(since), 24*time.Hour)), Limit: int64(limit)}
	rows, err := o.made().store.RunsDuring(ctx, during)
	if err != nil {
		return nil, o.made().failed("list the runs of a time range", err)
	}
	all := make([]RunInfo, len(rows))
	for i, row := range rows {
		all[i] = runInfo(row)
	}
	return all, nil
}

// recentRuns is the number of runs that the usual duration is computed from.
const recentRuns = 20

// UsualDurations returns how long the running processes usually take: the median of the
// completed runs among the last 20. It leaves out processes without completed runs.
func (o *Overview) UsualDurations(ctx context.Context) (map[string]time.Duration, error) {
	rows, err := o.made().store.RecentDurations(ctx, recentRuns)
	if err != nil {
		return nil, o.made().failed("list durations of runs", err)
	}
	taken := map[string][]time.Duration{}
	for _, row := range rows {
		taken[row.Process] = append(taken[row.Process], row.EndedAt.Sub(row.StartedAt.Time))
	}
	usual := make(map[string]time.Duration, len(taken))
	for process, durations := range taken {
		usual[process] = median(durations)
	}
	return usual, nil
}

// WaitingExtracts is the number of extracts with one status in one location.
type WaitingExtracts struct {
	Location string // its name
	Status   ExtractStatus
	Count    int64
	Oldest   time.Time // when the first of them was registered
	More     bool      // the status has more than [MaxOverview] extracts; only the oldest were counted
}

// WaitingExtracts counts unfinished extracts by location: those that are initializing,
// ready, loading or in error. It counts the oldest [MaxOverview] of each status.
func (o *Overview) WaitingExtracts(ctx context.Context) ([]WaitingExtracts, error) {
	var all []WaitingExtracts
	for _, status := range []ExtractStatus{Initializing, Ready, Loading, InError} {
		rows, err := o.made().store.WaitingExtracts(ctx, extractStatuses()[status], MaxOverview)
		if err != nil {
			return nil, o.made().failed("count waiting extracts", err)
		}
		var counted int64
		for _, row := range rows {
			counted += row.Count
		}
		for _, row := range rows {
			all = append(all, WaitingExtracts{
				Location: row.Location, Status: status, Count: row.Count, Oldest: row.Oldest.Time, More: counted >= MaxOverview,
			})
		}
	}
	return all, nil
}

// Claimant is the run that holds an extract.
type Claimant struct {
	ExtractID int64
	RunID     int64
	Process   string
	RunNumber int64
}

// Claimants says which run holds each of the extracts. It leaves out extracts that no
// run holds.
func (o *Overview) Claimants(ctx context.Context, extracts ...Extract) (map[int64]Claimant, error) {
	if len(extracts) == 0 {
		return map[int64]Claimant{}, nil
	}
	ids := make([]int64, len(extracts))
	for i, e := range extracts {
		ids[i] = e.ID
	}
	rows, err := o.made().store.Claimants(ctx, ids)
	if err != nil {
		return nil, o.made().failed("list the holders of extracts", err)
	}
	holders := make(map[int64]Claimant, len(rows))
	for _, row := range rows {
		holders[row.Extract] = Claimant{ExtractID: row.Extract, RunID: row.Run, Process: row.Process, RunNumber: row.RunNo}
	}
	return holders, nil
}

// made returns the tracker, or one whose every operation fails.
func (o *Overview) made() *Tracker {
	if o == nil {
		return (*Tracker)(nil).made()
	}
	return o.tracker.made()
}

// median sorts the durations. If their number is even, it returns the lower of the two in
// the middle.
func median(durations []time.Duration) time.Duration {
	slices.Sort(durations)
	return durations[(len(durations)-1)/2]
}
