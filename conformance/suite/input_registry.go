package suite

import (
	"context"
	"strings"

	"github.com/processtracker/processtracker-go/core/tracker"
)

var anEmail = sort{
	optional: true, exact: true, // white space alone is none, too
	most:    strings.Repeat("x", 64) + "@" + strings.Repeat("é", tracker.MaxName-64-1),
	tooLong: strings.Repeat("x", 64) + "@" + strings.Repeat("é", tracker.MaxName-64),
}

// registryInputs lists what the calls take that describe data, and that list it.
func registryInputs(tr *tracker.Tracker) []input {
	contact := func(s string) tracker.Contact { return tracker.Contact{Name: s} }
	email := func(s string) tracker.Contact { return tracker.Contact{Name: "a contact", Email: s} }
	attribute := func(ctx context.Context, a tracker.Attribute) error {
		return tr.Registry().DescribeAttributes(ctx, "a system", "an object", tracker.Attribute{Name: "fine"}, a)
	}
	return []input{
		{"DescribeSystem", "system name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().DescribeSystem(ctx, tracker.System{Name: s})
		}},
		{"DescribeSystem", "source type", noName, func(ctx context.Context, s string) error {
			return tr.Registry().DescribeSystem(ctx, tracker.System{Name: "a system", Type: s})
		}},
		{"RedescribeSystem", "character set", noName, func(ctx context.Context, s string) error {
			return tr.Registry().RedescribeSystem(ctx, tracker.System{Name: "a system", Charset: s})
		}},
		{"DescribeObject", "system name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().DescribeObject(ctx, tracker.Object{System: s, Name: "an object"})
		}},
		{"DescribeObject", "object name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().DescribeObject(ctx, tracker.Object{System: "a system", Name: s})
		}},
		{"RedescribeObject", "character set", noName, func(ctx context.Context, s string) error {
			return tr.Registry().RedescribeObject(ctx, tracker.Object{System: "a system", Name: "an object", Charset: s})
		}},
		{"DescribeAttributes", "system name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().DescribeAttributes(ctx, s, "an object", tracker.Attribute{Name: "an attribute"})
		}},
		{"DescribeAttributes", "object name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().RedescribeAttributes(ctx, "a system", s, tracker.Attribute{Name: "an attribute"})
		}},
		{"DescribeAttributes", "attribute name", aName, func(ctx context.Context, s string) error { return attribute(ctx, tracker.Attribute{Name: s}) }},
		{"DescribeAttributes", "data type", noName, func(ctx context.Context, s string) error {
			return attribute(ctx, tracker.Attribute{Name: "an attribute", DataType: s})
		}},
		{"DescribeAttributes", "attribute path", aPath.orNone(), func(ctx context.Context, s string) error {
			return attribute(ctx, tracker.Attribute{Name: "an attribute", Path: s})
		}},
		{"AddProcessContact", "process name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().AddProcessContact(ctx, s, contact("a contact"))
		}},
		{"AddProcessContact", "contact name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().AddProcessContact(ctx, "p", contact(s))
		}},
		{"AddProcessContact", "contact e-mail", anEmail, onlyAddresses(func(ctx context.Context, s string) error {
			return tr.Registry().AddProcessContact(ctx, "p", email(s))
		})},
		{"AddSystemContact", "system name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().AddSystemContact(ctx, s, contact("a contact"))
		}},
		{"AddSystemContact", "contact name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().AddSystemContact(ctx, "a system", contact(s))
		}},
		{"RemoveProcessContact", "process name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().RemoveProcessContact(ctx, s, contact("a contact"))
		}},
		{"RemoveSystemContact", "contact name", aName, func(ctx context.Context, s string) error {
			return tr.Registry().RemoveSystemContact(ctx, "a system", contact(s))
		}},
		{"Contacts", "process name", aName, func(ctx context.Context, s string) error { return ignore(tr.Registry().Contacts(ctx, s)) }},
		{"Definition", "process name", aName, func(ctx context.Context, s string) error { return ignore(tr.Registry().Definition(ctx, s)) }},
		{"Dependencies", "process name", aName, func(ctx context.Context, s string) error { return ignore(tr.Registry().Dependencies(ctx, s)) }},
		{"Attributes", "system name", aName, func(ctx context.Context, s string) error {
			return firstError(tr.Registry().Attributes(ctx, s, "an object"))
		}},
		{"Attributes", "object name", aName, func(ctx context.Context, s string) error {
			return firstError(tr.Registry().Attributes(ctx, "a system", s))
		}},
	}
}

// onlyAddresses gives what the cases of trouble give all calls a form that this
// one takes.
func onlyAddresses(give func(context.Context, string) error) func(context.Context, string) error {
	return func(ctx context.Context, s string) error {
		if s == "any" {
			s = "any@example.org"
		}
		return give(ctx, s)
	}
}

// registryFilterInputs lists what the filters of lists of processes, systems and
// objects take.
func registryFilterInputs(tr *tracker.Tracker) []input {
	var all []input
	for field, filter := range map[string]func(string) tracker.ProcessFilter{
		"process name":       func(s string) tracker.ProcessFilter { return tracker.ProcessFilter{Name: s} },
		"process type":       func(s string) tracker.ProcessFilter { return tracker.ProcessFilter{Type: s} },
		"tool":               func(s string) tracker.ProcessFilter { return tracker.ProcessFilter{Tool: s} },
		"schedule frequency": func(s string) tracker.ProcessFilter { return tracker.ProcessFilter{Frequency: s} },
		"source system":      func(s string) tracker.ProcessFilter { return tracker.ProcessFilter{Source: s} },
		"target system":      func(s string) tracker.ProcessFilter { return tracker.ProcessFilter{Target: s} },
		"contact name":       func(s string) tracker.ProcessFilter { return tracker.ProcessFilter{Contact: s} },
		"dataset type":       func(s string) tracker.ProcessFilter { return tracker.ProcessFilter{DatasetType: s} },
		"run status":         func(s string) tracker.ProcessFilter { return tracker.ProcessFilter{Status: tracker.RunStatus(s)} },
	} {
		all = append(all, input{"Processes", field, noName, func(ctx context.Context, s string) error {
			return firstError(tr.Registry().Processes(ctx, filter(s)))
		}})
	}
	for field, filter := range map[string]func(string) tracker.SystemFilter{
		"system name":  func(s string) tracker.SystemFilter { return tracker.SystemFilter{Name: s} },
		"source type":  func(s string) tracker.SystemFilter { return tracker.SystemFilter{Type: s} },
		"dataset type": func(s string) tracker.SystemFilter { return tracker.SystemFilter{DatasetType: s} },
	} {
		all = append(all, input{"Systems", field, noName, func(ctx context.Context, s string) error {
			return firstError(tr.Registry().Systems(ctx, filter(s)))
		}})
	}
	for field, filter := range map[string]func(string) tracker.ObjectFilter{
		"system name":  func(s string) tracker.ObjectFilter { return tracker.ObjectFilter{System: s} },
		"object name":  func(s string) tracker.ObjectFilter { return tracker.ObjectFilter{Name: s} },
		"dataset type": func(s string) tracker.ObjectFilter { return tracker.ObjectFilter{DatasetType: s} },
	} {
		all = append(all, input{"Objects", field, noName, func(ctx context.Context, s string) error {
			return firstError(tr.Registry().Objects(ctx, filter(s)))
		}})
	}
	return append(all, input{"Extracts", "dataset type", noName, func(ctx context.Context, s string) error {
		return firstError(tr.Extracts(ctx, tracker.ExtractFilter{DatasetType: s}))
	}})
}

// filtersInputs lists what the filters of a process take.
func filtersInputs(tr *tracker.Tracker) []input {
	var all []input
	for field, attribute := range map[string]func(string) tracker.DataRef{
		"filter system":    func(s string) tracker.DataRef { return tracker.DataRef{System: s, Object: "o", Attribute: "a"} },
		"filter object":    func(s string) tracker.DataRef { return tracker.DataRef{System: "s", Object: s, Attribute: "a"} },
		"filter attribute": func(s string) tracker.DataRef { return tracker.DataRef{System: "s", Object: "o", Attribute: s} },
	} {
		all = append(all, input{"Register", field, aName, func(ctx context.Context, s string) error {
			return tr.Registry().Register(ctx, tracker.Process{Name: field, Filters: []tracker.RowFilter{
				{Attribute: attribute("fine"), Operator: tracker.OpEqual, Values: []string{"1"}},
				{Attribute: attribute(s), Operator: tracker.OpEqual, Values: []string{"1"}},
			}})
		}})
	}
	return all
}

// lookupInputs lists the inputs of the calls that change lookups. The names to rename and delete never exist.
func lookupInputs(tr *tracker.Tracker) []input {
	all := registryFilterInputs(tr)
	all = append(all, filtersInputs(tr)...)
	for _, l := range lookups() {
		if l == tracker.RunStatuses {
			continue // they are added by a call of their own
		}
		all = append(all, input{"AddLookup", string(l), aName, func(ctx context.Context, s string) error { return tr.Registry().AddLookupName(ctx, l, s) }})
	}
	return append(all, []input{
		{"RenameLookup", "run status", aName, func(ctx context.Context, s string) error {
			return tr.Registry().RenameLookupName(ctx, tracker.RunStatuses, s, "another")
		}},
		{"RenameLookup", "new file type", aName, func(ctx context.Context, s string) error {
			return tr.Registry().RenameLookupName(ctx, tracker.FileTypes, "none such", s)
		}},
		{"DeleteLookup", "run status", aName, func(ctx context.Context, s string) error {
			return tr.Registry().DeleteLookupName(ctx, tracker.RunStatuses, s)
		}},
	}...)
}
