package postgres_test

import (
	"testing"

	"github.com/processtracker/processtracker-go/dialects/internal/golden"
	"github.com/processtracker/processtracker-go/dialects/postgres"
)

var update = golden.UpdateFlag()

func TestSQLMatchesTheGoldenFiles(t *testing.T) {
	d, err := postgres.New("processtracker")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, d, *update)
}
