package web

import (
	"errors"
	"net/http"
	"slices"
)

// Action is a change that a viewer may make.
type Action string

// The actions.
const (
	ActHold    Action = "hold"
	ActRelease Action = "release"
	ActReap    Action = "reap"
)

// AllActions returns every action.
func AllActions() []Action { return []Action{ActHold, ActRelease, ActReap} }

// Viewer is the user or program behind a request.
type Viewer struct {
	// Name is recorded in the history as the actor of the viewer's actions. If it is
	// empty, the actor is the tracker's own.
	Name string
	// May lists the actions that the viewer may take.
	May []Action
}

// may reports whether the viewer may take the action.
func (v Viewer) may(a Action) bool { return slices.Contains(v.May, a) }

// Access identifies the viewer behind a request. It is called for each request, so that
// a revoked right ends at once. It returns [ErrUnknownViewer] if the request does not
// identify a viewer, and any other error if the viewer may see nothing. The error's
// text is not shown.
type Access func(*http.Request) (Viewer, error)

// ErrUnknownViewer is the error of an [Access] that cannot identify the viewer; the
// response has status 401. A [ChallengeError] tells the client how to authenticate.
var ErrUnknownViewer = errors.New("the user is not known")

// ChallengeError is an [ErrUnknownViewer] with a value for the WWW-Authenticate header.
type ChallengeError struct{ Challenge string }

func (e *ChallengeError) Error() string { return ErrUnknownViewer.Error() }

// Unwrap returns [ErrUnknownViewer].
func (e *ChallengeError) Unwrap() error { return ErrUnknownViewer }

// Anyone lets every viewer look, without a name, and take the given actions.
func Anyone(may ...Action) Access {
	return func(*http.Request) (Viewer, error) { return Viewer{May: may}, nil }
}
