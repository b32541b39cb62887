package tracker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"sync/atomic"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/internal/store"
)

// A Tracker keeps track of processes in one database. It is safe for concurrent
// use. As long as runs that it started are active, one goroutine renews their
// leases; see [Tracker.Close]. Make one with [New]: every call on a nil or a zero
// Tracker is [ErrInvalid].
type Tracker struct {
	store       *store.Store
	backend     dialect.Backend
	actor       string
	maxFailures int64
	lease       leaseTerms
	retries     RetryPolicy
	onRetry     func(Retried)
	keeper      *keeper // nil in a transaction of the caller's
	closed      *atomic.Bool
	absent      error // why every operation fails; nil if the tracker was made with New
}

// An Option changes a setting of a [Tracker].
type Option func(*Tracker)

// Actor sets who or what starts runs with this tracker: a person, a service
// account, a scheduler. The default is the name of the operating system's user.
func Actor(name string) Option { return func(t *Tracker) { t.actor = name } }

// New returns a tracker on the backend's database, which must have been set up
// ("processtracker setup"); otherwise the error is [ErrNotSetUp] or
// [ErrSchemaVersion]. A setting that the tracker cannot work with, such as another
// encoding than UTF-8, is [ErrSetting]. It changes nothing.
func New(ctx context.Context, backend dialect.Backend, options ...Option) (*Tracker, error) {
	t := &Tracker{
		backend:     backend,
		actor:       currentUser(),
		maxFailures: DefaultMaxFailures,
		lease:       leaseTerms{length: DefaultLease},
	}
	if backend == nil {
		return nil, invalid("backend", "nil", "there is none", "open one, such as postgres.Open, and check its error")
	}
	for _, option := range options {
		if option == nil {
			return nil, noOption()
		}
		option(t)
	}
	var err error
	if t.actor, err = name("actor", t.actor); err != nil {
		return nil, err
	}
	if t.maxFailures < 0 {
		return nil, invalid("maximum of failures", strconv.FormatInt(t.maxFailures, 10), "negative", "give 0 for never")
	}
	if err := t.lease.check(); err != nil {
		return nil, err
	}
	if err := t.retries.check(); err != nil {
		return nil, err
	}
	t.store = store.New(backend, t.retry())
	t.keeper, t.closed = newKeeper(t.store, t.lease), new(atomic.Bool)
	switch err := backend.Check(ctx); {
	case errors.Is(err, ErrSetting), errors.Is(err, ErrServer):
		return nil, err
	case err != nil:
		return nil, t.failed("look at the settings", err)
	}
	have, err := store.SchemaVersion(ctx, backend.Conn(), backend.Dialect())
	if err != nil {
		return nil, t.failed("read the schema version", err)
	}
	if want := len(backend.Dialect().Migrations()); have != want {
		return nil, &SchemaError{Have: have, Want: want}
	}
	return t, nil
}

// noOption is the error of an option that is nil.
func noOption() error { return invalid("option", "nil", "there is none", "leave it out") }

func currentUser() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	if name := os.Getenv("USER"); name != "" {
		return name
	}
	return "unknown"
}

// failed gives an error of the database the sentinel of its class, and says what
// was being done. The driver's error stays in reach.
func (t *Tracker) failed(doing string, err error) error {
	var sentinel error
	if newer, ok := errors.AsType[*store.NewerError](err); ok {
		return fmt.Errorf("%s: %w: %w", doing, &SchemaError{Have: newer.Have, Want: newer.Want}, err)
	}
	switch class := t.made().backend.Classify(err); {
	case errors.Is(err, store.ErrUnknown):
		sentinel = ErrNotFound
	case errors.Is(err, store.ErrElsewhere), class == dialect.Over:
		sentinel = ErrTransaction
	case class == dialect.Conflict, store.Unsettled(err):
		sentinel = ErrBusy
	case class == dialect.Disconnected, class == dialect.Unreachable:
		sentinel = ErrDisconnected
	case class == dialect.Credentials:
		return fmt.Errorf("%s: %w", doing, dialect.Refused(err))
	case class == dialect.ReadOnly:
		sentinel = ErrReadOnly
	case class == dialect.TooLarge, errors.Is(err, store.ErrTooLarge):
		sentinel = ErrTooLarge
	case class == dialect.Denied:
		return fmt.Errorf("%s: %w: %w; for a script that grants them, run: processtracker grants --role runner --to USER (a program that only reads needs the role reader)", doing, ErrDenied, err)
	case class == dialect.Duplicate: // what is inserted is looked for before, so only an id can be there already
		return fmt.Errorf("%s: %w: a row has the id that comes next: %w; to see what to do, run: processtracker status", doing, ErrDrift, err)
	case class == dialect.Reference:
		sentinel = ErrNotFound // it was there a moment ago: somebody has deleted it
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
	return fmt.Errorf("%s: %w: %w", doing, sentinel, err)
}

// Register registers a process and all that it names, without starting a run.
// Registering again changes nothing.
func (t *Tracker) Register(ctx context.Context, p Process) error {
	return t.register(ctx, p, false)
}

// Redefine is [Tracker.Register], but gives the process the type, tool and
// frequency named even if others are stored.
func (t *Tracker) Redefine(ctx context.Context, p Process) error {
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
