package tracker

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// The errors of this package match these under [errors.Is].
var (
	// ErrAlreadyRunning: another run of the process is active. See [BlockedError].
	ErrAlreadyRunning = errors.New("already running")
	// ErrOnHold: the process is on hold, until [Admin.Release]. See
	// [BlockedError].
	ErrOnHold = errors.New("on hold")
	// ErrDependency: a process that this one depends on is running, has failed or
	// is on hold. See [BlockedError].
	ErrDependency = errors.New("dependency")
	// ErrNoCapacity: a cluster of the process has no room for the run. See
	// [BlockedError].
	ErrNoCapacity = errors.New("no capacity")
	// ErrAlreadyDone: a run of that name was completed. See [DoneError].
	ErrAlreadyDone = errors.New("already done")
	// ErrAlreadyEnded: the run has ended, with a status other than the one asked for.
	// See [EndedError].
	ErrAlreadyEnded = errors.New("already ended")
	// ErrNotOwner: the token is not the run's, so the caller may not write to it.
	ErrNotOwner = errors.New("not the run's token")
	// ErrLeaseLost: the run's lease expired and another start or a reap ended the run,
	// or an operator forced its end. Writes to the run after that are rejected. See
	// [LeaseLostError].
	ErrLeaseLost = errors.New("lease lost")
	// ErrClosed: the tracker was closed and no longer sends heartbeats. See
	// [Tracker.Close].
	ErrClosed = errors.New("the tracker is closed")
	// ErrMismatch: a stored value differs from the given one: a process has another type,
	// tool or frequency, a location another name, an extract another type, compression,
	// size or checksum. Nothing was written. See [MismatchError].
	ErrMismatch = errors.New("differs from the stored value")
	// ErrNotFound: the name or id does not exist, or was deleted at the same moment.
	// See [NotFoundError].
	ErrNotFound = errors.New("not found")
	// ErrExists: the new name is already taken. See [ExistsError].
	ErrExists = errors.New("already exists")
	// ErrPreloaded: every database has the name, so it cannot be changed or deleted.
	// See [PreloadedError].
	ErrPreloaded = errors.New("preloaded")
	// ErrInUse: something refers to the name. See [InUseError].
	ErrInUse = errors.New("in use")
	// ErrCycle: the dependency would make a process wait for itself.
	ErrCycle = errors.New("dependency cycle")
	// ErrInvalid: an argument is not allowed; nothing was written. See
	// [InvalidError].
	ErrInvalid = dialect.ErrInvalid
	// ErrNotSetUp: the database has none of the tracker's tables. See
	// [SchemaError].
	ErrNotSetUp = errors.New("not set up")
	// ErrSchemaVersion: the tracker's tables have a version that this library does not
	// work with. See [SchemaError].
	ErrSchemaVersion = errors.New("schema version")
	// ErrSetting: the session, the database or the server has a setting that the
	// tracker cannot work with. See [SettingError].
	ErrSetting = dialect.ErrSetting
	// ErrServer: the server is too old, or is a different product from what it appears
	// to be. See [ServerError].
	ErrServer = dialect.ErrServer
	// ErrDrift: the tracker's tables differ from those that setup created, or a table's
	// id counter is behind its rows, as after a restore of the rows alone. Nothing was
	// written. "processtracker status" says what to do.
	ErrDrift = errors.New("schema has drifted")
	// ErrDenied: the database user lacks a privilege.
	ErrDenied = errors.New("permission denied")
	// ErrCredentials: the server rejects the database user: the password, the token or
	// the certificate is wrong or has expired, the account is locked, or the user may
	// not connect from this host. Nothing was written.
	ErrCredentials = dialect.ErrCredentials
	// ErrReadOnly: the database accepts no writes from any client at present: its
	// server is a replica or set to read-only, or the file is read-only. Nothing was
	// written. Reads still work.
	ErrReadOnly = errors.New("database is read-only")
	// ErrBusy: the database aborted the operation because of concurrent transactions,
	// or had no memory left for locks, on every attempt. Nothing was written; you can try
	// it again. In a transaction given to [Run.In] there is only one attempt, and the
	// transaction as a whole is what you can try again.
	ErrBusy = errors.New("database busy")
	// ErrTooLarge: an argument is larger than the database accepts in one statement and
	// cannot be split or cut, such as the value of a [RowFilter]. Nothing was written.
	ErrTooLarge = errors.New("too large for the database")
	// ErrTransaction: the transaction given to [Run.In] cannot be used: it is not on
	// the tracker's database, it has ended, or an earlier error means that it can only
	// be rolled back.
	ErrTransaction = errors.New("transaction not usable")
	// ErrDisconnected: the connection to the database was lost or could not be made.
	ErrDisconnected = dialect.ErrDisconnected
)

// SettingError says which setting the tracker cannot work with, and what to set
// instead. It matches [ErrSetting].
type SettingError = dialect.SettingError

// ServerError names the server, what it lacks, and the servers that the tracker works
// with. It matches [ErrServer].
type ServerError = dialect.ServerError

// BlockedError says why a run was not started: Reason is [ErrAlreadyRunning],
// [ErrOnHold], [ErrDependency] or [ErrNoCapacity], the first that applied in
// this order.
type BlockedError struct {
	Reason  error
	Process string
	Run     *RunInfo // ErrAlreadyRunning: the active run …
	// … and when its lease expires, unless it is renewed; zero if the run has no lease.
	LeaseUntil time.Time
	Hold       *HoldInfo // ErrOnHold
	Parents    []Parent  // ErrDependency: those that block the start
	// With ErrNoCapacity, Clusters are the clusters that have no room for Needs.
	Clusters []ClusterUse
	Needs    Capacity
}

// HoldInfo is a process's hold.
type HoldInfo struct {
	Since  time.Time
	By     string // actor
	Reason string
}

func (e *BlockedError) Error() string {
	switch {
	case e.Run != nil:
		return fmt.Sprintf("process %q is %v: %s%s", e.Process, e.Reason, e.detail(), e.lease())
	case e.Hold != nil:
		return fmt.Sprintf("process %q is %v %s; when the cause is gone, run: processtracker release %q --reason TEXT",
			e.Process, e.Reason, e.detail(), e.Process)
	case len(e.Clusters) > 0:
		return fmt.Sprintf("process %q has %v: %s", e.Process, e.Reason, e.detail())
	default:
		return fmt.Sprintf("process %q is blocked by a %v: %s", e.Process, e.Reason, e.detail())
	}
}

// detail says what blocks the start.
func (e *BlockedError) detail() string {
	switch {
	case e.Run != nil:
		return fmt.Sprintf("run %d, started by %s at %s", e.Run.Number, e.Run.Actor, stamp(e.Run.StartedAt))
	case e.Hold != nil:
		return fmt.Sprintf("since %s (%s): %s", stamp(e.Hold.Since), e.Hold.By, e.Hold.Reason)
	case len(e.Clusters) > 0:
		return fmt.Sprintf("it needs %v, and %s", e.Needs, sentence(e.Clusters))
	default:
		return sentence(e.Parents)
	}
}

// lease says how long the active run can block the start if its program is dead:
// without a lease, until an operator ends it.
func (e *BlockedError) lease() string {
	if e.LeaseUntil.IsZero() {
		return fmt.Sprintf(", without a lease; if its program is dead, run: processtracker reap --run-id %d --force --reason TEXT", e.Run.ID)
	}
	return ", with a lease until " + stamp(e.LeaseUntil)
}

func sentence[T fmt.Stringer](items []T) string {
	parts := make([]string, len(items))
	for i, item := range items {
		parts[i] = item.String()
	}
	return strings.Join(parts, "; ")
}

// Unwrap returns the reason.
func (e *BlockedError) Unwrap() error { return e.Reason }

// DoneError says that the named run has already completed. It matches [ErrAlreadyDone].
type DoneError struct{ Run RunInfo }

func (e *DoneError) Error() string {
	return fmt.Sprintf("run %q of process %q is %v: %s", e.Run.Name, e.Run.Process, ErrAlreadyDone, e.detail())
}

func (e *DoneError) detail() string {
	return fmt.Sprintf("run %d, completed at %s", e.Run.Number, stamp(e.Run.EndedAt))
}

// Unwrap returns [ErrAlreadyDone].
func (e *DoneError) Unwrap() error { return ErrAlreadyDone }

// EndedError says that a run has already ended. It matches [ErrAlreadyEnded].
type EndedError struct {
	Process string
	Number  int64 // of the run
	Status  RunStatus
	EndedAt time.Time
}

func (e *EndedError) Error() string {
	return fmt.Sprintf("run %d of process %q has %v: %s at %s", e.Number, e.Process, ErrAlreadyEnded, e.Status, stamp(e.EndedAt))
}

// Unwrap returns [ErrAlreadyEnded].
func (e *EndedError) Unwrap() error { return ErrAlreadyEnded }

// LeaseLostError says that a run lost its lease. It matches [ErrLeaseLost] and, if the
// lease was lost because heartbeats failed, their error.
type LeaseLostError struct {
	Process string
	Number  int64 // of the run
	// Cause is the error of the heartbeats if all of them failed for the length of the
	// lease; nil if the database says that the run was ended.
	Cause error
	// Reason is the beginning of the error with which the run was ended: "lease
	// expired", or, if an operator forced the end, "ended by" with the operator's name
	// and reason. It is empty if unknown.
	Reason string
	// Next is the number of the run that has started since, and NextActor the actor who
	// started it. Next is 0 if there is no such run, or if it is unknown.
	Next      int64
	NextActor string
}

func (e *LeaseLostError) Error() string {
	return fmt.Sprintf("run %d of process %q: %v: %s", e.Number, e.Process, ErrLeaseLost, e.detail())
}

// detail says how the lease was lost. Any reason other than an expired lease means a forced
// end.
func (e *LeaseLostError) detail() string {
	switch {
	case e.Cause != nil:
		return "no heartbeat succeeded for the length of the lease: " + e.Cause.Error()
	case e.Reason == "":
		return "it had expired and another start ended the run, or an operator ended it"
	case e.Reason != leaseExpired:
		return "an operator forced the end of the run: " + e.Reason
	case e.Next != 0:
		return fmt.Sprintf("it expired, and run %d, started by %s, has taken over", e.Next, e.NextActor)
	default:
		return "it expired, and the run was ended by a reap, or by a start that was then refused"
	}
}

// Unwrap returns what the error matches.
func (e *LeaseLostError) Unwrap() []error {
	if e.Cause == nil {
		return []error{ErrLeaseLost}
	}
	return []error{ErrLeaseLost, e.Cause}
}

// MismatchError says that a caller and the database disagree on a field. It
// matches [ErrMismatch].
type MismatchError struct {
	What   string // such as: process "Teams Load"
	Field  string
	Stored string
	Given  string
	Remedy string
}

func (e *MismatchError) Error() string {
	return fmt.Sprintf("%s: the %s given, %q, %v, %q; %s", e.What, e.Field, e.Given, ErrMismatch, e.Stored, e.Remedy)
}

// Unwrap returns [ErrMismatch].
func (e *MismatchError) Unwrap() error { return ErrMismatch }

// NotFoundError says what does not exist. It matches [ErrNotFound].
type NotFoundError struct {
	What, Name string

	several bool // Name says how many of how many do not exist
}

func (e *NotFoundError) Error() string {
	if e.several {
		return fmt.Sprintf("%s %ss: %v", e.Name, e.What, ErrNotFound)
	}
	return fmt.Sprintf("%s %q: %v", e.What, e.Name, ErrNotFound)
}

// missing says how many of the things given do not exist.
func missing(what string, some, all int) error {
	return &NotFoundError{What: what, Name: fmt.Sprintf("%d of %d", some, all), several: true}
}

// Unwrap returns [ErrNotFound].
func (e *NotFoundError) Unwrap() error { return ErrNotFound }

// InvalidError says which argument is invalid, and which values are allowed. It matches
// [ErrInvalid].
type InvalidError struct {
	Field  string
	Value  string // cut to 64 bytes
	Reason string
	Remedy string
}

func (e *InvalidError) Error() string {
	return fmt.Sprintf("%v %s %q: %s; %s", ErrInvalid, e.Field, e.Value, e.Reason, e.Remedy)
}

// Unwrap returns [ErrInvalid].
func (e *InvalidError) Unwrap() error { return ErrInvalid }

// invalid makes an [InvalidError]; value may be of any length.
func invalid(field, value, reason, remedy string) error {
	const most = 64
	if len(value) > most {
		value = strings.ToValidUTF8(value[:most], "") + "…"
	}
	return &InvalidError{Field: field, Value: value, Reason: reason, Remedy: remedy}
}

// SchemaError says which version of the schema the database has, 0 for none, and
// which one this library works with. It matches [ErrNotSetUp] or
// [ErrSchemaVersion].
type SchemaError struct{ Have, Want int }

func (e *SchemaError) Error() string {
	switch {
	case e.Have == 0:
		return fmt.Sprintf("the database is %v for the tracker (schema version %d is needed); run: processtracker setup", ErrNotSetUp, e.Want)
	case e.Have < e.Want:
		return fmt.Sprintf("%v: the database has %d, this library needs %d; run: processtracker upgrade", ErrSchemaVersion, e.Have, e.Want)
	default:
		return fmt.Sprintf("%v: the database has %d, this library knows only up to %d; use a newer processtracker", ErrSchemaVersion, e.Have, e.Want)
	}
}

// Unwrap returns the error that it matches.
func (e *SchemaError) Unwrap() error {
	if e.Have == 0 {
		return ErrNotSetUp
	}
	return ErrSchemaVersion
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
