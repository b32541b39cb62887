package tracker_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// This module has no backend, so its own tests skip the examples. The test of
// conformance/pages runs them: it puts a file with SQLite in the place of this one.
func TestMain(m *testing.M) {
	flag.Parse()
	skip := flag.Lookup("test.skip").Value
	_ = skip.Set(strings.TrimPrefix(skip.String()+"|^Example", "|")) // never fails: it is a string
	os.Exit(m.Run())
}

// open opens the database of an example, in an empty directory.
func open(context.Context, string) (dialect.Backend, error) {
	return nil, errors.New("the examples need a backend; run: go test ./conformance/pages")
}
