package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// readDeclared reads a whole file, so that it can report all faults at once.
func readDeclared(file string, from io.Reader) (declared, error) {
	r := &fileReader{file: file, lines: map[[2]string]int{}}
	var d declared
	decoder := yaml.NewDecoder(from)
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return d, exit(CodeUsage, fmt.Errorf("%w: %s: %s", tracker.ErrInvalid, file, strings.TrimPrefix(err.Error(), "yaml: ")))
		}
		if len(document.Content) > 0 {
			r.document(document.Content[0], &d)
		}
	}
	r.whole(&d)
	return d, r.failed()
}

func (r *fileReader) document(n *yaml.Node, d *declared) {
	r.mapping(n, "",
		yamlField{"systems", func(n *yaml.Node, path string) {
			r.named(n, path, func(name string, n *yaml.Node, path string) { r.system(name, n, path, d) })
		}},
		yamlField{"clusters", func(n *yaml.Node, path string) {
			r.named(n, path, func(name string, n *yaml.Node, path string) { r.cluster(name, n, path, d) })
		}},
		yamlField{"processes", func(n *yaml.Node, path string) {
			r.named(n, path, func(name string, n *yaml.Node, path string) { r.process(name, n, path, d) })
		}})
}

// named reads a mapping from names to their declarations.
func (r *fileReader) named(n *yaml.Node, path string, item func(name string, n *yaml.Node, path string)) {
	n = resolved(n)
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.faultf(n, path, "is %s; write a mapping, with a name before each: Teams Load: …", kindOf(n))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		at := path + "." + key.Value
		if name := strings.TrimSpace(key.Value); seen[name] {
			r.faultf(key, at, "is given twice; leave one of them out")
		} else if name == "" {
			r.faultf(key, path, "has an empty name; give it one")
		} else {
			item(name, n.Content[i+1], at)
		}
		seen[strings.TrimSpace(key.Value)] = true
	}
}

func (r *fileReader) system(name string, n *yaml.Node, path string, d *declared) {
	s := declaredSystem{System: tracker.System{Name: name}}
	r.mapping(n, path, yamlField{"type", r.text(&s.Type)}, yamlField{"charset", r.text(&s.Charset)}, yamlField{"contacts", r.contacts(&s.contacts)},
		yamlField{"objects", r.objects(&s)})
	d.systems = append(d.systems, s)
}

func (r *fileReader) cluster(name string, n *yaml.Node, path string, d *declared) {
	c := tracker.Cluster{Name: name}
	r.mapping(n, path,
		yamlField{"max_memory", r.number(&c.MaxMemory)}, yamlField{"memory_unit", r.text(&c.MemoryUnit)},
		yamlField{"max_processing", r.number(&c.MaxProcessing)}, yamlField{"processing_unit", r.text(&c.ProcessingUnit)})
	d.clusters = append(d.clusters, c)
}

func (r *fileReader) process(name string, n *yaml.Node, path string, d *declared) {
	p := declaredProcess{Process: tracker.Process{Name: name}}
	r.mapping(n, path,
		yamlField{"type", r.text(&p.Type)}, yamlField{"tool", r.text(&p.Tool)}, yamlField{"frequency", r.text(&p.Frequency)},
		yamlField{"max_failures", r.maxFailures(&p)},
		yamlField{"sources", r.data(&p, tracker.Source)}, yamlField{"targets", r.data(&p, tracker.Target)},
		yamlField{"dataset_types", r.texts(&p.DatasetTypes)}, yamlField{"filters", r.filters(&p)},
		yamlField{"depends_on", r.dependencies(&p)}, yamlField{"contacts", r.contacts(&p.contacts)}, yamlField{"clusters", r.texts(&p.clusters)})
	d.processes = append(d.processes, p)
}

func (r *fileReader) maxFailures(p *declaredProcess) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		n = resolved(n)
		most, err := strconv.Atoi(n.Value)
		if n.Value == "never" {
			most = tracker.NeverHold
		} else if n.Kind != yaml.ScalarNode || err != nil || most < 1 || most >= tracker.NeverHold {
			r.faultf(n, path, "is %s; write a whole number from 1, or never", kindOf(n))
			return
		}
		p.maxFailures = &most
	}
}

// data reads sources or targets: each is the name of a system, or a mapping with a
// system, an object and an attribute.
func (r *fileReader) data(p *declaredProcess, role tracker.Role) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.sequence(n, path, func(n *yaml.Node, path string) {
			var ref tracker.DataRef
			a := tracker.ProcessAttribute{Role: role}
			if n.Kind == yaml.ScalarNode {
				r.text(&ref.System)(n, path)
			} else {
				r.mapping(n, path, yamlField{"system", r.text(&ref.System)}, yamlField{"object", r.text(&ref.Object)}, yamlField{"attribute", r.text(&ref.Attribute)},
					yamlField{"alias", r.text(&a.Alias)}, yamlField{"expression", r.prose(&a.Expression)})
			}
			switch {
			case ref.System == "":
				r.faultf(n, path, "names no system; write its name, or system: NAME")
			case ref.Attribute != "" && ref.Object == "":
				r.faultf(n, path, "names the attribute %q of no object; give object, too", ref.Attribute)
			case ref.Attribute == "" && a.Alias+a.Expression != "":
				r.faultf(n, path, "has an alias or an expression, and no attribute; give attribute, too")
			}
			if role == tracker.Source {
				p.Sources = append(p.Sources, ref)
			} else {
				p.Targets = append(p.Targets, ref)
			}
			if ref.Attribute != "" {
				a.System, a.Object, a.Attribute.Name = ref.System, ref.Object, ref.Attribute
				p.attributes = append(p.attributes, a)
			}
		})
	}
}

func (r *fileReader) filters(p *declaredProcess) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.sequence(n, path, func(n *yaml.Node, path string) {
			var f tracker.RowFilter
			var operator string
			r.mapping(n, path, yamlField{"system", r.text(&f.Attribute.System)}, yamlField{"object", r.text(&f.Attribute.Object)},
				yamlField{"attribute", r.text(&f.Attribute.Attribute)}, yamlField{"operator", r.text(&operator)}, yamlField{"values", r.values(&f.Values)})
			f.Operator = tracker.Operator(operator)
			if f.Attribute.System == "" || f.Attribute.Object == "" || f.Attribute.Attribute == "" || operator == "" || len(f.Values) == 0 {
				r.faultf(n, path, "is not a complete filter; give system, object, attribute, operator and values")
			}
			p.Filters = append(p.Filters, f)
		})
	}
}

// values reads the values that a filter compares with, which may be any strings.
func (r *fileReader) values(to *[]string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.sequence(n, path, func(n *yaml.Node, path string) {
			var one string
			r.prose(&one)(n, path)
			*to = append(*to, one)
		})
	}
}

// dependencies reads names of processes, or mappings with a name, a kind and whether
// the parent has to be fresh. Omitted keys mean the default, not the stored value: the
// file is complete.
func (r *fileReader) dependencies(p *declaredProcess) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.sequence(n, path, func(n *yaml.Node, path string) {
			dep := tracker.Dependency{Child: p.Name, Kind: tracker.Normal}
			if n.Kind == yaml.ScalarNode {
				r.text(&dep.Parent)(n, path)
			} else {
				kind := string(tracker.Normal)
				r.mapping(n, path, yamlField{"process", r.text(&dep.Parent)}, yamlField{"kind", r.text(&kind)}, yamlField{"fresh", r.bool(&dep.Fresh)})
				dep.Kind = tracker.DependencyKind(kind)
			}
			dep.Parent = strings.TrimSpace(dep.Parent)
			switch {
			case dep.Parent == "":
				r.faultf(n, path, "names no process; write its name, or process: NAME")
			case dep.Parent == p.Name:
				r.faultf(n, path, "is the process itself; name another one")
			case !slices.Contains([]tracker.DependencyKind{tracker.Normal, tracker.Hard, tracker.Soft}, dep.Kind):
				r.faultf(n, path+".kind", "is %q; write normal, hard or soft", dep.Kind)
			}
			p.dependencies = append(p.dependencies, dep)
			r.lines[[2]string{p.Name, dep.Parent}] = n.Line
		})
	}
}

// contacts reads names, or mappings with a name and an e-mail address.
func (r *fileReader) contacts(to *[]tracker.Contact) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.sequence(n, path, func(n *yaml.Node, path string) {
			var c tracker.Contact
			if n.Kind == yaml.ScalarNode {
				r.text(&c.Name)(n, path)
			} else {
				r.mapping(n, path, yamlField{"name", r.text(&c.Name)}, yamlField{"email", r.email(&c.Email)})
			}
			if c.Name == "" {
				r.faultf(n, path, "names no contact; write a name, or name: NAME")
			}
			*to = append(*to, c)
		})
	}
}

// whole puts the declarations into canonical form, in which order does not matter, and
// checks them as a whole: dependencies in a cycle can never be met.
func (r *fileReader) whole(d *declared) {
	d.sort()
	parents := map[string][]string{}
	for i, p := range d.processes {
		if i > 0 && d.processes[i-1].Name == p.Name {
			r.faults = append(r.faults, fault{0, "processes." + p.Name, "is in two documents of the file; leave one of them out"})
		}
		for _, dep := range p.dependencies {
			parents[p.Name] = append(parents[p.Name], dep.Parent)
		}
	}
	const open, done = 1, 2
	state := map[string]int{}
	var visit func(name string)
	visit = func(name string) {
		state[name] = open
		for _, parent := range parents[name] {
			switch state[parent] {
			case open:
				r.faults = append(r.faults, fault{
					r.lines[[2]string{name, parent}], "processes." + name + ".depends_on",
					fmt.Sprintf("%q depends on %q already: a cycle; leave one of them out", parent, name),
				})
			case done:
			default:
				visit(parent)
			}
		}
		state[name] = done
	}
	for _, p := range d.processes {
		if state[p.Name] == 0 {
			visit(p.Name)
		}
	}
}
