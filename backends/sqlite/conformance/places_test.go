package conformance

import (
	"testing"

	"github.com/processtracker/processtracker-go/conformance/suite"
)

// TestPlaces also empties files as places on servers are emptied, so that it is
// tested where there is no server.
func TestPlaces(t *testing.T) {
	t.Run("copied", func(t *testing.T) { suite.RunPlaces(t, underTest()) })
	t.Run("emptied", func(t *testing.T) {
		backend := underTest()
		backend.Reuse = suite.Reuse{Sessions: "SELECT 1 WHERE 1 = 0", Loose: "PRAGMA defer_foreign_keys = 1"}
		suite.RunPlaces(t, backend)
	})
}
