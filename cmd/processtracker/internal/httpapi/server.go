// Package httpapi serves the protocol over HTTP: each method as POST /v1/METHOD.
package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// The headers of the protocol, besides Authorization.
const (
	RunToken       = "ProcessTracker-Run-Token"
	IdempotencyKey = "Idempotency-Key"
)

// Config is the configuration of a server.
type Config struct {
	Backend dialect.Backend
	About   rpc.About
	Tracker tracker.Config // for all clients; a client's name is the actor
	Tokens  Tokens         // nil admits every program on this machine, as an operator
	Log     *slog.Logger
	Now     func() time.Time // nil for [time.Now]
}

// A Server answers calls over HTTP.
type Server struct {
	config  Config
	wire    rpc.Wire
	methods map[string]rpc.Method
	answers *answers
	tracker *tracker.Tracker
}

// New returns a server for a database that has been set up.
func New(ctx context.Context, c Config) (*Server, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Server{config: c, methods: map[string]rpc.Method{}, answers: newAnswers(c.Now)}
	for _, m := range rpc.Methods() {
		if !m.Session {
			s.methods[m.Name] = m
		}
	}
	var err error
	s.tracker, err = tracker.New(ctx, c.Backend, &c.Tracker) // fails if the database is not set up
	return s, err
}

// Close stops the tracker. Runs stay active: they belong to the clients.
func (s *Server) Close() error { return s.tracker.Close() }

// ServeHTTP implements [http.Handler], for all paths below /v1/.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/v1/")
	if name == "openapi.json" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(rpc.OpenAPI()) // an error means that the client is gone
		return
	}
	began := s.config.Now()
	client, a := s.answer(w, r, name)
	a.write(w)
	level := slog.LevelInfo
	if a.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.config.Log.Log(r.Context(), level, "call", "method", name, "client", client.Name, "status", a.status, "duration", s.config.Now().Sub(began))
}

// answer makes the call that a request asks for, unless the request is invalid.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, name string) (Client, answer) {
	client, ok := s.client(r)
	if !ok {
		return client, s.own(rpc.Unauthenticated, nil, "this server knows no such bearer token, or none was sent; send the header Authorization: Bearer TOKEN with one of the server's file of tokens")
	}
	method, ok := s.methods[name]
	switch {
	case !ok:
		return client, s.own(rpc.MethodNotFound, struct{ Method string }{name}, "this server has no method %q; GET /v1/openapi.json lists its methods", name)
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		return client, s.own(rpc.NotAllowed, nil, "%s /v1/%s: call methods with POST", r.Method, name)
	case !client.Role.Allows(method.Needs):
		return client, s.own(rpc.Forbidden, struct{ Needs rpc.Role }{method.Needs}, "%s needs the role %s, and the token of %q has the role %s; ask the server's operator to change its line in the file of tokens",
			name, method.Needs, client.Name, client.Role)
	}
	body, wrong := s.body(w, r)
	if wrong != nil {
		return client, *wrong
	}
	do := func(ctx context.Context) answer { return s.call(ctx, client, method, r.Header.Get(RunToken), body) }
	key := r.Header.Get(IdempotencyKey)
	if key == "" || !method.Writes {
		return client, do(r.Context())
	}
	return client, s.once(r.Context(), keyed{client: client.Name, key: key}, fingerprint(name, r.Header.Get(RunToken), body), do)
}

// client returns the client that sent a request. Without tokens, the request has to
// come from this machine and not from a web page: browsers send the page's host and
// origin.
func (s *Server) client(r *http.Request) (Client, bool) {
	if s.config.Tokens != nil {
		return s.config.Tokens.client(r)
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	here := host == "localhost" || ip != nil && ip.IsLoopback()
	return Client{Name: s.config.Tracker.Actor, Role: rpc.Operator}, here && r.Header.Get("Origin") == ""
}

// body reads the parameters.
func (s *Server) body(w http.ResponseWriter, r *http.Request) ([]byte, *answer) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, rpc.MaxMessage))
	var wrong answer
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		wrong = s.own(rpc.MessageTooLarge, struct{ Limit int64 }{large.Limit}, "the body is larger than %d bytes; divide it into several calls", large.Limit)
		return nil, &wrong
	} else if err != nil {
		wrong = s.own("cancelled", nil, "the body could not be read to its end: %v", err)
		return nil, &wrong
	}
	if len(body) == 0 {
		return nil, nil
	}
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "application/json" {
		wrong = s.own(rpc.MediaType, nil, "the body is %q; send application/json in the header Content-Type", media)
		return nil, &wrong
	}
	if !json.Valid(body) {
		wrong = s.own(rpc.ParseError, nil, "the body is not JSON; send one JSON object")
		return nil, &wrong
	}
	return body, nil
}

// call executes a method.
func (s *Server) call(ctx context.Context, client Client, m rpc.Method, token string, params []byte) answer {
	t := s.tracker
	if client.Name != "" { // without tokens, the actor is the user of the operating system
		var err error
		if t, err = t.As(client.Name); err != nil {
			return s.problem(err)
		}
	}
	c := &caller{server: s, client: client, tracker: t, token: token}
	defer c.leave()
	result, err := m.Call(ctx, &s.wire, c, params)
	if err != nil {
		return s.problem(err)
	}
	return answer{status: http.StatusOK, body: result}
}
