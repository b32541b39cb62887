package servers

import (
	"errors"
	"strings"
)

// redact returns the error without the secret in its text. What the error wraps can still be asked for.
func redact(err error, secret string) error {
	if err == nil || secret == "" || !strings.Contains(err.Error(), secret) {
		return err
	}
	return &redacted{text: strings.ReplaceAll(err.Error(), secret, "xxxxx"), cause: err}
}

type redacted struct {
	text  string
	cause error
}

func (r *redacted) Error() string { return r.text }

// Is and As reach the causes; Unwrap would let a printer that walks the chain show their texts.
func (r *redacted) Is(target error) bool { return errors.Is(r.cause, target) }
func (r *redacted) As(target any) bool   { return errors.As(r.cause, target) }
