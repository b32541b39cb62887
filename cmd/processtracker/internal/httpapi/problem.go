package httpapi

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// answer is what a call is answered with. It is kept for those that come again.
type answer struct {
	status int
	body   []byte
	again  bool // the same call may succeed a moment later
}

// ProblemTypes is where the errors are described; the name of one follows.
const ProblemTypes = "https://github.com/processtracker/processtracker-go/blob/main/docs/protocol.md#"

// Problem is an error as RFC 9457 has it.
type Problem struct {
	Type    string // a link to the error's description
	Title   string // what the error means, whatever the call
	Status  int64  // of HTTP
	Detail  string // what failed, with which value, and what to do
	Code    int64  // that JSON-RPC has for it
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

// retryAfter is how many seconds to wait before a call that may succeed is made again.
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
	h.Set("Cache-Control", "no-store") // some have tokens
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client is gone then
}

// own makes one of the protocol's own errors an answer.
func (s *Server) own(name string, details any, format string, args ...any) answer {
	return s.problem(s.wire.Errorf(name, details, format, args...))
}
