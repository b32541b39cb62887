package rpc

import (
	"context"
	"encoding/json"
	"iter"
	"reflect"
	"slices"

	"github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Role says which methods a caller may call. Each role includes the ones before it.
type Role string

// The roles. Reader and Runner have the names of the roles of "processtracker grants".
const (
	Reader   Role = "reader"
	Runner   Role = "runner"
	Operator Role = "operator"
)

// Roles are all, from the one that may do least.
func Roles() []Role { return []Role{Reader, Runner, Operator} }

// Allows reports whether the role may do what needs another one.
func (r Role) Allows(needs Role) bool {
	return slices.Index(Roles(), r) >= slices.Index(Roles(), needs)
}

// A Caller is the program that makes a call, as its carrier knows it.
type Caller interface {
	// Hello begins a session.
	Hello(ctx context.Context, p Hello) (Greeting, error)
	// Goodbye ends it, and says which runs are left.
	Goodbye(ctx context.Context) ([]int64, error)
	// Tracker acts for the caller.
	Tracker() (*tracker.Tracker, error)
	// Run returns a run that the caller may write to.
	Run(ctx context.Context, id int64) (*tracker.Run, error)
	// Token is that of the run to resume; given is what the parameters say.
	Token(given string) (string, error)
	// Keep remembers a run that was started or resumed.
	Keep(run *tracker.Run)
	// Leave forgets it.
	Leave(id int64)
	// Lister lists a location; nil if the caller has to.
	Lister(ctx context.Context, path string) (listing.Lister, error)
}

// A Method is an entry of the table.
type Method struct {
	Name    string // such as run.complete
	Summary string // one sentence: what it does
	Needs   Role
	Writes  bool // a repeated call may do it twice
	Session bool // only a session has it

	Params, Result reflect.Type

	do func(ctx context.Context, w *Wire, c Caller, params json.RawMessage) (json.RawMessage, error)
}

// Call does what the method does. Its error may be any; see [Wire.Error].
func (m Method) Call(ctx context.Context, w *Wire, c Caller, params json.RawMessage) (json.RawMessage, error) {
	return m.do(ctx, w, c, params)
}

// entry makes a method of a function.
func entry[P, R any](name, summary string, do func(ctx context.Context, c Caller, p P) (R, error)) Method {
	return Method{
		Name: name, Summary: summary, Needs: Reader,
		Params: reflect.TypeFor[P](), Result: reflect.TypeFor[R](),
		do: func(ctx context.Context, w *Wire, c Caller, params json.RawMessage) (json.RawMessage, error) {
			var p P
			if err := w.Unmarshal(params, &p); err != nil {
				return nil, err
			}
			result, err := do(ctx, c, p)
			if err != nil {
				return nil, err
			}
			return w.Marshal(result), nil
		},
	}
}

// writes marks methods that change something.
func writes(needs Role, methods ...Method) []Method {
	for i := range methods {
		methods[i].Needs, methods[i].Writes = needs, true
	}
	return methods
}

// Methods is the table, in the order of the documentation.
func Methods() []Method {
	return slices.Concat(
		sessionMethods(),
		writes(Runner, startMethods()...),
		listMethods(),
		writes(Runner, runMethods()...),
		writes(Runner, runExtractMethods()...),
		writes(Runner, registryWrites()...),
		registryReads(),
		writes(Operator, adminMethods()...),
	)
}

// Nothing has no fields: the parameters or the result of a method that has none.
type Nothing struct{}

// on makes a method of what is done to a run.
func on[P interface{ run() int64 }, R any](name, summary string, do func(ctx context.Context, run *tracker.Run, p P) (R, error)) Method {
	return entry(name, summary, func(ctx context.Context, c Caller, p P) (R, error) {
		run, err := c.Run(ctx, p.run())
		if err != nil {
			var none R
			return none, err
		}
		return do(ctx, run, p)
	})
}

// with makes a method of what is done with a tracker.
func with[P, R any](name, summary string, do func(ctx context.Context, t *tracker.Tracker, p P) (R, error)) Method {
	return entry(name, summary, func(ctx context.Context, c Caller, p P) (R, error) {
		t, err := c.Tracker()
		if err != nil {
			var none R
			return none, err
		}
		return do(ctx, t, p)
	})
}

// nothing makes a result of an error.
func nothing(err error) (Nothing, error) { return Nothing{}, err }

// page reads a list up to a limit, and says where it goes on.
func page[T interface{ Cursor() tracker.Cursor }](limit int, list func(limit int) iter.Seq2[T, error]) ([]T, tracker.Cursor, error) {
	switch {
	case limit < 0 || limit > MaxLimit:
		return nil, "", misfit("limit", string((&Wire{}).Marshal(limit)), "too small or too large", "give 1 to 10000, or 0 for 1000, and go on with after")
	case limit == 0:
		limit = DefaultLimit
	}
	items := []T{}
	for item, err := range list(limit + 1) {
		if err != nil {
			return nil, "", err
		}
		if len(items) == limit {
			return items, items[limit-1].Cursor(), nil
		}
		items = append(items, item)
	}
	return items, "", nil
}

// all reads a list that is short.
func all[T any](list iter.Seq2[T, error]) ([]T, error) {
	items := []T{}
	for item, err := range list {
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}
