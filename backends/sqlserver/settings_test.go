package sqlserver

import (
	"errors"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// usual is how the driver's sessions are set.
func usual() session {
	return session{
		state: 1, rows: 2, textSize: noLimit,
		options: ansiWarnings | ansiPadding | ansiNulls | quotedIdentifier | concatNull | 1024,
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	t.Parallel()
	if err := usual().check(false); err != nil {
		t.Errorf("the usual ones: %v", err)
	}
	for setting, change := range map[string]func(*session){
		"ANSI_NULLS":              func(s *session) { s.options &^= ansiNulls },
		"ANSI_PADDING":            func(s *session) { s.options &^= ansiPadding },
		"ANSI_WARNINGS":           func(s *session) { s.options &^= ansiWarnings },
		"QUOTED_IDENTIFIER":       func(s *session) { s.options &^= quotedIdentifier },
		"CONCAT_NULL_YIELDS_NULL": func(s *session) { s.options &^= concatNull },
		"NUMERIC_ROUNDABORT":      func(s *session) { s.options |= roundAbort },
		"IMPLICIT_TRANSACTIONS":   func(s *session) { s.options |= implicitTransactions },
		"TEXTSIZE":                func(s *session) { s.textSize = 4096 },
		"ROWCOUNT":                func(s *session) { s.rows = 1 },
	} {
		s := usual()
		change(&s)
		for _, inTx := range []bool{false, true} {
			err := s.check(inTx)
			if inTx && setting == "IMPLICIT_TRANSACTIONS" {
				if err != nil {
					t.Errorf("in a transaction: %v", err)
				}
				continue
			}
			var refused *dialect.SettingError
			if !errors.As(err, &refused) || refused.Setting != setting {
				t.Errorf("want %s refused, got: %v", setting, err)
			}
		}
	}
	s := usual()
	s.textSize = -1
	if err := s.check(false); err != nil {
		t.Errorf("TEXTSIZE -1: %v", err)
	}
}
