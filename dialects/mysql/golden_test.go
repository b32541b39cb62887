package mysql_test

import (
	"testing"

	"github.com/processtracker/processtracker-go/dialects/internal/golden"
	"github.com/processtracker/processtracker-go/dialects/mysql"
)

var update = golden.UpdateFlag()

func TestSQLMatchesTheGoldenFiles(t *testing.T) {
	d, err := mysql.New("pt_")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, d, *update)
}

// TestGaleraSQLMatchesTheGoldenFile looks at what keeps out the transactions of
// other nodes.
func TestGaleraSQLMatchesTheGoldenFile(t *testing.T) {
	d, err := mysql.New("pt_")
	if err != nil {
		t.Fatal(err)
	}
	golden.CheckMore(t, mysql.Galera{Dialect: d}, d, "galera.sql", *update)
}
