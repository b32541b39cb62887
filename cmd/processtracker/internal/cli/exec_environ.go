package cli

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// ParentVariable names the environment variable that tells the command which database
// exec uses. It identifies the database, but does not grant access to it.
const ParentVariable = "PROCESSTRACKER_EXEC_DATABASE"

// LowVariable names the environment variable with the time at which a run's data begins.
const LowVariable = "PROCESSTRACKER_LOW"

// childEnviron returns the command's environment, with the variables that identify the
// run. Unless the run is shared, it omits the DSN, which may contain a password, the
// command that prints the password, and the handle of any run.
func (a *app) childEnviron(run *tracker.Run, o startOptions, share bool) []string {
	var all []string
	for _, variable := range a.env.Environ {
		switch name, _, _ := strings.Cut(variable, "="); name {
		case DSNVariable, DSNFileVariable, PasswordVariable, PasswordFileVariable, ProfileVariable, RunVariable, ParentVariable, LowVariable:
		default:
			all = append(all, variable)
		}
	}
	all = append(all,
		"PROCESSTRACKER_PROCESS="+run.Process(),
		fmt.Sprintf("PROCESSTRACKER_RUN_ID=%d", run.ID()),
		fmt.Sprintf("PROCESSTRACKER_RUN_NUMBER=%d", run.Number()),
		ParentVariable+"="+a.where())
	if o.options.FromWatermark {
		low := ""
		if !run.Low().IsZero() {
			low = run.Low().UTC().Format(time.RFC3339Nano)
		}
		all = append(all, LowVariable+"="+low)
	}
	if share {
		all = append(all, RunVariable+"="+handleOf(run), DSNVariable+"="+fromAnywhere(a.used))
		switch from := a.passwordSetting(); from.name {
		case settingPasswordCommand:
			all = append(all, PasswordVariable+"="+from.value)
		case settingPasswordFile:
			all = append(all, PasswordFileVariable+"="+from.value)
		}
	}
	return all
}

// where identifies the database in use, without its password.
func (a *app) where() string {
	db, err := backends.Parse(a.used)
	if err != nil {
		return "(unknown)" // it was opened
	}
	return db.Where()
}

// inDatabase adds the database to the error of a refused start, if the user named none.
func (a *app) inDatabase(err error) error {
	if refused, _ := refusal(err); refused == nil || !a.usesDefault() {
		return err
	}
	return fmt.Errorf("%w; this database is %s, because neither --dsn nor %s names one", err, a.where(), DSNVariable)
}

// asParent rejects the default database for a call within an exec that uses another database.
func (a *app) asParent(db backends.Database) error {
	parent := a.env.Getenv(ParentVariable)
	if parent == "" || parent == db.Where() {
		return nil
	}
	return fmt.Errorf(`%w: this runs under "processtracker exec", which uses %s, and no database is named here; set %s, or give --share-run to that exec`,
		dialect.ErrDSN, parent, DSNVariable)
}

// fromAnywhere returns a DSN that means the same in every directory.
func fromAnywhere(dsn string) string {
	rest, ok := strings.CutPrefix(dsn, "sqlite:")
	if !ok || strings.HasPrefix(rest, "/") {
		return dsn
	}
	path, query, more := strings.Cut(rest, "?")
	path, err := url.PathUnescape(path)
	if err != nil {
		return dsn
	}
	if path, err = filepath.Abs(path); err != nil {
		return dsn
	}
	if dsn = sqlite.DSN(path); more {
		dsn += "?" + query
	}
	return dsn
}
