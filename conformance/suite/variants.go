package suite

import (
	"strings"
	"testing"
)

// A Variant is a setting, of a server or of a program, with which a backend runs cases
// once more.
type Variant struct {
	Name string
	Run  func(t *testing.T)
}

// RunVariants runs one of a backend's variants, a different one at each commit; at
// night it runs all, and with -short none. Run itself has to ask for a server, so that
// none is started needlessly.
func RunVariants(t *testing.T, backend string, all []Variant) {
	t.Helper()
	var rest []string
	chosen := rotation(t) % len(all)
	for i, v := range all {
		switch {
		case testing.Short() || raced, AtLevel() == Commit && i != chosen:
			rest = append(rest, v.Name)
		default:
			t.Run(v.Name, v.Run)
		}
	}
	if len(rest) > 0 && (AtLevel() != Nightly) {
		Leave(t, backend+": the settings "+strings.Join(rest, "; "))
	}
}

// UnlessShort skips a test with -short, and reports what it leaves out.
func UnlessShort(t *testing.T, what string) {
	t.Helper()
	if !testing.Short() && !raced {
		return
	}
	if AtLevel() != Nightly {
		Leave(t, what)
	}
	t.Skip("left out with -short: " + what)
}
