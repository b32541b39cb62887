package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Contact is a contact of a process or, if System is set, of one of its sources.
type Contact struct {
	Name   string
	Email  string
	System string
	Audit  Audit
}

type contactRow struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

func (q sql) addContact(k Contact, actor string) dialect.Stmt {
	return q.stmt("contact.add", func() squirrel.Sqlizer {
		from := q.fromRows(squirrel.Select("r.name", "r.email", signer, signer), slot(0), key("name"), key("email")).
			LeftJoin(q.as(tActor, "a")+" ON a.name = ?", slot(1))
		return q.insertAbsent(tContact,
			[]string{"name", "email", "created_by", "changed_by"}, from, same("name", "r.name", "email", "r.email"))
	}, rows([]contactRow{{k.Name, k.Email}}), actor)
}

// linkContact links a contact to the row with the given name in table.
func (q sql) linkContact(table, name string, k Contact) dialect.Stmt {
	return q.stmt("contact.link_"+table, func() squirrel.Sqlizer {
		column := contactColumn(table)
		from := squirrel.Select("o.id", "c.id").From(q.as(table, "o")).
			Join(q.as(tContact, "c")+" ON c.name = ? AND c.email = ?", slot(1), slot(2)).
			Where(squirrel.Eq{"o.name": slot(0)})
		return q.insertAbsent(contactTable(table), []string{column, "contact_id"}, from,
			same(column, "o.id", "contact_id", "c.id"))
	}, name, k.Name, k.Email)
}

func (q sql) contactLinked(table, name string, k Contact) dialect.Stmt {
	return q.stmt("contact.linked_"+table, func() squirrel.Sqlizer {
		return squirrel.Select("c.id").From(q.as(contactTable(table), "l")).
			Join(q.as(table, "o") + " ON o.id = l." + contactColumn(table)).
			Join(q.as(tContact, "c") + " ON c.id = l.contact_id").
			Where(squirrel.Eq{"o.name": slot(0), "c.name": slot(1), "c.email": slot(2)})
	}, name, k.Name, k.Email)
}

func (q sql) unlinkContact(table, name string, k Contact) dialect.Stmt {
	return q.stmt("contact.unlink_"+table, func() squirrel.Sqlizer {
		owner := squirrel.Select("id").From(q.d.Table(table)).Where(squirrel.Eq{"name": slot(0)})
		contact := squirrel.Select("id").From(q.d.Table(tContact)).Where(squirrel.Eq{"name": slot(1), "email": slot(2)})
		return q.d.Delete(contactTable(table)).
			Where(squirrel.Expr(contactColumn(table)+" = (?)", owner)).
			Where(squirrel.Expr("contact_id = (?)", contact))
	}, name, k.Name, k.Email)
}

func contactTable(table string) string {
	if table == tSystem {
		return tSystemContact
	}
	return tProcessContact
}

func contactColumn(table string) string {
	if table == tSystem {
		return "system_id"
	}
	return "process_id"
}

// AddProcessContact adds a contact to a process, AddSystemContact to a system. Both
// register all the names.
func (s *Store) AddProcessContact(ctx context.Context, process string, k Contact, actor string) error {
	return s.addContactTo(ctx, tProcess, process, k, actor)
}

// AddSystemContact is [Store.AddProcessContact] for a system.
func (s *Store) AddSystemContact(ctx context.Context, system string, k Contact, actor string) error {
	return s.addContactTo(ctx, tSystem, system, k, actor)
}

func (s *Store) addContactTo(ctx context.Context, table, name string, k Contact, actor string) error {
	linked := false
	return s.run(ctx, work{forget: func() { linked = false }, settled: func() bool { return linked }, steps: []*dialect.Step{
		exec(s.names(tActor, actor, actor)),
		exec(s.names(table, actor, name)),
		exec(s.addContact(k, actor)),
		exec(s.linkContact(table, name, k)),
		read(s.contactLinked(table, name, k), func(dialect.Row) error { linked = true; return nil }),
	}, ofNoRun: true})
}

// RemoveProcessContact reports whether the process had the contact.
func (s *Store) RemoveProcessContact(ctx context.Context, process string, k Contact) (bool, error) {
	return s.removeContact(ctx, tProcess, process, k)
}

// RemoveSystemContact reports whether the system had the contact.
func (s *Store) RemoveSystemContact(ctx context.Context, system string, k Contact) (bool, error) {
	return s.removeContact(ctx, tSystem, system, k)
}

func (s *Store) removeContact(ctx context.Context, table, name string, k Contact) (bool, error) {
	return s.remove(ctx, s.unlinkContact(table, name, k))
}

func (q sql) contacts(process int64) dialect.Stmt {
	return q.stmt("contacts.list", func() squirrel.Sqlizer {
		own := q.audited(squirrel.Select("c.name", "c.email", "'' AS of_system").From(q.as(tProcessContact, "pc")).
			Join(q.as(tContact, "c")+" ON c.id = pc.contact_id"), "c").
			Where(squirrel.Eq{"pc.process_id": slot(0)})
		sources := q.audited(squirrel.Select("c.name", "c.email", "sy.name").
			JoinClause(squirrel.Expr("FROM (?) AS d", q.systemsOf("source"))).
			Join(q.as(tSystem, "sy")+" ON sy.id = d.system_id").
			Join(q.as(tSystemContact, "sc")+" ON sc.system_id = d.system_id").
			Join(q.as(tContact, "c")+" ON c.id = sc.contact_id"), "c").
			Where(squirrel.Eq{"d.process_id": slot(0)})
		return squirrel.Expr("? UNION ALL ?", own, sources)
	}, process)
}

// Contacts lists the contacts of a process and of its sources, its own first, or returns
// [ErrUnknown].
func (s *Store) Contacts(ctx context.Context, process string) ([]Contact, error) {
	id, err := s.nameID(ctx, tProcess, process)
	if err != nil {
		return nil, err
	}
	all, err := list(ctx, s, s.contacts(id), func(r dialect.Row) (k Contact, err error) {
		return k, r.Scan(append([]any{&k.Name, &k.Email, &k.System}, k.Audit.columns()...)...)
	})
	slices.SortFunc(all, func(a, b Contact) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Email, b.Email))
	})
	return all, err
}
