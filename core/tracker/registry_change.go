package tracker

import (
	"context"
	"fmt"
	"strings"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// RenameProcess gives a process another name. The process keeps its runs. For errors see
// [Registry].
func (g *Registry) RenameProcess(ctx context.Context, from, to string) error {
	return g.of().rename(ctx, store.ProcessTable, "process", from, to)
}

// RenameActor gives an actor another name. The history then has the new name, too. For errors see
// [Registry].
func (g *Registry) RenameActor(ctx context.Context, from, to string) error {
	return g.of().rename(ctx, store.ActorTable, "actor", from, to)
}

// DeleteActor deletes an actor that has started no run and made or changed nothing. For
// errors see [Registry].
func (g *Registry) DeleteActor(ctx context.Context, actor string) error {
	return g.of().deleteNamed(ctx, store.ActorTable, "actor", actor)
}

// RenameCluster gives a cluster another name. For errors see [Registry].
func (g *Registry) RenameCluster(ctx context.Context, from, to string) error {
	return g.of().rename(ctx, store.ClusterTable, "cluster", from, to)
}

// DeleteCluster deletes a cluster that no process shares; see [Registry.LeaveCluster]. For
// errors see [Registry].
func (g *Registry) DeleteCluster(ctx context.Context, cluster string) error {
	return g.of().deleteNamed(ctx, store.ClusterTable, "cluster", cluster)
}

// RenameSystem gives a system another name. For errors see [Registry].
func (g *Registry) RenameSystem(ctx context.Context, from, to string) error {
	return g.of().rename(ctx, store.SystemTable, "system", from, to)
}

// DeleteSystem deletes a system that has no objects and no contacts, and that no process,
// extract or location refers to. For errors see [Registry].
func (g *Registry) DeleteSystem(ctx context.Context, system string) error {
	return g.of().deleteNamed(ctx, store.SystemTable, "system", system)
}

// RenameLocation gives a location another name. Its path stays. For errors see [Registry].
func (g *Registry) RenameLocation(ctx context.Context, from, to string) error {
	return g.of().rename(ctx, store.LocationTable, "location", from, to)
}

// DeleteLocation deletes the location with the given name (not path), if it has no extracts.
// For errors see [Registry].
func (g *Registry) DeleteLocation(ctx context.Context, location string) error {
	return g.of().deleteNamed(ctx, store.LocationTable, "location", location)
}

func (t *Tracker) rename(ctx context.Context, table store.Lookup, what, from, to string) error {
	from, err := name(what, from)
	if err != nil {
		return err
	}
	if to, err = name("new "+what, to); err != nil {
		return err
	}
	change, err := t.made().store.RenameLookup(ctx, table, from, to, t.made().actor)
	if change.Taken {
		return with(&ExistsError{What: what, Name: to}, err)
	}
	return t.changed("rename", what, from, change, err)
}

func (t *Tracker) deleteNamed(ctx context.Context, table store.Lookup, what, given string) error {
	given, err := name(what, given)
	if err != nil {
		return err
	}
	change, err := t.made().store.DeleteLookup(ctx, table, given)
	return t.changed("delete", what, given, change, err)
}

// AddContact registers a contact that belongs to no process or system yet. Adding a
// contact again changes nothing.
func (g *Registry) AddContact(ctx context.Context, c Contact) error {
	t := g.of()
	row, err := c.row()
	if err != nil {
		return err
	}
	if err := t.made().store.AddContact(ctx, row, t.made().actor); err != nil {
		return t.failed(fmt.Sprintf("add contact %q", row.Name), err)
	}
	return nil
}

// ChangeContact changes the name and email address of a contact, for every process and
// system that has it. It finds the contact by its old name and email address. For errors
// see [Registry].
func (g *Registry) ChangeContact(ctx context.Context, from, to Contact) error {
	t := g.of()
	row, err := from.row()
	if err != nil {
		return err
	}
	next, err := to.row()
	if err != nil {
		return err
	}
	change, err := t.made().store.ChangeContact(ctx, row, next, t.made().actor)
	if change.Taken {
		return with(&ExistsError{What: "contact", Name: contactText(next)}, err)
	}
	return t.changed("change", "contact", contactText(row), change, err)
}

// DeleteContact deletes a contact that no process and no system has. For errors see
// [Registry].
func (g *Registry) DeleteContact(ctx context.Context, c Contact) error {
	t := g.of()
	row, err := c.row()
	if err != nil {
		return err
	}
	change, err := t.made().store.DeleteContact(ctx, row)
	return t.changed("delete", "contact", contactText(row), change, err)
}

func contactText(c store.Contact) string { return strings.TrimSpace(c.Name + " " + c.Email) }
