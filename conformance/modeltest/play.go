package modeltest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"pgregory.net/rapid"

	"github.com/processtracker/processtracker-go/conformance/model"
)

// A play is a sequence of actions on a database and on the model. After concurrent
// calls, there may be several states that the database can be in.
type play struct {
	*rapid.T

	ctx      context.Context //nolint:containedctx // rapid's context, which ends with the play
	database *Database
	states   []*model.State
	step     int
	atOnce   bool // concurrent calls were made
	wide     bool // see suite.Backend.LocksWhatItReads
	log      strings.Builder
}

func newPlay(t *rapid.T, clients []Client, name string, wide bool) *play {
	ctx := t.Context()
	d, err := NewDatabase(ctx, clients, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return &play{T: t, ctx: ctx, database: d, states: []*model.State{model.New()}, wide: wide}
}

// draw draws the next call.
func (p *play) draw() model.Call {
	p.step++
	return rapid.Custom(func(t *rapid.T) drawn {
		return drawn{hat{T: t, state: p.states[0], clients: p.database.clients, step: p.step}.call()}
	}).Draw(p.T, "call").Call
}

// note adds a line to the output for a failed play. Rapid itself prints the calls.
func (p *play) note(indent string, call model.Call, o model.Outcome) {
	fmt.Fprintf(&p.log, "%s%v -> %v\n", indent, call, o)
	p.Logf("%s-> %v", indent, o)
}

// one makes a call.
func (p *play) one() {
	call := p.draw()
	got, err := p.database.Do(p.ctx, call)
	p.note("", call, got)
	if err != nil {
		p.Fatalf("%v: %v", call, err)
	}
	var after []*model.State
	var want model.Outcome
	for _, s := range p.states {
		next := s.Clone()
		if want = call.Do(next); want.Same(got) {
			after = append(after, next)
		}
	}
	if len(after) == 0 {
		p.Fatalf("%v\nreturned:          %v\nthe model returns: %v", call, got, want)
	}
	p.states = after
}

// several makes 2 to 4 concurrent calls. At most one of them registers extracts,
// because the positions of extracts do not follow the order in which concurrent calls
// take effect.
func (p *play) several() {
	calls := make([]made, rapid.IntRange(2, 4).Draw(p.T, "at once"))
	registers := false
	for i := range calls {
		calls[i].call = p.draw()
		for isRegister(calls[i].call) && registers {
			calls[i].call = p.draw()
		}
		registers = registers || isRegister(calls[i].call)
	}
	errs := make([]error, len(calls))
	var done sync.WaitGroup
	gate := make(chan struct{})
	for i := range calls {
		done.Go(func() {
			<-gate
			calls[i].outcome, errs[i] = p.database.Do(p.ctx, calls[i].call)
		})
	}
	close(gate)
	done.Wait()
	p.atOnce = true
	fmt.Fprintln(&p.log, "at once:")
	for i, m := range calls {
		p.note("    ", m.call, m.outcome)
		if errs[i] != nil {
			p.Fatalf("%v: %v", m.call, errs[i])
		}
	}
	passedOver(calls, p.states[0].Files(), p.wide)
	var after []*model.State
	for _, s := range p.states {
		for _, next := range orders(s, calls) {
			if !slices.ContainsFunc(after, func(s *model.State) bool { return reflect.DeepEqual(s, next) }) {
				after = append(after, next)
			}
		}
	}
	if len(after) == 0 {
		p.Fatalf("the model returns this in no order; the calls so far, the last ones at once:\n%s", &p.log)
	}
	p.states = after
	p.look(true)
}

func isRegister(c model.Call) bool {
	_, ok := c.(model.Register)
	return ok
}

// look reads everything back, either at random or always. The soft parents that a start
// returns and the ones that it stores are read one after the other, so concurrent calls
// may come between.
func (p *play) look(now bool) {
	const often = 8
	if !now && p.step%often != 0 {
		return
	}
	clients := p.database.clients
	got, err := p.database.view(p.ctx, clients[p.step%len(clients)])
	if err != nil {
		p.Fatalf("read: %v", err)
	}
	if p.atOnce {
		got = got.WithoutSoft()
	}
	var after []*model.State
	for _, s := range p.states {
		if want := s.View(processes); want.String() == got.String() || p.atOnce && want.WithoutSoft().String() == got.String() {
			after = append(after, s)
		}
	}
	if len(after) == 0 {
		p.Fatalf("the database has:\n%v\nthe model has:\n%v", got, p.states[0].View(processes))
	}
	p.states = after
}
