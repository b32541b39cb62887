package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// declaredObject is a table or dataset of a system, with its attributes.
type declaredObject struct {
	tracker.Object

	attributes []tracker.Attribute
}

// says reports whether the declaration has more than the object's name.
func (o declaredObject) says() bool {
	return o.Charset != "" || slices.ContainsFunc(o.attributes, func(a tracker.Attribute) bool { return attributeFacts(a) != "" })
}

func (r *fileReader) objects(s *declaredSystem) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.named(n, path, func(name string, n *yaml.Node, path string) {
			o := declaredObject{Object: tracker.Object{System: s.Name, Name: name}}
			r.mapping(n, path, yamlField{"charset", r.text(&o.Charset)}, yamlField{"attributes", func(n *yaml.Node, path string) {
				r.named(n, path, func(name string, n *yaml.Node, path string) {
					a := tracker.Attribute{Name: name}
					var fallback string
					fallsBack := false
					r.mapping(n, path,
						yamlField{"data_type", r.text(&a.DataType)}, yamlField{"length", r.number(&a.Length)}, yamlField{"decimals", r.number(&a.Decimals)},
						yamlField{"path", r.prose(&a.Path)}, yamlField{"key", r.bool(&a.Key)}, yamlField{"filter", r.bool(&a.Filter)},
						yamlField{"partition", r.bool(&a.Partition)}, yamlField{"pii", r.bool(&a.PII)},
						yamlField{"default", func(n *yaml.Node, path string) { fallsBack = true; r.prose(&fallback)(n, path) }})
					if fallsBack {
						a.Default = &fallback
					}
					o.attributes = append(o.attributes, a)
				})
			}})
			s.objects = append(s.objects, o)
		})
	}
}

// storedObjects returns the objects of a system in the database.
func storedObjects(ctx context.Context, g *tracker.Registry, system string) (all []declaredObject, err error) {
	for o, err := range g.Objects(ctx, tracker.ObjectFilter{System: system}) {
		if err != nil {
			return nil, err
		}
		one := declaredObject{Object: o}
		for a, err := range g.Attributes(ctx, system, o.Name) {
			if err != nil {
				return nil, err
			}
			one.attributes = append(one.attributes, a)
		}
		all = append(all, one)
	}
	return all, nil
}

func sortObjects(all []declaredObject) {
	slices.SortFunc(all, func(a, b declaredObject) int { return cmp.Compare(a.Name, b.Name) })
	for i := range all {
		slices.SortFunc(all[i].attributes, func(a, b tracker.Attribute) int { return cmp.Compare(a.Name, b.Name) })
	}
}

// attributeFacts returns the details of an attribute as a text for comparing and showing.
func attributeFacts(a tracker.Attribute) string {
	var facts []string
	if a.DataType != "" {
		facts = append(facts, a.DataType)
	}
	for i, n := range []*int64{a.Length, a.Decimals} {
		if n != nil {
			facts = append(facts, []string{"length ", "decimals "}[i]+number(*n))
		}
	}
	if a.Path != "" {
		facts = append(facts, "path "+a.Path)
	}
	if a.Default != nil {
		facts = append(facts, fmt.Sprintf("default %q", *a.Default))
	}
	for i, is := range []bool{a.Key, a.Filter, a.Partition, a.PII} {
		if is {
			facts = append(facts, []string{"key", "filter", "partition", "pii"}[i])
		}
	}
	return strings.Join(facts, ", ")
}

// over returns the wanted details of an attribute, and the stored ones where none are wanted.
func over(w, h tracker.Attribute) tracker.Attribute {
	w.DataType, w.Path = cmp.Or(w.DataType, h.DataType), cmp.Or(w.Path, h.Path)
	w.Length, w.Decimals, w.Default = cmp.Or(w.Length, h.Length), cmp.Or(w.Decimals, h.Decimals), cmp.Or(w.Default, h.Default)
	w.Key, w.Filter, w.Partition, w.PII = w.Key || h.Key, w.Filter || h.Filter, w.Partition || h.Partition, w.PII || h.PII
	return w
}

// objects returns the objects of a system that the file names.
func (s *steps) objects(want, have []declaredObject) {
	for _, w := range want {
		i := slices.IndexFunc(have, func(h declaredObject) bool { return h.Name == w.Name })
		h := at(have, i)
		of := fmt.Sprintf("object %q of system %q", w.Name, w.System)
		describe := func(ctx context.Context, t *tracker.Tracker) error {
			if s.prune {
				return t.Registry().RedescribeObject(ctx, w.Object)
			}
			return t.Registry().DescribeObject(ctx, w.Object)
		}
		if i < 0 {
			s.add(of, "", describe)
		} else if w.Charset != h.Charset && (w.Charset != "" || s.prune) {
			s.change(of, "charset", h.Charset, w.Charset, describe)
		}
		for _, a := range w.attributes {
			j := slices.IndexFunc(h.attributes, func(other tracker.Attribute) bool { return other.Name == a.Name })
			stored, next := at(h.attributes, j), a
			if !s.prune {
				next = over(a, stored)
			}
			do := func(ctx context.Context, t *tracker.Tracker) error {
				if s.prune {
					return t.Registry().RedescribeAttributes(ctx, w.System, w.Name, a)
				}
				return t.Registry().DescribeAttributes(ctx, w.System, w.Name, a)
			}
			if j < 0 {
				s.add(of, "attribute "+a.Name, do)
			} else if from, to := attributeFacts(stored), attributeFacts(next); from != to {
				s.change(of, "attribute "+a.Name, from, to, do)
			}
		}
	}
}

type (
	exportedObject struct {
		Charset    string                       `yaml:"charset,omitempty"`
		Attributes map[string]exportedAttribute `yaml:"attributes,omitempty"`
	}
	exportedAttribute struct {
		DataType  string  `yaml:"data_type,omitempty"`
		Length    *int64  `yaml:"length,omitempty"`
		Decimals  *int64  `yaml:"decimals,omitempty"`
		Path      string  `yaml:"path,omitempty"`
		Default   *string `yaml:"default,omitempty"`
		Key       bool    `yaml:"key,omitempty"`
		Filter    bool    `yaml:"filter,omitempty"`
		Partition bool    `yaml:"partition,omitempty"`
		PII       bool    `yaml:"pii,omitempty"`
	}
)

// exportObjects returns the objects that have details of their own. The others are
// registered by the processes that read and write them.
func exportObjects(objects []declaredObject) map[string]exportedObject {
	all := map[string]exportedObject{}
	for _, o := range objects {
		if !o.says() {
			continue
		}
		out := exportedObject{Charset: o.Charset, Attributes: map[string]exportedAttribute{}}
		for _, a := range o.attributes {
			if attributeFacts(a) != "" {
				out.Attributes[a.Name] = exportedAttribute{a.DataType, a.Length, a.Decimals, a.Path, a.Default, a.Key, a.Filter, a.Partition, a.PII}
			}
		}
		all[o.Name] = out
	}
	return all
}
