package tracker

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Contact is a person or a team to ask about a process or a system.
type Contact struct {
	Name string
	// Email is optional: an RFC 5322 address of at most 250 characters, without a
	// display name. It is stored as given, without the white space around it.
	Email string
}

// ContactInfo is a contact of a process, and where it comes from.
type ContactInfo struct {
	Contact

	System string // the source that it is a contact of; empty if it is the process's own
	Audit  Audit
}

// AddProcessContact adds a contact to a process. It registers both if necessary. Adding
// a contact again changes nothing.
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

// AddSystemContact adds a contact to a system, as [Registry.AddProcessContact] does to
// a process. It is also a contact of every process that has the system, or an object or
// attribute of it, as a source.
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

// RemoveProcessContact removes a contact, given by name and email address, from a
// process. If the process does not have it, the error is [ErrNotFound].
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

// Contacts lists the contacts of a process by name: first its own, then those of its
// sources. If the process does not exist, the error is [ErrNotFound].
func (g *Registry) Contacts(ctx context.Context, process string) ([]ContactInfo, error) {
	t := g.of()
	process, err := name("process name", process)
	if err != nil {
		return nil, err
	}
	rows, err := t.made().store.Contacts(ctx, process)
	if err != nil {
		return nil, t.ofProcess("list contacts of", process, err)
	}
	var all []ContactInfo
	for _, row := range rows {
		all = append(all, ContactInfo{Contact: Contact{Name: row.Name, Email: row.Email}, System: row.System, Audit: audit(row.Audit)})
	}
	return all, nil
}

// of checks a contact and the name of the process or system that it belongs to.
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
		return "", invalid(field, given, "not an e-mail address", "give one such as data@example.org, or none")
	}
	if parsed.Name != "" || strings.ContainsAny(address, "<>()") {
		return "", invalid(field, given, "more than an address", "put the name into the contact's name")
	}
	return address, nil
}
