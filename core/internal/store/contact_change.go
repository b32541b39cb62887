package store

import (
	"context"

	"github.com/Masterminds/squirrel"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// StoredContact is a contact, with its owners.
type StoredContact struct {
	ID        int64
	Name      string
	Email     string
	Processes []string
	Systems   []string
	Audit     Audit
}

func (q sql) listContacts(f ListFilter) dialect.Stmt {
	return q.conditional("contacts.all", 0, func(v []any) squirrel.Sqlizer {
		query := q.audited(squirrel.Select("c.id", "c.name", "c.email").From(q.as(tContact, "c")), "c").
			Where(squirrel.Gt{"c.id": v[0]}).OrderBy("c.id")
		return q.limit(whereSet(query, "c.name", v[2]), v[1])
	}, f.After, limit(f.Limit), given(f.Name))
}

// ownersOf selects the processes or systems that have contacts with these ids.
func (q sql) ownersOf(table string, ids []int64) dialect.Stmt {
	return q.stmt("contacts.owners_"+table, func() squirrel.Sqlizer {
		query := q.fromRows(squirrel.Select("r.id", "o.name"), slot(0), integer("id")).
			JoinClause(q.then(q.as(contactTable(table), "l"))+" ON l.contact_id = r.id").
			Join(q.as(table, "o")+" ON o.id = l."+contactColumn(table)).
			OrderBy("r.id", "o.name")
		return query
	}, rows(idRows(ids)))
}

// RegisteredContacts lists contacts, in the order in which they were registered, with
// their owners.
func (s *Store) RegisteredContacts(ctx context.Context, f ListFilter) ([]StoredContact, error) {
	all, err := list(ctx, s, s.listContacts(f), func(r dialect.Row) (c StoredContact, err error) {
		return c, r.Scan(append([]any{&c.ID, &c.Name, &c.Email}, c.Audit.columns()...)...)
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := idsOf(all, func(c StoredContact) int64 { return c.ID })
	processes, err := s.namesBy(ctx, s.ownersOf(tProcess, ids))
	if err != nil {
		return nil, err
	}
	systems, err := s.namesBy(ctx, s.ownersOf(tSystem, ids))
	for i := range all {
		all[i].Processes, all[i].Systems = processes[all[i].ID], systems[all[i].ID]
	}
	return all, err
}

// AddContact registers a contact without an owner.
func (s *Store) AddContact(ctx context.Context, k Contact, actor string) error {
	return s.run(ctx, work{steps: []*dialect.Step{exec(s.names(tActor, actor, actor)), exec(s.addContact(k, actor))}, ofNoRun: true, settle: true})
}

func (q sql) contactRow(k Contact) dialect.Stmt {
	return q.stmt("contact.read", func() squirrel.Sqlizer {
		from, lock := q.d.Lock(tContact, "c", false)
		return locking(squirrel.Select("c.id").From(from).Where(squirrel.Eq{"c.name": slot(0), "c.email": slot(1)}).Suffix(lock))
	}, k.Name, k.Email)
}

func (q sql) changeContact(id int64, k Contact, actor string) dialect.Stmt {
	return q.stmt("contact.change", func() squirrel.Sqlizer {
		return q.d.Update(tContact).
			Set("name", slot(1)).
			Set("email", slot(2)).
			Set("changed_at", squirrel.Expr(q.d.Now())).
			Set("changed_by", q.actorID(slot(3))).
			Where(squirrel.Eq{"id": slot(0)})
	}, id, k.Name, k.Email, actor)
}

func (q sql) deleteContact(id int64) dialect.Stmt {
	return q.stmt("contact.delete", func() squirrel.Sqlizer {
		return q.d.Delete(tContact).Where(squirrel.Eq{"id": slot(0)})
	}, id)
}

func contactUses() []reference {
	return []reference{{"process", tProcessContact, "contact_id"}, {"system", tSystemContact, "contact_id"}}
}

func (s *Store) contactID(ctx context.Context, c dialect.Conn, k Contact) (id int64, err error) {
	err = c.Query(ctx, s.contactRow(k), func(r dialect.Row) error { return r.Scan(&id) })
	return id, err
}

// ChangeContact changes a contact's name and email address for all its owners.
func (s *Store) ChangeContact(ctx context.Context, from, to Contact, actor string) (change LookupChange, err error) {
	lost := false
	err = s.run(ctx, work{lost: &lost, in: func(c dialect.Conn) error {
		change = LookupChange{}
		if err := inOrder(ctx, c, []*dialect.Step{s.known(), exec(s.names(tActor, actor, actor))}); err != nil {
			return err
		}
		id, err := s.contactID(ctx, c, from)
		if err != nil {
			return err
		}
		other, err := s.contactID(ctx, c, to)
		switch {
		case err != nil:
			return err
		case id == 0:
			change.Found = lost && other != 0
			return nil
		case other != 0:
			change.Found, change.Taken = true, other != id
			return nil
		}
		change.Found = true
		_, err = c.Exec(ctx, s.changeContact(id, to, actor))
		change.Taken = s.backend.Classify(err) == dialect.Duplicate // by another at the same moment
		return err
	}, settle: true})
	return change, err
}

// DeleteContact deletes a contact without an owner.
func (s *Store) DeleteContact(ctx context.Context, k Contact) (change LookupChange, err error) {
	lost := false
	err = s.run(ctx, work{lost: &lost, in: func(c dialect.Conn) error {
		change = LookupChange{}
		if err := inOrder(ctx, c, []*dialect.Step{s.known()}); err != nil {
			return err
		}
		id, err := s.contactID(ctx, c, k)
		if err != nil || id == 0 {
			change.Found = lost
			return err
		}
		change.Found = true
		if err := s.readUsesOf(ctx, c, contactUses(), id, &change); err != nil || change.InUse {
			return err
		}
		_, err = c.Exec(ctx, s.deleteContact(id))
		change.InUse = s.backend.Classify(err) == dialect.Reference
		return err
	}})
	return change, err
}
