package dialect

import (
	"context"
	"errors"
	"fmt"
)

// A Backend is one database, reached through one driver.
type Backend interface {
	Dialect() Dialect

	// Conn is the pool: safe for concurrent use.
	Conn() Conn

	// Classify says what an error of the driver's means. It looks at types and
	// codes, never at a message's text, and sees through wrapping. The tracker makes
	// its own errors of it, and tries again what it may (rules S8.1 and S8.2).
	Classify(err error) Class

	// MostBytes is how many bytes of arguments one statement can take, with room for
	// the statement itself and for what escaping adds. More of the user's than that is
	// divided among statements, or cut with a mark that says so (rule S8.7).
	MostBytes() int

	// Check asks the database how it is set, and returns a [SettingError] if the
	// tracker cannot work with that (rule S8.6). It changes nothing. Opening a
	// tracker and setting up begin with it. What a pool's connections can differ in is
	// looked at again when they are used, where that takes no round trip.
	Check(ctx context.Context) error

	// Close releases what the backend opened itself, and nothing that it was
	// given. Afterwards calls give errors, and no goroutine is left (rule S8.1; every
	// suite ends with goleak).
	Close() error
}

// A Class is what an error of a driver's means to the tracker.
type Class int

const (
	// Other is any error that the tracker can do nothing about.
	Other Class = iota
	// Conflict means that the database gave up this transaction because of
	// another: a deadlock, a serialization failure, a lock time-out. Nothing was
	// written; the same transaction may be tried again (rule S2.7).
	Conflict
	// Disconnected means that the connection is gone. Whether the last
	// transaction was committed is not known.
	Disconnected
	// Unreachable means that there is no connection, and could not be one: nothing
	// was sent.
	Unreachable
	// Denied means that the user lacks a right.
	Denied
	// Credentials means that the server does not let the user in: the password, the token
	// or the certificate is wrong or has expired, the account is locked, or it may not
	// connect from here. Nothing was sent.
	Credentials
	// ReadOnly means that the database, the server or the session takes no changes
	// from anybody, as a replica does.
	ReadOnly
	// Duplicate means that a row of the same key exists.
	Duplicate
	// Reference means that a foreign key is violated: a row to be deleted is
	// referred to, or a row refers to one that is not there.
	Reference
	// TransactionEnded means that the transaction takes no more statements: it has ended, or
	// an earlier error in it lets it only be rolled back (rule S7.1).
	TransactionEnded
	// TooLarge means that a statement, or a value in it, has more bytes than the server
	// or the driver takes. Nothing was written; the same again would fail again.
	TooLarge
)

// String returns the class's name, for logs.
func (c Class) String() string {
	switch c {
	case Conflict:
		return "conflict"
	case Disconnected:
		return "disconnected"
	case Unreachable:
		return "unreachable"
	case Denied:
		return "denied"
	case Credentials:
		return "credentials"
	case ReadOnly:
		return "read-only"
	case Duplicate:
		return "duplicate"
	case Reference:
		return "reference"
	case TransactionEnded:
		return "transaction ended"
	case TooLarge:
		return "too large"
	default:
		return "other"
	}
}

// ErrNoDatabase is what opening a backend returns, wrapped, when the server or
// directory is there but the database is not. The tracker was never set up in
// it then.
var ErrNoDatabase = errors.New("no such database")

// ErrDemoted is what an error of the class [ReadOnly] matches whose server took changes
// before: it has become a replica, or was set to be read-only. Its connection was dropped,
// and the operation may be tried on another.
var ErrDemoted = errors.New("the server has become read-only")

// ErrCredentials is what opening a backend returns, wrapped, when the server does not let
// the user in, and what the tracker makes of [Credentials].
var ErrCredentials = errors.New("credentials refused")

// CredentialsRemedy is what to do about [ErrCredentials].
const CredentialsRemedy = "the password, token or certificate is wrong or has expired, the account is locked, or it may not connect from here: " +
	"check the DSN's user and password; for a password that expires, give Open a Password in its options, or the command-line tool --password-command"

// Refused makes an [ErrCredentials] of a driver's error, which stays in reach, and adds
// what to do.
func Refused(err error) error {
	return fmt.Errorf("%w: %w; %s", ErrCredentials, err, CredentialsRemedy)
}

// ErrDisconnected is what opening a backend returns, wrapped, when its server cannot be
// reached, and what the tracker makes of [Disconnected] and [Unreachable].
var ErrDisconnected = errors.New("no connection")

// Opening gives the error of opening a backend, or of its first use, the sentinel of its
// class. The driver's error stays in reach.
func Opening(class Class, err error) error {
	switch class {
	case Credentials:
		return Refused(err)
	case Disconnected, Unreachable:
		return fmt.Errorf("%w: %w", ErrDisconnected, err)
	default:
		return err
	}
}

// ErrDSN is what opening a backend returns, wrapped, when the DSN cannot be
// read. The error says what is wrong with it, without its password.
var ErrDSN = errors.New("DSN")
