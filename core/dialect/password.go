package dialect

import (
	"context"
	"errors"
	"fmt"
)

// Ask returns the password of a new connection: a token that expires within minutes, or
// a password that changes while programs run.
type Ask func(ctx context.Context) (string, error)

// ErrPassword means that a connection got no password, so that nothing was sent.
var ErrPassword = errors.New("no password")

// Password calls Ask, and makes its error match ErrPassword.
func (ask Ask) Password(ctx context.Context) (string, error) {
	password, err := ask(ctx)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrPassword, err)
	}
	return password, nil
}

// OnlyOpen returns the error of an option that only Open takes, but New was given.
func OnlyOpen(option string) error {
	return fmt.Errorf("%w option %s: it is for Open; New gets a pool that is already open: set it there", ErrInvalid, option)
}
