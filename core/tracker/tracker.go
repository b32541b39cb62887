package tracker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"sync/atomic"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/internal/store"
)

// A Tracker keeps track of processes in one database: it starts runs and lists them.
// Its [Registry] describes processes and their data; its [Admin] has the operators'
// methods.
//
// It is safe for concurrent use. While runs that it started are active, one goroutine
// sends their heartbeats; see [Tracker.Close]. Create a Tracker with [New]: every call
// on a nil or zero Tracker returns [ErrInvalid].
type Tracker struct {
	store       *store.Store
	backend     dialect.Backend
	actor       string
	maxFailures int64
	lease       leaseTerms
	events      *events
	heart       *heart // nil in a transaction of the caller's
	closed      *atomic.Bool
	absent      error // why every operation fails; nil if the tracker was made with New
}

// New returns a tracker on the backend's database, which must have been set up
// ("processtracker setup"); otherwise the error is [ErrNotSetUp] or [ErrSchemaVersion].
// If the database has a setting that the tracker cannot work with, such as an encoding
// other than UTF-8, the error is [ErrSetting]. A nil config means the defaults. New
// changes nothing in the database.
func New(ctx context.Context, backend dialect.Backend, config *Config) (*Tracker, error) {
	if backend == nil {
		return nil, invalid("backend", "nil", "there is none", "open one, such as postgres.Open, and check its error")
	}
	c, lease, err := config.checked()
	if err != nil {
		return nil, err
	}
	t := &Tracker{
		backend: backend, actor: c.Actor, maxFailures: storedFailures(c.MaxFailures), lease: lease,
		events: &events{log: c.Logger, observer: c.Observer},
	}
	retry := t.retry(c.Retry)
	t.store = store.New(backend, retry)
	t.heart, t.closed = newHeart(t.store, lease, t.events), new(atomic.Bool)
	switch err := retry.Read(ctx, backend, "settings", func() error { return backend.Check(ctx) }); {
	case errors.Is(err, ErrSetting), errors.Is(err, ErrServer):
		return nil, err
	case err != nil:
		return nil, t.failed("check the settings", err)
	}
	have := 0
	err = retry.Read(ctx, backend, "schema.version", func() (err error) {
		have, err = store.SchemaVersion(ctx, backend.Conn(), backend.Dialect())
		return err
	})
	if err != nil {
		return nil, t.failed("read the schema version", err)
	}
	if want := len(backend.Dialect().Migrations()); have != want {
		return nil, &SchemaError{Have: have, Want: want}
	}
	return t, nil
}

func currentUser() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	if name := os.Getenv("USER"); name != "" {
		return name
	}
	return "unknown"
}

// failed adds to a database error the sentinel of its class, and the operation that
// failed. It wraps the driver's error.
func (t *Tracker) failed(doing string, err error) error {
	var sentinel error
	var newer *store.NewerError
	if errors.As(err, &newer) {
		return fmt.Errorf("%s: %w: %w", doing, &SchemaError{Have: newer.Have, Want: newer.Want}, err)
	}
	switch class := t.made().backend.Classify(err); {
	case errors.Is(err, store.ErrUnknown):
		sentinel = ErrNotFound
	case errors.Is(err, store.ErrElsewhere), class == dialect.TransactionEnded:
		sentinel = ErrTransaction
	case class == dialect.Conflict, store.Unsettled(err):
		sentinel = ErrBusy
	case class == dialect.ReadOnly:
		sentinel = ErrReadOnly
	case class == dialect.TooLarge, errors.Is(err, store.ErrTooLarge):
		sentinel = ErrTooLarge
	case class == dialect.Denied:
		return fmt.Errorf("%s: %w: %w; for a script that grants them, run: processtracker grants --role runner --to USER (a program that only reads needs the role reader)", doing, ErrDenied, err)
	case class == dialect.Duplicate: // rows are looked up before they are inserted, so only an id can be a duplicate
		return fmt.Errorf("%s: %w: a row has the id that comes next: %w; to see what to do, run: processtracker status", doing, ErrDrift, err)
	case class == dialect.Reference:
		sentinel = ErrNotFound // it was there a moment ago, and was deleted
	default: // credentials and lost connections, as when a backend is opened
		return fmt.Errorf("%s: %w", doing, dialect.Opening(class, err))
	}
	return fmt.Errorf("%s: %w: %w", doing, sentinel, err)
}

// ofProcess is the error of a call about a process, if there is one; doing says what the
// call was doing, in words that the process's name can follow.
func (t *Tracker) ofProcess(doing, process string, err error) error {
	switch {
	case errors.Is(err, store.ErrUnknown):
		return &NotFoundError{What: "process", Name: process}
	case err != nil:
		return t.failed(fmt.Sprintf("%s process %q", doing, process), err)
	}
	return nil
}
