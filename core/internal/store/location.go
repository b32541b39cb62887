package store

import (
	"context"
	"errors"
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
		from := q.fromRows(squirrel.Select("r.path", "r.path_key", "r.name", "coalesce(t.id, 0)", signer, signer), slot(0), plain("path"), key("path_key"), key("name"), key("type")).
			LeftJoin(q.as(tLocationType, "t")+" ON t.name = r.type"). // 0 as for an actor
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
// its path is registered already, and returns what is stored. If no name is free, it
// returns the location that has the last one. A location that a run needs is registered
// whatever the schema's version.
func (s *Store) AddLocation(ctx context.Context, l Location, names []string, actor string, ofRun bool) (stored Location, err error) {
	for _, name := range names {
		stored, err = s.addNamed(ctx, l, name, actor, ofRun)
		if err != nil {
			return Location{}, fmt.Errorf("register location: %w", err)
		}
		if stored.Key == l.Key {
			break
		}
	}
	return stored, nil
}

// addNamed registers a location under a name, or returns the one that has the path or else
// the name.
func (s *Store) addNamed(ctx context.Context, l Location, name, actor string, ofRun bool) (stored Location, err error) {
	for try := 1; ; try++ {
		err = s.run(ctx, work{forget: func() { stored = Location{} }, settle: true, ofNoRun: !ofRun, steps: []*dialect.Step{
			exec(s.names(tActor, actor, actor)),
			exec(s.names(tLocationType, actor, l.Type)),
			exec(s.addLocation(l, name, actor)),
			read(s.location(LocationFilter{Key: l.Key}), stored.scan),
		}})
		if err != nil || stored.ID != 0 {
			return stored, err
		}
		stored, err = s.FindLocation(ctx, LocationFilter{Name: name})
		switch {
		case !errors.Is(err, ErrUnknown):
			return stored, err
		case try >= s.retry.Tries: // it was there each time, and then deleted
			return stored, errUnsettled
		}
	}
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
