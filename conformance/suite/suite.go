// Package suite contains the contract of docs/semantics.md as tests for any backend.
// A backend's test calls [Run], and its TestMain calls [Main]:
//
//	func TestMain(m *testing.M) {
//		suite.Main(m, suite.Program{Open: open, Begin: begin}, func() error { return goleak.Find() })
//	}
//
//	func TestConformance(t *testing.T) {
//		suite.Run(t, suite.Backend{Name: "sqlite", Server: version, Provider: "file", Open: open, Fresh: fresh, Begin: begin})
//	}
//
// A case is named after the rules that it proves. Each case gets its own place in the
// database, so that all cases can run concurrently. Most places were used by other cases
// before: see [Reuse]. The [Level] of the test run determines how much of a case runs.
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

// Backend describes the backend under test.
type Backend struct {
	Name     string // such as "postgres"
	Server   string // the server's version
	Provider string // the provider of the server

	// Open opens a DSN that Fresh returned. It creates what setup needs, such as an SQLite file.
	Open func(ctx context.Context, dsn string) (dialect.Backend, error)

	// Fresh returns the DSN of an empty place (a schema, a file) for this test only, and
	// removes the place when the test ends. Reuse describes how other places, which are
	// set up, are passed from one case to the next.
	Fresh func(t testing.TB) string
	Reuse Reuse

	// Client is the database's own client (psql, mysql, …). It runs a script from its
	// standard input in the place of a DSN of Fresh's. Its error says what to install.
	Client func(ctx context.Context, dsn string) (*exec.Cmd, error)

	// Begin begins a transaction as a user does. Levels are the database's isolation
	// levels that read a snapshot from the transaction's beginning: none, if others
	// cannot write meanwhile.
	Begin  Begin
	Levels []sql.IsolationLevel

	// Apart is like Fresh, but uses another database, if all of Fresh's places are in one.
	Apart func(t testing.TB) string

	// User returns the name of a server's user for a role, and the DSN of a place as
	// that user. The user may connect, and has only the privileges that were granted in
	// the place. User is nil if the database has no users.
	User func(t testing.TB, role setup.Role, dsn string) (name, userDSN string)

	// Role, if set, runs cases with only the privileges of a role, in places that were
	// set up before. Cases that set up or delete lookups are left out.
	Role setup.Role

	// DDLCommits reports that the database cannot roll back DDL: a setup that is
	// interrupted leaves tables behind, from which the next one continues.
	DDLCommits bool

	// SkipsLocked reports that a claim skips rows that another transaction has locked.
	// Without it, writers exclude each other.
	SkipsLocked bool

	// LocksWhatItReads reports that a claim briefly locks extracts that it reads but
	// does not take: another claim skips those.
	LocksWhatItReads bool

	// Commit matches a commit on its way to the server. It is nil if there is no network.
	Commit faults.Match

	// Connections is the maximum number of connections of a backend of Open's.
	Connections int

	// ReadOnly is like Open for the same place, but the backend may change nothing.
	ReadOnly func(ctx context.Context, dsn string) (dialect.Backend, error)

	// Only, if set, restricts the suite to the cases of these rules, and makes it run
	// races less often. It is for a backend that runs the suite again with other
	// settings of the server.
	Only []string

	// Proves lists rules that the suite as a whole proves on this backend, with its
	// settings. Each case counts for them, whatever its name.
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

// Rules returns the rules that the case proves, according to its name.
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
		extractLoadingCases(), betweenCases(), extractPlaceCases(),
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
		dependencyCases(), startAloneCases(),
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
		lookupRaceCases(), interleaveCases(),
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
		unsettledCases(),
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

// Joining lists the cases of transactions that a user began. A backend may run them
// again with transactions of another kind.
func Joining() []Case {
	return slices.Concat(joinCases(), joinTrackerCases(), joinRefusedCases(), joinLevelCases(), joinSavepointCases(), joinClaimCases())
}

// Run runs every case of the suite on a backend.
func Run(t *testing.T, b Backend) {
	t.Helper()
	RunCases(t, b, "suite", Cases())
}

// RunCases runs cases on a backend, as a group of that name. The group tells the test
// run's report where the cases ran.
func RunCases(t *testing.T, b Backend, group string, cases []Case) {
	t.Helper()
	// A separate group, because it ends when its parallel cases have ended.
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
