package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
)

// field is a field of a document: its name, with dots for nested documents, and its
// JSON value.
type field struct {
	name  string
	value json.RawMessage
}

// fields returns the fields of a document in order. A nested document comes before its
// own fields.
func fields(document any) ([]field, error) {
	text, err := encode(document)
	if err != nil {
		return nil, err
	}
	return appendFields(nil, "", text)
}

func appendFields(all []field, prefix string, text []byte) ([]field, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil { // the opening brace
		return nil, err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		f := field{name: prefix + fmt.Sprint(name)}
		if err := d.Decode(&f.value); err != nil {
			return nil, err
		}
		all = append(all, f)
		if f.value[0] == '{' {
			if all, err = appendFields(all, f.name+".", f.value); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// isNested reports whether the field is a document, whose own fields follow it.
func (f field) isNested() bool { return f.value[0] == '{' }

// text returns a field's value without JSON's quotes; null is empty.
func (f field) text() string {
	switch {
	case string(f.value) == "null":
		return ""
	case f.value[0] == '"':
		var s string
		_ = json.Unmarshal(f.value, &s) // this program made the JSON
		return s
	default:
		return string(f.value)
	}
}

// cell returns a field as table text. Times have the format of all other cells.
func (f field) cell() string {
	text := f.text()
	if at, err := time.Parse(momentLayout, text); err == nil {
		return table.Time(at)
	}
	return text
}

// find returns the field with the given name.
func find(all []field, name string) (field, bool) {
	i := slices.IndexFunc(all, func(f field) bool { return f.name == name })
	if i < 0 {
		return field{}, false
	}
	return all[i], true
}

// selected returns a document with only the named fields.
func selected(all []field, names []string) json.RawMessage {
	var b bytes.Buffer
	for i, name := range names {
		f, _ := find(all, name)
		if f.value == nil {
			f.value = json.RawMessage("null")
		}
		quoted, _ := json.Marshal(name) // a string always marshals
		b.WriteString(map[bool]string{true: "{", false: ","}[i == 0])
		b.Write(quoted)
		b.WriteString(":")
		b.Write(f.value)
	}
	b.WriteString("}")
	return b.Bytes()
}

// key returns the name by which the user selects a column.
func key(c table.Column) string {
	if c.Key != "" {
		return c.Key
	}
	return strings.ReplaceAll(strings.ToLower(strings.TrimSuffix(c.Title, " (UTC)")), " ", "_")
}

// title returns the heading of a field that has no column of its own.
func title(name string) string {
	return strings.NewReplacer("_", " ", ".", " ").Replace(strings.TrimSuffix(name, "_at"))
}
