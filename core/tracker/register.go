package tracker

import (
	"context"
	"errors"
	"fmt"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Register registers a process and everything that its definition names, without
// starting a run. Registering again changes nothing.
func (g *Registry) Register(ctx context.Context, p Process) error {
	t := g.of()
	return t.register(ctx, p, false)
}

// Redefine is [Registry.Register], but replaces the process's stored type, tool and
// frequency with those in p.
func (g *Registry) Redefine(ctx context.Context, p Process) error {
	t := g.of()
	return t.register(ctx, p, true)
}

func (t *Tracker) register(ctx context.Context, p Process, change bool) error {
	d, err := p.definition()
	if err != nil {
		return err
	}
	return t.define(ctx, d, change)
}

func (t *Tracker) define(ctx context.Context, d store.Definition, change bool) error {
	differ, err := t.made().store.Register(ctx, d, t.made().actor, change)
	if err != nil {
		return t.failed(fmt.Sprintf("register process %q", d.Process), err)
	}
	return mismatches(d.Process, differ)
}

func mismatches(process string, differ []store.Mismatch) error {
	var all []error
	for _, m := range differ {
		all = append(all, &MismatchError{
			What: fmt.Sprintf("process %q", process), Field: m.Field, Stored: m.Stored, Given: m.Given,
			Remedy: "give the stored one or none, or change it with Redefine",
		})
	}
	return errors.Join(all...)
}

// Undefine removes from a process the sources and targets, at their given grains, and
// the dataset types and filters that p names. It ignores p's type, tool and frequency,
// and everything that the process does not have. A start that names a removed item
// registers it again. If the process does not exist, the error is [ErrNotFound].
func (g *Registry) Undefine(ctx context.Context, p Process) error {
	t := g.of()
	d, err := p.definition()
	if err != nil {
		return err
	}
	return t.ofProcess("undefine", d.Process, t.made().store.Undefine(ctx, d, t.made().actor))
}
