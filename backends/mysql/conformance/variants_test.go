package conformance

import (
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/suite"
)

// TestVariants goes through cases once more with other settings, of the servers and of
// programs, and takes servers away. What harms a server runs one after the other, on one
// that no other test uses.
func TestVariants(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mysql", "mariadb"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			suite.RunVariants(t, name, slices.Concat(serverSettings(name), callersPools(name), transactionLevels(name)))
			t.Run("outages", func(t *testing.T) { serverOutages(t, name) })
			t.Run("packets", func(t *testing.T) { smallPackets(t, name) })
		})
	}
}
