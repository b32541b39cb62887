package dialect

import (
	"context"
	"errors"
	"fmt"
)

// Ask asks for the password of a new connection: a token that lives for some minutes, or
// a password that is changed while programs run.
type Ask func(ctx context.Context) (string, error)

// ErrPassword is what the error of a connection matches whose password could not be got.
// Nothing was sent.
var ErrPassword = errors.New("no password")

// Password asks, and gives its error the class that it has.
func (ask Ask) Password(ctx context.Context) (string, error) {
	password, err := ask(ctx)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrPassword, err)
	}
	return password, nil
}

// OnlyOpen is the error of an option that New was given and that changes what Open opens.
func OnlyOpen(option string) error {
	return fmt.Errorf("%w option %s: it is for Open; the pool that New is given is opened already: say it there", ErrInvalid, option)
}
