package web

import (
	"errors"
	"net/http"
	"slices"
)

// Action is something that a viewer may do.
type Action string

// The actions.
const (
	ActHold    Action = "hold"
	ActRelease Action = "release"
	ActReap    Action = "reap"
)

// AllActions returns every action.
func AllActions() []Action { return []Action{ActHold, ActRelease, ActReap} }

// Viewer is who a request is from.
type Viewer struct {
	// Name is what stands in the history as the actor of what the viewer does. An empty
	// name is the tracker's own actor.
	Name string
	// May are the actions that the viewer may take.
	May []Action
}

// may reports whether the viewer may take the action.
func (v Viewer) may(a Action) bool { return slices.Contains(v.May, a) }

// Access says who a request is from. It is asked for each request, so that a right that
// was taken away ends at once. An error is [ErrUnknownViewer], if the request does not say
// who it is from, or any other, if the viewer may see nothing; it is not shown.
type Access func(*http.Request) (Viewer, error)

// ErrUnknownViewer is the error of an [Access] that could not tell who a request is from:
// the answer is 401. A [ChallengeError] says how to tell.
var ErrUnknownViewer = errors.New("the viewer is not known")

// ChallengeError is an [ErrUnknownViewer] with the value of WWW-Authenticate.
type ChallengeError struct{ Challenge string }

func (e *ChallengeError) Error() string { return ErrUnknownViewer.Error() }

// Unwrap returns [ErrUnknownViewer].
func (e *ChallengeError) Unwrap() error { return ErrUnknownViewer }

// Anyone lets everybody look, without a name, and take the actions given.
func Anyone(may ...Action) Access {
	return func(*http.Request) (Viewer, error) { return Viewer{May: may}, nil }
}
