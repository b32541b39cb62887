package mysql_test

import (
	"testing"

	"github.com/processtracker/processtracker-go/dialects/internal/golden"
	"github.com/processtracker/processtracker-go/dialects/mysql"
)

var update = golden.UpdateFlag()

func TestSQLIsWhatTheGoldenFilesShow(t *testing.T) {
	d, err := mysql.New("pt_")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, d, *update)
}

// TestGaleraSQLIsWhatTheGoldenFileShows looks at what keeps out the transactions of
// other nodes.
func TestGaleraSQLIsWhatTheGoldenFileShows(t *testing.T) {
	d, err := mysql.New("pt_")
	if err != nil {
		t.Fatal(err)
	}
	golden.CheckMore(t, mysql.Galera{Dialect: d}, d, "galera.sql", *update)
}
