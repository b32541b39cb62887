package rpc

import (
	"encoding/json"
	"reflect"
	"strconv"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// timeFormat has six digits always, so that texts are in the order of their times.
const timeFormat = "2006-01-02T15:04:05.000000Z"

// Marshal returns a value as JSON.
func (w *Wire) Marshal(v any) json.RawMessage { return w.append(nil, reflect.ValueOf(v)) }

func (w *Wire) append(b []byte, v reflect.Value) []byte {
	if !v.IsValid() {
		return append(b, "null"...)
	}
	switch value := v.Interface().(type) {
	case time.Time:
		return appendTime(b, value)
	case time.Duration:
		return strconv.AppendFloat(b, value.Seconds(), 'f', -1, 64)
	case json.RawMessage:
		return append(b, value...)
	case error:
		if v.Kind() == reflect.Interface {
			return appendText(b, errorText(value))
		}
	}
	switch v.Kind() {
	case reflect.Struct:
		return w.appendStruct(b, v)
	case reflect.Slice:
		return w.appendList(b, v)
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return appendNil(b, v.Type())
		}
		return w.append(b, v.Elem())
	case reflect.String:
		return appendText(b, v.String())
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool())
	case reflect.Int, reflect.Int64:
		return strconv.AppendInt(b, v.Int(), 10)
	default:
		panic("rpc: no JSON for " + v.Type().String()) // which a test of the table finds
	}
}

// appendNil writes no error as an empty name.
func appendNil(b []byte, t reflect.Type) []byte {
	if t == reflect.TypeFor[error]() {
		return append(b, `""`...)
	}
	return append(b, "null"...)
}

func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, timeFormat)
	return append(b, '"')
}

func appendText(b []byte, text string) []byte {
	quoted, _ := json.Marshal(text) // a string always can be
	return append(b, quoted...)
}

func (w *Wire) appendList(b []byte, v reflect.Value) []byte {
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		b = w.append(b, v.Index(i))
	}
	return append(b, ']')
}

func (w *Wire) appendStruct(b []byte, v reflect.Value) []byte {
	b = append(b, '{')
	for i, f := range w.fields(v.Type()) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, f.name...)
		b = append(b, '"', ':')
		b = w.append(b, v.FieldByIndex(f.index))
	}
	if e, ok := v.Interface().(tracker.Extract); ok { // clients would join it in ways of their own
		b = append(b, `,"path":`...)
		b = appendText(b, e.Path())
	}
	return append(b, '}')
}
