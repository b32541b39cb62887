package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// A program that keeps its tracker in another database per deployment lists the drivers
// of all backends that it links.
func ExampleDriver() {
	dir, err := os.MkdirTemp("", "tracker")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for _, dsn := range []string{sqlite.DSN(filepath.Join(dir, "tracker.db")), "oracle://etl@db/warehouse"} {
		be, err := open(context.Background(), dsn)
		if errors.Is(err, backend.ErrDSN) {
			fmt.Println(err)
			continue
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("opened")
		be.Close()
	}
	// Output:
	// opened
	// DSN: no driver has the scheme "oracle"; the schemes are sqlite: write sqlite:path/to/file.db
}

// open opens what the DSN of the deployment names, as in PROCESSTRACKER_DSN.
func open(ctx context.Context, dsn string) (dialect.Backend, error) {
	return backend.Open(ctx, dsn, &backend.Options{Create: true}, sqlite.Driver()) // , postgres.Driver(), mysql.Driver(), …
}
