package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// sort puts the declarations into canonical order.
func (d *declared) sort() {
	slices.SortStableFunc(d.systems, func(a, b declaredSystem) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(d.clusters, func(a, b tracker.Cluster) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(d.processes, func(a, b declaredProcess) int { return cmp.Compare(a.Name, b.Name) })
	for i := range d.systems {
		d.systems[i].contacts = sortedContacts(d.systems[i].contacts)
		sortObjects(d.systems[i].objects)
	}
	for i := range d.processes {
		p := &d.processes[i]
		p.contacts = sortedContacts(p.contacts)
		p.Sources, p.Targets = sortedRefs(p.Sources), sortedRefs(p.Targets)
		slices.Sort(p.DatasetTypes)
		slices.Sort(p.clusters)
		p.DatasetTypes, p.clusters = slices.Compact(p.DatasetTypes), slices.Compact(p.clusters)
		slices.SortStableFunc(p.dependencies, func(a, b tracker.Dependency) int { return cmp.Compare(a.Parent, b.Parent) })
		for i := range p.Filters {
			if f := &p.Filters[i]; f.Operator == tracker.OpIn { // a set
				slices.Sort(f.Values)
				f.Values = slices.Compact(f.Values)
			}
		}
	}
}

func sortedContacts(all []tracker.Contact) []tracker.Contact {
	slices.SortFunc(all, func(a, b tracker.Contact) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Email, b.Email))
	})
	return slices.Compact(all)
}

func sortedRefs(all []tracker.DataRef) []tracker.DataRef {
	slices.SortFunc(all, func(a, b tracker.DataRef) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Object, b.Object), cmp.Compare(a.Attribute, b.Attribute))
	})
	return slices.Compact(all)
}

// wanted limits which objects are read from the database to these names; nil means all.
type wanted struct{ systems, clusters, processes map[string]bool }

// storedDeclared returns the state of the database, in the terms of a file.
func storedDeclared(ctx context.Context, t *tracker.Tracker, w *wanted) (d declared, err error) {
	g := t.Registry()
	contacts, err := contactsOf(ctx, g)
	if err != nil {
		return d, err
	}
	for s, err := range g.Systems(ctx, tracker.SystemFilter{}) {
		if err != nil {
			return d, err
		}
		if w == nil || w.systems[s.Name] {
			objects, err := storedObjects(ctx, g, s.Name)
			if err != nil {
				return d, err
			}
			d.systems = append(d.systems, declaredSystem{s, contacts.systems[s.Name], objects})
		}
	}
	in := map[string][]string{}
	for c, err := range g.Clusters(ctx, tracker.NameFilter{}) {
		if err != nil {
			return d, err
		}
		if w == nil || w.clusters[c.Name] {
			d.clusters = append(d.clusters, c.Cluster)
		}
		for _, process := range c.Processes {
			in[process] = append(in[process], c.Name)
		}
	}
	parents, err := parentsOf(ctx, t)
	if err != nil {
		return d, err
	}
	for info, err := range g.Processes(ctx, tracker.ProcessFilter{}) {
		if err != nil {
			return d, err
		}
		if w != nil && !w.processes[info.Name] {
			continue
		}
		p, err := storedProcess(ctx, g, info, parents)
		if err != nil {
			return d, err
		}
		p.contacts, p.clusters = contacts.processes[info.Name], in[info.Name]
		d.processes = append(d.processes, p)
	}
	d.sort()
	return d, nil
}

// parentsOf returns each process's dependencies by the process's name, in the order of
// the names of the processes that it waits for.
func parentsOf(ctx context.Context, t *tracker.Tracker) (map[string][]tracker.Dependency, error) {
	parents := map[string][]tracker.Dependency{}
	for d, err := range t.Registry().AllDependencies(ctx) {
		if err != nil {
			return nil, err
		}
		parents[d.Child] = append(parents[d.Child], d)
	}
	for _, all := range parents {
		slices.SortFunc(all, func(a, b tracker.Dependency) int { return strings.Compare(a.Parent, b.Parent) })
	}
	return parents, nil
}

func storedProcess(ctx context.Context, g *tracker.Registry, info tracker.ProcessInfo, parents map[string][]tracker.Dependency) (p declaredProcess, err error) {
	if p.Process, err = g.Definition(ctx, info.Name); err != nil {
		return p, err
	}
	if info.MaxFailures != 0 {
		p.maxFailures = &info.MaxFailures
	}
	p.dependencies = parents[info.Name]
	hasAttributes := func(ref tracker.DataRef) bool { return ref.Attribute != "" }
	if slices.ContainsFunc(p.Sources, hasAttributes) || slices.ContainsFunc(p.Targets, hasAttributes) {
		p.attributes, err = g.ProcessAttributes(ctx, info.Name)
	}
	return p, err
}

// owned groups contacts by their owner.
type owned struct{ processes, systems map[string][]tracker.Contact }

func contactsOf(ctx context.Context, g *tracker.Registry) (owned, error) {
	all := owned{map[string][]tracker.Contact{}, map[string][]tracker.Contact{}}
	for c, err := range g.AllContacts(ctx, tracker.NameFilter{}) {
		if err != nil {
			return all, err
		}
		for _, p := range c.Processes {
			all.processes[p] = append(all.processes[p], c.Contact)
		}
		for _, s := range c.Systems {
			all.systems[s] = append(all.systems[s], c.Contact)
		}
	}
	return all, nil
}

// The file as it is written. Lists of names are written as lists of strings, and other
// items as mappings. Empty and default values are omitted.
type (
	exported struct {
		Systems   map[string]exportedSystem  `yaml:"systems,omitempty"`
		Clusters  map[string]exportedCluster `yaml:"clusters,omitempty"`
		Processes map[string]exportedProcess `yaml:"processes,omitempty"`
	}
	exportedSystem struct {
		Type     string `yaml:"type,omitempty"`
		Charset  string `yaml:"charset,omitempty"`
		Contacts []any  `yaml:"contacts,omitempty"`

		Objects map[string]exportedObject `yaml:"objects,omitempty"`
	}
	exportedCluster struct {
		MaxMemory      *int64 `yaml:"max_memory,omitempty"`
		MemoryUnit     string `yaml:"memory_unit,omitempty"`
		MaxProcessing  *int64 `yaml:"max_processing,omitempty"`
		ProcessingUnit string `yaml:"processing_unit,omitempty"`
	}
	exportedProcess struct {
		Type         string           `yaml:"type,omitempty"`
		Tool         string           `yaml:"tool,omitempty"`
		Frequency    string           `yaml:"frequency,omitempty"`
		MaxFailures  any              `yaml:"max_failures,omitempty"`
		Sources      []any            `yaml:"sources,omitempty"`
		Targets      []any            `yaml:"targets,omitempty"`
		DatasetTypes []string         `yaml:"dataset_types,omitempty"`
		Filters      []exportedFilter `yaml:"filters,omitempty"`
		DependsOn    []any            `yaml:"depends_on,omitempty"`
		Contacts     []any            `yaml:"contacts,omitempty"`
		Clusters     []string         `yaml:"clusters,omitempty"`
	}
	exportedRef struct {
		System     string `yaml:"system"`
		Object     string `yaml:"object,omitempty"`
		Attribute  string `yaml:"attribute,omitempty"`
		Alias      string `yaml:"alias,omitempty"`
		Expression string `yaml:"expression,omitempty"`
	}
	exportedFilter struct {
		System    string   `yaml:"system"`
		Object    string   `yaml:"object"`
		Attribute string   `yaml:"attribute"`
		Operator  string   `yaml:"operator"`
		Values    []string `yaml:"values"`
	}
	exportedDependency struct {
		Process string `yaml:"process"`
		Kind    string `yaml:"kind,omitempty"`
		Fresh   bool   `yaml:"fresh,omitempty"`
	}
	exportedContact struct {
		Name  string `yaml:"name"`
		Email string `yaml:"email"`
	}
)

func exportContacts(contacts []tracker.Contact) (all []any) {
	for _, c := range contacts {
		if c.Email == "" {
			all = append(all, c.Name)
		} else {
			all = append(all, exportedContact(c))
		}
	}
	return all
}

func exportRefs(refs []tracker.DataRef, role tracker.Role, attributes []tracker.ProcessAttribute) (all []any) {
	for _, ref := range refs {
		if ref.Object == "" {
			all = append(all, ref.System)
			continue
		}
		out := exportedRef{System: ref.System, Object: ref.Object, Attribute: ref.Attribute}
		if a := attributeOf(attributes, role, ref); a != nil {
			out.Alias, out.Expression = a.Alias, a.Expression
		}
		all = append(all, out)
	}
	return all
}

// attributeOf returns the details of a source or target that is an attribute; nil if
// there are none.
func attributeOf(all []tracker.ProcessAttribute, role tracker.Role, ref tracker.DataRef) *tracker.ProcessAttribute {
	for i, a := range all {
		if a.Role == role && a.System == ref.System && a.Object == ref.Object && a.Attribute.Name == ref.Attribute {
			return &all[i]
		}
	}
	return nil
}

func exportProcess(p declaredProcess) exportedProcess {
	out := exportedProcess{
		Type: p.Type, Tool: p.Tool, Frequency: p.Frequency, DatasetTypes: p.DatasetTypes, Clusters: p.clusters,
		Sources: exportRefs(p.Sources, tracker.Source, p.attributes), Targets: exportRefs(p.Targets, tracker.Target, p.attributes),
		Contacts: exportContacts(p.contacts),
	}
	if p.maxFailures != nil {
		if out.MaxFailures = *p.maxFailures; *p.maxFailures >= tracker.NeverHold {
			out.MaxFailures = "never"
		}
	}
	for _, f := range p.Filters {
		out.Filters = append(out.Filters, exportedFilter{f.Attribute.System, f.Attribute.Object, f.Attribute.Attribute, string(f.Operator), f.Values})
	}
	for _, dep := range p.dependencies {
		if dep.Kind == tracker.Normal && !dep.Fresh {
			out.DependsOn = append(out.DependsOn, dep.Parent)
			continue
		}
		one := exportedDependency{Process: dep.Parent, Fresh: dep.Fresh}
		if dep.Kind != tracker.Normal {
			one.Kind = string(dep.Kind)
		}
		out.DependsOn = append(out.DependsOn, one)
	}
	return out
}

// write writes the declarations as a file.
func (d declared) write(to io.Writer) error {
	out := exported{map[string]exportedSystem{}, map[string]exportedCluster{}, map[string]exportedProcess{}}
	for _, s := range d.systems {
		out.Systems[s.Name] = exportedSystem{s.Type, s.Charset, exportContacts(s.contacts), exportObjects(s.objects)}
	}
	for _, c := range d.clusters {
		out.Clusters[c.Name] = exportedCluster{c.MaxMemory, c.MemoryUnit, c.MaxProcessing, c.ProcessingUnit}
	}
	for _, p := range d.processes {
		out.Processes[p.Name] = exportProcess(p)
	}
	encoder := yaml.NewEncoder(to)
	encoder.SetIndent(2)
	if err := encoder.Encode(out); err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	return encoder.Close()
}
