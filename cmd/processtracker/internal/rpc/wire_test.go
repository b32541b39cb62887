package rpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func TestSnake(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"ID": "id", "RunID": "run_id", "PII": "pii", "NameGlob": "name_glob", "ExtractIDs": "extract_ids", "HTTPServer": "http_server", "At": "at", "X": "x",
	} {
		if got := Snake(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// fill sets everything in a value to something that is not its zero.
func fill(v reflect.Value) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 11, 29, 7, 50, 0, 123456000, time.UTC)))
		return
	case time.Duration:
		v.SetInt(int64(1500 * time.Millisecond))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Field(i).Kind() != reflect.Func {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0))
		fill(v.Index(1))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Interface:
		v.Set(reflect.ValueOf(tracker.ErrOnHold))
	case reflect.String:
		v.SetString("é\n\"")
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.SetInt(1<<53 + 1)
	}
}

// Every method's parameters come through JSON as they were, and its results are JSON
// whether they are full or empty.
func TestEveryMethodIsJSON(t *testing.T) {
	t.Parallel()
	var w Wire
	for _, m := range Methods() {
		given := reflect.New(m.Params)
		fill(given.Elem())
		read := reflect.New(m.Params)
		if err := w.Unmarshal(w.Marshal(given.Interface()), read.Interface()); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		} else if !reflect.DeepEqual(given.Interface(), read.Interface()) {
			t.Errorf("%s: %+v, not %+v", m.Name, read.Elem(), given.Elem())
		}
		full := reflect.New(m.Result).Elem()
		for range 2 {
			if data := w.Marshal(full.Interface()); !json.Valid(data) || strings.Contains(string(data), "[null") {
				t.Errorf("%s: %s", m.Name, data)
			}
			fill(full)
		}
	}
}

// Names and codes are each one error's, and each of the SDK's errors has one.
func TestNames(t *testing.T) {
	t.Parallel()
	names, codes := map[string]bool{}, map[int]bool{}
	for _, n := range Names() {
		if names[n.Name] || codes[n.Code] || n.Means == "" || n.Status < 400 {
			t.Errorf("%+v is not one of a kind", n)
		}
		names[n.Name], codes[n.Code] = true, true
	}
	var w Wire
	for _, err := range []error{
		tracker.ErrAlreadyRunning, tracker.ErrOnHold, tracker.ErrDependency, tracker.ErrNoCapacity, tracker.ErrAlreadyDone, tracker.ErrAlreadyEnded,
		tracker.ErrNotOwner, tracker.ErrLeaseLost, tracker.ErrClosed, tracker.ErrMismatch, tracker.ErrNotFound, tracker.ErrExists,
		tracker.ErrPreloaded, tracker.ErrInUse, tracker.ErrCycle, tracker.ErrInvalid, tracker.ErrNotSetUp, tracker.ErrSchemaVersion,
		tracker.ErrSetting, tracker.ErrServer, tracker.ErrDrift, tracker.ErrDenied, tracker.ErrCredentials, tracker.ErrReadOnly,
		tracker.ErrBusy, tracker.ErrTooLarge, tracker.ErrTransaction, tracker.ErrDisconnected,
	} {
		if e := w.Error(fmt.Errorf("wrapped: %w", err)); e.Name.Name == "internal" || !errors.Is(e.is, err) {
			t.Errorf("%v is %s", err, e.Name.Name)
		}
	}
	if e := w.Error(errors.New("odd")); e.Name.Name != "internal" || e.Code != -32603 || string(e.Details) != "{}" {
		t.Errorf("%+v", e)
	}
	lost := &tracker.LeaseLostError{Process: "P", Number: 1, Cause: tracker.ErrDisconnected}
	if e := w.Error(lost); e.Name.Name != "lease_lost" || !strings.Contains(string(e.Details), `"cause":"disconnected"`) {
		t.Errorf("%+v %s", e.Name, e.Details)
	}
}

// A value that does not fit is refused with the path of its field.
func FuzzParams(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `[]`, `{"process":{"sources":[{"system":1}]}}`, `{"limit":1e99}`, `{"since":"x"}`, `{"lease":1e300}`, "\xff", `{"a":1} 2`} {
		f.Add([]byte(seed))
	}
	var w Wire
	methods := Methods()
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, m := range methods {
			into := reflect.New(m.Params)
			err := w.Unmarshal(data, into.Interface())
			if err != nil && !errors.Is(err, tracker.ErrInvalid) {
				t.Errorf("%s: %v", m.Name, err)
			}
			if again := w.Marshal(into.Interface()); !json.Valid(again) {
				t.Errorf("%s: %s", m.Name, again)
			}
		}
	})
}
