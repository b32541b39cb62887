package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// A Name is how the protocol names an error, whatever the carrier.
type Name struct {
	Name   string
	Code   int // of JSON-RPC
	Status int // of HTTP
	Means  string
	// Again says that the same call may succeed a moment later.
	Again bool

	is error // what matches it; nil if it is the protocol's own
}

// Names are all errors that a call may end with. The first that matches names an error.
func Names() []Name {
	return []Name{
		{Name: "lease_lost", Code: 8, Status: http.StatusConflict, is: tracker.ErrLeaseLost, Means: "the run's lease expired, and another start, a reap or an operator has ended the run; nothing was written"},
		{Name: "already_running", Code: 1, Status: http.StatusConflict, is: tracker.ErrAlreadyRunning, Means: "another run of the process is active"},
		{Name: "on_hold", Code: 2, Status: http.StatusConflict, is: tracker.ErrOnHold, Means: "the process is on hold until it is released"},
		{Name: "dependency", Code: 3, Status: http.StatusConflict, is: tracker.ErrDependency, Means: "a process that this one depends on is running, has failed or is on hold; or an extract has a parent that is not loaded"},
		{Name: "no_capacity", Code: 4, Status: http.StatusConflict, is: tracker.ErrNoCapacity, Means: "a cluster of the process has no room for the run"},
		{Name: "already_done", Code: 5, Status: http.StatusConflict, is: tracker.ErrAlreadyDone, Means: "a run of that name was completed"},
		{Name: "already_ended", Code: 6, Status: http.StatusConflict, is: tracker.ErrAlreadyEnded, Means: "the run has ended, and with another status than the one asked for"},
		{Name: "not_owner", Code: 7, Status: http.StatusForbidden, is: tracker.ErrNotOwner, Means: "the token is not the run's, or the session does not hold the run"},
		{Name: "closed", Code: 9, Status: http.StatusServiceUnavailable, is: tracker.ErrClosed, Again: true, Means: "the session or the server is shutting down"},
		{Name: "mismatch", Code: 10, Status: http.StatusConflict, is: tracker.ErrMismatch, Means: "the stored value differs"},
		{Name: "not_found", Code: 11, Status: http.StatusNotFound, is: tracker.ErrNotFound, Means: "no object has the given name or id"},
		{Name: "exists", Code: 12, Status: http.StatusConflict, is: tracker.ErrExists, Means: "the new name is taken"},
		{Name: "preloaded", Code: 13, Status: http.StatusConflict, is: tracker.ErrPreloaded, Means: "the name is preloaded in every database, and can be neither renamed nor deleted"},
		{Name: "in_use", Code: 14, Status: http.StatusConflict, is: tracker.ErrInUse, Means: "something refers to the name"},
		{Name: "cycle", Code: 15, Status: http.StatusConflict, is: tracker.ErrCycle, Means: "the dependency would make a process wait for itself"},
		{Name: "not_set_up", Code: 17, Status: http.StatusInternalServerError, is: tracker.ErrNotSetUp, Means: "the database has none of the tracker's tables"},
		{Name: "schema_version", Code: 18, Status: http.StatusInternalServerError, is: tracker.ErrSchemaVersion, Means: "the tracker's tables are of a version that this processtracker does not work with"},
		{Name: "setting", Code: 19, Status: http.StatusInternalServerError, is: tracker.ErrSetting, Means: "the database has a setting with which the tracker cannot work"},
		{Name: "server", Code: 20, Status: http.StatusInternalServerError, is: tracker.ErrServer, Means: "the database server is too old, or another product with the same protocol"},
		{Name: "drift", Code: 21, Status: http.StatusInternalServerError, is: tracker.ErrDrift, Means: "the tracker's tables are not as setting up made them"},
		{Name: "denied", Code: 22, Status: http.StatusInternalServerError, is: tracker.ErrDenied, Means: "the database's user lacks a right"},
		{Name: "credentials", Code: 23, Status: http.StatusInternalServerError, is: tracker.ErrCredentials, Means: "the database refused the login"},
		{Name: "read_only", Code: 24, Status: http.StatusServiceUnavailable, is: tracker.ErrReadOnly, Means: "the database accepts no changes now"},
		{Name: "busy", Code: 25, Status: http.StatusServiceUnavailable, is: tracker.ErrBusy, Again: true, Means: "the database aborted the call at every attempt, because of concurrent transactions; nothing was written"},
		{Name: "too_large", Code: 26, Status: http.StatusUnprocessableEntity, is: tracker.ErrTooLarge, Means: "a value is larger than the database accepts in one piece"},
		{Name: "transaction", Code: 27, Status: http.StatusInternalServerError, is: tracker.ErrTransaction, Means: "a transaction cannot be used"},
		{Name: "disconnected", Code: 28, Status: http.StatusServiceUnavailable, is: tracker.ErrDisconnected, Again: true, Means: "the connection to the database was lost or could not be made"},
		{Name: "no_database", Code: 29, Status: http.StatusInternalServerError, is: dialect.ErrNoDatabase, Means: "there is no such database"},
		{Name: "dsn", Code: 30, Status: http.StatusInternalServerError, is: dialect.ErrDSN, Means: "the DSN names no database"},
		{Name: "password", Code: 31, Status: http.StatusInternalServerError, is: dialect.ErrPassword, Means: "the password command printed no password"},
		{Name: "invalid", Code: -32602, Status: http.StatusBadRequest, is: tracker.ErrInvalid, Means: "a parameter is not allowed; nothing was written"},
		{Name: "cancelled", Code: -32097, Status: http.StatusServiceUnavailable, is: context.Canceled, Again: true, Means: "the caller went away, or the session ended, before the call did"},
		{Name: "deadline_exceeded", Code: -32096, Status: http.StatusServiceUnavailable, is: context.DeadlineExceeded, Again: true, Means: "the call took too long"},
		{Name: ParseError, Code: -32700, Status: http.StatusBadRequest, Means: "the message is not JSON"},
		{Name: "invalid_request", Code: -32600, Status: http.StatusBadRequest, Means: "the message is JSON, but not a request"},
		{Name: MethodNotFound, Code: -32601, Status: http.StatusNotFound, Means: "the method does not exist, or this carrier does not have it"},
		{Name: MessageTooLarge, Code: -32001, Status: http.StatusRequestEntityTooLarge, Means: "the message is larger than max_message"},
		{Name: UnsupportedProtocol, Code: -32002, Status: http.StatusBadRequest, Means: "client and processtracker have no version of the protocol in common"},
		{Name: HelloRequired, Code: -32003, Status: http.StatusConflict, Means: "the first call of a session is session.hello"},
		{Name: Unauthenticated, Code: -32004, Status: http.StatusUnauthorized, Means: "there is no bearer token, or the server does not know it"},
		{Name: Forbidden, Code: -32005, Status: http.StatusForbidden, Means: "the bearer token's role does not allow the method"},
		{Name: KeyReused, Code: -32006, Status: http.StatusUnprocessableEntity, Means: "the Idempotency-Key was used for another call"},
		{Name: AlreadyGreeted, Code: -32007, Status: http.StatusConflict, Means: "session.hello was already called"},
		{Name: NotAllowed, Code: -32009, Status: http.StatusMethodNotAllowed, Means: "call methods with POST"},
		{Name: MediaType, Code: -32008, Status: http.StatusUnsupportedMediaType, Means: "the body is not application/json"},
		{Name: "internal", Code: -32603, Status: http.StatusInternalServerError, Means: "any other error"},
	}
}

// The names of the protocol's own errors.
const (
	ParseError          = "parse_error"
	MethodNotFound      = "method_not_found"
	MessageTooLarge     = "message_too_large"
	UnsupportedProtocol = "unsupported_protocol"
	HelloRequired       = "hello_required"
	Unauthenticated     = "unauthenticated"
	Forbidden           = "forbidden"
	KeyReused           = "idempotency_key_reused"
	AlreadyGreeted      = "already_greeted"
	MediaType           = "media_type"
	NotAllowed          = "method_not_allowed"
)

// An Error is an error as the protocol has it.
type Error struct {
	Name

	Message string
	Details json.RawMessage
}

func (e *Error) Error() string { return e.Message }

// Errorf makes one of the protocol's own errors. details is a struct, or nil.
func (w *Wire) Errorf(name string, details any, format string, args ...any) *Error {
	e := &Error{Name: named(name), Message: fmt.Sprintf(format, args...), Details: json.RawMessage("{}")}
	if details != nil {
		e.Details = w.Marshal(details)
	}
	return e
}

func named(name string) Name {
	var last Name
	for _, last = range Names() {
		if last.Name == name {
			break
		}
	}
	return last
}

// Coded returns the name of the error that has a code of JSON-RPC.
func Coded(code int) Name {
	for _, n := range Names() {
		if n.Code == code {
			return n
		}
	}
	return named("internal")
}

// Error returns what a call ended with as the protocol has it.
func (w *Wire) Error(err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	e := &Error{Name: named("internal"), Message: err.Error(), Details: w.details(err)}
	for _, n := range Names() {
		if n.is != nil && errors.Is(err, n.is) {
			e.Name = n
			break
		}
	}
	return e
}

// details are the fields of the SDK's error, if it has any.
func (w *Wire) details(err error) json.RawMessage {
	var waits *tracker.UnloadedError
	if errors.As(err, &waits) {
		return w.Marshal(unloaded{Unloaded: true, Parents: waits.Parents})
	}
	for _, as := range []func(error) any{
		as[*tracker.BlockedError], as[*tracker.DoneError], as[*tracker.EndedError], as[*tracker.LeaseLostError],
		as[*tracker.MismatchError], as[*tracker.NotFoundError], as[*tracker.ExistsError], as[*tracker.PreloadedError],
		as[*tracker.InUseError], as[*tracker.InvalidError], as[*tracker.SchemaError], as[*tracker.SettingError], as[*tracker.ServerError],
	} {
		if e := as(err); e != nil {
			return w.Marshal(e)
		}
	}
	return json.RawMessage("{}")
}

// unloaded tells the parents of an extract from those of a process.
type unloaded struct {
	Unloaded bool
	Parents  []tracker.Extract
}

func as[E error](err error) any {
	var e E
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// errorText is the name of an error that is no more than that, as the reason of a
// refusal is, and else its text.
func errorText(err error) string {
	for _, n := range Names() {
		if err == n.is { //nolint:errorlint // what wraps it says more
			return n.Name
		}
	}
	return err.Error()
}
