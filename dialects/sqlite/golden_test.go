package sqlite_test

import (
	"testing"

	"github.com/processtracker/processtracker-go/dialects/internal/golden"
	"github.com/processtracker/processtracker-go/dialects/sqlite"
)

var update = golden.UpdateFlag()

func TestSQLMatchesTheGoldenFiles(t *testing.T) {
	d, err := sqlite.New("pt_")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, d, *update)
}
