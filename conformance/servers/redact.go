package servers

import (
	"errors"
	"strings"
)

// redact removes the secret from the error's text. [errors.Is] and [errors.As] still
// find the wrapped errors.
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

// Is and As reach the wrapped errors. With Unwrap, code that prints the whole chain
// would show their texts.
func (r *redacted) Is(target error) bool { return errors.Is(r.cause, target) }
func (r *redacted) As(target any) bool   { return errors.As(r.cause, target) }
