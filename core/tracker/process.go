package tracker

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Process describes a process. Only Name is required. Empty fields leave the stored
// values unchanged; a start registers values that are not stored yet.
type Process struct {
	Name string

	// Type, Tool and Frequency describe the process. Once they are stored, only
	// [Registry.Redefine] changes them; a different value is [ErrMismatch].
	Type      string // "Extract", "Load", or one of your own
	Tool      string // what it is written in: "Spark", "dbt", "Go"
	Frequency string // "unscheduled", "hourly", "daily", "weekly", "monthly", "quarterly", "annually", or your own

	// Sources and Targets are what the process reads and writes, each at the grain that
	// suits: see [SystemRefs], [ObjectRefs] and [AttributeRefs]. They are added to the
	// stored ones.
	Sources []DataRef
	Targets []DataRef

	// DatasetTypes are kinds of data that the process works on, such as "customers".
	// They are added to the stored ones.
	DatasetTypes []string

	// Filters say which rows of its sources the process takes. They are added to the
	// stored ones. A filter does not make its attribute a source.
	Filters []RowFilter
}

// DataRef is a source or a target: a system, an object of it (a table, a dataset), or
// an attribute of that (a column, a field). The finer grains imply the coarser.
type DataRef struct {
	System    string
	Object    string // empty: the whole system
	Attribute string // empty: the whole object
}

// SystemRefs returns whole systems as sources or targets.
func SystemRefs(systems ...string) []DataRef {
	all := make([]DataRef, len(systems))
	for i, s := range systems {
		all[i] = DataRef{System: s}
	}
	return all
}

// ObjectRefs returns objects of a system as sources or targets.
func ObjectRefs(system string, objects ...string) []DataRef {
	all := make([]DataRef, len(objects))
	for i, o := range objects {
		all[i] = DataRef{System: system, Object: o}
	}
	return all
}

// AttributeRefs returns attributes of an object as sources or targets.
func AttributeRefs(system, object string, attributes ...string) []DataRef {
	all := make([]DataRef, len(attributes))
	for i, a := range attributes {
		all[i] = DataRef{System: system, Object: object, Attribute: a}
	}
	return all
}

// definition checks the process and converts it to canonical form, in which neither
// order nor duplicates count.
func (p Process) definition() (store.Definition, error) {
	var d store.Definition
	var err error
	if d.Process, err = name("process name", p.Name); err != nil {
		return d, err
	}
	for _, f := range []struct {
		field, value string
		to           *string
	}{{"process type", p.Type, &d.Type}, {"tool", p.Tool, &d.Tool}, {"schedule frequency", p.Frequency, &d.Frequency}} {
		if *f.to, err = optionalName(f.field, f.value); err != nil {
			return d, err
		}
	}
	for _, t := range p.DatasetTypes {
		t, err := name("dataset type", t)
		if err != nil {
			return d, err
		}
		d.DatasetTypes = append(d.DatasetTypes, t)
	}
	slices.Sort(d.DatasetTypes)
	d.DatasetTypes = slices.Compact(d.DatasetTypes)
	if d.Data, err = data(p); err != nil {
		return d, err
	}
	if d.Filters, err = filters(p.Filters); err != nil {
		return d, err
	}
	d.Fingerprint = fingerprint(d)
	return d, nil
}

func data(p Process) ([]store.Data, error) {
	var all []store.Data
	for _, set := range []struct {
		role string
		refs []DataRef
	}{{"source", p.Sources}, {"target", p.Targets}} {
		for _, ref := range set.refs {
			d, err := ref.check(set.role)
			if err != nil {
				return nil, err
			}
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b store.Data) int {
		return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.System, b.System),
			cmp.Compare(a.Object, b.Object), cmp.Compare(a.Attribute, b.Attribute))
	})
	return slices.Compact(all), nil
}

func (ref DataRef) check(role string) (store.Data, error) {
	d := store.Data{Role: role}
	if ref.Attribute != "" && ref.Object == "" {
		return d, invalid(role+" object", "", "empty, while its attribute is "+fmt.Sprintf("%q", ref.Attribute), "name the object, too")
	}
	var err error
	if d.System, err = name(role+" system", ref.System); err != nil {
		return d, err
	}
	if d.Object, err = optionalName(role+" object", ref.Object); err != nil {
		return d, err
	}
	d.Attribute, err = optionalName(role+" attribute", ref.Attribute)
	return d, err
}

// fingerprint identifies the content of a definition. The database keeps the last
// fingerprint registered for a process. So a start finds out in a statement that it
// sends anyway that there is nothing to register.
func fingerprint(d store.Definition) string {
	if d.Type == "" && d.Tool == "" && d.Frequency == "" && len(d.DatasetTypes)+len(d.Data)+len(d.Filters) == 0 {
		return ""
	}
	text, err := json.Marshal([]any{d.Type, d.Tool, d.Frequency, d.DatasetTypes, d.Data, d.Filters})
	if err != nil {
		panic(err) // strings can always be encoded
	}
	return key(string(text))
}

// key returns the SHA-256 of text in hexadecimal. It serves as the index key for long
// texts, which no database can index whole.
func key(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
