package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// Exit codes. The codes of exec leave room for the command's own. 125 to 127 have the
// same meaning as for env, timeout and docker run.
const (
	CodeOK          = 0
	CodeError       = 1
	CodeUsage       = 2
	CodeNotSetUp    = 3
	CodeDrift       = 4
	CodeCredentials = 5
	CodeDiffers     = 6

	CodeNotRecorded    = 74 // EX_IOERR of sysexits.h
	CodeAlreadyRunning = 75 // EX_TEMPFAIL
	CodeOnHold         = 76
	CodeDependency     = 77
	CodeNoCapacity     = 78
	CodeAlreadyDone    = 79
	CodeTimedOut       = 124 // as of timeout
	CodeExecError      = 125
	CodeCannotRun      = 126
	CodeNotFound       = 127
	codeSignal         = 128 // plus the signal's number
)

const codesHelp = `Exit codes:
  0  done
  1  failed
  2  the command line or the DSN is wrong
  3  the database is not set up, or for another version of processtracker
  4  the schema was changed in a way that keeps the tracker from working (status, setup)
  5  the database refused the login: the password is wrong or has expired
  6  the database differs from the file (diff)
"processtracker exec" and "processtracker start" have more; see their --help.`

const startCodesHelp = `Exit codes:
  0  started
 75  not started: another run of the process is active
 76  not started: the process is on hold
 77  not started: a process that it depends on is running, failed or on hold
 78  not started: a cluster of the process has no room
 79  not started: the run of that name is completed
All other codes are those of every command; see processtracker --help.`

const execCodesHelp = `Exit codes:
    n    the command's own exit code
  128+n  signal n ended the command
   74    the command succeeded, but that could not be recorded: the run still
         counts as running, or it lost its lease and has been failed
   75    not started: another run of the process is active
   76    not started: the process is on hold
   77    not started: a process that it depends on is running, failed or on hold
   78    not started: a cluster of the process has no room
   79    not started: the run of that --name is completed
  124    the command took longer than --timeout (the run is recorded as failed)
  125    not started: wrong command line, database not reached or not set up, …
  126    not started: the command cannot be run (the run is recorded as failed)
  127    not started: the command was not found (the run is recorded as failed)`

// exitError ends the tool with a code. err is nil if there is nothing to print.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// exit attaches an exit code to an error, which may be nil.
func exit(code int, err error) error {
	if code == CodeOK && err == nil {
		return nil
	}
	return &exitError{code: code, err: err}
}

func isSilent(err error) bool {
	var e *exitError
	return errors.As(err, &e) && e.err == nil
}

// code returns the exit code for the error of a command.
func (a *app) code(cmd *cobra.Command, err error) int {
	var e *exitError
	switch {
	case err == nil:
		return CodeOK
	case errors.As(err, &e):
		return e.code
	case cmd.Name() == "exec":
		return CodeExecError
	case !a.began, errors.Is(err, tracker.ErrInvalid), errors.Is(err, dialect.ErrDSN):
		return CodeUsage
	case notSetUp(err):
		return CodeNotSetUp
	case errors.Is(err, tracker.ErrCredentials):
		return CodeCredentials
	default:
		return CodeError
	}
}

func notSetUp(err error) bool {
	return errors.Is(err, tracker.ErrNotSetUp) || errors.Is(err, tracker.ErrSchemaVersion) || errors.Is(err, dialect.ErrNoDatabase)
}

// advise adds to an error that the user has to run setup on the same database. It does
// not repeat the DSN.
func (a *app) advise(err error, create bool) error {
	var schema *tracker.SchemaError
	old := errors.As(err, &schema) && schema.Have < schema.Want
	if a.dsn != "" && !create && (old || errors.Is(err, dialect.ErrNoDatabase)) {
		return fmt.Errorf("%w with the same --dsn", err)
	}
	return err
}
