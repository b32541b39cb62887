package tracker

import (
	"context"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// A Role says whether data is a source or a target of a process.
type Role string

// The roles.
const (
	Source Role = "source"
	Target Role = "target"
)

// ProcessAttribute is an attribute that is a source or a target of a process, and how
// the process uses it.
type ProcessAttribute struct {
	Role   Role
	System string
	Object string
	// Attribute is the attribute as its object describes it. Writes use only its name.
	Attribute Attribute
	// Alias is the process's own name for the attribute: up to 250 characters.
	Alias string
	// Expression is how the process computes or reads it: text in any language.
	Expression string
}

// DescribeProcessAttribute stores the alias and the expression of an attribute that is a
// source or a target of the process; empty ones clear the stored ones. If the attribute
// is not registered as such a source or target, the error is [ErrNotFound].
func (g *Registry) DescribeProcessAttribute(ctx context.Context, process string, a ProcessAttribute) error {
	t := g.of()
	process, data, err := ofProcessAttribute(process, a)
	if err != nil {
		return err
	}
	given := store.ProcessAttribute{Data: data}
	if err := a.describe(&given); err != nil {
		return err
	}
	found, err := t.made().store.ChangeProcessAttribute(ctx, process, data, func(row *store.ProcessAttribute) { *row = given })
	return t.changed("describe", a.of(process), attributeText(data), store.LookupChange{Found: found}, err)
}

// ChangeProcessAttribute is [Registry.DescribeProcessAttribute] for one of the two: it finds
// the attribute by its role and names, and change gets the stored alias and expression, and
// sets those that are to be different. For what change may do, see [Registry].
func (g *Registry) ChangeProcessAttribute(ctx context.Context, process string, a ProcessAttribute, change func(*ProcessAttribute)) error {
	t := g.of()
	process, data, err := ofProcessAttribute(process, a)
	if err != nil {
		return err
	}
	return revision[store.ProcessAttribute]{
		what: a.of(process), name: attributeText(data),
		change: func(row *store.ProcessAttribute) error {
			next := a
			next.Alias, next.Expression = row.Alias, row.Expression
			change(&next)
			return next.describe(row)
		},
		same: func(a, b store.ProcessAttribute) bool { return a.Alias == b.Alias && a.Expression == b.Expression },
		replace: func(ctx context.Context, change func(*store.ProcessAttribute)) (bool, error) {
			return t.made().store.ChangeProcessAttribute(ctx, process, data, change)
		},
	}.make(ctx, t)
}

// ofProcessAttribute checks what identifies an attribute of a process.
func ofProcessAttribute(process string, a ProcessAttribute) (string, store.Data, error) {
	data := store.Data{Role: string(a.Role)}
	process, err := name("process name", process)
	if err != nil {
		return process, data, err
	}
	if a.Role != Source && a.Role != Target {
		return process, data, invalid("role", string(a.Role), "unknown", "use source or target")
	}
	if data.System, data.Object, err = objectName(a.System, a.Object); err != nil {
		return process, data, err
	}
	data.Attribute, err = name("attribute name", a.Attribute.Name)
	return process, data, err
}

// describe puts the description into a row.
func (a ProcessAttribute) describe(row *store.ProcessAttribute) (err error) {
	if row.Alias, err = optionalName("alias", a.Alias); err != nil {
		return err
	}
	row.Expression = a.Expression
	return value("expression", a.Expression)
}

func (a ProcessAttribute) of(process string) string { return string(a.Role) + " of process " + process }

func attributeText(d store.Data) string { return d.System + "." + d.Object + "." + d.Attribute }

// ProcessAttributes lists the attributes that are sources or targets of a process, as
// their objects and the process describe them: sources first, in the order of their
// names. If the process does not exist, the error is [ErrNotFound].
func (g *Registry) ProcessAttributes(ctx context.Context, process string) ([]ProcessAttribute, error) {
	t := g.of()
	process, err := name("process name", process)
	if err != nil {
		return nil, err
	}
	rows, err := t.made().store.ProcessAttributes(ctx, process)
	if err != nil {
		return nil, t.ofProcess("list attributes of", process, err)
	}
	var all []ProcessAttribute
	for _, row := range rows {
		all = append(all, ProcessAttribute{
			Role: Role(row.Role), System: row.System, Object: row.Object, Attribute: attribute(row.Attribute),
			Alias: row.Alias, Expression: row.Expression,
		})
	}
	return all, nil
}
