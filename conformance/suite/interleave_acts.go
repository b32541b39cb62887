package suite

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// acts are the calls of [interleavings], by their names.
func acts() map[string]act {
	all := reads()
	for name, do := range map[string]func(context.Context, *tracker.Registry, scene) error{
		"register process": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.Register(ctx, tracker.Process{Name: s.name("A")})
		},
		"rename process": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.RenameProcess(ctx, s.name("A"), s.name("former A"))
		},
		"rename parent": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.RenameProcess(ctx, s.name("B"), s.name("former B"))
		},
		"rename to unknown": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.RenameProcess(ctx, s.name("A"), s.name("unknown"))
		},
		"rename actor": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.RenameActor(ctx, s.name("actor"), s.name("former actor"))
		},
		"set cluster": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.SetCluster(ctx, tracker.Cluster{Name: s.name("L"), MaxMemory: pointer(int64(7)), MemoryUnit: "GB"})
		},
		"set cluster otherwise": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.SetCluster(ctx, tracker.Cluster{Name: s.name("L"), MaxProcessing: pointer(int64(3))})
		},
		"register cluster": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.SetCluster(ctx, tracker.Cluster{Name: s.name("L")})
		},
		"rename cluster": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.RenameCluster(ctx, s.name("L"), s.name("former L"))
		},
		"delete cluster": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.DeleteCluster(ctx, s.name("L"))
		},
		"join cluster": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.JoinCluster(ctx, s.name("A"), s.name("L"))
		},
		"add contact to process": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.AddProcessContact(ctx, s.name("A"), tracker.Contact{Name: s.name("K")})
		},
		"add contact to system": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.AddSystemContact(ctx, s.name("S"), tracker.Contact{Name: s.name("K")})
		},
		"delete contact": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.DeleteContact(ctx, tracker.Contact{Name: s.name("K")})
		},
		"change contact": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.ChangeContact(ctx, tracker.Contact{Name: s.name("K")}, tracker.Contact{Name: s.name("former K")})
		},
		"describe system": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.DescribeSystem(ctx, tracker.System{Name: s.name("S"), Type: s.name("type"), Charset: "UTF-8"})
		},
		"describe object": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.DescribeObject(ctx, tracker.Object{System: s.name("S"), Name: s.name("O"), Charset: "UTF-8"})
		},
		"describe attribute": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.DescribeAttributes(ctx, s.name("S"), s.name("O"), tracker.Attribute{Name: s.name("a"), PII: true})
		},
		"rename system": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.RenameSystem(ctx, s.name("S"), s.name("former S"))
		},
		"delete system": func(ctx context.Context, g *tracker.Registry, s scene) error { return g.DeleteSystem(ctx, s.name("S")) },
		"change cluster": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.ChangeCluster(ctx, s.name("L"), func(c *tracker.Cluster) { c.MaxMemory = pointer(int64(5)) })
		},
		"change system": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.ChangeSystem(ctx, s.name("S"), func(y *tracker.System) {
				if y.Type == "" {
					y.Type = s.name("type")
				} else {
					y.Charset = "ASCII"
				}
			})
		},
		"change file format": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.ChangeFileFormat(ctx, s.name("type"), func(f *tracker.FileFormat) { f.Delimiter = ";" })
		},
		"set file format": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.SetFileFormat(ctx, s.name("type"), tracker.FileFormat{Delimiter: ",", Quote: "'"})
		},
		"change expression": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.ChangeProcessAttribute(ctx, s.name("B"), s.attribute(), func(a *tracker.ProcessAttribute) { a.Expression = "x + 1" })
		},
		"describe alias": func(ctx context.Context, g *tracker.Registry, s scene) error {
			a := s.attribute()
			a.Alias = "other"
			return g.DescribeProcessAttribute(ctx, s.name("B"), a)
		},
		"add dependency": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.AddDependency(ctx, s.name("A"), s.name("B"), tracker.DependencyOptions{Kind: tracker.Hard, Freshness: tracker.Fresh})
		},
		"remove dependency": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.RemoveDependency(ctx, s.name("A"), s.name("B"))
		},
		"define":   func(ctx context.Context, g *tracker.Registry, s scene) error { return g.Redefine(ctx, s.process()) },
		"undefine": func(ctx context.Context, g *tracker.Registry, s scene) error { return g.Undefine(ctx, s.process()) },
		"register location": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return ignore(g.RegisterLocation(ctx, s.name("type")+"://landing", s.name("landing")))
		},
		"register known location": func(ctx context.Context, g *tracker.Registry, s scene) error { return s.register(ctx, g, "known") },
		"delete location": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.DeleteLocation(ctx, s.name("known"))
		},
		"count files": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.SetFileCount(ctx, "file:///"+s.name("known"), 3)
		},
		"rename location": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.RenameLocation(ctx, s.name("known"), s.name("former"))
		},
		"add run status": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.AddRunStatus(ctx, tracker.RunStatus(s.name("status")), true)
		},
		"delete run status": func(ctx context.Context, g *tracker.Registry, s scene) error {
			return g.DeleteLookupName(ctx, tracker.RunStatuses, s.name("status"))
		},
		"delete source type": deletesType(tracker.SourceTypes), "delete process type": deletesType(tracker.ProcessTypes),
		"delete dataset type": deletesType(tracker.DatasetTypes), "delete location type": deletesType(tracker.LocationTypes),
		"delete file type": deletesType(tracker.FileTypes),
	} {
		all[name] = func(ctx context.Context, tr *tracker.Tracker, s scene) (string, error) {
			return "", do(ctx, tr.Registry(), s)
		}
	}
	for name, do := range map[string]func(context.Context, *tracker.Admin, scene) error{
		"hold unknown": func(ctx context.Context, a *tracker.Admin, s scene) error {
			return a.Hold(ctx, s.name("unknown"), "audit")
		},
		"hold":    func(ctx context.Context, a *tracker.Admin, s scene) error { return a.Hold(ctx, s.name("A"), "audit") },
		"release": func(ctx context.Context, a *tracker.Admin, s scene) error { return a.Release(ctx, s.name("B"), "done") },
		"forgive": func(ctx context.Context, a *tracker.Admin, s scene) error {
			return a.Release(ctx, s.name("F"), "mended")
		},
		"limit failures": func(ctx context.Context, a *tracker.Admin, s scene) error {
			return a.SetMaxFailures(ctx, s.name("A"), 5)
		},
		"set watermark": func(ctx context.Context, a *tracker.Admin, s scene) error {
			return a.SetWatermark(ctx, s.name("A"), time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), "again")
		},
	} {
		all[name] = func(ctx context.Context, tr *tracker.Tracker, s scene) (string, error) {
			return "", do(ctx, tr.Admin(), s)
		}
	}
	return all
}

func deletesType(l tracker.Lookup) func(context.Context, *tracker.Registry, scene) error {
	return func(ctx context.Context, g *tracker.Registry, s scene) error {
		return g.DeleteLookupName(ctx, l, s.name("type"))
	}
}

func (s scene) register(ctx context.Context, g *tracker.Registry, location string) error {
	return ignore(g.RegisterLocation(ctx, "file:///"+s.name(location), s.name(location)))
}

// attribute is what B reads.
func (s scene) attribute() tracker.ProcessAttribute {
	return tracker.ProcessAttribute{Role: tracker.Source, System: s.name("T"), Object: "O", Attribute: tracker.Attribute{Name: "a"}}
}

// process is a definition at every grain.
func (s scene) process() tracker.Process {
	system := s.name("S")
	p := tracker.Process{Name: s.name("A"), Type: s.name("type"), DatasetTypes: []string{s.name("type")}}
	p.Sources = slices.Concat(tracker.SystemRefs(system), tracker.ObjectRefs(system, "O"), tracker.AttributeRefs(system, "O", "a"))
	p.Filters = []tracker.RowFilter{{Attribute: tracker.AttributeRefs(system, "O", "b")[0], Operator: tracker.OpEqual, Values: []string{"1"}}}
	return p
}

func began(ctx context.Context, tr *tracker.Tracker, p tracker.Process, options *tracker.StartOptions) (string, error) {
	run, err := tr.Start(ctx, p, options)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("run %d: ", run.Number()), nil
}

// reads are the acts that return something.
func reads() map[string]act {
	return map[string]act{
		"start": func(ctx context.Context, tr *tracker.Tracker, s scene) (string, error) {
			return began(ctx, tr, tracker.Process{Name: s.name("A")}, nil)
		},
		"start and define": func(ctx context.Context, tr *tracker.Tracker, s scene) (string, error) {
			return began(ctx, tr, s.process(), &tracker.StartOptions{DependsOn: []string{s.name("B")}})
		},
		"contacts": func(ctx context.Context, tr *tracker.Tracker, s scene) (string, error) {
			all, err := tr.Registry().Contacts(ctx, s.name("A"))
			var names []string
			for _, c := range all {
				names = append(names, c.Name)
			}
			return strings.Join(append(names, ""), ", "), err
		},
		"dependencies": func(ctx context.Context, tr *tracker.Tracker, s scene) (string, error) {
			all, err := tr.Registry().Dependencies(ctx, s.name("A"))
			return fmt.Sprintf("%d parents, %d children: ", len(all.Parents), len(all.Children)), err
		},
		"attributes": func(ctx context.Context, tr *tracker.Tracker, s scene) (string, error) {
			all, err := tr.Registry().ProcessAttributes(ctx, s.name("A"))
			return fmt.Sprintf("%d attributes: ", len(all)), err
		},
	}
}

// stored lists what a scene has in the database, a line each.
func (s *stage) stored(ctx context.Context, t *testing.T, now scene) string {
	t.Helper()
	signed := func(table, alias string) string {
		return "{" + table + "} AS " + alias + " LEFT JOIN {actor} AS creator ON creator.id = " + alias + ".created_by LEFT JOIN {actor} AS changer ON changer.id = " + alias + ".changed_by"
	}
	const by = ", ' by ', coalesce(creator.name, ''), ', ', coalesce(changer.name, '')"
	var selects []string
	for _, part := range [][2]string{
		{"'process ', p.name, ' held ', coalesce(p.hold_reason, ''), ' by ', coalesce(h.name, ''), ' most ', coalesce(p.max_failures, -1), ' type ', coalesce(ty.name, '')" + by,
			signed("process", "p") + " LEFT JOIN {actor} AS h ON h.id = p.held_by LEFT JOIN {process_type} AS ty ON ty.id = p.type_id"},
		{"'change of ', p.name, ' from ', coalesce(x.from_status, ''), ' to ', x.to_status, ' by ', a.name",
			"{status_history} AS x JOIN {process} AS p ON p.id = x.process_id JOIN {actor} AS a ON a.id = x.actor_id"},
		{"'run of ', p.name, ' by ', a.name", "{run} AS x JOIN {process} AS p ON p.id = x.process_id JOIN {actor} AS a ON a.id = x.actor_id"},
		{"'dependency of ', c.name, ' on ', p.name, ' ', x.kind" + by,
			signed("process_dependency", "x") + " JOIN {process} AS c ON c.id = x.child_id JOIN {process} AS p ON p.id = x.parent_id"},
		{"'cluster ', x.name, ' ', coalesce(x.max_memory, -1), coalesce(x.memory_unit, ''), ' ', coalesce(x.max_processing, -1)" + by, signed("cluster", "x")},
		{"'sharer of ', c.name, ': ', p.name", "{process_cluster} AS x JOIN {cluster} AS c ON c.id = x.cluster_id JOIN {process} AS p ON p.id = x.process_id"},
		{"'contact ', x.name" + by, signed("contact", "x")},
		{"'contact of ', p.name, ': ', c.name", "{process_contact} AS x JOIN {contact} AS c ON c.id = x.contact_id JOIN {process} AS p ON p.id = x.process_id"},
		{"'contact of ', sy.name, ': ', c.name", "{system_contact} AS x JOIN {contact} AS c ON c.id = x.contact_id JOIN {data_system} AS sy ON sy.id = x.system_id"},
		{"'system ', x.name, ' type ', coalesce(ty.name, ''), ' charset ', coalesce(x.charset, '')" + by,
			signed("data_system", "x") + " LEFT JOIN {source_type} AS ty ON ty.id = x.type_id"},
		{"'object ', sy.name, x.name, ' charset ', coalesce(x.charset, '')" + by, signed("data_object", "x") + " JOIN {data_system} AS sy ON sy.id = x.system_id"},
		{"'attribute ', sy.name, x.name" + by,
			signed("data_attribute", "x") + " JOIN {data_object} AS ob ON ob.id = x.object_id JOIN {data_system} AS sy ON sy.id = ob.system_id"},
		{"'dataset type of ', p.name, ': ', ty.name",
			"{process_dataset_type} AS x JOIN {process} AS p ON p.id = x.process_id JOIN {dataset_type} AS ty ON ty.id = x.dataset_type_id"},
		{"'system of ', p.name, ': ', sy.name", "{process_system} AS x JOIN {process} AS p ON p.id = x.process_id JOIN {data_system} AS sy ON sy.id = x.system_id"},
		{"'object of ', p.name, ': ', sy.name",
			"{process_object} AS x JOIN {process} AS p ON p.id = x.process_id JOIN {data_object} AS ob ON ob.id = x.object_id JOIN {data_system} AS sy ON sy.id = ob.system_id"},
		{"'attribute of ', p.name, ' ', coalesce(x.alias, ''), ' ', coalesce(x.expression, '')", "{process_attribute} AS x JOIN {process} AS p ON p.id = x.process_id"},
		{"'filter of ', p.name", "{process_filter} AS x JOIN {process} AS p ON p.id = x.process_id"},
		{"'location ', x.name, ' type ', ty.name" + by, signed("location", "x") + " JOIN {location_type} AS ty ON ty.id = x.type_id"},
		{"'status ', x.name" + by, signed("run_status", "x")},
		{"'file type ', x.name, ' ', coalesce(x.delimiter_char, ''), ' ', coalesce(x.quote_char, '')" + by, signed("file_type", "x")},
		{"'actor ', x.name", "{actor} AS x"},
	} {
		selects = append(selects, "SELECT concat("+part[0]+") AS line FROM "+part[1])
	}
	lines := slices.DeleteFunc(column[string](ctx, t, s.b, strings.Join(selects, " UNION ALL ")), func(line string) bool {
		return !strings.Contains(line, now.prefix)
	})
	slices.Sort(lines)
	return "\n  " + strings.ReplaceAll(strings.Join(lines, "\n  "), now.prefix, "")
}
