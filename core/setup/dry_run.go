package setup

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// A Plan says what [Run] would do now.
type Plan struct {
	Result

	// Script is the plan as SQL, for people to read and for the database's own client
	// (psql, mysql, mariadb, sqlite3). Running it by hand has the same effect as [Run].
	// It is empty if there is nothing to do.
	Script string
}

// DryRun returns what [Run] would do, and returns the errors that it would return. It
// only reads. The script has all of [Run]'s statements except the lock that makes a
// second setup wait.
func DryRun(ctx context.Context, backend dialect.Backend) (Plan, error) {
	if backend == nil {
		return Plan{}, noBackend()
	}
	c, d := backend.Conn(), backend.Dialect()
	var result Result
	err := check(ctx, backend)
	if err == nil {
		err = retried(ctx, backend, "schema.version", func() (err error) {
			result, err = stand(ctx, c, d)
			return err
		})
	}
	if err != nil {
		return Plan{}, fmt.Errorf("dry run: %w", denied(backend, Reader, err))
	}
	return plan(d, result), nil
}

// DryRunNew returns what [Run] would do in a database that does not exist yet: nothing
// if d is nil.
func DryRunNew(d dialect.Dialect) Plan {
	if d == nil {
		return Plan{}
	}
	return plan(d, Result{To: len(d.Migrations())})
}

func plan(d dialect.Dialect, result Result) Plan {
	if result.From == result.To {
		return Plan{Result: result}
	}
	var all []string
	for _, m := range d.Migrations()[result.From:] {
		all = append(all, statements(d, m)...)
	}
	// The comment contains no name, because a line end in a name would end the comment.
	heading := fmt.Sprintf("-- ProcessTracker: from schema version %d to %d.\n", result.From, result.To)
	return Plan{Result: result, Script: heading + d.Script(all)}
}
