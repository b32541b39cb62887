package suite

import (
	"context"
	"os"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Main runs a test binary. Cases that need several processes start the binary
// again, as workers; those end here.
func Main(m *testing.M, _ func(ctx context.Context, dsn string) (dialect.Backend, error)) {
	os.Exit(m.Run())
}
