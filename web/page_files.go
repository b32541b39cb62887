package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// files is the data for the page of locations.
type files struct {
	locations []tracker.Location
	waiting   map[string]map[tracker.ExtractStatus]tracker.WaitingExtracts // by location name
}

func readFiles(ctx context.Context, src source) (*files, error) {
	locations, err := src.Overview().Locations(ctx, 0)
	if err != nil {
		return nil, err
	}
	waiting, err := src.Overview().WaitingExtracts(ctx)
	if err != nil {
		return nil, err
	}
	f := &files{locations: locations, waiting: map[string]map[tracker.ExtractStatus]tracker.WaitingExtracts{}}
	for _, w := range waiting {
		if f.waiting[w.Location] == nil {
			f.waiting[w.Location] = map[tracker.ExtractStatus]tracker.WaitingExtracts{}
		}
		f.waiting[w.Location][w.Status] = w
	}
	slices.SortStableFunc(f.locations, func(a, b tracker.Location) int { return f.oldest(a).Compare(f.oldest(b)) })
	return f, nil
}

// oldest returns the time since which a location has had a ready extract, as a sort
// key. Locations without one come last.
func (f *files) oldest(l tracker.Location) time.Time {
	if w, ok := f.waiting[l.Name][tracker.Ready]; ok {
		return w.Oldest
	}
	return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
}

// waitingStatuses are the statuses of files that still need to be processed.
func waitingStatuses() []tracker.ExtractStatus {
	return []tracker.ExtractStatus{tracker.Ready, tracker.Loading, tracker.Initializing, tracker.InError}
}

// filesPage shows the locations, and the files that match the query.
func filesPage(v view, f *files, list *extractList) *page {
	p := &page{Name: "files", Title: "Files", Refresh: true}
	p.Forms = []filterForm{v.filesForm(f)}
	if list != nil {
		t := &table{ID: "extracts", Caption: "Files", Columns: extractColumns(), Empty: "No file matches.", Next: v.after(list.next)}
		for _, e := range list.extracts {
			t.add(v.extractCells(e, list.claimants)...)
		}
		p.Sections = append(p.Sections, section{ID: "extracts", Title: "Files, oldest first", Table: t})
	}
	t := &table{ID: "locations", Caption: "Locations, with the files that wait in them", Empty: "No location is registered yet.", Columns: []column{
		{Key: "location", Title: "Location"}, {Key: "oldest_ready_at", Title: "Oldest ready"},
		{Key: "ready", Title: "Ready", Right: true}, {Key: "loading", Title: "Loading", Right: true},
		{Key: "initializing", Title: "Initializing", Right: true}, {Key: "error", Title: "Error", Right: true},
		{Key: "file_count", Title: "Listed", Right: true}, {Key: "listed_at", Title: "Listed at"}, {Key: "path", Title: "Path"},
	}}
	at, end, next := v.slice(len(f.locations))
	for _, l := range f.locations[at:end] {
		t.Rows = append(t.Rows, v.locationCells(f, l))
	}
	t.Next = next
	p.Sections = append(p.Sections, section{
		ID: "locations", Title: "Locations", Table: t,
		Note: fmt.Sprintf("Of each status, the oldest %s files are counted; files that were loaded, archived or deleted are not.", thousands(tracker.MaxOverview)),
	})
	return p
}

func (v view) filesForm(f *files) filterForm {
	location, status := v.query.Get("location"), v.query.Get("status")
	locations := []option{{Text: "all"}}
	for i, l := range f.locations {
		if i < mostExport || l.Name == location {
			locations = append(locations, option{l.Name, l.Name, l.Name == location})
		}
	}
	statuses := []option{{Text: "any"}}
	for _, s := range []tracker.ExtractStatus{tracker.Ready, tracker.Loading, tracker.Initializing, tracker.InError, tracker.Loaded, tracker.Archived, tracker.Deleted} {
		statuses = append(statuses, option{string(s), string(s), string(s) == status})
	}
	return filterForm{Action: "files", Submit: "Show", Fields: []field{
		{Name: "location", Label: "Location", Type: "select", Options: locations},
		{Name: "status", Label: "Status", Type: "select", Options: statuses},
	}}
}

func (v view) locationCells(f *files, l tracker.Location) []cell {
	waiting := f.waiting[l.Name]
	oldest := nothing()
	if w, ok := waiting[tracker.Ready]; ok {
		oldest = v.since(w.Oldest)
	}
	cells := []cell{linkCell(l.Name, v.address("files", "location", l.Name)), oldest}
	for _, status := range waitingStatuses() {
		w := waiting[status]
		c := numberCell(w.Count)
		if w.More {
			c.Text = "≥ " + c.Text
			c.Hint = "only the oldest are counted"
		}
		if w.Count > 0 {
			c.Href = v.address("files", "location", l.Name, "status", string(status))
		}
		cells = append(cells, c)
	}
	count := nothing()
	if l.FileCount != nil {
		count = numberCell(*l.FileCount)
	}
	return append(cells, count, v.timeCell(l.ListedAt), longCell(l.Path))
}

// extractList is a page of files.
type extractList struct {
	extracts  []tracker.Extract
	claimants map[int64]tracker.Claimant
	next      tracker.Cursor // empty at the end of the list
}

func extractColumns() []column {
	return []column{
		{Key: "extract_name", Title: "File"}, {Key: "location", Title: "Location"}, {Key: "status", Title: "Status"}, {Key: "status_changed_at", Title: "Since"},
		{Key: "registered_at", Title: "Registered"}, {Key: "process", Title: "By"}, {Key: "held_by", Title: "Held by"}, {Key: "size_bytes", Title: "Size", Right: true},
	}
}

func (v view) extractCells(e tracker.Extract, claimants map[int64]tracker.Claimant) []cell {
	holder, size := nothing(), nothing()
	if c, ok := claimants[e.ID]; ok {
		holder = linkCell(fmt.Sprintf("%s, run %d", c.Process, c.RunNumber), v.run(c.RunID))
	}
	if e.Size != nil {
		size = cell{Value: *e.Size, Text: bytesText(*e.Size), Hint: thousands(*e.Size) + " bytes"}
	}
	name := linkCell(e.Name, v.file(e.ID))
	name.Long = true
	return []cell{
		name, linkCell(e.Location.Name, v.address("files", "location", e.Location.Name)),
		stateCell(fileState(e.Status), string(e.Status)), v.since(e.StatusChangedAt), v.timeCell(e.RegisteredAt), v.processCell(e.Process), holder, size,
	}
}

// bytesText formats a size in the unit that suits it.
func bytesText(n int64) string {
	size, unit := float64(n), 0
	units := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB"}
	for size >= 1024 && unit < len(units)-1 {
		size /= 1024
		unit++
	}
	if unit == 0 {
		return strconv.FormatInt(n, 10) + " B"
	}
	return strconv.FormatFloat(size, 'f', 1, 64) + " " + units[unit]
}

// readExtracts reads a page of files, and the runs that are loading them.
func readExtracts(ctx context.Context, src source, f tracker.ExtractFilter) (*extractList, error) {
	most := f.Limit
	f.Limit++
	extracts, err := collect(src.Extracts(ctx, f))
	if err != nil {
		return nil, err
	}
	list := &extractList{extracts: extracts}
	if len(extracts) > most {
		list.extracts = extracts[:most]
		list.next = extracts[most-1].Cursor()
	}
	var loading []tracker.Extract
	for _, e := range list.extracts {
		if e.Status == tracker.Loading {
			loading = append(loading, e)
		}
	}
	list.claimants, err = src.Overview().Claimants(ctx, loading...)
	return list, err
}

// file is the data for the page of one file.
type file struct {
	extract   tracker.Extract
	changes   []tracker.Change
	claimants map[int64]tracker.Claimant
}

func readFile(ctx context.Context, src source, id int64) (*file, error) {
	found, err := collect(src.Extracts(ctx, tracker.ExtractFilter{ID: id, Limit: 1}))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errNoSuch
	}
	f := &file{extract: found[0]}
	if f.changes, err = collect(src.History(ctx, tracker.HistoryFilter{ExtractID: id, Limit: mostChanges})); err != nil {
		return nil, err
	}
	f.claimants, err = src.Overview().Claimants(ctx, f.extract)
	return f, err
}

func filePage(v view, f *file) *page {
	e := f.extract
	state := fileState(e.Status)
	p := &page{Name: "file", Title: e.Name, Subject: e.Name, State: state, Word: string(e.Status), Refresh: true}
	holder := nothing()
	if c, ok := f.claimants[e.ID]; ok {
		holder = linkCell(fmt.Sprintf("%s, run %d", c.Process, c.RunNumber), v.run(c.RunID))
	}
	size := nothing()
	if e.Size != nil {
		size = cell{Value: *e.Size, Text: thousands(*e.Size) + " bytes"}
	}
	facts := []fact{
		{"path", "Path", longCell(e.Path())}, {"location", "Location", linkCell(e.Location.Name, v.address("files", "location", e.Location.Name))},
		{"status_changed_at", "Status since", v.since(e.StatusChangedAt)}, {"held_by", "Held by", holder},
		{"registered_at", "Registered", v.timeCell(e.RegisteredAt)}, {"process", "By", v.processCell(e.Process)},
		{"file_type", "File type", textCell(e.FileType)}, {"compression", "Compression", textCell(e.Compression)},
		{"size_bytes", "Size", size}, {"checksum", "Checksum", longCell(e.Checksum)}, {"listed_at", "Last listed", v.timeCell(e.ListedAt)},
	}
	t := &table{ID: "history", Caption: "History of the file", Empty: "Its history was purged.", Columns: []column{
		{Key: "changed_at", Title: "When"}, {Key: "from_status", Title: "From"}, {Key: "to_status", Title: "To"}, {Key: "process", Title: "Process"},
		{Key: "run_number", Title: "Run"}, {Key: "reason", Title: "Why"}, {Key: "actor", Title: "By"},
	}}
	for _, c := range f.changes {
		run := nothing()
		if c.RunID != 0 {
			run = numberCell(c.RunNumber)
			run.Href = v.run(c.RunID)
		}
		t.add(v.timeCell(c.At), textCell(c.From), stateCell(fileState(tracker.ExtractStatus(c.To)), c.To), v.processCell(c.Process), run, longCell(c.Reason), textCell(c.Actor))
	}
	p.Sections = []section{{ID: "state", Title: "State", Facts: facts}, {ID: "history", Title: "History", Table: t}}
	return p
}

// extractFilter returns the filter in the query, and whether the query has one.
func (v view) extractFilter() (f tracker.ExtractFilter, asked bool, err error) {
	f = tracker.ExtractFilter{LocationName: v.query.Get("location"), Status: tracker.ExtractStatus(v.query.Get("status")), After: tracker.Cursor(v.query.Get("after")), Limit: v.most()}
	if run := v.query.Get("run"); run != "" {
		if f.RunID, err = strconv.ParseInt(run, 10, 64); err != nil || f.RunID <= 0 {
			return f, false, errors.Join(&badRequestError{fmt.Sprintf("run %q is not an id; give a number", run)}, err)
		}
	}
	asked = f.LocationName != "" || f.Status != "" || f.RunID != 0
	return f, asked, nil
}
