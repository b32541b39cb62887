package rpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// Unmarshal reads JSON into a struct. A value that does not fit is [tracker.ErrInvalid],
// with the path of the field, as in files[3].size. A missing value and null leave a field
// as it is.
func (w *Wire) Unmarshal(data []byte, into any) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	if !utf8.Valid(data) {
		return misfit("params", "…", "not UTF-8", "encode the message in UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber() // a 64-bit integer is more than a float64 can be
	var value any
	if err := d.Decode(&value); err != nil {
		return misfit("params", shorten(string(data)), "not JSON: "+err.Error(), "send one JSON object")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return misfit("params", shorten(string(data)), "more than one JSON value", "send one JSON object")
	}
	if value == nil {
		return nil
	}
	return w.set(reflect.ValueOf(into).Elem(), value, "")
}

func misfit(field, value, reason, remedy string) error {
	return &tracker.InvalidError{Field: field, Value: value, Reason: reason, Remedy: remedy}
}

// wrong says that a value is of another sort than its field.
func wrong(path string, value any, want string) error {
	data, _ := json.Marshal(value) // it has just been read from JSON
	if path == "" {
		path = "params"
	}
	return misfit(path, shorten(string(data)), "not "+want, "give "+want)
}

func shorten(text string) string {
	const most = 64
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// set stores what was read in a value of Go's.
func (w *Wire) set(v reflect.Value, value any, path string) error {
	if value == nil {
		return nil
	}
	switch v.Interface().(type) {
	case time.Time:
		return setTime(v, value, path)
	case time.Duration:
		return setDuration(v, value, path)
	}
	switch v.Kind() {
	case reflect.Struct:
		return w.setStruct(v, value, path)
	case reflect.Slice:
		return w.setList(v, value, path)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return w.set(v.Elem(), value, path)
	case reflect.String:
		text, ok := value.(string)
		if !ok {
			return wrong(path, value, "a text")
		}
		v.SetString(text)
	case reflect.Bool:
		yes, ok := value.(bool)
		if !ok {
			return wrong(path, value, "true or false")
		}
		v.SetBool(yes)
	case reflect.Int, reflect.Int64:
		return setInteger(v, value, path)
	default:
		panic("rpc: no JSON for " + v.Type().String()) // which a test of the table finds
	}
	return nil
}

func (w *Wire) setStruct(v reflect.Value, value any, path string) error {
	object, ok := value.(map[string]any)
	if !ok {
		return wrong(path, value, "an object")
	}
	fields := w.fields(v.Type())
	known := 0
	for _, f := range fields {
		given, ok := object[f.name]
		if !ok {
			continue
		}
		known++
		if err := w.set(v.FieldByIndex(f.index), given, join(path, f.name)); err != nil {
			return err
		}
	}
	if known < len(object) {
		return unknownField(object, fields, path)
	}
	return nil
}

// unknownField refuses a field of a newer client, or a mistyped one: if it were ignored,
// a request would silently do less.
func unknownField(object map[string]any, fields []wireField, path string) error {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	for name := range object {
		found := false
		for _, f := range fields {
			found = found || f.name == name
		}
		if !found {
			remedy := "leave it out: there are no fields here"
			if len(names) > 0 {
				remedy = "use " + strings.Join(names, ", ") + ", or a newer processtracker"
			}
			return misfit("field", join(path, name), "unknown", remedy)
		}
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (w *Wire) setList(v reflect.Value, value any, path string) error {
	items, ok := value.([]any)
	if !ok {
		return wrong(path, value, "a list")
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", path, i)
		if item == nil {
			return wrong(at, item, "an element that this list allows")
		}
		if err := w.set(v.Index(i), item, at); err != nil {
			return err
		}
	}
	return nil
}

func setInteger(v reflect.Value, value any, path string) error {
	number, ok := value.(json.Number)
	if !ok {
		return wrong(path, value, "an integer")
	}
	n, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil || v.OverflowInt(n) {
		return wrong(path, value, "an integer of 64 bits")
	}
	v.SetInt(n)
	return nil
}

func setTime(v reflect.Value, value any, path string) error {
	text, _ := value.(string)
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return wrong(path, value, "a time such as 2026-11-29T07:50:00.000000Z")
	}
	v.Set(reflect.ValueOf(t.UTC()))
	return nil
}

func setDuration(v reflect.Value, value any, path string) error {
	number, ok := value.(json.Number)
	if !ok {
		return wrong(path, value, "a number of seconds")
	}
	seconds, err := number.Float64()
	if err != nil || math.Abs(seconds) >= math.MaxInt64/float64(time.Second) {
		return wrong(path, value, "a number of seconds within the range of a duration")
	}
	v.SetInt(int64(math.Round(seconds * float64(time.Second))))
	return nil
}
