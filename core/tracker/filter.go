package tracker

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// RowFilter says which rows a process takes: those where the operator holds between the
// attribute's value and Values.
type RowFilter struct {
	Attribute DataRef // must name an attribute
	Operator  Operator
	// Values holds exactly one value, or for OpIn at least one. Values are kept
	// exactly; those of OpIn are a set, so their order and duplicates do not count.
	Values []string
}

// An Operator compares an attribute with the value of a [RowFilter].
type Operator string

// The operators of filters. There are no others.
const (
	OpEqual          Operator = "eq"
	OpLess           Operator = "lt"
	OpGreater        Operator = "gt"
	OpLessOrEqual    Operator = "lte"
	OpGreaterOrEqual Operator = "gte"
	OpNot            Operator = "not"
	OpLike           Operator = "like"
	OpIn             Operator = "in"
)

func operators() []Operator {
	return []Operator{OpEqual, OpLess, OpGreater, OpLessOrEqual, OpGreaterOrEqual, OpNot, OpLike, OpIn}
}

// filters checks filters and converts them to canonical form, as data does.
func filters(given []RowFilter) ([]store.Filter, error) {
	var all []store.Filter
	for _, f := range given {
		row, err := f.check()
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	slices.SortFunc(all, func(a, b store.Filter) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Object, b.Object), cmp.Compare(a.Attribute, b.Attribute),
			cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Value, b.Value))
	})
	return slices.Compact(all), nil
}

func (f RowFilter) check() (row store.Filter, err error) {
	if row.System, err = name("filter system", f.Attribute.System); err != nil {
		return row, err
	}
	if row.Object, err = name("filter object", f.Attribute.Object); err != nil {
		return row, err
	}
	if row.Attribute, err = name("filter attribute", f.Attribute.Attribute); err != nil {
		return row, err
	}
	if !slices.Contains(operators(), f.Operator) {
		return row, invalid("filter operator", string(f.Operator), "unknown", "use eq, lt, gt, lte, gte, not, like or in")
	}
	if n := len(f.Values); n == 0 || n > 1 && f.Operator != OpIn {
		return row, invalid("filter values", strings.Join(f.Values, ", "), fmt.Sprintf("%d of them", n), "give one value, or any number for in")
	}
	for _, v := range f.Values {
		if err := value("filter value", v); err != nil {
			return row, err
		}
	}
	row.Operator, row.Value = string(f.Operator), f.Values[0]
	if f.Operator == OpIn {
		row.Value = array(slices.Compact(slices.Sorted(slices.Values(f.Values))))
	}
	row.Key = key(row.Value)
	return row, nil
}

// value refuses a value that some database cannot store. Any other value is allowed.
func value(field, text string) error {
	switch {
	case !utf8.ValidString(text):
		return invalid(field, text, "not valid UTF-8", "convert it to UTF-8")
	case strings.Contains(text, "\x00"):
		return invalid(field, text, "contains a NUL", "remove it")
	}
	return nil
}

// array is a JSON array that people can read, too.
func array(values []string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(values); err != nil {
		panic(err) // strings can always be encoded
	}
	return strings.TrimSpace(b.String())
}

func filter(row store.Filter) (RowFilter, error) {
	f := RowFilter{
		Attribute: DataRef{System: row.System, Object: row.Object, Attribute: row.Attribute},
		Operator:  Operator(row.Operator), Values: []string{row.Value},
	}
	if f.Operator == OpIn {
		f.Values = nil
		if err := json.Unmarshal([]byte(row.Value), &f.Values); err != nil {
			return f, fmt.Errorf("the values of a filter on attribute %q are not a JSON array: %w", row.Attribute, err)
		}
	}
	return f, nil
}
