package conformance

import (
	"context"
	"net/url"
	"os"
	"os/exec"

	"github.com/processtracker/processtracker-go/conformance/suite"
)

// client is psql, as it is without any setting: it goes on after an error.
func client(ctx context.Context, dsn string) (*exec.Cmd, error) {
	psql, err := suite.FindClient("postgresql-client", "psql")
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return nil, err
	}
	password, _ := u.User.Password()
	u.User = url.User(u.User.Username())
	q := u.Query() // without what only the tracker and its driver know
	q.Del("schema")
	q.Del("pool_max_conns")
	u.RawQuery = q.Encode()
	cmd := exec.CommandContext(ctx, psql, "--no-psqlrc", "--quiet", u.String())
	cmd.Env = append(os.Environ(), "PGPASSWORD="+password)
	return cmd, nil
}
