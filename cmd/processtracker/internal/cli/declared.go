package cli

import (
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// declared holds processes and the objects that belong to them, as a file declares them
// or as a database stores them, in the tracker's terms.
type declared struct {
	systems   []declaredSystem
	clusters  []tracker.Cluster
	processes []declaredProcess
}

type declaredSystem struct {
	tracker.System

	contacts []tracker.Contact
	objects  []declaredObject
}

type declaredProcess struct {
	tracker.Process

	maxFailures  *int // -1 for never
	dependencies []tracker.Dependency
	contacts     []tracker.Contact
	clusters     []string
	attributes   []tracker.ProcessAttribute // those with an alias or an expression
}

// A fault is an error in a file, with its position.
type fault struct {
	line  int
	field string
	text  string
}

// fileReader converts the nodes of a YAML file to declarations, and collects faults.
type fileReader struct {
	file   string
	faults []fault
	lines  map[[2]string]int // of dependencies: the process and its parent
}

func (r *fileReader) faultf(n *yaml.Node, field, format string, args ...any) {
	r.faults = append(r.faults, fault{n.Line, field, fmt.Sprintf(format, args...)})
}

// failed joins the faults, one per line, in the order of the file.
func (r *fileReader) failed() error {
	if len(r.faults) == 0 {
		return nil
	}
	slices.SortStableFunc(r.faults, func(a, b fault) int { return a.line - b.line })
	const most = 20
	var lines []string
	for _, f := range r.faults[:min(len(r.faults), most)] {
		lines = append(lines, fmt.Sprintf("%s:%d: %s: %s", r.file, f.line, f.field, f.text))
	}
	if more := len(r.faults) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return exit(CodeUsage, fmt.Errorf("%w: the file is not applied:\n%s", tracker.ErrInvalid, strings.Join(lines, "\n")))
}

// field is a key of a mapping that a file may have.
type yamlField struct {
	name string
	read func(n *yaml.Node, path string)
}

// mapping reads a mapping. It passes each key to its field, and reports unknown keys as
// faults.
func (r *fileReader) mapping(n *yaml.Node, path string, fields ...yamlField) {
	n = resolved(n)
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.faultf(n, path, "is %s; write a mapping: names and values, as in name: value", kindOf(n))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := strings.TrimPrefix(path+"."+key.Value, ".")
		j := slices.IndexFunc(fields, func(f yamlField) bool { return f.name == key.Value })
		switch {
		case seen[key.Value]:
			r.faultf(key, at, "is given twice; leave one of them out")
		case j < 0:
			names := make([]string, len(fields))
			for i, f := range fields {
				names[i] = f.name
			}
			r.faultf(key, at, "is unknown%s; there are %s", meant(key.Value, names), strings.Join(names, ", "))
		default:
			fields[j].read(value, at)
		}
		seen[key.Value] = true
	}
}

// meant returns the name that is most like the given one, if any.
func meant(given string, names []string) string {
	least, nearest := min(3, 1+len([]rune(given))/3), ""
	for _, name := range names {
		if n := distance(given, name); n < least {
			least, nearest = n, name
		}
	}
	return didYouMean(nearest)
}

func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	default:
		return fmt.Sprintf("the value %q", n.Value)
	}
}

// sequence reads a list. A single item counts as a list of one.
func (r *fileReader) sequence(n *yaml.Node, path string, item func(n *yaml.Node, path string)) {
	n = resolved(n)
	switch {
	case n.Kind == yaml.SequenceNode:
		for i, c := range n.Content {
			item(resolved(c), fmt.Sprintf("%s[%d]", path, i))
		}
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
	default:
		item(n, path)
	}
}

// text reads a string. Numbers and dates count as strings, exactly as they are written.
func (r *fileReader) text(to *string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		n = resolved(n)
		switch {
		case n.Kind != yaml.ScalarNode:
			r.faultf(n, path, "is %s; write one value", kindOf(n))
		case n.Tag == "!!null":
			r.faultf(n, path, "is empty; give a value, or leave it out")
		case strings.TrimSpace(n.Value) == "" || utf8.RuneCountInString(n.Value) > tracker.MaxName || strings.ContainsFunc(n.Value, unicode.IsControl):
			r.faultf(n, path, "is not a name; write 1 to %d characters on one line", tracker.MaxName)
		default:
			*to = strings.TrimSpace(n.Value)
		}
	}
}

// prose reads a string of any form.
func (r *fileReader) prose(to *string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n = resolved(n); n.Kind != yaml.ScalarNode || strings.Contains(n.Value, "\x00") {
			r.faultf(n, path, "is %s; write one text", kindOf(n))
			return
		}
		*to = n.Value
	}
}

// email reads an address.
func (r *fileReader) email(to *string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.text(to)(n, path)
		if parsed, err := mail.ParseAddress(*to); *to != "" && (err != nil || parsed.Name != "") {
			r.faultf(resolved(n), path, "is %q, which is not an e-mail address; write one such as data@example.org", *to)
		}
	}
}

func (r *fileReader) number(to **int64) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		n = resolved(n)
		value, err := strconv.ParseInt(n.Value, 10, 64)
		if n.Kind != yaml.ScalarNode || err != nil || value < 0 {
			r.faultf(n, path, "is %s; write a whole number from 0", kindOf(n))
			return
		}
		*to = &value
	}
}

func (r *fileReader) bool(to *bool) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n = resolved(n); n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || n.Decode(to) != nil {
			r.faultf(n, path, "is %s; write true or false", kindOf(n))
		}
	}
}

func (r *fileReader) texts(to *[]string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.sequence(n, path, func(n *yaml.Node, path string) {
			var one string
			r.text(&one)(n, path)
			*to = append(*to, one)
		})
	}
}
