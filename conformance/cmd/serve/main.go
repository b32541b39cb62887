// Command serve runs a command with a database server beside it:
//
//	serve postgres COMMAND [ARG]...
//
// The server comes from package servers; the command finds it by the environment
// variable that names a server which runs already. serve ends with the command's
// exit code, or with 69 if no server is to be had.
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

func run(ctx context.Context, args []string) int {
	if len(args) < 2 || args[0] != "postgres" {
		fmt.Fprintln(os.Stderr, "usage: serve postgres COMMAND [ARG]...")
		return exitUsage
	}
	server, err := servers.Postgres(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		return exitUnavailable
	}
	fmt.Fprintln(os.Stderr, "serve:", server)
	code, err := command(ctx, args[1:], servers.PostgresDSNVar+"="+server.DSN)
	if err = errors.Join(err, server.Close()); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		return 1
	}
	return code
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
