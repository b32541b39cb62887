// Command serve runs a command with a database server beside it:
//
//	serve postgres|mysql|mariadb COMMAND [ARG]...
//
// The server comes from package servers; the command finds it by the environment
// variable that names a server which runs already. On MySQL and MariaDB, where
// that names a database, too, it is one that is dropped when the command ends.
// serve ends with the command's exit code, or with 69 if no server is to be had.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/processtracker/processtracker-go/conformance/servers"
)

const (
	exitUsage       = 2
	exitUnavailable = 69 // EX_UNAVAILABLE of sysexits.h
)

func main() { os.Exit(run(context.Background(), os.Args[1:])) }

// database is one that can be served.
type database struct {
	server   func(context.Context) (*servers.Server, error)
	variable string
	apart    bool // the command gets a database of its own
}

func databases() map[string]database {
	return map[string]database{
		"postgres": {servers.Postgres, servers.PostgresDSNVar, false},
		"mysql":    {servers.MySQL, servers.MySQLDSNVar, true},
		"mariadb":  {servers.MariaDB, servers.MariaDBDSNVar, true},
	}
}

func run(ctx context.Context, args []string) int {
	if len(args) < 2 || databases()[args[0]].server == nil {
		fmt.Fprintln(os.Stderr, "usage: serve postgres|mysql|mariadb COMMAND [ARG]...")
		return exitUsage
	}
	d := databases()[args[0]]
	server, err := d.server(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		return exitUnavailable
	}
	fmt.Fprintln(os.Stderr, "serve:", server)
	code, err := d.serve(ctx, server, args[1:])
	if err = errors.Join(err, server.Close()); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		return 1
	}
	return code
}

// serve returns the exit code of a command that could be run beside the server.
func (d database) serve(ctx context.Context, server *servers.Server, args []string) (code int, err error) {
	if d.apart {
		if server, err = server.WithDatabase(ctx, fmt.Sprintf("serve_%d", os.Getpid())); err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, server.Close()) }()
	}
	return command(ctx, args, d.variable+"="+server.DSN)
}

// command returns the exit code of a command that could be run.
func command(ctx context.Context, args []string, env string) (int, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), env)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), nil
	}
	return 0, err
}
