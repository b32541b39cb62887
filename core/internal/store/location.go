package store

import (
	"context"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Location is a location. Key identifies its path.
type Location struct {
	ID        int64
	Path      string
	Key       string
	Name      string
	Type      string
	FileCount *int64 // nil if it was never listed
	ListedAt  dialect.Time
}

type locationRow struct {
	Path string `json:"path"`
	Key  string `json:"path_key"`
	Name string `json:"name"`
	Type string `json:"type"`
}

func (q sql) addLocation(l Location, name, actor string) dialect.Stmt {
	return q.stmt("location.add", func() squirrel.Sqlizer {
		from := q.fromRows(squirrel.Select("r.path", "r.path_key", "r.name", "t.id", "a.id", "a.id"), slot(0), plain("path"), key("path_key"), key("name"), key("type")).
			Join(q.as(tLocationType, "t")+" ON t.name = r.type").
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", slot(1))
		return q.insertAbsent(tLocation,
			[]string{"path", "path_key", "name", "type_id", "created_by", "changed_by"}, from,
			dialect.Match{Any: same("path_key", "r.path_key", "name", "r.name").All})
	}, rows([]locationRow{{l.Path, l.Key, name, l.Type}}), actor)
}

// LocationFilter finds one location: by the key of its path, or by its name.
type LocationFilter struct {
	Key  string
	Name string
}

func (q sql) location(f LocationFilter) dialect.Stmt {
	name, column, value := "location.by_name", "l.name", f.Name
	if f.Key != "" {
		name, column, value = "location.by_path", "l.path_key", f.Key
	}
	return q.stmt(name, func() squirrel.Sqlizer {
		return squirrel.Select("l.id", "l.path", "l.path_key", "l.name", "t.name", "l.file_count", "l.listed_at").
			From(q.as(tLocation, "l")).
			Join(q.as(tLocationType, "t") + " ON t.id = l.type_id").
			Where(squirrel.Eq{column: slot(0)})
	}, value)
}

func (l *Location) scan(r dialect.Row) error {
	return r.Scan(&l.ID, &l.Path, &l.Key, &l.Name, &l.Type, &l.FileCount, &l.ListedAt)
}

// FindLocation returns a location, or [ErrUnknown].
func (s *Store) FindLocation(ctx context.Context, f LocationFilter) (Location, error) {
	var l Location
	err := s.query(ctx, s.location(f), l.scan)
	if err == nil && l.ID == 0 {
		err = ErrUnknown
	}
	return l, err
}

// AddLocation registers a location under the first of the names that is free, unless
// its path is registered already, and returns what is stored. If no name is free, the
// location returned has no id. A location that a run needs is registered whatever the
// schema's version.
func (s *Store) AddLocation(ctx context.Context, l Location, names []string, actor string, ofRun bool) (Location, error) {
	for _, name := range names {
		var found Location
		err := s.run(ctx, work{forget: func() { found = Location{} }, ofNoRun: !ofRun, steps: []*dialect.Step{
			exec(s.names(tActor, actor, actor)),
			exec(s.names(tLocationType, actor, l.Type)),
			exec(s.addLocation(l, name, actor)),
			read(s.location(LocationFilter{Key: l.Key}), found.scan),
		}})
		if err != nil {
			return Location{}, fmt.Errorf("register location: %w", err)
		}
		if found.ID != 0 {
			return found, nil
		}
	}
	return Location{}, nil
}

func (q sql) countFiles(location, files int64) dialect.Stmt {
	return q.stmt("location.count", func() squirrel.Sqlizer {
		return q.d.Update(tLocation).
			Set("file_count", slot(1)).
			Set("listed_at", squirrel.Expr(q.d.Now())).
			Where(squirrel.Eq{"id": slot(0)})
	}, location, files)
}

// CountFiles stores the number of files that a listing found, and reports
// whether there is such a location.
func (s *Store) CountFiles(ctx context.Context, location, files int64) (bool, error) {
	step := exec(s.countFiles(location, files))
	err := s.run(ctx, work{steps: []*dialect.Step{step}, ofNoRun: true})
	return step.Affected == 1, err
}
