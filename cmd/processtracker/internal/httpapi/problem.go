package httpapi

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// answer is the response to a call. It is stored for repetitions of the call.
type answer struct {
	status int
	body   []byte
	again  bool // the same call may succeed a moment later
}

// ProblemTypes is the base URL of the errors' descriptions; the name of an error follows it.
const ProblemTypes = "https://github.com/processtracker/processtracker-go/blob/main/docs/protocol.md#"

// Problem is an error in the format of RFC 9457.
type Problem struct {
	Type    string // a link to the error's description
	Title   string // what the error means, whatever the call
	Status  int64  // the HTTP status
	Detail  string // what failed, with which value, and what to do next
	Code    int64  // the error's code in JSON-RPC
	Name    string // of the error: compare this
	Details json.RawMessage
}

func (s *Server) problem(err error) answer {
	e := s.wire.Error(err)
	return answer{
		status: e.Status, again: e.Again,
		body: s.wire.Marshal(Problem{
			Type: ProblemTypes + e.Name.Name, Title: e.Means, Status: int64(e.Status), Detail: e.Message, Code: int64(e.Code),
			Name: e.Name.Name, Details: e.Details,
		}),
	}
}

// retryAfter is how many seconds a client should wait before it retries a call that may
// succeed then.
const retryAfter = 1

func (a answer) write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	if a.status >= http.StatusBadRequest {
		h.Set("Content-Type", "application/problem+json")
	}
	if a.again {
		h.Set("Retry-After", strconv.Itoa(retryAfter))
	}
	if a.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="processtracker"`)
	}
	h.Set("Cache-Control", "no-store") // some answers contain tokens
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // an error means that the client is gone
}

// own turns one of the protocol's own errors into an answer.
func (s *Server) own(name string, details any, format string, args ...any) answer {
	return s.problem(s.wire.Errorf(name, details, format, args...))
}
