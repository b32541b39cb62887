package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// resources are the kinds of objects in the registry, except for lookups.
func resources() []resource {
	return []resource{processResource(), clusterResource(), contactResource(), systemResource(), locationResource(), actorResource()}
}

// audited adds to a record when it was created and changed, and by which actor.
func (rec record) audited(a tracker.Audit) record {
	rec["created_at"], rec["created_by"], rec["changed_at"], rec["changed_by"] = moment(a.CreatedAt), a.CreatedBy, moment(a.ChangedAt), a.ChangedBy
	return rec
}

func auditFields() []resourceField {
	return []resourceField{
		{name: "created_at", kind: timeField}, {name: "created_by"}, {name: "changed_at", kind: timeField}, {name: "changed_by"},
	}
}

func actorResource() resource {
	return resource{
		name: "actor", things: "actors", short: "Actors, who start runs and make changes: list, show and rename them",
		sample: "airflow",
		fields: append([]resourceField{{name: "name"}, {name: "id", kind: numberField, listed: true}}, withListed(auditFields(), "created_at")...),
		list: func(ctx context.Context, t *tracker.Tracker, name string, limit int) iter.Seq2[record, error] {
			return mapped(t.Registry().Actors(ctx, tracker.NameFilter{Name: name, Limit: limit}), func(x tracker.Actor) (record, error) {
				return record{"name": x.Name, "id": &x.ID}.audited(x.Audit), nil
			})
		},
		rename: func(ctx context.Context, t *tracker.Tracker, from, to string, _ given) error {
			return t.Registry().RenameActor(ctx, from, to)
		},
		remove: func(ctx context.Context, t *tracker.Tracker, name string, _ given) error {
			return t.Registry().DeleteActor(ctx, name)
		},
	}
}

// withListed turns fields into columns.
func withListed(fields []resourceField, names ...string) []resourceField {
	for i := range fields {
		for _, name := range names {
			fields[i].listed = fields[i].listed || fields[i].name == name
		}
	}
	return fields
}

func clusterResource() resource {
	return resource{
		name: "cluster", things: "clusters", short: "Pools of capacity that processes share",
		sample: "spark", sampleFlags: " --max-memory 64 --memory-unit GB",
		long: `A run of a process in a cluster starts only while there is room for what it needs
("processtracker exec --needs-memory").`,
		fields: append([]resourceField{
			{name: "name"}, {name: "id", kind: numberField},
			{name: "max_memory", help: "the most memory that active runs may need together; -1 for no limit", kind: numberField, listed: true},
			{name: "used_memory", kind: numberField, listed: true},
			{name: "memory_unit", help: "the unit of memory, such as GB", listed: true},
			{name: "max_processing", help: "the most processing that active runs may need together; -1 for no limit", kind: numberField, listed: true},
			{name: "used_processing", kind: numberField, listed: true},
			{name: "processing_unit", help: "the unit of processing, such as cores", listed: true},
			{name: "processes", kind: listField},
		}, auditFields()...),
		list: func(ctx context.Context, t *tracker.Tracker, name string, limit int) iter.Seq2[record, error] {
			return mapped(t.Registry().Clusters(ctx, tracker.NameFilter{Name: name, Limit: limit}), func(c tracker.ClusterInfo) (record, error) {
				return record{
					"name": c.Name, "id": &c.ID, "max_memory": c.MaxMemory, "used_memory": &c.Used.Memory, "memory_unit": c.MemoryUnit,
					"max_processing": c.MaxProcessing, "used_processing": &c.Used.Processing, "processing_unit": c.ProcessingUnit, "processes": c.Processes,
				}.audited(c.Audit), nil
			})
		},
		add: func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			c := tracker.Cluster{Name: name}
			g.cluster(&c)
			return t.Registry().SetCluster(ctx, c)
		},
		set: func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			return t.Registry().ChangeCluster(ctx, name, g.cluster)
		},
		rename: func(ctx context.Context, t *tracker.Tracker, from, to string, _ given) error {
			return t.Registry().RenameCluster(ctx, from, to)
		},
		remove: func(ctx context.Context, t *tracker.Tracker, name string, _ given) error {
			return t.Registry().DeleteCluster(ctx, name)
		},
		links: []link{{
			add: "join", remove: "leave", others: "PROCESS", sample: `"Teams Load"`, short: "Make processes share a cluster",
			do: func(ctx context.Context, t *tracker.Tracker, name, process string, _ given) error {
				return t.Registry().JoinCluster(ctx, process, name)
			},
			undo: func(ctx context.Context, t *tracker.Tracker, name, process string, _ given) error {
				return t.Registry().LeaveCluster(ctx, process, name)
			},
		}},
	}
}

// cluster sets what is given.
func (g given) cluster(c *tracker.Cluster) {
	c.MaxMemory, c.MaxProcessing = g.number("max-memory", c.MaxMemory), g.number("max-processing", c.MaxProcessing)
	c.MemoryUnit, c.ProcessingUnit = g.text("memory-unit", c.MemoryUnit), g.text("processing-unit", c.ProcessingUnit)
}

func contactResource() resource {
	return resource{
		name: "contact", things: "contacts", short: "People and teams that answer for processes and systems",
		sample: `"Data Team"`, sampleFlags: " --email data@example.org",
		long: "A contact is found by its name; if several have that name, by --email, too.",
		fields: append([]resourceField{
			{name: "name"}, {name: "id", kind: numberField},
			{name: "email", help: "the e-mail address", listed: true, key: true},
			{name: "processes", kind: listField, listed: true}, {name: "systems", kind: listField, listed: true},
		}, auditFields()...),
		list: func(ctx context.Context, t *tracker.Tracker, name string, limit int) iter.Seq2[record, error] {
			return mapped(t.Registry().AllContacts(ctx, tracker.NameFilter{Name: name, Limit: limit}), func(c tracker.KnownContact) (record, error) {
				return record{"name": c.Name, "id": &c.ID, "email": c.Email, "processes": c.Processes, "systems": c.Systems}.audited(c.Audit), nil
			})
		},
		add: func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			return t.Registry().AddContact(ctx, tracker.Contact{Name: name, Email: g.text("email", "")})
		},
		set: func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			c, err := contactNamed(ctx, t, name, given{})
			if err != nil {
				return err
			}
			return t.Registry().ChangeContact(ctx, c, tracker.Contact{Name: c.Name, Email: g.text("email", c.Email)})
		},
		rename: func(ctx context.Context, t *tracker.Tracker, from, to string, g given) error {
			c, err := contactNamed(ctx, t, from, g)
			if err != nil {
				return err
			}
			return t.Registry().ChangeContact(ctx, c, tracker.Contact{Name: to, Email: c.Email})
		},
		remove: func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			c, err := contactNamed(ctx, t, name, g)
			if err != nil {
				return err
			}
			return t.Registry().DeleteContact(ctx, c)
		},
		links: contactLinks(),
	}
}

func contactLinks() []link {
	type change func(context.Context, string, tracker.Contact) error
	of := func(make func(*tracker.Registry) change) func(context.Context, *tracker.Tracker, string, string, given) error {
		return func(ctx context.Context, t *tracker.Tracker, name, other string, g given) error {
			c, err := contactNamed(ctx, t, name, g)
			if err != nil {
				return err
			}
			return make(t.Registry())(ctx, other, c)
		}
	}
	return []link{
		{
			add: "assign", remove: "unassign", others: "PROCESS", sample: `"Teams Load"`, short: "Add a contact to processes",
			do:   of(func(g *tracker.Registry) change { return g.AddProcessContact }),
			undo: of(func(g *tracker.Registry) change { return g.RemoveProcessContact }),
		},
		{
			add: "assign-system", remove: "unassign-system", others: "SYSTEM", sample: "shop", short: "Add a contact to systems, and so to the processes that read them",
			do:   of(func(g *tracker.Registry) change { return g.AddSystemContact }),
			undo: of(func(g *tracker.Registry) change { return g.RemoveSystemContact }),
		},
	}
}

// contactNamed finds a contact by its name, and by its e-mail address if one is given.
func contactNamed(ctx context.Context, t *tracker.Tracker, name string, g given) (tracker.Contact, error) {
	var found []tracker.Contact
	for c, err := range t.Registry().AllContacts(ctx, tracker.NameFilter{Name: name}) {
		if err != nil {
			return tracker.Contact{}, err
		}
		if g.flags == nil || !g.has("email") || c.Email == g.text("email", "") {
			found = append(found, c.Contact)
		}
	}
	switch len(found) {
	case 0:
		return tracker.Contact{}, &tracker.NotFoundError{What: "contact", Name: name}
	case 1:
		return found[0], nil
	}
	return tracker.Contact{}, exit(CodeUsage, fmt.Errorf("%d contacts are named %q; choose one with --email", len(found), name))
}

func systemResource() resource {
	return resource{
		name: "system", things: "systems", short: "Systems that data comes from or goes to",
		sample: "shop", sampleFlags: " --type database --charset UTF-8",
		fields: append([]resourceField{
			{name: "name"}, {name: "id", kind: numberField},
			{name: "type", help: "its type: database, files, service, stream, application, or one of your own", listed: true},
			{name: "charset", help: "the character set of its data, such as UTF-8", listed: true},
			{name: "dataset_types", kind: listField, listed: true}, {name: "objects", kind: listField},
		}, auditFields()...),
		list: func(ctx context.Context, t *tracker.Tracker, name string, limit int) iter.Seq2[record, error] {
			return mapped(t.Registry().Systems(ctx, tracker.SystemFilter{Name: name, Limit: limit}), func(s tracker.System) (record, error) {
				rec := record{"name": s.Name, "id": &s.ID, "type": s.Type, "charset": s.Charset, "dataset_types": s.DatasetTypes}.audited(s.Audit)
				if name == "" {
					return rec, nil // for a single one, they are read
				}
				var objects []string
				for o, err := range t.Registry().Objects(ctx, tracker.ObjectFilter{System: s.Name}) {
					if err != nil {
						return nil, err
					}
					objects = append(objects, o.Name)
				}
				rec["objects"] = objects
				return rec, nil
			})
		},
		add: func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			return t.Registry().DescribeSystem(ctx, tracker.System{Name: name, Type: g.text("type", ""), Charset: g.text("charset", "")})
		},
		set: func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			return t.Registry().ChangeSystem(ctx, name, func(s *tracker.System) {
				s.Type, s.Charset = g.text("type", s.Type), g.text("charset", s.Charset)
			})
		},
		rename: func(ctx context.Context, t *tracker.Tracker, from, to string, _ given) error {
			return t.Registry().RenameSystem(ctx, from, to)
		},
		remove: func(ctx context.Context, t *tracker.Tracker, name string, _ given) error {
			return t.Registry().DeleteSystem(ctx, name)
		},
	}
}

func locationResource() resource {
	return resource{
		name: "location", things: "locations", short: "Directories, bucket prefixes and URLs of extracts",
		sample: "landing", sampleFlags: " --path /landing",
		fields: []resourceField{
			{name: "name"}, {name: "id", kind: numberField},
			{name: "path", help: "the directory, bucket prefix or URL", listed: true}, {name: "type", listed: true},
			{name: "files", kind: numberField, listed: true}, {name: "listed_at", kind: timeField, listed: true},
		},
		list: func(ctx context.Context, t *tracker.Tracker, name string, limit int) iter.Seq2[record, error] {
			return mapped(t.Registry().Locations(ctx, tracker.NameFilter{Name: name, Limit: limit}), func(l tracker.Location) (record, error) {
				return record{"name": l.Name, "id": &l.ID, "path": l.Path, "type": l.Type, "files": l.FileCount, "listed_at": moment(l.ListedAt)}, nil
			})
		},
		add: func(ctx context.Context, t *tracker.Tracker, name string, g given) error {
			if !g.has("path") {
				return exit(CodeUsage, errors.New("no directory, bucket prefix or URL is given; give --path"))
			}
			_, err := t.Registry().RegisterLocation(ctx, absolute(g.text("path", "")), name)
			return err
		},
		rename: func(ctx context.Context, t *tracker.Tracker, from, to string, _ given) error {
			return t.Registry().RenameLocation(ctx, from, to)
		},
		remove: func(ctx context.Context, t *tracker.Tracker, name string, _ given) error {
			return t.Registry().DeleteLocation(ctx, name)
		},
	}
}
