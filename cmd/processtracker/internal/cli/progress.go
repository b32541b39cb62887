package cli

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	listers "github.com/processtracker/processtracker-go/core/listing"
)

// progress is a line on a terminal for work whose end is unknown: how many files were
// found, how many of them are stored, and how long it has taken.
type progress struct {
	app           *app
	doing         string
	began, shown  time.Time
	found, stored int64
	visible       bool
}

// redraw is the interval between two updates of the line.
const redraw = 100 * time.Millisecond

// progress begins a line. Without a terminal it draws nothing.
func (a *app) progress(doing string) *progress {
	now := time.Now()
	return &progress{app: a, doing: doing, began: now, shown: now}
}

// over counts the files that a lister yields.
func (p *progress) over(l listers.Lister) listers.Lister { return counting{l, p} }

// add counts stored files.
func (p *progress) add(n int64) {
	p.stored += n
	p.draw()
}

func (p *progress) draw() {
	now := time.Now()
	if !p.app.env.Terminal || now.Sub(p.shown) < redraw {
		return
	}
	p.shown, p.visible = now, true
	line := fmt.Sprintf("%s: %s found, %s stored, %s", p.doing, number(p.found), number(p.stored), now.Sub(p.began).Round(time.Second))
	if p.app.env.Width > 0 {
		line = table.Shorten(line, p.app.env.Width-1)
	}
	_, _ = fmt.Fprintf(p.app.env.Stderr, "\r\x1b[K%s", line) // the error has nowhere to go
}

// clear removes the line, so that the next message begins a new one.
func (p *progress) clear() {
	if p.visible {
		_, _ = fmt.Fprint(p.app.env.Stderr, "\r\x1b[K")
		p.visible = false
	}
}

// counting is a lister that counts its files.
type counting struct {
	listers.Lister

	progress *progress
}

// List implements [listers.Lister].
func (c counting) List(ctx context.Context, location string) iter.Seq2[listers.Object, error] {
	return func(yield func(listers.Object, error) bool) {
		for object, err := range c.Lister.List(ctx, location) {
			c.progress.found++
			c.progress.draw()
			if !yield(object, err) {
				return
			}
		}
	}
}
