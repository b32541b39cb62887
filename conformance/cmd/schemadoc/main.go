// Command schemadoc writes docs/schema.md: what the tracker's tables are, as they stand in databases that were set up.
//
//	schemadoc FILE
//
// The words are in meanings.md, all else is read from the databases. It ends with status 1 if they do not go together,
// or if the databases differ in more than types and defaults; 69 if no PostgreSQL server is to be had.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

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
		fmt.Fprintln(os.Stderr, "usage: schemadoc FILE")
		return exitUsage
	}
	page, err := generate(ctx)
	if err == nil {
		err = os.WriteFile(args[0], []byte(page), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemadoc:", err)
		if _, ok := errors.AsType[*servers.Unavailable](err); ok {
			return exitUnavailable
		}
		return 1
	}
	return 0
}

// generate sets databases up and returns the page.
func generate(ctx context.Context) (page string, err error) {
	meanings, err := parseMeanings(meaningsPage)
	if err != nil {
		return "", err
	}
	fromPostgres, err := inPostgres(ctx)
	if err != nil {
		return "", err
	}
	fromSQLite, err := inSQLite(ctx)
	if err != nil {
		return "", err
	}
	schema, err := merge(fromPostgres, fromSQLite)
	if err != nil {
		return "", err
	}
	return render(meanings, schema)
}

// inPostgres reads a schema that is made for it and dropped after.
func inPostgres(ctx context.Context) (s Schema, err error) {
	server, err := servers.Postgres(ctx)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	name := fmt.Sprintf("schemadoc %d", os.Getpid())
	b, err := postgres.Open(ctx, server.DSN, postgres.Schema(name))
	if err != nil {
		return s, err
	}
	defer func() {
		_, dropped := b.Conn().Exec(ctx, dialect.Stmt{SQL: `DROP SCHEMA IF EXISTS "` + name + `" CASCADE`})
		err = errors.Join(err, dropped, b.Close())
	}()
	if _, err := setup.Run(ctx, b); err != nil {
		return s, err
	}
	return readPostgres(ctx, b.Conn(), name)
}

// inSQLite reads a file that is made for it and removed after.
func inSQLite(ctx context.Context) (s Schema, err error) {
	dir, err := os.MkdirTemp("", "schemadoc")
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b, err := sqlite.Open(ctx, "sqlite:"+filepath.ToSlash(filepath.Join(dir, "tracker.db")), sqlite.Create())
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if _, err := setup.Run(ctx, b); err != nil {
		return s, err
	}
	return readSQLite(ctx, b.Conn(), "pt_")
}
