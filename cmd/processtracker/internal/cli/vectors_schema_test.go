package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
)

// The calls and answers in the vectors match the OpenAPI document, and they cover every
// method.
func TestVectorsFitTheOpenAPIDocument(t *testing.T) {
	t.Parallel()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(rpc.OpenAPI())))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("openapi.json", document); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(vectorsDir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	called := map[string]bool{"session.hello": true}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v vector
		if err := json.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		for _, s := range v.Steps {
			called[s.Call] = true
			if s.Result == nil || strings.HasPrefix(s.Call, "session.") {
				continue
			}
			operation := "openapi.json#/paths/~1v1~1" + s.Call + "/post/"
			fits(t, c, operation+"requestBody/content/application~1json/schema", s.Call, sample(s.Params))
			result, err := json.Marshal(s.Result)
			if err != nil {
				t.Fatal(err)
			}
			fits(t, c, operation+"responses/200/content/application~1json/schema", s.Call, sample(result))
		}
	}
	for _, m := range rpc.Methods() {
		if !called[m.Name] {
			t.Errorf("no vector calls %s", m.Name)
		}
	}
}

func fits(t *testing.T, c *jsonschema.Compiler, schema, method, value string) {
	t.Helper()
	compiled, err := c.Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(value))
	if err != nil {
		t.Fatalf("%v in %s", err, value)
	}
	if err := compiled.Validate(v); err != nil {
		t.Errorf("%s: %v", method, err)
	}
}

// sample substitutes a value for each placeholder.
func sample(data json.RawMessage) string {
	text := string(data)
	for _, r := range []struct{ from, to string }{
		{`"$time"`, `"2026-11-29T07:50:00.000000Z"`}, {`"$int"`, `7`}, {`"$text"`, `"x"`}, {`"$any"`, `null`},
	} {
		text = strings.ReplaceAll(text, r.from, r.to)
	}
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		if strings.HasPrefix(name, `"$run`) || strings.HasPrefix(name, `"$extract`) {
			return "7"
		}
		return `"x"`
	})
}
