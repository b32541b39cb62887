package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/jackc/pgx/v5"
)

// postgresVariable names a running server; see CONTRIBUTING.
const postgresVariable = "PROCESSTRACKER_TEST_POSTGRES_DSN"

// createDatabase creates a database on a server. It returns its DSN and a function that
// drops it.
func createDatabase(ctx context.Context, server string) (dsn string, drop func() error, err error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, errors.New(postgresVariable + " is no URL; write postgres://user:password@host:port/database")
	}
	name := fmt.Sprintf("releasecheck_%d", os.Getpid())
	if err := execute(ctx, server, "CREATE DATABASE "+name); err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() error {
		return execute(context.WithoutCancel(ctx), server, "DROP DATABASE "+name)
	}, nil
}

func execute(ctx context.Context, server, statement string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}
