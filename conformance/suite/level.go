package suite

import (
	"os"
	"strconv"
	"testing"
)

// The environment variables that say how much is proved. [Level] tells what comes of
// them.
const (
	// NightlyVar, if 1, has everything be proved.
	NightlyVar = "PROCESSTRACKER_NIGHTLY"
	// RotationVar is a number that is another for each commit. It decides on which
	// database a costly case runs in full size, and which settings are tried.
	RotationVar = "PROCESSTRACKER_ROTATION"
)

// A Level is how much of the proof a test run makes.
type Level int

// The levels. What is left out at one, and proved at a later one, the report names.
const (
	// Short is for a change that is being made, with -short: every rule, by cases that
	// cost little.
	Short Level = iota
	// Commit is for a change that is to be merged. Every case runs on every database,
	// but for [costly]: they run in full size on one database a commit. One setting of
	// each server is tried, and a role's rights on the rules that touch every table.
	Commit
	// Nightly is everything: full sizes, all settings, all cases with a role's rights.
	// With -short, or the race detector, it is every case in its small size.
	Nightly
)

// AtLevel is the level of this test run.
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

// Turn reports whether it is this database's turn, of those given, to do what costs too
// much to be done on each at every commit. At night it is everybody's.
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
