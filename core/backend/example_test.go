package backend_test

import (
	"context"
	"fmt"

	"github.com/processtracker/processtracker-go/core/backend"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// The drivers come from the backends that a program links: sqlite.Driver(),
// postgres.Driver() and so on. A backend of your own has one, too.
func ExampleChoose() {
	yours := backend.Driver{
		Name: "yours", Schemes: []string{"yours"}, Form: "yours://user@host/database",
		Open: func(ctx context.Context, dsn string, options backend.Options) (dialect.Backend, error) {
			return nil, fmt.Errorf("connect: %s is a part of this example only", dsn)
		},
	}
	d, err := backend.Choose("yours://etl@db/warehouse", yours)
	fmt.Println(d.Name, err)
	_, err = backend.Choose("oracle://etl@db/warehouse", yours)
	fmt.Println(err)
	// Output:
	// yours <nil>
	// DSN: no driver has the scheme "oracle"; the schemes are yours: write yours://user@host/database
}
