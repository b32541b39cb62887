package rpc

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Wire turns Go values into JSON and back. Every struct of the protocol is written by the
// same rule:
//
//   - a field is named as in Go, in snake_case; functions and unexported fields are left
//     out; the fields of an embedded struct are the outer one's;
//   - a time is RFC 3339 in UTC with microseconds, and null if it is zero;
//   - a duration is a number of seconds;
//   - an error is its name (see [Names]), or its text;
//   - a nil pointer is null, a nil slice an empty list.
//
// It keeps what it has found out about types. The zero value is ready to use.
type Wire struct{ structs sync.Map }

// wireField is a field of a struct as JSON has it.
type wireField struct {
	name  string
	index []int
	typ   reflect.Type
	owner reflect.Type // the struct that declares it
	goes  string       // its name in Go
}

// fields are those of a struct, in the order of their declaration.
func (w *Wire) fields(t reflect.Type) []wireField {
	if known, ok := w.structs.Load(t); ok {
		return known.([]wireField) //nolint:forcetypeassert // nothing else is stored
	}
	fields := structFields(t, nil)
	w.structs.Store(t, fields)
	return fields
}

func structFields(t reflect.Type, index []int) []wireField {
	var fields []wireField
	for i := range t.NumField() {
		f := t.Field(i)
		at := slices.Concat(index, f.Index)
		switch {
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			fields = append(fields, structFields(f.Type, at)...)
		case f.IsExported() && f.Type.Kind() != reflect.Func:
			fields = append(fields, wireField{name: Snake(f.Name), index: at, typ: f.Type, owner: t, goes: f.Name})
		}
	}
	return fields
}

// Snake is a Go name as the protocol has it: RunID is run_id, ParentIDs is parent_ids, PII is pii.
func Snake(name string) string {
	var b strings.Builder
	letters := []rune(strings.ReplaceAll(name, "IDs", "Ids"))
	for i, r := range letters {
		if unicode.IsUpper(r) {
			// A word begins at a capital after a small letter, and at the last of several
			// capitals if a small one follows.
			ends := i > 0 && !unicode.IsUpper(letters[i-1])
			begins := i > 0 && i+1 < len(letters) && unicode.IsLower(letters[i+1])
			if ends || begins {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
