package tracker_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// TestNilAndZeroReceiversAreInvalid calls every exported method of trackers and runs that
// were not made by New or a start: with zero arguments, and with some that pass the
// checks of arguments.
func TestNilAndZeroReceiversAreInvalid(t *testing.T) {
	t.Parallel()
	for what, receiver := range map[string]any{
		"nil tracker": (*tracker.Tracker)(nil), "zero tracker": new(tracker.Tracker),
		"nil tracker's transaction": (*tracker.Tracker)(nil).In(dialect.Tx{Conn: sending{t}}),
		"nil registry":              (*tracker.Registry)(nil), "zero registry": new(tracker.Registry),
		"registry of a nil tracker": (*tracker.Tracker)(nil).Registry(), "registry of a zero tracker": new(tracker.Tracker).Registry(),
		"nil admin": (*tracker.Admin)(nil), "zero admin": new(tracker.Admin),
		"admin of a nil tracker": (*tracker.Tracker)(nil).Admin(), "admin of a zero tracker": new(tracker.Tracker).Admin(),
		"nil run": (*tracker.Run)(nil), "zero run": new(tracker.Run),
		"nil run's transaction": (*tracker.Run)(nil).In(dialect.Tx{Conn: sending{t}}),
	} {
		v := reflect.ValueOf(receiver)
		for i := range v.NumMethod() {
			name, method := v.Type().Method(i).Name, v.Method(i)
			if name == "Format" { // takes a state of fmt's
				_ = fmt.Sprint(receiver)
				continue
			}
			for _, fill := range []bool{false, true} {
				call := fmt.Sprintf("%s: %s, arguments filled: %t", what, name, fill)
				for _, err := range called(t, call, method, fill) {
					if err == nil || fill && (!errors.Is(err, tracker.ErrInvalid) || !remedied(err)) {
						t.Errorf("%s: %v, want %v, and how to get one", call, err, tracker.ErrInvalid)
					}
				}
			}
		}
	}
}

func remedied(err error) bool {
	return strings.Contains(err.Error(), "tracker.New") || strings.Contains(err.Error(), "Tracker.Start")
}

// called returns the errors of a call: its own, and that of its iterator, which must return exactly one.
func called(t *testing.T, call string, method reflect.Value, fill bool) (errs []error) {
	t.Helper()
	defer func() {
		if v := recover(); v != nil {
			t.Errorf("%s: panic: %v", call, v)
		}
	}()
	in := make([]reflect.Value, method.Type().NumIn())
	for i := range in {
		in[i] = argument(t, method.Type().In(i), fill, i)
	}
	results := method.Call
	if method.Type().IsVariadic() {
		results = method.CallSlice
	}
	for _, out := range results(in) {
		switch {
		case out.Type() == reflect.TypeFor[error]():
			errs = append(errs, errorOf(out))
		case out.Kind() == reflect.Func && out.Type().CanSeq2():
			n := len(errs)
			for _, err := range out.Seq2() {
				errs = append(errs, errorOf(err))
			}
			if len(errs) != n+1 {
				t.Errorf("%s: %d elements, want one error", call, len(errs)-n)
			}
		}
	}
	return errs
}

// errorOf returns the error that a value holds, or nil.
func errorOf(v reflect.Value) error {
	err, _ := reflect.TypeAssert[error](v)
	return err
}

// argument is a value of a type: zero, or one that is allowed, and another in each place.
func argument(t *testing.T, of reflect.Type, fill bool, place int) reflect.Value {
	t.Helper()
	v := reflect.New(of).Elem()
	if of == reflect.TypeFor[context.Context]() {
		return reflect.ValueOf(t.Context())
	}
	if fill && of == reflect.TypeFor[listing.Lister]() {
		return reflect.ValueOf(listing.Local{})
	}
	if !fill {
		return v
	}
	for _, known := range []any{
		time.Time{}, time.Minute, tracker.Tools, tracker.Hard, tracker.ReapOptions{Process: "x"}, tracker.OpEqual,
		tracker.Contact{Name: "x"}, []tracker.RowFilter(nil), tracker.PurgeOptions{OlderThan: time.Hour},
		func(context.Context, *tracker.Run) error { return nil }, tracker.Cursor(""), tracker.Order(""), tracker.Fresh, tracker.ClaimOptions{Limit: 1}, tracker.Source,
	} {
		if reflect.TypeOf(known) == of {
			return reflect.ValueOf(known)
		}
	}
	switch kind := of.Kind(); {
	case kind == reflect.String:
		v.SetString("x" + strconv.Itoa(place))
	case v.CanInt():
		v.SetInt(int64(place))
	case kind == reflect.Slice && of.Elem().Kind() == reflect.Struct:
		v.Set(reflect.Append(v, argument(t, of.Elem(), fill, place)))
	case kind == reflect.Struct:
		for i := range of.NumField() {
			if v.Field(i).CanSet() {
				v.Field(i).Set(argument(t, of.Field(i).Type, fill, place))
			}
		}
	}
	return v
}

// sending is a transaction of a database that is there, to which nothing is to be sent.
type sending struct{ t *testing.T }

func (s sending) Exec(context.Context, dialect.Stmt) (int64, error) {
	s.t.Error("a statement was sent")
	return 0, nil
}

func (s sending) Query(context.Context, dialect.Stmt, func(dialect.Row) error) error {
	s.t.Error("a query was sent")
	return nil
}

func (s sending) Atomic(context.Context, func(dialect.Conn) error) error {
	s.t.Error("a savepoint was sent")
	return nil
}
