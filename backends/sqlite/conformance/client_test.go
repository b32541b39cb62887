package conformance

import (
	"context"
	"net/url"
	"os/exec"
	"strings"

	"github.com/processtracker/processtracker-go/conformance/suite"
)

// client is sqlite3.
func client(ctx context.Context, dsn string) (*exec.Cmd, error) {
	sqlite3, err := suite.FindClient("sqlite3", "sqlite3")
	if err != nil {
		return nil, err
	}
	path, _, _ := strings.Cut(strings.TrimPrefix(dsn, "sqlite:"), "?")
	path, err = url.PathUnescape(path)
	return exec.CommandContext(ctx, sqlite3, path), err
}
