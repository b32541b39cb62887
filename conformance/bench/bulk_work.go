package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// A bulk is n files and the operations on them, one after the other.
type bulk struct {
	*place

	name string
	n    int
	run  *tracker.Run
	all  []tracker.Extract
}

// bulkWork runs each operation on many rows, with n rows. done, if set, is called after
// each operation.
func (p *place) bulkWork(ctx context.Context, name string, n int, done func(operation string) error) error {
	b := &bulk{place: p, name: name, n: n}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"define", b.define}, {"register", b.register}, {"register again", b.registerAgain},
		{"load", b.move(tracker.Loading)}, {"loaded", b.move(tracker.Loaded)}, {"measure", b.measure}, {"update", b.update},
		{"ready", b.move(tracker.Ready)}, {"wait for parents", b.wait},
		{"fail with a claim", b.claimAndEnd(func(ctx context.Context) error { return b.run.Fail(ctx) })},
		{"complete with a claim", b.claimAndEnd(func(ctx context.Context) error { return b.run.Complete(ctx, nil) })},
		{"release", b.release},
		{"complete with another claim", b.claimAndEnd(func(ctx context.Context) error { return b.run.Complete(ctx, nil) })},
		{"take over", b.takeOver},
		{"list", b.list(n, 0)}, {"list again", b.list(0, n)}, {"list what is gone", b.gone},
		{"purge", b.purge},
	} {
		err := step.do(ctx)
		if err == nil && done != nil {
			err = done(step.name)
		}
		if err != nil {
			return fmt.Errorf("%s %d: %w", step.name, n, err)
		}
	}
	return nil
}

func (b *bulk) start(ctx context.Context) (err error) {
	b.run, err = b.tracker.Start(ctx, tracker.Process{Name: "bulk"}, nil)
	return err
}

// define registers a process with many sources and dataset types, and starts the run.
func (b *bulk) define(ctx context.Context) error {
	p := tracker.Process{Name: "defined " + b.name}
	for i := range b.n {
		p.Sources = append(p.Sources, tracker.DataRef{System: "system", Object: fmt.Sprintf("%s object %d", b.name, i), Attribute: "a"})
		p.DatasetTypes = append(p.DatasetTypes, fmt.Sprintf("%s type %d", b.name, i))
	}
	if err := b.tracker.Registry().Register(ctx, p); err != nil {
		return err
	}
	if err := b.tracker.Registry().Register(ctx, tracker.Process{Name: "bulk", Sources: []tracker.DataRef{{System: "a"}, {System: "b", Object: "c"}}}); err != nil {
		return err
	}
	return b.start(ctx)
}

func (b *bulk) files(size int64) []tracker.File {
	files := make([]tracker.File, b.n)
	for i := range files {
		files[i] = tracker.File{Location: "/bulk", Name: fmt.Sprintf("%s %d.csv", b.name, i), Status: tracker.Ready}
		if size > 0 {
			files[i].Size = &size
		}
	}
	return files
}

func (b *bulk) register(ctx context.Context) (err error) {
	b.all, err = b.run.RegisterExtracts(ctx, b.files(0)...)
	return err
}

func (b *bulk) registerAgain(ctx context.Context) (err error) {
	b.all, err = b.run.RegisterExtracts(ctx, b.files(7)...)
	return err
}

func (b *bulk) move(to tracker.ExtractStatus) func(context.Context) error {
	return func(ctx context.Context) error { return b.run.SetExtractStatus(ctx, to, b.all...) }
}

func (b *bulk) measure(ctx context.Context) error {
	measured := make([]tracker.ExtractMeasures, len(b.all))
	for i, e := range b.all {
		count := int64(i)
		measured[i] = tracker.ExtractMeasures{Extract: e, Written: tracker.Measures{Count: &count}, Loaded: tracker.Measures{Count: &count}}
	}
	return b.run.RecordMeasures(ctx, measured...)
}

func (b *bulk) update(ctx context.Context) error {
	size := int64(8)
	for i := range b.all {
		b.all[i].Size = &size
	}
	return b.run.UpdateExtracts(ctx, b.all...)
}

// wait makes one extract wait for all others, and ends the run.
func (b *bulk) wait(ctx context.Context) error {
	child, err := b.run.RegisterExtract(ctx, tracker.File{Location: "/bulk", Name: b.name + " child", Status: tracker.Initializing})
	if err == nil {
		err = b.tracker.AddExtractParents(ctx, child, b.all...)
	}
	if err != nil {
		return err
	}
	return b.run.Complete(ctx, nil)
}

// claimAndEnd claims all extracts in a new run, and ends it.
func (b *bulk) claimAndEnd(end func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := b.start(ctx); err != nil {
			return err
		}
		claimed, err := b.run.Claim(ctx, tracker.ClaimOptions{Limit: b.n, Location: "/bulk"})
		if err == nil && len(claimed) != b.n {
			err = fmt.Errorf("%d claimed", len(claimed))
		}
		if err != nil {
			return err
		}
		return end(ctx)
	}
}

func (b *bulk) release(ctx context.Context) error {
	released, err := b.tracker.Admin().ReleaseExtracts(ctx, "again", tracker.Ready, b.all...)
	if err == nil && len(released) != b.n {
		err = fmt.Errorf("%d released", len(released))
	}
	return err
}

// takeOver loads the extracts that a completed run has left in the status loading.
func (b *bulk) takeOver(ctx context.Context) error {
	if err := b.start(ctx); err != nil {
		return err
	}
	if err := b.move(tracker.Loading)(ctx); err != nil {
		return err
	}
	return b.move(tracker.Loaded)(ctx)
}

func (b *bulk) list(fresh, known int) func(context.Context) error {
	return func(ctx context.Context) error {
		return list(ctx, "/listed/"+b.name, &subject{run: b.run}, fresh, known)
	}
}

// gone lists the location without its files, so that all of them become deleted.
func (b *bulk) gone(ctx context.Context) error {
	found, err := b.run.ListLocation(ctx, lister(0), "/listed/"+b.name, &tracker.ListOptions{MissingAs: tracker.Deleted})
	if err == nil && found.Missing != int64(b.n) {
		err = fmt.Errorf("%d gone", found.Missing)
	}
	if err != nil {
		return err
	}
	return b.run.Complete(ctx, nil)
}

func (b *bulk) purge(ctx context.Context) error {
	gone, err := b.tracker.Admin().Purge(ctx, tracker.PurgeOptions{
		OlderThan: time.Microsecond, NamedRuns: true, Extracts: []tracker.ExtractStatus{tracker.Deleted}, BatchSize: tracker.MaxPurgeBatch, Unpaced: true,
	})
	if err == nil && gone.Extracts < int64(b.n) {
		err = fmt.Errorf("%d extracts are gone", gone.Extracts)
	}
	return err
}
