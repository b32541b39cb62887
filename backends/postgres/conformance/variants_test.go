package conformance

import (
	"slices"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/suite"
)

// TestVariants goes through cases once more with other settings, of the server and of
// programs.
func TestVariants(t *testing.T) {
	suite.RunVariants(t, "postgres", slices.Concat(isolationLevels(), callersPools(), bouncers()))
}

// isolationLevels are the stricter ones that a DBA may have made the default (rule
// S8.3), for what several transactions can meet in.
func isolationLevels() (all []suite.Variant) {
	for _, level := range []string{"repeatable read", "serializable"} {
		all = append(all, suite.Variant{Name: level, Run: func(t *testing.T) {
			server := start(t)
			stricter := underTest(server)
			stricter.Provider += ", " + level
			stricter.Fresh = schemas(database(t, server.DSN, level))
			stricter.Proves = []string{"S8.3"}
			stricter.Only = []string{"S1.1", "S1.3", "S2.4", "S2.7", "S2.8", "S2.11", "S3.2", "S5.1", "S5.2", "S5.5", "S5.6", "S7.1", "S7.2", "S9.1"}
			suite.Run(t, stricter)
		}})
	}
	return all
}
