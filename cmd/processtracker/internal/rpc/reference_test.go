package rpc

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// page is where the methods are described, between the two marks.
const (
	docPage = "../../../../docs/protocol.md"
	begins  = "<!-- methods: made of the table; go test ./internal/rpc -update -->\n"
	endMark = "<!-- /methods -->\n"
)

// The reference part of docs/protocol.md is what the table says.
func TestReference(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(docPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), begins)
	old, after, closed := strings.Cut(rest, endMark)
	if !ok || !closed {
		t.Fatal("docs/protocol.md has no place for the methods")
	}
	r := &referencer{comments: readComments(t), seen: map[string]bool{}}
	made := r.write()
	if *update {
		if err := os.WriteFile(docPage, []byte(before+begins+made+endMark+after), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if made != old {
		t.Error("docs/protocol.md is not what the table of methods says; run: go test ./internal/rpc -update")
	}
}

type referencer struct {
	strings.Builder

	wire     Wire
	comments comments
	types    []reflect.Type
	seen     map[string]bool
}

func (r *referencer) printf(format string, args ...any) { fmt.Fprintf(&r.Builder, format, args...) }

func (r *referencer) write() string {
	r.printf("\n## Names of errors\n\nThe codes are those of JSON-RPC.\n\n| name | code | HTTP | means |\n| --- | --- | --- | --- |\n")
	for _, n := range Names() {
		r.printf("| <a id=%q></a>`%s` | %d | %d | %s |\n", n.Name, n.Name, n.Code, n.Status, n.Means)
	}
	r.printf("\n## Methods\n\nA role of HTTP may call what needs it or a lesser one: %s, %s, %s.\n", Reader, Runner, Operator)
	group := ""
	for _, m := range Methods() {
		if of, _, _ := strings.Cut(m.Name, "."); of != group {
			group = of
			if !r.seen[group] {
				r.printf("\n### %s\n", group)
			} else {
				r.printf("\n### %s, continued\n", group)
			}
			r.seen[group] = true
		}
		r.method(m)
	}
	r.printf("\n## Types\n\nA field of a result is always there. A parameter that is left out, null or empty says nothing.\n")
	for i := 0; i < len(r.types); i++ { //nolint:intrange // the last one's are added meanwhile
		r.printf("\n### %s\n\n", r.types[i].Name())
		r.fields(r.types[i])
	}
	r.printf("\n")
	return r.String()
}

func (r *referencer) method(m Method) {
	r.printf("\n#### %s\n\n%s", m.Name, strings.ToUpper(m.Summary[:1])+m.Summary[1:])
	if m.Session {
		r.printf(" Only a session has it.\n")
	} else {
		r.printf(" Role: %s.\n", m.Needs)
	}
	for _, part := range []struct {
		title string
		typ   reflect.Type
	}{{"Parameters", m.Params}, {"Result", m.Result}} {
		if len(r.wire.fields(part.typ)) == 0 {
			r.printf("\n%s: `{}`\n", part.title)
			continue
		}
		r.printf("\n%s:\n\n", part.title)
		r.fields(part.typ)
	}
}

func (r *referencer) fields(t reflect.Type) {
	r.printf("| field | type | |\n| --- | --- | --- |\n")
	for _, f := range r.wire.fields(t) {
		r.printf("| `%s` | %s | %s |\n", f.name, r.typeName(f.typ), strings.ReplaceAll(r.comments.of(f), "|", `\|`))
	}
	if t.Name() == "Extract" {
		r.printf("| `path` | text | where the extract is: its location's path and its name; not given |\n")
	}
}

func (r *referencer) typeName(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return "time or null"
	case reflect.TypeFor[time.Duration]():
		return "seconds"
	case reflect.TypeFor[error]():
		return "text"
	}
	switch t.Kind() {
	case reflect.Struct:
		if !slices.Contains(r.types, t) {
			r.types = append(r.types, t)
		}
		return fmt.Sprintf("[%s](#%s)", t.Name(), strings.ToLower(t.Name()))
	case reflect.Slice:
		return "list of " + r.typeName(t.Elem())
	case reflect.Pointer:
		return r.typeName(t.Elem()) + " or null"
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "boolean"
	default:
		return "integer"
	}
}
