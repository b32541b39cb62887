package tracker

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Contact is a person or a team to turn to.
type Contact struct {
	Name string
	// Email is optional: an address as RFC 5322 has it, of at most 250 characters,
	// without a name. It is kept as it is given, but for white space around it.
	Email string
}

// ContactInfo is a contact of a process, and where it comes from.
type ContactInfo struct {
	Contact

	System string // the source whose contact it is; empty if it is the process's own
	Audit  Audit
}

// AddProcessContact gives a contact to a process. Both are registered if they are
// not; adding one again changes nothing.
func (g *Registry) AddProcessContact(ctx context.Context, process string, c Contact) error {
	t := g.of()
	process, row, err := c.of("process name", process)
	if err != nil {
		return err
	}
	if err := t.made().store.AddProcessContact(ctx, process, row, t.made().actor); err != nil {
		return t.failed(fmt.Sprintf("add contact %q to process %q", row.Name, process), err)
	}
	return nil
}

// AddSystemContact gives a contact to a system, as [Registry.AddProcessContact]
// does to a process. It is one of all processes that have the system, an object
// or an attribute of it as a source.
func (g *Registry) AddSystemContact(ctx context.Context, system string, c Contact) error {
	t := g.of()
	system, row, err := c.of("system name", system)
	if err != nil {
		return err
	}
	if err := t.made().store.AddSystemContact(ctx, system, row, t.made().actor); err != nil {
		return t.failed(fmt.Sprintf("add contact %q to system %q", row.Name, system), err)
	}
	return nil
}

// RemoveProcessContact takes a contact, given by name and e-mail, from a process.
// One that it does not have is [ErrNotFound].
func (g *Registry) RemoveProcessContact(ctx context.Context, process string, c Contact) error {
	t := g.of()
	process, row, err := c.of("process name", process)
	if err != nil {
		return err
	}
	removed, err := t.made().store.RemoveProcessContact(ctx, process, row)
	return t.removedContact(removed, err, row, "process "+process)
}

// RemoveSystemContact is [Registry.RemoveProcessContact] for a system.
func (g *Registry) RemoveSystemContact(ctx context.Context, system string, c Contact) error {
	t := g.of()
	system, row, err := c.of("system name", system)
	if err != nil {
		return err
	}
	removed, err := t.made().store.RemoveSystemContact(ctx, system, row)
	return t.removedContact(removed, err, row, "system "+system)
}

func (t *Tracker) removedContact(removed bool, err error, c store.Contact, owner string) error {
	switch {
	case err != nil:
		return t.failed(fmt.Sprintf("remove contact %q of %s", c.Name, owner), err)
	case !removed:
		return &NotFoundError{What: "contact", Name: strings.TrimSpace(c.Name+" "+c.Email) + " of " + owner}
	}
	return nil
}

// Contacts lists the contacts of a process, its own first, then those of its
// sources, in the order of their names. A process that does not exist is
// [ErrNotFound].
func (g *Registry) Contacts(ctx context.Context, process string) ([]ContactInfo, error) {
	t := g.of()
	process, err := name("process name", process)
	if err != nil {
		return nil, err
	}
	rows, err := t.made().store.Contacts(ctx, process)
	if err != nil {
		return nil, t.failed(fmt.Sprintf("list contacts of process %q", process), err)
	}
	if len(rows) == 0 {
		return nil, t.mustExist(ctx, process)
	}
	all := make([]ContactInfo, len(rows))
	for i, row := range rows {
		all[i] = ContactInfo{Contact: Contact{Name: row.Name, Email: row.Email}, System: row.System, Audit: audit(row.Audit)}
	}
	return all, nil
}

// of checks a contact and the name of whose it is.
func (c Contact) of(what, owner string) (string, store.Contact, error) {
	owner, err := name(what, owner)
	if err != nil {
		return "", store.Contact{}, err
	}
	row, err := c.row()
	return owner, row, err
}

// row checks a contact.
func (c Contact) row() (row store.Contact, err error) {
	if row.Name, err = name("contact name", c.Name); err != nil {
		return row, err
	}
	row.Email, err = email(c.Email)
	return row, err
}

func email(given string) (string, error) {
	const field = "contact e-mail"
	address := strings.TrimSpace(given)
	if address == "" {
		return "", nil
	}
	if err := readable(field, address); err != nil {
		return "", err
	}
	if n := utf8.RuneCountInString(address); n > MaxName {
		return "", invalid(field, given, fmt.Sprintf("has %d characters", n), fmt.Sprintf("use at most %d", MaxName))
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil {
		return "", invalid(field, given, "no e-mail address", "give one such as data@example.org, or none")
	}
	if parsed.Name != "" || strings.ContainsAny(address, "<>()") {
		return "", invalid(field, given, "more than an address", "give the name as the contact's name")
	}
	return address, nil
}
