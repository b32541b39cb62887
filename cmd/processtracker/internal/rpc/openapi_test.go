package rpc

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the files that are made of the table of methods")

type node map[string]any

// maker makes schemas of types.
type maker struct {
	wire     Wire
	comments comments
	shared   node // the components' schemas
}

// The document that is served is what the table says.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	m := &maker{comments: readComments(t), shared: node{}}
	got, err := json.MarshalIndent(m.document(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile("openapi.json", got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(got, OpenAPI()) {
		t.Error("openapi.json is not what the table of methods says; run: go test ./internal/rpc -update")
	}
}

func (m *maker) document() node {
	paths := node{}
	for _, method := range Methods() {
		if !method.Session {
			paths["/v1/"+method.Name] = node{"post": m.operation(method)}
		}
	}
	m.shared["Problem"] = m.problem()
	return node{
		"openapi": "3.1.0",
		"info": node{
			"title": "processtracker", "version": strconv.Itoa(Version),
			"description": "Keeps track of recurring data jobs. docs/protocol.md says how to call it; the same methods are there over standard input and output of \"processtracker session\".",
			"license":     node{"name": "Apache-2.0", "identifier": "Apache-2.0"},
		},
		"servers":  []any{node{"url": "/"}},
		"security": []any{node{"client": []any{}}},
		"paths":    paths,
		"components": node{
			"schemas":         m.shared,
			"securitySchemes": node{"client": node{"type": "http", "scheme": "bearer", "description": "A token of the server's file of tokens. Its name is the actor, its role says what it may do."}},
			"parameters": node{
				"RunToken":       header("ProcessTracker-Run-Token", true, "The run's token, which tracker.start returned."),
				"IdempotencyKey": header("Idempotency-Key", false, "A text of 1 to 255 printable ASCII characters. A call that is repeated with it within 24 hours is answered with the same, and not made again."),
			},
			"responses": node{"Problem": node{
				"description": "The call failed; compare name.",
				"content":     node{"application/problem+json": node{"schema": reference("Problem")}},
			}},
		},
	}
}

func header(name string, required bool, description string) node {
	return node{"name": name, "in": "header", "required": required, "description": description, "schema": node{"type": "string"}}
}

func reference(name string) node { return node{"$ref": "#/components/schemas/" + name} }

func (m *maker) operation(method Method) node {
	group, _, _ := strings.Cut(method.Name, ".")
	parameters := []any{}
	if group == "run" || method.Name == "tracker.resume" {
		parameters = append(parameters, node{"$ref": "#/components/parameters/RunToken"})
	}
	if method.Writes {
		parameters = append(parameters, node{"$ref": "#/components/parameters/IdempotencyKey"})
	}
	return node{
		"operationId": method.Name, "tags": []any{group}, "summary": strings.ToUpper(method.Summary[:1]) + method.Summary[1:],
		"description": "Needs the role " + string(method.Needs) + ".",
		"parameters":  parameters,
		"requestBody": node{"required": true, "content": node{"application/json": node{"schema": m.structure(method.Params, true)}}},
		"responses": node{
			"200":     node{"description": "Done.", "content": node{"application/json": node{"schema": m.structure(method.Result, false)}}},
			"default": node{"$ref": "#/components/responses/Problem"},
		},
	}
}

func (m *maker) problem() node {
	var names []any
	for _, n := range Names() {
		names = append(names, n.Name)
	}
	text := func(d string) node { return node{"type": "string", "description": d} }
	return node{
		"type":     "object",
		"required": []any{"type", "title", "status", "detail", "code", "name", "details"},
		"properties": node{
			"type": text("a link to the error's description"), "title": text("what the error means, whatever the call"),
			"status": node{"type": "integer"}, "detail": text("what failed, with which value, and what to do"),
			"code":    node{"type": "integer", "description": "that JSON-RPC has for the error"},
			"name":    node{"type": "string", "examples": names, "description": "compare this; more names may follow"},
			"details": node{"type": "object", "description": "what is in the way; docs/protocol.md has the fields by name"},
		},
	}
}

// structure is the schema of a struct. In parameters nothing is required and nothing is
// unknown; in results everything is there, and more may follow.
func (m *maker) structure(t reflect.Type, given bool) node {
	properties, required := node{}, []any{}
	for _, f := range m.wire.fields(t) {
		schema := m.schema(f.typ, given)
		if text := m.comments.of(f); text != "" {
			schema["description"] = text
		}
		properties[f.name] = schema
		required = append(required, f.name)
	}
	if t.Name() == "Extract" && !given {
		properties["path"] = node{"type": "string", "description": "where the extract is: its location's path and its name"}
		required = append(required, "path")
	}
	s := node{"type": "object", "properties": properties}
	if given {
		s["additionalProperties"] = false
	} else if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func (m *maker) schema(t reflect.Type, given bool) node {
	switch t {
	case reflect.TypeFor[time.Time]():
		return node{"type": []any{"string", "null"}, "format": "date-time"}
	case reflect.TypeFor[time.Duration]():
		return node{"type": "number", "description": "seconds"}
	case reflect.TypeFor[error]():
		return node{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Struct:
		return m.component(t, given)
	case reflect.Slice:
		return node{"type": "array", "items": m.schema(t.Elem(), given)}
	case reflect.Pointer:
		inner := m.schema(t.Elem(), given)
		if kind, ok := inner["type"].(string); ok {
			inner["type"] = []any{kind, "null"}
			return inner
		}
		return node{"anyOf": []any{inner, node{"type": "null"}}}
	case reflect.String:
		return node{"type": "string"}
	case reflect.Bool:
		return node{"type": "boolean"}
	default:
		return node{"type": "integer", "format": "int64"}
	}
}

// component is a reference to a struct's schema, which all that have it share.
func (m *maker) component(t reflect.Type, given bool) node {
	name := t.Name()
	if given {
		name += "Given"
	}
	if _, known := m.shared[name]; !known {
		m.shared[name] = node{} // in case it has itself
		m.shared[name] = m.structure(t, given)
	}
	return reference(name)
}

// Two types of one name would be one schema.
func TestSchemasHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	var w Wire
	seen := map[string]reflect.Type{}
	var visit func(reflect.Type)
	visit = func(t2 reflect.Type) {
		for t2.Kind() == reflect.Slice || t2.Kind() == reflect.Pointer {
			t2 = t2.Elem()
		}
		if t2.Kind() != reflect.Struct || t2 == reflect.TypeFor[time.Time]() {
			return
		}
		if other, ok := seen[t2.Name()]; ok && other != t2 {
			t.Errorf("both %v and %v have the name %s", other, t2, t2.Name())
		}
		if _, ok := seen[t2.Name()]; ok {
			return
		}
		seen[t2.Name()] = t2
		for _, f := range w.fields(t2) {
			visit(f.typ)
		}
	}
	for _, m := range Methods() {
		for _, top := range []reflect.Type{m.Params, m.Result} {
			for _, f := range w.fields(top) {
				visit(f.typ)
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %v", slices.Sorted(maps.Keys(seen)))
	}
}
