package conformance

import (
	"context"
	"net"
	"os"
	"os/exec"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// client is mysql or mariadb: each talks to both servers.
func client(ctx context.Context, dsn string) (*exec.Cmd, error) {
	program, err := suite.FindClient("mariadb-client", "mariadb", "mysql")
	if err != nil {
		return nil, err
	}
	config, _, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(config.Addr)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, "--host="+host, "--port="+port, "--protocol=tcp", "--user="+config.User, config.DBName)
	cmd.Env = append(os.Environ(), "MYSQL_PWD="+config.Passwd)
	return cmd, nil
}
