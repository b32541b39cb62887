// Package tracker keeps track of recurring data jobs in control tables inside a
// database that you already have: which jobs run, which ran, on which files, and which
// may run next.
//
// A [Process] is a named, recurring job. [Tracker.Start] starts a run of it. It refuses
// if another run of the process is active, if the process is on hold, or if a process
// that it depends on is running or has failed. If many callers on many machines start
// the same process at once, exactly one gets the run. A [Run] registers the files that
// it writes, as extracts, changes the statuses of those that it loads, records errors,
// and completes or fails.
//
//	be, err := sqlite.Open(ctx, "sqlite:tracker.db", nil)
//	…
//	t, err := tracker.New(ctx, be, nil)
//	…
//	run, err := t.Start(ctx, tracker.Process{Name: "Teams Load", Type: "Load", Tool: "Go"}, nil)
//	if errors.Is(err, tracker.ErrAlreadyRunning) { … }
//	defer run.Close()
//	…
//	return run.Complete(ctx, nil)
//
// [Tracker.Do] is the short form: it completes the run if a function returns nil, and
// fails it if not.
//
// # Where things are
//
// [Tracker] and [Run] are what jobs use. [Registry] describes processes and their data:
// definitions, dependencies, contacts, clusters, locations, lookups. [Admin] is what
// operators do: hold, release, end expired runs, purge.
//
// Options are structs; where all fields are optional, nil means the defaults. Lists are
// iterators; each takes a filter with an [Order], a limit, and a [Cursor] to continue
// from.
//
// A [Config] names a logger, and an [Observer] for metrics and tracing.
//
// # Examples
//
// The examples run on SQLite, and would look the same on every database:
//
//   - jobs: [Tracker.Start], [Tracker.Do], [Run.Fail], [Tracker.Resume], named runs in
//     [StartOptions]
//   - files and data: [Run.RegisterExtract], [Run.ListLocation], [Run.Claim],
//     [Tracker.AddExtractParents], watermarks in [Run.ExtendRange]
//   - what runs wait for: [Registry.AddDependency], [Registry.SetCluster], [Admin.Hold]
//   - reading and operating: [Tracker.Runs] with a cursor, [Tracker.Explain], [Overview],
//     [Registry], [Admin]
//   - a load and its record in one transaction of yours: the examples of Tx in each backend
//     package, such as sqlite.Tx
//   - the tracker itself: [New], [Observer], [RetryPolicy]
//
// # Names
//
// Names are compared exactly: case, accents and inner spaces count, on every
// database. White space around them is removed. A name has 1 to 250 characters,
// none of them a control character. Paths have up to 4,096 bytes and file names
// up to 1,024; both are kept exactly as given.
//
// # Times
//
// All times come from the database's clock, in UTC, with a precision of microseconds
// (SQLite's clock: milliseconds).
//
// # Errors
//
// Every refusal matches one of the Err… variables under [errors.Is], and carries its
// details in one of the …Error types, which [errors.As] finds. The same situation gives
// the same error on every database. errors.As also finds the driver's own error.
//
// The doc comment of a method names the errors that are its own. Beyond these, any call may
// return
//
//   - [ErrInvalid], for an argument that is not allowed, such as a name that is too long;
//   - [ErrDisconnected], [ErrBusy] and [ErrReadOnly], once the retries of [Config].Retry
//     have failed; you can try the call again later;
//   - [ErrDenied], [ErrCredentials], [ErrSetting], [ErrSchemaVersion] and [ErrDrift], which a
//     person has to put right, and [ErrTooLarge].
//
// A method of a [Run] that writes may also return [ErrLeaseLost], [ErrAlreadyEnded] and
// [ErrNotOwner]: the run is no longer the caller's, and nothing was written. If a call
// returns an error, it has written nothing, unless its comment says what stays. After
// ErrDisconnected you cannot know: the commit may have succeeded and only its reply been lost.
//
// A list yields an error at most once, as its last value.
package tracker
