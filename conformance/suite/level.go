package suite

import (
	"os"
	"strconv"
	"testing"
)

// The environment variables that determine how much is proved. [Level] explains their effect.
const (
	// NightlyVar, if 1, runs everything.
	NightlyVar = "PROCESSTRACKER_NIGHTLY"
	// RotationVar is a number that differs between commits. It selects the database on
	// which a costly case runs in full size, and the settings to test.
	RotationVar = "PROCESSTRACKER_ROTATION"
)

// A Level is how much of the proof a test run contains.
type Level int

// The levels. The report names everything that one level leaves to a later one.
const (
	// Short is for a change in progress, with -short: every rule, by cases that cost little.
	Short Level = iota
	// Commit is for a change that is ready to merge. Every case runs on every database,
	// except for the [costly] ones, which run in full size on one database per commit.
	// One setting of each server is tested, and by turns on one server a role's privileges
	// on the rules that use every table, and sessions that are set oddly.
	Commit
	// Nightly is everything: full sizes, all settings, all cases with a role's
	// privileges. With -short, or with the race detector, every case runs in its small
	// size.
	Nightly
)

// AtLevel returns the level of this test run.
func AtLevel() Level {
	switch {
	case os.Getenv(NightlyVar) == "1":
		return Nightly
	case testing.Short():
		return Short
	default:
		return Commit
	}
}

// Turn reports whether it is this database's turn, among the given ones, to run a test
// that is too expensive to run on each at every commit. At night it is every database's
// turn.
func Turn(t testing.TB, database string, homes ...string) bool {
	t.Helper()
	switch AtLevel() {
	case Nightly:
		return true
	case Short:
		return false
	default:
		return homes[rotation(t)%len(homes)] == database
	}
}

// OnlyInTurn skips a test on a server whose turn it is not, and reports what it leaves to
// the night and to other commits. At one commit, tests with different shifts (0 to 2) run on
// different servers.
func OnlyInTurn(t *testing.T, what, server string, shift int) {
	t.Helper()
	servers := []string{"postgres", "mysql", "mariadb"}
	if !Turn(t, server, append(servers[shift:], servers[:shift]...)...) {
		Leave(t, server+": "+what)
		t.Skip("left to the night, and to other commits: " + what)
	}
}

// rotation reads [RotationVar]; without it, the rotation stands still.
func rotation(t testing.TB) int {
	t.Helper()
	text := os.Getenv(RotationVar)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s is %q: give a number from 0", RotationVar, text)
	}
	return n
}
