package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A difference is one difference between a file and a database, and the step that removes it.
type difference struct {
	Action string `json:"action"` // add, change or remove
	Of     string `json:"of"`     // such as: process "Teams Load"
	What   string `json:"what"`   // such as: source shop
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`

	do func(context.Context, *tracker.Tracker) error
}

// String returns the difference as a line in the style of diff.
func (s difference) String() string {
	sign := map[string]string{"add": "+", "change": "~", "remove": "-"}[s.Action]
	text := strings.TrimSuffix(sign+" "+s.Of+": "+s.What, ": ")
	if s.Action == "change" {
		text += fmt.Sprintf(": %s → %s", orNothing(s.From), orNothing(s.To))
	}
	return text
}

func orNothing(text string) string {
	if text == "" {
		return "(none)"
	}
	return text
}

// steps collects the steps from the current state to the wanted one. Removals come
// first, because an existing dependency may conflict with a new one in the opposite
// direction.
type steps struct {
	prune    bool
	removals []difference
	others   []difference
}

func (s *steps) add(of, what string, do func(context.Context, *tracker.Tracker) error) {
	s.others = append(s.others, difference{Action: "add", Of: of, What: what, do: do})
}

func (s *steps) change(of, what, from, to string, do func(context.Context, *tracker.Tracker) error) {
	s.others = append(s.others, difference{Action: "change", Of: of, What: what, From: from, To: to, do: do})
}

func (s *steps) remove(of, what string, do func(context.Context, *tracker.Tracker) error) {
	if s.prune {
		s.removals = append(s.removals, difference{Action: "remove", Of: of, What: what, do: do})
	}
}

func (s *steps) all() []difference { return append(s.removals, s.others...) }

// differences returns the steps to take. Anything that the file omits stays, unless
// prune is set: then it is removed from the systems, clusters and processes that the
// file names.
func differences(want, have declared, prune bool) []difference {
	s := &steps{prune: prune}
	for _, w := range want.systems {
		i := slices.IndexFunc(have.systems, func(h declaredSystem) bool { return h.Name == w.Name })
		s.system(w, at(have.systems, i), i >= 0)
	}
	for _, w := range want.clusters {
		i := slices.IndexFunc(have.clusters, func(h tracker.Cluster) bool { return h.Name == w.Name })
		s.cluster(w, at(have.clusters, i), i >= 0)
	}
	for _, w := range want.processes {
		i := slices.IndexFunc(have.processes, func(h declaredProcess) bool { return h.Name == w.Name })
		s.process(w, at(have.processes, i), i >= 0)
	}
	return s.all()
}

func at[T any](all []T, i int) (item T) {
	if i >= 0 {
		return all[i]
	}
	return item
}

func (s *steps) system(w, h declaredSystem, known bool) {
	of := fmt.Sprintf("system %q", w.Name)
	describe := func(ctx context.Context, t *tracker.Tracker) error {
		if s.prune {
			return t.Registry().RedescribeSystem(ctx, w.System)
		}
		return t.Registry().DescribeSystem(ctx, w.System)
	}
	if !known {
		s.add(of, "", describe)
	} else {
		for _, f := range []struct{ what, want, have string }{{"type", w.Type, h.Type}, {"charset", w.Charset, h.Charset}} {
			if f.want != f.have && (f.want != "" || s.prune) {
				s.change(of, f.what, f.have, f.want, describe)
			}
		}
	}
	pairs(w.contacts, h.contacts, func(c tracker.Contact) {
		s.add(of, "contact "+contactText(c), func(ctx context.Context, t *tracker.Tracker) error {
			return t.Registry().AddSystemContact(ctx, w.Name, c)
		})
	}, func(c tracker.Contact) {
		s.remove(of, "contact "+contactText(c), func(ctx context.Context, t *tracker.Tracker) error {
			return t.Registry().RemoveSystemContact(ctx, w.Name, c)
		})
	})
	s.objects(w.objects, h.objects)
}

func contactText(c tracker.Contact) string { return strings.TrimSpace(c.Name + " " + c.Email) }

// pairs calls add for each item that is only wanted, and remove for each item that is
// only stored.
func pairs[T comparable](want, have []T, add, remove func(T)) {
	for _, w := range want {
		if !slices.Contains(have, w) {
			add(w)
		}
	}
	for _, h := range have {
		if !slices.Contains(want, h) {
			remove(h)
		}
	}
}

func (s *steps) cluster(w, h tracker.Cluster, known bool) {
	of := fmt.Sprintf("cluster %q", w.Name)
	if !known {
		s.add(of, "", func(ctx context.Context, t *tracker.Tracker) error { return t.Registry().SetCluster(ctx, w) })
		return
	}
	merge := func(c *tracker.Cluster) { // what the file says, over what is stored
		if s.prune {
			*c = w
			return
		}
		c.MaxMemory, c.MaxProcessing = cmp.Or(w.MaxMemory, c.MaxMemory), cmp.Or(w.MaxProcessing, c.MaxProcessing)
		c.MemoryUnit, c.ProcessingUnit = cmp.Or(w.MemoryUnit, c.MemoryUnit), cmp.Or(w.ProcessingUnit, c.ProcessingUnit)
	}
	next := h
	merge(&next)
	set := func(ctx context.Context, t *tracker.Tracker) error {
		return t.Registry().ChangeCluster(ctx, w.Name, merge)
	}
	maximum := func(n *int64) string {
		if n == nil {
			return ""
		}
		return number(*n)
	}
	for _, f := range []struct{ what, want, have string }{
		{"max_memory", maximum(next.MaxMemory), maximum(h.MaxMemory)}, {"memory_unit", next.MemoryUnit, h.MemoryUnit},
		{"max_processing", maximum(next.MaxProcessing), maximum(h.MaxProcessing)}, {"processing_unit", next.ProcessingUnit, h.ProcessingUnit},
	} {
		if f.want != f.have {
			s.change(of, f.what, f.have, f.want, set)
		}
	}
}

func (s *steps) process(w, h declaredProcess, known bool) {
	of := fmt.Sprintf("process %q", w.Name)
	redefine := func(p tracker.Process) func(context.Context, *tracker.Tracker) error {
		return func(ctx context.Context, t *tracker.Tracker) error { return t.Registry().Redefine(ctx, p) }
	}
	if !known {
		s.add(of, "", redefine(tracker.Process{Name: w.Name, Type: w.Type, Tool: w.Tool, Frequency: w.Frequency}))
	} else {
		for _, f := range []struct {
			what, want, have string
			p                tracker.Process
		}{
			{"type", w.Type, h.Type, tracker.Process{Name: w.Name, Type: w.Type}},
			{"tool", w.Tool, h.Tool, tracker.Process{Name: w.Name, Tool: w.Tool}},
			{"frequency", w.Frequency, h.Frequency, tracker.Process{Name: w.Name, Frequency: w.Frequency}},
		} {
			if f.want != "" && f.want != f.have { // they cannot be cleared
				s.change(of, f.what, f.have, f.want, redefine(f.p))
			}
		}
	}
	s.data(of, w, h)
	s.maxFailures(of, w, h)
	s.belongings(of, w, h)
}

// data adds the steps for a process's sources, targets, filters and dataset types.
func (s *steps) data(of string, w, h declaredProcess) {
	define := func(p tracker.Process) func(context.Context, *tracker.Tracker) error {
		p.Name = w.Name
		return func(ctx context.Context, t *tracker.Tracker) error { return t.Registry().Register(ctx, p) }
	}
	undefine := func(p tracker.Process) func(context.Context, *tracker.Tracker) error {
		p.Name = w.Name
		return func(ctx context.Context, t *tracker.Tracker) error { return t.Registry().Undefine(ctx, p) }
	}
	for _, side := range []struct {
		role       tracker.Role
		want, have []tracker.DataRef
		of         func(...tracker.DataRef) tracker.Process
	}{
		{tracker.Source, w.Sources, h.Sources, func(refs ...tracker.DataRef) tracker.Process { return tracker.Process{Sources: refs} }},
		{tracker.Target, w.Targets, h.Targets, func(refs ...tracker.DataRef) tracker.Process { return tracker.Process{Targets: refs} }},
	} {
		what := func(ref tracker.DataRef) string { return string(side.role) + " " + refTexts([]tracker.DataRef{ref})[0] }
		pairs(side.want, side.have, func(ref tracker.DataRef) { s.add(of, what(ref), define(side.of(ref))) },
			func(ref tracker.DataRef) { s.remove(of, what(ref), undefine(side.of(ref))) })
		for _, ref := range side.want {
			s.attribute(of, w.Name, ref, attributeOf(w.attributes, side.role, ref), attributeOf(h.attributes, side.role, ref))
		}
	}
	pairs(w.DatasetTypes, h.DatasetTypes,
		func(name string) {
			s.add(of, "dataset type "+name, define(tracker.Process{DatasetTypes: []string{name}}))
		},
		func(name string) {
			s.remove(of, "dataset type "+name, undefine(tracker.Process{DatasetTypes: []string{name}}))
		})
	wanted, there := filtersByText(w.Filters), filtersByText(h.Filters)
	for _, f := range w.Filters {
		if _, ok := there[filterText(f)]; !ok {
			s.add(of, "filter "+filterText(f), define(tracker.Process{Filters: []tracker.RowFilter{f}}))
		}
	}
	for _, f := range h.Filters {
		if _, ok := wanted[filterText(f)]; !ok {
			s.remove(of, "filter "+filterText(f), undefine(tracker.Process{Filters: []tracker.RowFilter{f}}))
		}
	}
}

func filterText(f tracker.RowFilter) string {
	return fmt.Sprintf("%s %s %q", refTexts([]tracker.DataRef{f.Attribute})[0], f.Operator, f.Values)
}

func filtersByText(all []tracker.RowFilter) map[string]tracker.RowFilter {
	by := map[string]tracker.RowFilter{}
	for _, f := range all {
		by[filterText(f)] = f
	}
	return by
}

// attribute adds the steps for how a process uses an attribute.
func (s *steps) attribute(of, process string, ref tracker.DataRef, want, have *tracker.ProcessAttribute) {
	if want == nil {
		return
	}
	var h tracker.ProcessAttribute
	if have != nil {
		h = *have
	}
	merge := func(a *tracker.ProcessAttribute) {
		if s.prune {
			a.Alias, a.Expression = want.Alias, want.Expression
		} else {
			a.Alias, a.Expression = cmp.Or(want.Alias, a.Alias), cmp.Or(want.Expression, a.Expression)
		}
	}
	next := h
	merge(&next)
	if next.Alias == h.Alias && next.Expression == h.Expression {
		return
	}
	text := func(a tracker.ProcessAttribute) string {
		return strings.TrimSpace(a.Alias + " " + strings.Join(strings.Fields(a.Expression), " "))
	}
	s.change(of, string(want.Role)+" "+refTexts([]tracker.DataRef{ref})[0], text(h), text(next), func(ctx context.Context, t *tracker.Tracker) error {
		return t.Registry().ChangeProcessAttribute(ctx, process, *want, merge)
	})
}

func (s *steps) maxFailures(of string, w, h declaredProcess) {
	text := func(n *int) string {
		switch {
		case n == nil:
			return ""
		case *n >= tracker.NeverHold:
			return "never"
		default:
			return strconv.Itoa(*n)
		}
	}
	if text(w.maxFailures) == text(h.maxFailures) || w.maxFailures == nil && !s.prune {
		return
	}
	most := 0
	if w.maxFailures != nil {
		most = *w.maxFailures
	}
	s.change(of, "max_failures", text(h.maxFailures), text(w.maxFailures), func(ctx context.Context, t *tracker.Tracker) error {
		return t.Admin().SetMaxFailures(ctx, w.Name, most)
	})
}

// belongings adds the steps for dependencies, contacts and clusters.
func (s *steps) belongings(of string, w, h declaredProcess) {
	for _, dep := range w.dependencies {
		i := slices.IndexFunc(h.dependencies, func(other tracker.Dependency) bool { return other.Parent == dep.Parent })
		freshness := tracker.AnyAge
		if dep.Fresh {
			freshness = tracker.Fresh
		}
		do := func(ctx context.Context, t *tracker.Tracker) error {
			return t.Registry().AddDependency(ctx, w.Name, dep.Parent, tracker.DependencyOptions{Kind: dep.Kind, Freshness: freshness})
		}
		if i < 0 {
			s.add(of, "dependency on "+dependencyText(dep), do)
		} else if is := h.dependencies[i]; is.Kind != dep.Kind || is.Fresh != dep.Fresh {
			s.change(of, "dependency", dependencyText(is), dependencyText(dep), do)
		}
	}
	for _, is := range h.dependencies {
		if !slices.ContainsFunc(w.dependencies, func(dep tracker.Dependency) bool { return dep.Parent == is.Parent }) {
			s.remove(of, "dependency on "+dependencyText(is), func(ctx context.Context, t *tracker.Tracker) error {
				return t.Registry().RemoveDependency(ctx, w.Name, is.Parent)
			})
		}
	}
	pairs(w.contacts, h.contacts, func(c tracker.Contact) {
		s.add(of, "contact "+contactText(c), func(ctx context.Context, t *tracker.Tracker) error {
			return t.Registry().AddProcessContact(ctx, w.Name, c)
		})
	}, func(c tracker.Contact) {
		s.remove(of, "contact "+contactText(c), func(ctx context.Context, t *tracker.Tracker) error {
			return t.Registry().RemoveProcessContact(ctx, w.Name, c)
		})
	})
	pairs(w.clusters, h.clusters, func(c string) {
		s.add(of, "cluster "+c, func(ctx context.Context, t *tracker.Tracker) error { return t.Registry().JoinCluster(ctx, w.Name, c) })
	}, func(c string) {
		s.remove(of, "cluster "+c, func(ctx context.Context, t *tracker.Tracker) error { return t.Registry().LeaveCluster(ctx, w.Name, c) })
	})
}
