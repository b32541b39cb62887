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

	// Classify returns the class of a driver's error. It looks at types and codes,
	// never at a message's text, and unwraps errors. The tracker derives its own errors
	// from the class, and decides whether to retry (rules S8.1 and S8.2).
	Classify(err error) Class

	// MostBytes is how many bytes of arguments one statement can take, with room for
	// the statement itself and for escaping. Larger user data is divided among several
	// statements, or cut with a mark that says so (rule S8.7).
	MostBytes() int

	// Check asks the database for its settings, and returns a [SettingError] if the
	// tracker cannot work with them (rule S8.6). It changes nothing. New and setup
	// begin with it. Settings that can differ between a pool's connections are checked
	// again on each use, if that takes no round trip.
	Check(ctx context.Context) error

	// Close releases everything that the backend opened itself, and nothing that its
	// caller opened. Calls after Close return errors, and no goroutine is left (rule
	// S8.1; every suite ends with goleak).
	Close() error
}

// A Class says what a driver's error means to the tracker.
type Class int

const (
	// Other is any error that the tracker can do nothing about.
	Other Class = iota
	// Conflict means that the database aborted this transaction because of others: a
	// deadlock, a serialization failure, a lock timeout, or something that all share and
	// others had used up, such as connections or the memory for locks. Nothing was written;
	// the same transaction may be tried again (rule S2.7).
	Conflict
	// Disconnected means that the connection is gone. Whether the last
	// transaction was committed is not known.
	Disconnected
	// Unreachable means that no connection could be made: nothing was sent.
	Unreachable
	// Denied means that the user lacks a privilege.
	Denied
	// Credentials means that the server rejects the user: the password, the token or the
	// certificate is wrong or has expired, the account is locked, or the user may not
	// connect from this host. Nothing was sent.
	Credentials
	// ReadOnly means that the database, the server or the session accepts no writes
	// from any client, as on a replica.
	ReadOnly
	// Duplicate means that a row with the same key exists.
	Duplicate
	// Reference means that a foreign key is violated: another row refers to a row to be
	// deleted, or a row refers to one that does not exist.
	Reference
	// TransactionEnded means that the transaction accepts no more statements: it has ended,
	// or an earlier error means that it can only be rolled back (rule S7.1).
	TransactionEnded
	// TooLarge means that a statement, or a value in it, has more bytes than the server
	// or the driver accepts. Nothing was written, and a retry would fail again.
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

// ErrNoDatabase means that the server or directory exists but the database does not.
// Opening a backend returns an error that wraps it.
var ErrNoDatabase = errors.New("no such database")

// ErrDemoted means that a server accepted writes before, and now does not: it has become
// a replica, or was set to be read-only. An error of the class [ReadOnly] matches it. The
// connection was dropped, and the operation may be retried on another.
var ErrDemoted = errors.New("the server has become read-only")

// ErrCredentials means that the server rejects the user. Opening a backend returns an
// error that wraps it, and the tracker uses it for errors of the class [Credentials].
var ErrCredentials = errors.New("credentials refused")

// CredentialsRemedy says what to do about [ErrCredentials].
const CredentialsRemedy = "the password, token or certificate is wrong or has expired, the account is locked, or it may not connect from here: " +
	"check the DSN's user and password; for a password that expires, give Open a Password in its options, or the command-line tool --password-command"

// Refused wraps a driver's error in [ErrCredentials], and adds what to do.
func Refused(err error) error {
	return fmt.Errorf("%w: %w; %s", ErrCredentials, err, CredentialsRemedy)
}

// ErrDisconnected means that the server cannot be reached. Opening a backend returns an
// error that wraps it, and the tracker uses it for errors of the classes [Disconnected]
// and [Unreachable].
var ErrDisconnected = errors.New("no connection")

// Opening adds the sentinel of its class to an error of opening a backend or of its
// first use. It wraps the driver's error.
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

// ErrUnsettled means that the context ended during a commit, and that the backend could not
// find out whether it took effect. The error is of the class [Disconnected]. The tracker
// then makes one more attempt if the operation recognizes its own work.
var ErrUnsettled = errors.New("interrupted during its commit")

// ErrDSN means that a DSN cannot be parsed. Opening a backend returns an error that wraps
// it and says what is wrong with the DSN, without its password.
var ErrDSN = errors.New("DSN")
