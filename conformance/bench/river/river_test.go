package river

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/core/setup"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// BenchmarkRiver measures jobs and runs in turns.
func BenchmarkRiver(b *testing.B) {
	b.Run("postgres", func(b *testing.B) {
		one := open(b, 1)
		b.Run("one after the other", one.oneByOne)
		many := open(b, workers)
		b.Run("64 at a time", many.atOnce)
	})
}

// workers is the number of concurrent workers, each with its own connection.
const workers = 64

// place is a server with River's tables and the tracker's, and one pool for both.
type place struct {
	pool    *pgxpool.Pool
	schema  string
	driver  *riverpgxv5.Driver
	tracker *tracker.Tracker
}

func open(b *testing.B, connections int) *place {
	b.Helper()
	ctx := b.Context()
	server, err := servers.Get(ctx, "postgres")
	var unavailable *servers.Unavailable
	if errors.As(err, &unavailable) {
		b.Skip(unavailable)
	}
	must(b, err)
	b.Cleanup(func() { must(b, server.Close()) })
	fmt.Fprintf(os.Stdout, "server-postgres: %s\ngo: %s\ncpus: %d\n", server.Version, runtime.Version(), runtime.NumCPU())
	config, err := pgxpool.ParseConfig(server.DSN)
	must(b, err)
	config.MaxConns = int32(connections) + 3 // River's client listens on one, and looks after its queue
	pool, err := pgxpool.NewWithConfig(ctx, config)
	must(b, err)
	p := &place{pool: pool, schema: fmt.Sprintf("river_bench_%d_%d", os.Getpid(), connections), driver: riverpgxv5.New(pool)}
	b.Cleanup(func() {
		_, err := pool.Exec(context.Background(), "DROP SCHEMA IF EXISTS "+pgx.Identifier{p.schema}.Sanitize()+" CASCADE")
		pool.Close()
		must(b, err)
	})
	_, err = pool.Exec(ctx, "CREATE SCHEMA "+pgx.Identifier{p.schema}.Sanitize())
	must(b, err)
	migrator, err := rivermigrate.New(p.driver, &rivermigrate.Config{Schema: p.schema, Logger: quiet()})
	must(b, err)
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	must(b, err)
	backend, err := postgres.New(ctx, pool, &postgres.Options{Schema: p.schema})
	must(b, err)
	_, err = setup.Run(ctx, backend)
	must(b, err)
	p.tracker, err = tracker.New(ctx, backend, nil)
	must(b, err)
	b.Cleanup(func() { must(b, p.tracker.Close()) })
	return p
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// jobArgs are a job's.
type jobArgs struct {
	Day string `json:"day"`
}

// Kind implements [river.JobArgs].
func (jobArgs) Kind() string { return "load" }

// worker works a job by doing nothing.
type worker struct{ river.WorkerDefaults[jobArgs] }

// Work implements [river.Worker].
func (*worker) Work(context.Context, *river.Job[jobArgs]) error { return nil }

func (p *place) client(b *testing.B, queues map[string]river.QueueConfig) *river.Client[pgx.Tx] {
	b.Helper()
	config := &river.Config{Schema: p.schema, Logger: quiet()}
	if queues != nil {
		config.Workers = river.NewWorkers()
		river.AddWorker(config.Workers, &worker{})
		config.Queues = queues
		config.FetchCooldown, config.FetchPollInterval = river.FetchCooldownMin, 10*time.Millisecond
	}
	client, err := river.NewClient(p.driver, config)
	must(b, err)
	return client
}

// oneByOne inserts a job, fetches it and completes it, with the statements of River's
// client, which fetches and completes many jobs at a time. It also starts and completes
// a run.
func (p *place) oneByOne(b *testing.B) {
	ctx, client, executor := b.Context(), p.client(b, nil), p.driver.GetExecutor()
	process := tracker.Process{Name: "load"}
	cycles := map[string]func() error{
		"river": func() error {
			if _, err := client.Insert(ctx, jobArgs{Day: "today"}, nil); err != nil {
				return err
			}
			got, err := executor.JobGetAvailable(ctx, &riverdriver.JobGetAvailableParams{
				ClientID: client.ID(), MaxAttemptedBy: 100, MaxToLock: 1, Queue: river.QueueDefault, Schema: p.schema,
			})
			if err != nil {
				return err
			}
			if len(got.Jobs) != 1 {
				return fmt.Errorf("fetched %d jobs instead of one", len(got.Jobs))
			}
			now := time.Now()
			_, err = executor.JobSetStateIfRunningMany(ctx, &riverdriver.JobSetStateIfRunningManyParams{
				ID: []int64{got.Jobs[0].ID}, Attempt: []*int{nil}, ErrData: [][]byte{nil}, FinalizedAt: []*time.Time{&now},
				MetadataDoMerge: []bool{false}, MetadataUpdates: [][]byte{nil}, ScheduledAt: []*time.Time{nil},
				Schema: p.schema, State: []rivertype.JobState{rivertype.JobStateCompleted},
			})
			return err
		},
		"ours": func() error {
			run, err := p.tracker.Start(ctx, process, nil)
			if err != nil {
				return err
			}
			return run.Complete(ctx, nil)
		},
	}
	took := map[string][]float64{}
	for b.Loop() {
		for _, who := range []string{"river", "ours"} {
			began := time.Now()
			must(b, cycles[who]())
			took[who] = append(took[who], float64(time.Since(began)))
		}
	}
	report(b, took)
}

func report(b *testing.B, took map[string][]float64) {
	b.Helper()
	own, other := median(took["ours"]), median(took["river"])
	b.ReportMetric(own, "ns/op")
	b.ReportMetric(other, "river-ns/op")
	b.ReportMetric(own/other, "x/river")
}

func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return (sorted[len(sorted)/2] + sorted[(len(sorted)-1)/2]) / 2
}

// atOnce inserts jobs from 64 goroutines while a client works them with 64 workers. It
// also starts and completes as many runs; each goroutine has its own processes.
func (p *place) atOnce(b *testing.B) {
	ctx := b.Context()
	client := p.client(b, map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}})
	completed, cancel := client.Subscribe(river.EventKindJobCompleted)
	defer cancel()
	must(b, client.Start(ctx))
	defer func() { must(b, client.Stop(context.Background())) }()
	const each = 5 // jobs of a goroutine
	run := func() {
		together(b, func(i int) error {
			for range each {
				run, err := p.tracker.Start(ctx, tracker.Process{Name: fmt.Sprint("load ", i)}, nil)
				if err != nil {
					return err
				}
				if err := run.Complete(ctx, nil); err != nil {
					return err
				}
			}
			return nil
		})
	}
	run() // registers the processes
	took := map[string][]float64{}
	for b.Loop() {
		began := time.Now()
		together(b, func(int) error {
			for range each {
				if _, err := client.Insert(ctx, jobArgs{Day: "today"}, nil); err != nil {
					return err
				}
			}
			return nil
		})
		for range workers * each {
			<-completed
		}
		took["river"] = append(took["river"], float64(time.Since(began))/(workers*each))
		began = time.Now()
		run()
		took["ours"] = append(took["ours"], float64(time.Since(began))/(workers*each))
	}
	report(b, took)
}

// together calls fn from as many goroutines as there are workers.
func together(b *testing.B, fn func(i int) error) {
	b.Helper()
	var all sync.WaitGroup
	failed := make([]error, workers)
	for i := range workers {
		all.Go(func() { failed[i] = fn(i) })
	}
	all.Wait()
	must(b, errors.Join(failed...))
}
