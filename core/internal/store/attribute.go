package store

import (
	"cmp"
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Attribute is the description of an attribute. The JSON names of its fields are columns;
// the flags are sent separately, because rows have no boolean columns.
type Attribute struct {
	ID       int64   `json:"-"`
	Name     string  `json:"name"`
	DataType *string `json:"data_type"`
	Length   *int64  `json:"length"`
	Decimals *int64  `json:"decimals"`
	Path     *string `json:"path"`
	Default  *string `json:"default_value"`
	Flags    [4]bool `json:"-"` // as attributeFlags
	Audit    Audit   `json:"-"`
}

var attributeFlags = [4]string{"is_key", "is_filter", "is_partition", "is_pii"}

func attributeColumns(alias string) []string {
	all := []string{"id", "name", "data_type", "length", "decimals", "path", "default_value"}
	all = append(all, attributeFlags[:]...)
	for i, column := range all {
		all[i] = alias + "." + column
	}
	return all
}

func (a *Attribute) columns() []any {
	return []any{
		&a.ID, &a.Name, &a.DataType, &a.Length, &a.Decimals, &a.Path, &a.Default,
		&a.Flags[0], &a.Flags[1], &a.Flags[2], &a.Flags[3],
	}
}

// describedAttributes reads the attributes of an object, and locks them.
func (q sql) describedAttributes(system, object string) dialect.Stmt {
	return q.stmt("describe.read_attributes", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tAttribute, "at", false)
		its := squirrel.Select("ob.id").From(q.as(tObject, "ob")).
			Join(q.as(tSystem, "sy") + " ON sy.id = ob.system_id").
			Where(squirrel.Eq{"sy.name": slot(0), "ob.name": slot(1)})
		return locking(squirrel.Select(attributeColumns("at")...).From(from).
			Where(squirrel.Expr("at.object_id = (?)", its)).
			OrderBy("at.id").Suffix(lock))
	}, system, object)
}

// addAttributes registers attributes that have the same flags.
func (q sql) addAttributes(system, object string, all []Attribute, actor string) dialect.Stmt {
	return q.stmt("describe.add_attributes", func() squirrel.Sqlizer {
		from := squirrel.Select("ob.id", "r.name", "r.data_type", "r.length", "r.decimals", "r.path", "r.default_value", signer, signer)
		for i := range all[0].Flags {
			from = from.Column(squirrel.Expr("?", slot(4+i)))
		}
		from = q.d.Rows(from, slot(0),
			dialect.Column{Name: "name", Type: dialect.Key}, dialect.Column{Name: "data_type"},
			dialect.Column{Name: "length", Type: dialect.Integer}, dialect.Column{Name: "decimals", Type: dialect.Integer},
			dialect.Column{Name: "path"}, dialect.Column{Name: "default_value"}).
			Join(q.as(tSystem, "sy")+" ON sy.name = ?", slot(1)).
			Join(q.as(tObject, "ob")+" ON ob.system_id = sy.id AND ob.name = ?", slot(2)).
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", slot(3)).
			OrderBy("r.name")
		columns := []string{"object_id", "name", "data_type", "length", "decimals", "path", "default_value", "created_by", "changed_by"}
		return q.insertAbsent(tAttribute, append(columns, attributeFlags[:]...), from,
			same("object_id", "ob.id", "name", "r.name"))
	}, rows(all), system, object, actor, all[0].Flags[0], all[0].Flags[1], all[0].Flags[2], all[0].Flags[3])
}

func (q sql) describeAttribute(a Attribute, actor string) dialect.Stmt {
	return q.stmt("describe.attribute", func() squirrel.Sqlizer {
		update := q.d.Update(tAttribute).
			Set("data_type", slot(2)).
			Set("length", slot(3)).
			Set("decimals", slot(4)).
			Set("path", slot(5)).
			Set("default_value", slot(6))
		for i, flag := range attributeFlags {
			update = update.Set(flag, slot(7+i))
		}
		return update.
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", q.actorID(slot(1))).
			Where(squirrel.Eq{"id": slot(0)})
	}, a.ID, actor, a.DataType, a.Length, a.Decimals, a.Path, a.Default, a.Flags[0], a.Flags[1], a.Flags[2], a.Flags[3])
}

// over returns the description, with the values that it leaves out taken from a stored one.
func (a *Attribute) over(stored *Attribute) {
	a.DataType = cmp.Or(a.DataType, stored.DataType)
	a.Length = cmp.Or(a.Length, stored.Length)
	a.Decimals = cmp.Or(a.Decimals, stored.Decimals)
	a.Path = cmp.Or(a.Path, stored.Path)
	a.Default = cmp.Or(a.Default, stored.Default)
	for i, flag := range stored.Flags {
		a.Flags[i] = a.Flags[i] || flag
	}
}

func (a *Attribute) same(b *Attribute) bool {
	return equal(a.DataType, b.DataType) && equal(a.Length, b.Length) && equal(a.Decimals, b.Decimals) &&
		equal(a.Path, b.Path) && equal(a.Default, b.Default) && a.Flags == b.Flags
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// DescribeAttributes registers attributes of an object and stores their descriptions: all
// fields if exactly, otherwise those that are not nil or false. New attributes need one
// statement for each set of flags that occurs, changed ones one statement each.
func (s *Store) DescribeAttributes(ctx context.Context, system, object string, given []Attribute, actor string, exactly bool) error {
	return s.run(ctx, work{in: func(c dialect.Conn) error {
		stored := map[string]Attribute{}
		steps := append(s.registerObject(system, object, actor),
			read(s.describedObject(system, object), func(dialect.Row) error { return nil }), // one caller at a time
			read(s.describedAttributes(system, object), func(r dialect.Row) error {
				var a Attribute
				err := r.Scan(a.columns()...)
				stored[a.Name] = a
				return err
			}))
		if err := inOrder(ctx, c, steps); err != nil {
			return err
		}
		added, changed := compared(given, stored, exactly)
		for _, all := range added {
			n, err := c.Exec(ctx, s.addAttributes(system, object, all, actor))
			if err != nil {
				return err
			}
			if n < int64(len(all)) {
				return errUnsettled // another caller has just registered some of them
			}
		}
		if len(changed) == 0 {
			return nil
		}
		updates := make([]*dialect.Step, len(changed))
		for i, a := range changed {
			updates[i] = exec(s.describeAttribute(a, actor))
		}
		return inOrder(ctx, c, updates)
	}, settle: true})
}

// compared returns the new attributes by their flags, and the changed ones with their new values.
func compared(given []Attribute, stored map[string]Attribute, exactly bool) (added map[[4]bool][]Attribute, changed []Attribute) {
	added = map[[4]bool][]Attribute{}
	for _, a := range given {
		old, known := stored[a.Name]
		if !known {
			added[a.Flags] = append(added[a.Flags], a)
			continue
		}
		if !exactly {
			a.over(&old)
		}
		if !a.same(&old) {
			a.ID = old.ID
			changed = append(changed, a)
		}
	}
	return added, changed
}
