package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// docs/lists.schema.json describes the JSON of each list, and the lists' output matches it.
func TestListsHaveASchema(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	tl.configure("[profiles.p]\ndsn = \"sqlite:/x.db\"\n")
	tl.run("start", "--process", "Teams Load").want(CodeAlreadyRunning) // a refusal
	definitions, printed := map[string]any{}, map[string]string{}
	for _, list := range lists(t) {
		name := strings.Join(list, " ")
		tl.env.described = func(document any) {
			definitions[name] = map[string]any{"type": "array", "items": schemaOf(t, reflect.TypeOf(document))}
		}
		printed[name] = tl.run(append(list, "--json")...).want(0).stdout
		if definitions[name] == nil {
			t.Errorf("%s prints no list by show", name)
		}
	}
	text, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "What the lists of processtracker print with --output json",
		"description": "A definition for each list. With --output jsonl each line is one of its items.", "$defs": definitions,
	}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	file := filepath.Join("..", "..", "..", "..", "docs", "lists.schema.json")
	if *update {
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if golden, err := os.ReadFile(file); err != nil || !bytes.Equal(golden, text) {
		t.Errorf("%s is not what lists print (%v); run: go test ./cmd/processtracker/internal/cli -run ListsHaveASchema -update", file, err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("lists.json", document); err != nil {
		t.Fatal(err)
	}
	for name, list := range printed {
		schema, err := compiler.Compile("lists.json#/$defs/" + strings.ReplaceAll(name, " ", "%20"))
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(list))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v\n%s", name, err, list)
		}
	}
}

// schemaOf describes the JSON of a type.
func schemaOf(t *testing.T, of reflect.Type) map[string]any {
	t.Helper()
	if of == nil { // any value
		return map[string]any{}
	}
	if of == reflect.TypeFor[moment]() {
		return map[string]any{"type": []string{"string", "null"}, "format": "date-time"}
	}
	switch of.Kind() {
	case reflect.Pointer:
		s := schemaOf(t, of.Elem())
		s["type"] = []any{s["type"], "null"}
		return s
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int32, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Interface:
		return map[string]any{}
	case reflect.Slice:
		return map[string]any{"type": []string{"array", "null"}, "items": schemaOf(t, of.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t, of.Elem())}
	case reflect.Struct:
		properties, required := map[string]any{}, []string{}
		addProperties(t, of, properties, &required)
		return map[string]any{"type": "object", "properties": properties, "required": required}
	default:
		t.Fatalf("%v: nothing is known of its JSON", of)
		return nil
	}
}

// addProperties describes the fields of a struct, including the fields of embedded structs.
func addProperties(t *testing.T, of reflect.Type, properties map[string]any, required *[]string) {
	t.Helper()
	for i := range of.NumField() {
		f := of.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			addProperties(t, f.Type, properties, required)
			continue
		case name == "-" || !f.IsExported():
			continue
		case !strings.Contains(options, "omit"):
			*required = append(*required, name)
		}
		properties[name] = schemaOf(t, f.Type)
	}
}
