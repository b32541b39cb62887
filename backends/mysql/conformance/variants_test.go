package conformance

import (
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/suite"
)

// TestVariants goes through cases once more with other settings, of the servers and of
// programs.
func TestVariants(t *testing.T) {
	for _, name := range []string{"mysql", "mariadb"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			suite.RunVariants(t, name, slices.Concat(serverSettings(name), callersPools(name), transactionLevels(name)))
		})
	}
}
