package suite

import (
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/report"
)

// describe tells the report where the cases of a group run, with attributes of the
// group's test.
func (b Backend) describe(t *testing.T, cases []Case) {
	t.Helper()
	for _, c := range cases {
		if strings.ContainsAny(c.Name, "/_") {
			t.Errorf("case %q: the report takes / for the end of a name, and _ for a space: use neither", c.Name)
		}
	}
	t.Attr(report.AttrBackend, b.Name)
	t.Attr(report.AttrServer, b.Server)
	t.Attr(report.AttrProvider, b.Provider)
	if len(b.Proves) > 0 {
		t.Attr(report.AttrProves, strings.Join(b.Proves, " "))
	}
}

// Skip skips a test, and reports that a backend could not be tested, and why. If the
// backend is required, Skip fails the test instead.
func Skip(t *testing.T, backend string, why error) {
	t.Helper()
	t.Attr(report.AttrMissing, backend)
	if slices.Contains(report.Required(), backend) {
		t.Fatalf("%s is required and cannot be tested: %v", backend, why)
	}
	t.Skip(why)
}

// Leave reports what a test leaves to the nightly run.
func Leave(t *testing.T, what string) {
	t.Helper()
	t.Attr(report.AttrNightly, what)
}
