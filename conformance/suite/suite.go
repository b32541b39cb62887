// Package suite is the contract of docs/semantics.md as tests that any backend
// can be put through. A backend's test calls [Run], and its TestMain [Main]:
//
//	func TestMain(m *testing.M) {
//		suite.Main(m, suite.Program{Open: open, Begin: begin}, func() error { return goleak.Find() })
//	}
//
//	func TestConformance(t *testing.T) {
//		suite.Run(t, suite.Backend{Name: "sqlite", Server: version, Provider: "file", Open: open, Fresh: fresh, Begin: begin})
//	}
//
// A case is named after the rules that it proves. Each gets a place of its own
// in the database, so that all of them can run at the same time, and most of them one
// that others used before: see [Reuse]. How much of a case is gone through depends on
// the [Level] of the test run.
package suite

import (
	"context"
	"database/sql"
	"os/exec"
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/faults"
	"github.com/processtracker/processtracker-go/conformance/report"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

// Backend is what the suite has to know of the backend under test.
type Backend struct {
	Name     string // such as "postgres"
	Server   string // the server's version
	Provider string // where the server comes from

	// Open opens a DSN that Fresh returned. It makes what is needed for
	// setting up to work, such as an SQLite file.
	Open func(ctx context.Context, dsn string) (dialect.Backend, error)

	// Fresh returns the DSN of a place without any tables (a schema, a file) that
	// is only this test's, and removes it when the test ends. Reuse says how others,
	// that are set up, go from one case to the next.
	Fresh func(t testing.TB) string
	Reuse Reuse

	// Client is the database's own client (psql, mysql, …), to run a script that it
	// reads from its standard input in the place that a DSN of Fresh's leads to. Its
	// error says what to install.
	Client func(ctx context.Context, dsn string) (*exec.Cmd, error)

	// Begin begins a transaction as a user does, and Levels are the isolation
	// levels that the database has and that see it as of the transaction's
	// beginning: none, where others cannot write meanwhile.
	Begin  Begin
	Levels []sql.IsolationLevel

	// Apart is Fresh, in another database, where Fresh's places are of one.
	Apart func(t testing.TB) string

	// User returns the name of a user whom the server has for a role, and the DSN of
	// a place as that user's. The user may connect, and has no right to anything
	// else but by what was granted in the place. It is nil where there are no users.
	User func(t testing.TB, role setup.Role, dsn string) (name, userDSN string)

	// Role, if set, has cases work with the rights of a role alone, in places that
	// were set up before. Those that set up or delete lookups are left out.
	Role setup.Role

	// DDLCommits says that the database cannot undo DDL: a setup that breaks off
	// leaves tables behind, which the next one goes on from.
	DDLCommits bool

	// SkipsLocked says that a claim passes over rows that another has locked.
	// Without it, writers exclude each other.
	SkipsLocked bool

	// LocksWhatItReads says that a claim locks, for the moment in which it looks at
	// them, extracts that it then does not take: another claim passes over those.
	LocksWhatItReads bool

	// Commit says what a commit looks like on its way to the server. It is nil where
	// there is no network.
	Commit faults.Match

	// Connections is how many a backend of Open's has at the most.
	Connections int

	// ReadOnly is Open for the same place, where nobody may change anything.
	ReadOnly func(ctx context.Context, dsn string) (dialect.Backend, error)

	// Only, if set, restricts the suite to the cases of these rules and has races
	// run less often: for a backend that goes through the suite again, with other
	// settings of the server's.
	Only []string

	// Proves are rules that the suite as a whole proves on this backend, with its
	// settings; each case counts for them, whatever its name.
	Proves []string
}

func (b Backend) wants(c Case) bool {
	if b.Role != "" && c.needsOwner() {
		return false
	}
	return len(b.Only) == 0 || slices.ContainsFunc(c.Rules(), func(rule string) bool { return slices.Contains(b.Only, rule) })
}

// Case is one test of the contract.
type Case struct {
	// Name begins with the rules that the case proves: "S2.7 S2.8 …".
	Name string
	Test func(t *testing.T, e *Env)
}

// Rules are those that the case's name says it proves.
func (c Case) Rules() []string { return report.RulesOf(c.Name) }

// Cases lists every case.
func Cases() []Case {
	return slices.Concat(
		setupCases(),
		setupBesideCases(),
		setupKilledCases(),
		dryRunCases(),
		upgradeCases(),
		viewCases(),
		driftCases(),
		roleCases(),
		tokenCases(),
		troubleCases(),
		startCases(),
		runCases(),
		runEndCases(),
		leaseCases(),
		leaseOverCases(),
		leaseLostCases(), leaseToldCases(),
		leaseGivenUpCases(),
		leaseLengthCases(),
		errorCases(),
		timeCases(),
		extractCases(),
		extractStatusCases(),
		extractLoadingCases(),
		extractFindCases(),
		oddNameCases(),
		extractFileCases(),
		extractMeasureCases(),
		listingCases(),
		listingTroubleCases(),
		locationCases(),
		inputCases(),
		registryCases(),
		definitionCases(),
		nameCases(),
		costCases(),
		dependencyCases(),
		concurrencyCases(),
		refusalCases(),
		startRefusedCases(),
		refusalKeptCases(),
		measureCases(),
		watermarkCases(),
		claimCases(),
		stormCases(),
		filterCases(),
		describeCases(),
		contactCases(),
		lookupCases(), registryChangeCases(),
		lookupRaceCases(),
		processFindCases(), overviewCases(), explainCases(), doctorCases(),
		pageCases(),
		cursorCases(),
		observerCases(),
		auditCases(),
		claimStormCases(),
		historyCases(),
		resumeCases(),
		doCases(),
		retryCases(),
		retryPolicyCases(),
		faultCases(),
		secretCases(),
		purgeCases(),
		Large(),
		newerCases(), newerWritesCases(),
		settingCases(),
		Joining(),
		joinKillCases(),
	)
}

// Joining lists the cases of transactions that a user began, for a backend that
// goes through them again with transactions of another kind.
func Joining() []Case {
	return slices.Concat(joinCases(), joinTrackerCases(), joinRefusedCases(), joinLevelCases(), joinSavepointCases(), joinClaimCases())
}

// Run puts a backend through every case of the suite.
func Run(t *testing.T, b Backend) {
	t.Helper()
	RunCases(t, b, "suite", Cases())
}

// RunCases puts a backend through cases, as a group of that name, which tells the
// report of the test run where they ran.
func RunCases(t *testing.T, b Backend, group string, cases []Case) {
	t.Helper()
	// A group of its own: it ends when its parallel cases have.
	t.Run(group, func(t *testing.T) {
		p := planOf(t, b, cases)
		b.describe(t, p.cases)
		p.tell(t, b)
		places := newPlaces(t, b, len(p.cases))
		for _, c := range p.cases {
			t.Run(c.Name, func(t *testing.T) {
				t.Parallel()
				e := &Env{Backend: b, Small: p.small[c.Name]}
				places.env(t, c, e)
				c.Test(t, e)
			})
		}
	})
}
