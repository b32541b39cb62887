package cli

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the answers of the vectors")

// vector is a conversation: a sequence of calls with their answers. docs/protocol.md
// explains the placeholders.
type vector struct {
	About string  `json:"about"`
	Steps []*step `json:"steps"`
}

type step struct {
	Call   string          `json:"call"`
	Only   string          `json:"only,omitempty"` // the only carrier that supports it
	Params json.RawMessage `json:"params"`
	Result any             `json:"result,omitempty"`
	Error  any             `json:"error,omitempty"`
}

const vectorsDir = "../../testdata/vectors"

// Both carriers return the answers in the vectors, on every database.
func TestVectors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(vectorsDir, "*.json"))
	if err != nil || len(files) < 7 {
		t.Fatalf("%d vectors: %v", len(files), err)
	}
	for _, database := range []struct {
		name string
		make func(t *testing.T) *tool
	}{{"sqlite", newSetUp}, {"postgres", newOnPostgres}, {"mysql", newOnMySQL}} {
		for name, start := range map[string]func(*tool) carrier{
			"session": func(tl *tool) carrier { return tl.greeted("") },
			"http":    func(tl *tool) carrier { return tl.serve() },
		} {
			t.Run(database.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				tl := database.make(t) // one for all vectors: setup takes long
				for _, file := range files {
					t.Run(filepath.Base(file), func(t *testing.T) { playVector(t, file, name, start(tl)) })
				}
			})
		}
	}
}

// playVector makes the calls in a file and compares the answers.
func playVector(t *testing.T, file, name string, c carrier) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	p := &placeholders{bound: map[string]any{}}
	for i, s := range v.Steps {
		if s.Only != "" && s.Only != name {
			continue
		}
		result, failed := c.call(s.Call, p.fill(t, s.Params))
		if failed != nil && name == "http" && s.Error != nil {
			s.wantStatus(t, failed)
		}
		at := fmt.Sprintf("step %d, %s %s", i+1, s.Call, s.Params)
		if *update && name == "session" {
			p.record(t, s, result, failed)
			continue
		}
		switch {
		case failed == nil:
			p.compare(t, at, s.Result, decode(t, result))
		case failed.Message == "":
			t.Errorf("%s: %s says nothing", at, failed.Name)
		default:
			p.compare(t, at, s.Error, decode(t, failed.json(t)))
		}
	}
	if *update && name == "session" && strings.Contains(t.Name(), "/sqlite/") {
		writeVector(t, file, v)
	}
}

// json returns the error in the vectors' form, without the message, which is for
// people, and the status, which only HTTP has.
func (f failure) json(t *testing.T) []byte {
	t.Helper()
	f.Status = 0
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// wantStatus checks that the HTTP status fits the error.
func (s *step) wantStatus(t *testing.T, f *failure) {
	t.Helper()
	if f.Status < 400 || f.Code > 0 && f.Status == 400 {
		t.Errorf("%s: %s has the status %d", s.Call, f.Name, f.Status)
	}
}

func decode(t *testing.T, data []byte) (v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return v
}

// placeholders stand for values that differ between runs of the tests.
type placeholders struct{ bound map[string]any }

var (
	placeholder = regexp.MustCompile(`"\$(run|extract|token|cursor)\.[0-9]+"`)
	moments     = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`)
)

// fill substitutes bound values into parameters.
func (p *placeholders) fill(t *testing.T, params json.RawMessage) json.RawMessage {
	t.Helper()
	return placeholder.ReplaceAllFunc(params, func(name []byte) []byte {
		value, ok := p.bound[strings.Trim(string(name), `"`)]
		if !ok {
			t.Fatalf("%s is not bound yet", name)
		}
		data, _ := json.Marshal(value)
		return data
	})
}

// compare reports the differences between an answer and the expected one.
func (p *placeholders) compare(t *testing.T, at string, want, got any) {
	t.Helper()
	switch w := want.(type) {
	case string:
		if strings.HasPrefix(w, "$") {
			p.bind(t, at, w, got)
			return
		}
	case map[string]any:
		g, _ := got.(map[string]any)
		for name := range w {
			if _, ok := g[name]; !ok {
				t.Errorf("%s: %s is missing in %v", at, name, got)
				return
			}
		}
		for name, value := range g {
			if expected, ok := w[name]; !ok {
				t.Errorf("%s: there is %s: %v", at, name, value)
			} else {
				p.compare(t, at+" › "+name, expected, value)
			}
		}
		return
	case []any:
		g, _ := got.([]any)
		if len(g) != len(w) {
			t.Errorf("%s: %v, want %v", at, got, want)
			return
		}
		for i := range w {
			p.compare(t, fmt.Sprintf("%s › %d", at, i), w[i], g[i])
		}
		return
	}
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%s: %v, want %v", at, got, want)
	}
}

// bind stores the value of a placeholder, or compares it with the stored one.
func (p *placeholders) bind(t *testing.T, at, name string, got any) {
	t.Helper()
	text, isText := got.(string)
	_, isNumber := got.(json.Number)
	kind, _, named := strings.Cut(strings.TrimPrefix(name, "$"), ".")
	fits := map[string]bool{
		"any": true, "text": isText, "int": isNumber, "time": isText && moments.MatchString(text),
		"run": isNumber, "extract": isNumber, "token": isText && text != "", "cursor": isText && text != "",
	}[kind]
	if !fits {
		t.Errorf("%s: %v, want %s", at, got, name)
	}
	if !named {
		return
	}
	if before, ok := p.bound[name]; ok && before != got {
		t.Errorf("%s: %v, want %s, which is %v", at, got, name, before)
	}
	p.bound[name] = got
}

// record stores an answer as the expected one.
func (p *placeholders) record(t *testing.T, s *step, result json.RawMessage, failed *failure) {
	t.Helper()
	s.Result, s.Error = nil, nil
	if failed != nil {
		s.Error = p.abstract(decode(t, failed.json(t)), "", "")
		return
	}
	s.Result = p.abstract(decode(t, result), "", "")
}

// abstract replaces values that differ between runs of the tests.
func (p *placeholders) abstract(v any, key, parent string) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			v[name] = p.abstract(value, name, key)
		}
		if _, ok := v["remedy"]; ok { // for people
			v["remedy"] = "$text"
			if _, ok := v["reason"]; ok {
				v["reason"] = "$text"
			}
		}
	case []any:
		for i := range v {
			v[i] = p.abstract(v[i], key, key)
		}
	case string:
		switch {
		case key == "token":
			return p.name("token", v)
		case key == "detail":
			return "$text"
		case key == "next" && v != "":
			return p.name("cursor", v)
		case moments.MatchString(v) && !strings.HasSuffix(v, "00:00:00.000000Z") && !strings.Contains(v, ":00.000001Z") && !strings.Contains(v, ".123456Z"):
			return "$time"
		}
	case json.Number:
		switch {
		case v == "0":
		case key == "run_id" || key == "left" || key == "id" && (parent == "run" || parent == "runs"):
			return p.name("run", v)
		case key == "extract_id" || key == "id" && (parent == "extract" || parent == "extracts" || parent == "parents"):
			return p.name("extract", v)
		case key == "id":
			return "$int"
		}
	}
	return v
}

func (p *placeholders) name(kind string, value any) string {
	for n := 1; ; n++ {
		name := fmt.Sprintf("$%s.%d", kind, n)
		if before, ok := p.bound[name]; !ok || before == value {
			p.bound[name] = value
			return name
		}
	}
}

// writeVector writes a file with one line for each part of a step.
func writeVector(t *testing.T, file string, v vector) {
	t.Helper()
	var b bytes.Buffer
	line := func(value any) string {
		var text bytes.Buffer
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false)
		if err := e.Encode(value); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(text.String())
	}
	fmt.Fprintf(&b, "{\"about\": %s,\n \"steps\": [\n", line(v.About))
	for i, s := range v.Steps {
		fmt.Fprintf(&b, "  {\"call\": %s,", line(s.Call))
		if s.Only != "" {
			fmt.Fprintf(&b, " \"only\": %s,", line(s.Only))
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, s.Params); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\n   \"params\": %s,\n", compact.String())
		if s.Error != nil {
			fmt.Fprintf(&b, "   \"error\": %s}", line(s.Error))
		} else {
			fmt.Fprintf(&b, "   \"result\": %s}", line(s.Result))
		}
		b.WriteString(map[bool]string{true: "\n", false: ",\n"}[i == len(v.Steps)-1])
	}
	b.WriteString("]}\n")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// newOnPostgres returns a tool with its own schema on a server.
func newOnPostgres(t *testing.T) *tool {
	t.Helper()
	given, u := server(t, "PROCESSTRACKER_TEST_POSTGRES_DSN")
	schema := place(t)
	q := u.Query()
	q.Set("schema", schema)
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	t.Cleanup(func() { administer(t, given, `DROP SCHEMA IF EXISTS "`+schema+`" CASCADE`) })
	return newOn(t, u)
}

// newOnMySQL returns a tool with its own database on a server.
func newOnMySQL(t *testing.T) *tool {
	t.Helper()
	given, u := server(t, "PROCESSTRACKER_TEST_MYSQL_DSN")
	database := place(t)
	u.Path = "/" + database
	administer(t, given, "CREATE DATABASE `"+database+"`")
	t.Cleanup(func() { administer(t, given, "DROP DATABASE `"+database+"`") })
	return newOn(t, u)
}

// place returns a name that no other test uses.
func place(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("pt%d_%s", os.Getpid(), strings.ReplaceAll(strings.ToLower(t.Name()), "/", "_"))
}

func newOn(t *testing.T, u *url.URL) *tool {
	t.Helper()
	tl := newTool(t)
	tl.dsn = u.String()
	tl.env.Environ = append(tl.env.Environ, DSNVariable+"="+tl.dsn)
	tl.run("setup").want(0)
	return tl
}
