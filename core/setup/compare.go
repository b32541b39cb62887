package setup

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A schema has the parts of a schema, by their identity.
type schema map[dialect.Part][]string

func index(parts []dialect.Part) schema {
	s := schema{}
	for _, p := range parts {
		s[named(p)] = append(s[named(p)], p.Is)
	}
	return s
}

// named identifies a part by its name or, if it has none, by its definition.
func named(p dialect.Part) dialect.Part {
	if p.Kind != dialect.KindUnique && p.Kind != dialect.KindCheck {
		p.Is = ""
	}
	return p
}

func (s schema) has(p dialect.Part) bool { return slices.Contains(s[named(p)], p.Is) }

func (s schema) any(kind, table, name string) bool {
	return len(s[dialect.Part{Kind: kind, Table: table, Name: name}]) > 0
}

func compare(want, have []dialect.Part) (c Comparison) {
	found, known, hidden := index(have), index(want), map[string]bool{}
	for _, p := range have {
		if p.Kind == dialect.KindUnseen {
			hidden[p.Is] = true
			c.Unseen = append(c.Unseen, p.Is)
		}
	}
	for _, p := range want {
		unseen := hidden[p.Kind+"s"] && (p.Kind != dialect.KindView || found.any(p.Kind, p.Table, ""))
		if found.has(p) || unseen || found.toldElsewhere(p) || p.Kind == dialect.KindIndex && found.covers(p) {
			continue
		}
		have := strings.Join(found[named(p)], "; ")
		c.Drifts = append(c.Drifts, Drift{Part: p, Have: have, Breaks: p.Kind != dialect.KindIndex})
	}
	for _, p := range have {
		if known.any(dialect.KindTable, p.Table, "") && !known.has(p) && refuses(p, found, known) {
			c.Drifts = append(c.Drifts, Drift{Part: p, Added: true, Breaks: p.Kind == dialect.KindColumn})
		}
	}
	return c
}

// rank orders parts so that those that others need come first.
func rank(kind string) int {
	return slices.Index([]string{
		dialect.KindTable, dialect.KindColumn, dialect.KindIdentity, dialect.KindDefault, dialect.KindKey, dialect.KindUnique,
		dialect.KindForeignKey, dialect.KindIndex, dialect.KindCheck, dialect.KindView, dialect.KindCounter,
	}, kind)
}

// toldElsewhere reports whether the table or the column that the part belongs to is
// missing, too.
func (s schema) toldElsewhere(p dialect.Part) bool {
	switch p.Kind {
	case dialect.KindTable, dialect.KindView:
		return false
	case dialect.KindDefault, dialect.KindIdentity:
		if !s.any(dialect.KindColumn, p.Table, p.Name) {
			return true
		}
	}
	return !s.any(dialect.KindTable, p.Table, "")
}

// covers reports whether an index with another name, or a key, can replace this one: it
// begins with the same columns.
func (s schema) covers(index dialect.Part) bool {
	for p, all := range s {
		if p.Table != index.Table || p.Kind != dialect.KindIndex && p.Kind != dialect.KindUnique && p.Kind != dialect.KindKey {
			continue
		}
		if slices.ContainsFunc(all, func(is string) bool { return strings.HasPrefix(is+",", index.Is+",") }) {
			return true
		}
	}
	return false
}

// refuses reports whether an added part can reject the tracker's writes.
func refuses(p dialect.Part, found, known schema) bool {
	switch p.Kind {
	case dialect.KindForeignKey:
		return !known.any(p.Kind, p.Table, p.Name) // otherwise it is reported as another part
	case dialect.KindCheck:
		return true
	case dialect.KindUnique:
		return !known.implies(p)
	case dialect.KindColumn:
		filled := found.any(dialect.KindDefault, p.Table, p.Name) || found.any(dialect.KindIdentity, p.Table, p.Name)
		return !known.any(p.Kind, p.Table, p.Name) && strings.HasSuffix(p.Is, " not null") && !filled
	default:
		return false
	}
}

// implies reports whether the schema's own keys already imply a unique key, because it
// contains all columns of one of them.
func (s schema) implies(unique dialect.Part) bool {
	columns := strings.Split(unique.Is, ",")
	for p, all := range s {
		if p.Table != unique.Table || p.Kind != dialect.KindKey && p.Kind != dialect.KindUnique {
			continue
		}
		for _, is := range all {
			beyond := func(column string) bool { return !slices.Contains(columns, column) }
			if !slices.ContainsFunc(strings.Split(is, ","), beyond) {
				return true
			}
		}
	}
	return false
}

// behind returns the identity counters that are behind their rows, as after a restore
// of the rows alone, and those that the user cannot see.
func behind(ctx context.Context, backend dialect.Backend, want, have []dialect.Part) (drifts []Drift, unseen []string, err error) {
	found := index(have)
	var tables []string
	for _, p := range want {
		if p.Kind == dialect.KindIdentity && found.has(p) && found.any(dialect.KindColumn, p.Table, p.Name) {
			tables = append(tables, p.Table)
		}
	}
	query := backend.Dialect().Counters(tables)
	if query.SQL == "" || len(tables) == 0 {
		return nil, nil, nil
	}
	counter := func(r dialect.Row) error {
		p := dialect.Part{Kind: dialect.KindCounter}
		var next *int64
		var least int64
		if err := r.Scan(&p.Table, &p.Name, &next, &least); err != nil {
			return err
		}
		p.Is = strconv.FormatInt(least, 10)
		switch {
		case next == nil:
			unseen = []string{"counters of identities"}
		case *next < least:
			drifts = append(drifts, Drift{Part: p, Have: strconv.FormatInt(*next, 10), Breaks: true})
		}
		return nil
	}
	err = retried(ctx, backend, query.Name, func() error {
		drifts, unseen = nil, nil
		return backend.Conn().Query(ctx, query, counter)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the counters: %w", denied(backend, Reader, err))
	}
	return drifts, unseen, nil
}
