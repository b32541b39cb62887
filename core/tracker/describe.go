package tracker

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// System is a system that data comes from or goes to.
type System struct {
	Name    string
	Type    string // "database", "files", "service", "stream", "application", or one of your own
	Charset string // the character set of its data, such as "UTF-8"

	// Reads fill in the fields below; writes ignore them. DatasetTypes are the dataset
	// types of the processes that have the system, or a part of it, as a source.
	ID           int64
	DatasetTypes []string
	Audit        Audit
}

// DescribeSystem registers a system and stores the fields of s. Empty fields leave the
// stored values unchanged; [Registry.RedescribeSystem] clears them. A new type is
// registered.
func (g *Registry) DescribeSystem(ctx context.Context, s System) error {
	t := g.of()
	return t.describeSystem(ctx, s, false)
}

// RedescribeSystem is [Registry.DescribeSystem], but clears the fields that are empty in s.
func (g *Registry) RedescribeSystem(ctx context.Context, s System) error {
	t := g.of()
	return t.describeSystem(ctx, s, true)
}

// ChangeSystem changes the type and the character set of a system: change gets the stored
// ones, and sets those that are to be different. It ignores other fields. For what change
// may do, and for errors, see [Registry].
func (g *Registry) ChangeSystem(ctx context.Context, system string, change func(*System)) error {
	t := g.of()
	system, err := name("system name", system)
	if err != nil {
		return err
	}
	return revision[store.System]{
		what: "system", name: system,
		change: func(row *store.System) error {
			next := System{Name: system, Type: row.Type, Charset: row.Charset}
			change(&next)
			next.Name = system
			made, err := next.row()
			row.Type, row.Charset = made.Type, made.Charset
			return err
		},
		same: func(a, b store.System) bool { return a.Type == b.Type && a.Charset == b.Charset },
		replace: func(ctx context.Context, change func(*store.System)) (bool, error) {
			return t.made().store.ChangeSystem(ctx, system, t.made().actor, change)
		},
	}.make(ctx, t)
}

func (s System) row() (row store.System, err error) {
	if row.Name, err = name("system name", s.Name); err != nil {
		return row, err
	}
	if row.Type, err = optionalName("source type", s.Type); err != nil {
		return row, err
	}
	row.Charset, err = optionalName("character set", s.Charset)
	return row, err
}

func (t *Tracker) describeSystem(ctx context.Context, s System, exactly bool) error {
	row, err := s.row()
	if err != nil {
		return err
	}
	if err := t.made().store.DescribeSystem(ctx, row, t.made().actor, exactly); err != nil {
		return t.failed(fmt.Sprintf("describe system %q", row.Name), err)
	}
	return nil
}

// Object is a table or a dataset within a system.
type Object struct {
	System  string
	Name    string
	Charset string // if it differs from the system's

	// Reads fill in the fields below; writes ignore them. DatasetTypes are the dataset
	// types of the processes that have the object as a source: with its whole system,
	// by itself or in part.
	ID           int64
	DatasetTypes []string
	Audit        Audit
}

// DescribeObject registers an object and stores the fields of o. Empty fields leave the
// stored values unchanged; [Registry.RedescribeObject] clears them.
func (g *Registry) DescribeObject(ctx context.Context, o Object) error {
	t := g.of()
	return t.describeObject(ctx, o, false)
}

// RedescribeObject is [Registry.DescribeObject], but clears the fields that are empty in o.
func (g *Registry) RedescribeObject(ctx context.Context, o Object) error {
	t := g.of()
	return t.describeObject(ctx, o, true)
}

func (t *Tracker) describeObject(ctx context.Context, o Object, exactly bool) (err error) {
	var row store.Object
	if row.System, row.Name, err = objectName(o.System, o.Name); err != nil {
		return err
	}
	if row.Charset, err = optionalName("character set", o.Charset); err != nil {
		return err
	}
	if err := t.made().store.DescribeObject(ctx, row, t.made().actor, exactly); err != nil {
		return t.failed(fmt.Sprintf("describe object %q of system %q", row.Name, row.System), err)
	}
	return nil
}

func objectName(system, object string) (string, string, error) {
	system, err := name("system name", system)
	if err != nil {
		return "", "", err
	}
	object, err = name("object name", object)
	return system, object, err
}

// Attribute is a column or a field within an object.
type Attribute struct {
	Name      string
	DataType  string  // as its system spells it
	Length    *int64  // in the units of its data type
	Decimals  *int64  // digits after the decimal point; a negative number counts digits before it
	Path      string  // its place in nested data; up to 4,096 bytes, kept exactly
	Default   *string // kept exactly; nil if there is none, which is not the same as an empty text
	Key       bool    // part of the object's key
	Filter    bool    // meant to be filtered by
	Partition bool    // the object is partitioned by it
	PII       bool    // personally identifiable information

	// Reads fill in the fields below; writes ignore them.
	ID    int64
	Audit Audit
}

// DescribeAttributes registers attributes of an object, and the object if necessary,
// and stores the attributes' fields: all of them or none. Empty fields, and flags that
// are not set, leave the stored values unchanged; [Registry.RedescribeAttributes]
// clears them.
func (g *Registry) DescribeAttributes(ctx context.Context, system, object string, attributes ...Attribute) error {
	t := g.of()
	return t.describeAttributes(ctx, system, object, attributes, false)
}

// RedescribeAttributes is [Registry.DescribeAttributes], but clears the fields of these
// attributes that are empty. The object's other attributes stay unchanged.
func (g *Registry) RedescribeAttributes(ctx context.Context, system, object string, attributes ...Attribute) error {
	t := g.of()
	return t.describeAttributes(ctx, system, object, attributes, true)
}

func (t *Tracker) describeAttributes(ctx context.Context, system, object string, attributes []Attribute, exactly bool) error {
	system, object, err := objectName(system, object)
	if err != nil {
		return err
	}
	rows := make([]store.Attribute, len(attributes))
	for i, a := range attributes {
		if rows[i], err = a.check(); err != nil {
			return err
		}
	}
	slices.SortFunc(rows, func(a, b store.Attribute) int { return cmp.Compare(a.Name, b.Name) })
	for i := range rows[:max(len(rows)-1, 0)] {
		if rows[i].Name == rows[i+1].Name {
			return invalid("attribute name", rows[i].Name, "given twice", "describe each attribute once")
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := t.made().store.DescribeAttributes(ctx, system, object, rows, t.made().actor, exactly); err != nil {
		return t.failed(fmt.Sprintf("describe attributes of object %q of system %q", object, system), err)
	}
	return nil
}

func (a Attribute) check() (row store.Attribute, err error) {
	row = store.Attribute{
		Length: a.Length, Decimals: a.Decimals, Default: a.Default, Flags: [4]bool{a.Key, a.Filter, a.Partition, a.PII},
	}
	if row.Name, err = name("attribute name", a.Name); err != nil {
		return row, err
	}
	if a.DataType != "" {
		dataType, err := name("data type", a.DataType)
		if err != nil {
			return row, err
		}
		row.DataType = &dataType
	}
	if a.Length != nil && *a.Length < 0 {
		return row, invalid("length", strconv.FormatInt(*a.Length, 10), "negative", "give 0 or more, or none")
	}
	if a.Path != "" {
		if err := exact("attribute path", a.Path, MaxPath); err != nil {
			return row, err
		}
		row.Path = &a.Path
	}
	if a.Default != nil {
		return row, value("default value", *a.Default)
	}
	return row, nil
}

func attribute(a store.Attribute) Attribute {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	return Attribute{
		ID: a.ID, Name: a.Name, DataType: text(a.DataType), Length: a.Length, Decimals: a.Decimals, Path: text(a.Path),
		Default: a.Default, Key: a.Flags[0], Filter: a.Flags[1], Partition: a.Flags[2], PII: a.Flags[3], Audit: audit(a.Audit),
	}
}
