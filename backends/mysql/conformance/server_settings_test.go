package conformance

import (
	"testing"

	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// serverSettings are servers as DBAs set them, for what several transactions can meet
// in, and what a server's settings could change. The server is none that others use.
func serverSettings(name string) (all []suite.Variant) {
	for _, setting := range settings(name) {
		all = append(all, suite.Variant{Name: setting.name, Run: func(t *testing.T) {
			server := own(t, name)
			if !server.Restarts() {
				t.Skip("only a server in a container of the test's own gets other settings")
			}
			setting.apply(t, server)
			backend := underTest(server)
			backend.User = users(t, server)
			backend.Provider += ", " + setting.name
			backend.Proves = []string{"S8.3"}
			backend.Only = []string{
				"S1.1", "S1.2", "S1.3", "S2.4", "S2.7", "S2.8", "S2.11", "S3.2", "S3.6", "S3.7", "S5.1", "S5.6", "S5.7", "S9.1",
			}
			suite.Run(t, backend)
		}})
	}
	return all
}

// setting is how a DBA may have set a server: variables and their values.
type setting struct {
	name      string
	variables map[string]string
}

func settings(server string) []setting {
	level := "transaction_isolation"
	if server == "mariadb" {
		level = "tx_isolation" // its name there before version 11
	}
	return []setting{
		{"serializable, east of UTC, not strict", map[string]string{level: "'SERIALIZABLE'", "time_zone": "'+05:30'", "sql_mode": "''"}},
		{"read committed, west of UTC, as ANSI has it", map[string]string{
			level: "'READ-COMMITTED'", "time_zone": "'-08:00'", "sql_mode": "'ANSI,TRADITIONAL,NO_BACKSLASH_ESCAPES'",
		}},
	}
}

// apply sets the server's defaults for new sessions, until the test ends.
func (s setting) apply(t *testing.T, server *servers.Server) {
	t.Helper()
	for name, value := range s.variables {
		administer(t, server, "SET GLOBAL "+name+" = "+value)
		t.Cleanup(func() { administer(t, server, "SET GLOBAL "+name+" = DEFAULT") })
	}
}
