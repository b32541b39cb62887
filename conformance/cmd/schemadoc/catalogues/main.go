// Command catalogues writes dialects/*/catalogue.txt: what each database shows of a schema that was just set up, from
// databases that are set up for it. The library compares a schema with it, to tell what has drifted.
//
//	catalogues DIRECTORY
//
// The directory is dialects. It ends with status 69 if a server is not to be had.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/backends/postgres"
	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/setup"
)

const (
	exitUsage       = 2
	exitUnavailable = 69 // EX_UNAVAILABLE of sysexits.h
)

func main() { os.Exit(run(context.Background(), os.Args[1:])) }

func run(ctx context.Context, args []string) int {
	if len(args) != 1 {
		fmt.Fprintln(os.Stderr, "usage: catalogues DIRECTORY")
		return exitUsage
	}
	for name, read := range map[string]func(context.Context) (string, error){"postgres": inPostgres, "mysql": inMySQL, "sqlite": inSQLite} {
		text, err := read(ctx)
		if err == nil {
			err = os.WriteFile(filepath.Join(args[0], name, "catalogue.txt"), []byte(text), 0o644)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "catalogues: %s: %v\n", name, err)
			if _, ok := errors.AsType[*servers.Unavailable](err); ok {
				return exitUnavailable
			}
			return 1
		}
	}
	return 0
}

// of sets a database up, describes it, and leaves it to be removed.
func of(ctx context.Context, b dialect.Backend) (string, error) {
	if _, err := setup.Run(ctx, b); err != nil {
		return "", err
	}
	return setup.Catalogue(ctx, b)
}

func inPostgres(ctx context.Context) (text string, err error) {
	server, err := servers.Postgres(ctx)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	name := fmt.Sprintf("catalogue %d", os.Getpid())
	b, err := postgres.Open(ctx, server.DSN, postgres.Schema(name))
	if err != nil {
		return "", err
	}
	defer func() {
		_, dropped := b.Conn().Exec(ctx, dialect.Stmt{SQL: `DROP SCHEMA IF EXISTS "` + name + `" CASCADE`})
		err = errors.Join(err, dropped, b.Close())
	}()
	return of(ctx, b)
}

// inMySQL reads MySQL's; MariaDB's is the same, which the conformance suite sees to.
func inMySQL(ctx context.Context) (text string, err error) {
	server, err := servers.MySQL(ctx)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	name := fmt.Sprintf("catalogue %d", os.Getpid())
	if err := server.Administer(ctx, "CREATE DATABASE `"+name+"`"); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, server.Administer(ctx, "DROP DATABASE `"+name+"`")) }()
	u, err := url.Parse(server.DSN)
	if err != nil {
		return "", errors.New("the server's DSN cannot be parsed") // not err, which may hold a password
	}
	u.Path = "/" + name
	b, err := mysql.Open(ctx, u.String())
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return of(ctx, b)
}

func inSQLite(ctx context.Context) (text string, err error) {
	dir, err := os.MkdirTemp("", "catalogues")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b, err := sqlite.Open(ctx, "sqlite:"+filepath.ToSlash(filepath.Join(dir, "tracker.db")), sqlite.Create())
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return of(ctx, b)
}
