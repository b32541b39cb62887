package dialect

import (
	"errors"
	"fmt"
)

// ErrSetting is what every [SettingError] matches.
var ErrSetting = errors.New("setting not supported")

// A SettingError says which setting of a session, a database or a server the tracker
// cannot work with: with that setting it would store values that differ from its input,
// or read values that differ from the stored ones (rule S8.6). Nothing was written.
type SettingError struct {
	Setting string // as the database calls it, such as client_encoding
	Value   string
	Why     string // what would happen to the tracker's data
	Remedy  string // what to set, and where
}

func (e *SettingError) Error() string {
	return fmt.Sprintf("%v: %s is %q: %s; %s", ErrSetting, e.Setting, e.Value, e.Why, e.Remedy)
}

// Unwrap returns [ErrSetting].
func (e *SettingError) Unwrap() error { return ErrSetting }
