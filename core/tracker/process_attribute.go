package tracker

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// A Role is what data is to a process.
type Role string

// The roles.
const (
	Source Role = "source"
	Target Role = "target"
)

// ProcessAttribute is a source or a target of a process at the grain of an attribute,
// and what the process makes of it.
type ProcessAttribute struct {
	Role   Role
	System string
	Object string
	// Attribute is as its object has it. Where it is given, only its name counts.
	Attribute Attribute
	// Alias is what the process calls the attribute: up to 250 characters.
	Alias string
	// Expression is how the process makes it, or reads it: a text in any language.
	Expression string
}

// DescribeProcessAttribute stores the alias and the expression of an attribute that is a
// source or a target of the process; empty ones clear what is stored. If it is none at
// the grain of an attribute, that is [ErrNotFound].
func (g *Registry) DescribeProcessAttribute(ctx context.Context, process string, a ProcessAttribute) error {
	t := g.of()
	process, err := name("process name", process)
	if err != nil {
		return err
	}
	if a.Role != Source && a.Role != Target {
		return invalid("role", string(a.Role), "unknown", "use source or target")
	}
	data := store.Data{Role: string(a.Role)}
	if data.System, data.Object, err = objectName(a.System, a.Object); err != nil {
		return err
	}
	if data.Attribute, err = name("attribute name", a.Attribute.Name); err != nil {
		return err
	}
	row := store.ProcessAttribute{Data: data, Expression: a.Expression}
	if row.Alias, err = optionalName("alias", a.Alias); err != nil {
		return err
	}
	if err := value("expression", a.Expression); err != nil {
		return err
	}
	found, err := t.made().store.DescribeProcessAttribute(ctx, process, row)
	if err != nil {
		return t.failed(fmt.Sprintf("describe attribute %q of process %q", data.Attribute, process), err)
	}
	if !found {
		return &NotFoundError{What: string(a.Role) + " of process " + process, Name: data.System + "." + data.Object + "." + data.Attribute}
	}
	return nil
}

// ProcessAttributes lists the sources and targets of a process that were given as
// attributes, with what their objects and the process say of them: sources first, in the
// order of their names. A process that does not exist is [ErrNotFound].
func (g *Registry) ProcessAttributes(ctx context.Context, process string) ([]ProcessAttribute, error) {
	t := g.of()
	process, err := name("process name", process)
	if err != nil {
		return nil, err
	}
	rows, err := t.made().store.ProcessAttributes(ctx, process)
	if err != nil {
		return nil, t.failed(fmt.Sprintf("list attributes of process %q", process), err)
	}
	if len(rows) == 0 {
		return nil, t.mustExist(ctx, process)
	}
	all := make([]ProcessAttribute, len(rows))
	for i, row := range rows {
		all[i] = ProcessAttribute{
			Role: Role(row.Role), System: row.System, Object: row.Object, Attribute: attribute(row.Attribute),
			Alias: row.Alias, Expression: row.Expression,
		}
	}
	return all, nil
}
