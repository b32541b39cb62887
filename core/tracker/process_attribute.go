package tracker

import (
	"context"
	"fmt"

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
