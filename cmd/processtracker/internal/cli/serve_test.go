package cli

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/httpapi"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
)

// wantProblem sends a request that fails, and returns the answer.
func (s *served) wantProblem(status int, name, method, body string, header http.Header) *http.Response {
	s.t.Helper()
	response := s.post(method, []byte(body), header)
	defer func() { _ = response.Body.Close() }()
	var p struct {
		Type, Title, Detail, Name string
		Status                    int
	}
	data, err := io.ReadAll(response.Body)
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		s.t.Fatalf("%v in %s", err, data)
	}
	if response.StatusCode != status || p.Status != status || p.Name != name || p.Detail == "" || p.Title == "" {
		s.t.Errorf("%s %s: %d %s, want %d %s", method, body, response.StatusCode, data, status, name)
	}
	if got := response.Header.Get("Content-Type"); got != "application/problem+json" {
		s.t.Errorf("%s: it is %s", method, got)
	}
	if p.Type != httpapi.ProblemTypes+name {
		s.t.Errorf("%s: its type is %s", method, p.Type)
	}
	return response
}

// must makes a call that succeeds, and returns the answer unchanged.
func (s *served) must(method, body string, header http.Header) string {
	s.t.Helper()
	response := s.post(method, []byte(body), header)
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s %s: %d %s, %v", method, body, response.StatusCode, data, err)
	}
	return string(data)
}

func with(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

const startP = `{"process":{"name":"P"}}`

// A caller needs a token, and the role of the token determines the methods that it may call.
func TestServeTokens(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	s := tl.serve()
	for _, header := range []string{"", "Bearer", "Bearer ", "Bearer wrong", "Basic " + operatorToken, operatorToken} {
		r := s.wantProblem(http.StatusUnauthorized, "unauthenticated", "tracker.runs", "{}", with("Authorization", header))
		if !strings.HasPrefix(r.Header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("it asks for %q", r.Header.Get("WWW-Authenticate"))
		}
	}
	s.wantProblem(http.StatusUnauthorized, "unauthenticated", "no.method", "{}", with("Authorization", "")) // callers do not learn which methods exist
	s.bearer = readerToken
	s.must("tracker.runs", "", nil)
	s.wantProblem(http.StatusForbidden, "forbidden", "tracker.start", startP, nil)
	s.bearer = runnerToken
	s.must("tracker.start", startP, nil)
	s.wantProblem(http.StatusForbidden, "forbidden", "admin.hold", `{"process":"P","reason":"x"}`, nil)
	s.bearer = operatorToken
	s.must("admin.hold", `{"process":"P","reason":"x"}`, nil)
	if runs := tl.runs(); len(runs) != 1 || runs[0].Actor != "job" {
		t.Errorf("runs %+v", runs)
	}
}

// Invalid requests are distinguished from calls that fail.
func TestServeRequests(t *testing.T) {
	t.Parallel()
	s := newSetUp(t).serve()
	s.wantProblem(http.StatusNotFound, "method_not_found", "no.method", "{}", nil)
	s.wantProblem(http.StatusNotFound, "method_not_found", "session.goodbye", "{}", nil)
	s.wantProblem(http.StatusNotFound, "method_not_found", "", "{}", nil)
	s.wantProblem(http.StatusBadRequest, "parse_error", "tracker.runs", "garbage", nil)
	s.wantProblem(http.StatusBadRequest, "invalid", "tracker.runs", "[]", nil)
	s.wantProblem(http.StatusBadRequest, "invalid", "session.hello", `{"protocols":[1],"actor":"x"}`, nil)
	s.wantProblem(http.StatusBadRequest, "unsupported_protocol", "session.hello", `{"protocols":[2]}`, nil)
	s.wantProblem(http.StatusUnsupportedMediaType, "media_type", "tracker.runs", "{}", with("Content-Type", "text/plain"))
	s.wantProblem(http.StatusRequestEntityTooLarge, "message_too_large", "tracker.runs", `{"x":"`+strings.Repeat("x", rpc.MaxMessage)+`"}`, nil)
	var g rpc.Greeting
	if err := json.Unmarshal([]byte(s.must("session.hello", `{"protocols":[1]}`, with("Content-Type", "application/json; charset=utf-8"))), &g); err != nil || g.Actor != "tester" {
		t.Errorf("%v: %+v", err, g)
	}
	r, err := s.client.Get(s.url + "/v1/tracker.runs")
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	if r.StatusCode != http.StatusUnauthorized {
		t.Errorf("GET without a token is %d", r.StatusCode)
	}
}

// Any client with a run's token can write to the run, through any server.
func TestServeRunTokens(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	s, other := tl.serve(), tl.serve()
	var run started
	if err := json.Unmarshal([]byte(s.must("tracker.start", startP, nil)), &run); err != nil {
		t.Fatal(err)
	}
	s.wantProblem(http.StatusForbidden, "not_owner", "run.complete", of(run.RunID), nil)
	s.wantProblem(http.StatusForbidden, "not_owner", "run.complete", of(run.RunID), with(httpapi.RunToken, "0123456789abcdef0123456789abcdef"))
	s.wantProblem(http.StatusBadRequest, "invalid", "tracker.resume", `{"run_id":1,"token":"`+run.Token+`"}`, with(httpapi.RunToken, run.Token))
	holding := with(httpapi.RunToken, run.Token)
	tl.die()
	other.must("run.heartbeat", of(run.RunID), holding) // renews it
	tl.run("start", "--process", "P").want(CodeAlreadyRunning)
	s.must("run.complete", of(run.RunID), holding)
	other.must("run.complete", of(run.RunID), holding) // which is harmless
	other.wantProblem(http.StatusConflict, "already_ended", "run.fail", of(run.RunID), holding)
}

// The server renews no lease: a client that is gone loses its run.
func TestServeRenewsNoLeases(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	s := tl.serve("--lease", "100ms")
	var run started
	if err := json.Unmarshal([]byte(s.must("tracker.start", startP, nil)), &run); err != nil {
		t.Fatal(err)
	}
	s.must("run.add_counts", `{"run_id":1,"inserts":1}`, with(httpapi.RunToken, run.Token))
	for tl.run("start", "--process", "P").code != 0 {
		if t.Context().Err() != nil {
			t.Fatal("the lease never expires")
		}
	}
	s.wantProblem(http.StatusConflict, "lease_lost", "run.heartbeat", of(run.RunID), with(httpapi.RunToken, run.Token))
}

// A repeated key returns the same answer, and the call is not repeated.
func TestServeIdempotencyKeys(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	s := tl.serve()
	key := with(httpapi.IdempotencyKey, "one")
	first := s.must("tracker.start", startP, key)
	if again := s.must("tracker.start", startP, key); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	s.wantProblem(http.StatusConflict, "already_running", "tracker.start", startP, nil)
	s.wantProblem(http.StatusConflict, "already_running", "tracker.start", startP, with(httpapi.IdempotencyKey, "two"))
	s.wantProblem(http.StatusUnprocessableEntity, "idempotency_key_reused", "tracker.start", `{"process":{"name":"Q"}}`, key)
	s.wantProblem(http.StatusUnprocessableEntity, "idempotency_key_reused", "registry.register", startP, key)
	s.wantProblem(http.StatusBadRequest, "invalid", "tracker.start", startP, with(httpapi.IdempotencyKey, strings.Repeat("x", 256)))
	s.bearer = runnerToken // has keys of its own
	s.wantProblem(http.StatusConflict, "already_running", "tracker.start", startP, key)

	s.bearer = operatorToken
	var run started
	if err := json.Unmarshal([]byte(first), &run); err != nil {
		t.Fatal(err)
	}
	counting := with(httpapi.RunToken, run.Token, httpapi.IdempotencyKey, "count")
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { s.must("run.add_counts", `{"run_id":1,"inserts":1}`, counting) })
	}
	all.Wait()
	if runs := s.must("tracker.runs", "", nil); !strings.Contains(runs, `"inserts":1,`) {
		t.Errorf("runs %s", runs)
	}
}

// Flags that would admit unintended callers are rejected with advice.
func TestServeFlags(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tokens := tokensFile(t)
	tl.run("serve", "--tokens", tokens, "--no-tokens").want(CodeUsage, "--tokens")
	tl.run("serve", "--no-tokens", "--listen", ":0").want(CodeUsage, "other machines could do everything")
	tl.run("serve", "--tokens", tokens, "--listen", "0.0.0.0:0").want(CodeUsage, "in the clear", "--plain-http")
	tl.run("serve", "--tokens", tokens, "--listen", "nowhere").want(CodeUsage, "--listen", "127.0.0.1:8628")
	tl.run("serve", "--tokens", tokens, "--tls-cert", "x").want(CodeUsage, "go together")
	tl.run("serve", "--tokens", filepath.Join(tl.home, "none")).want(CodeUsage, "--tokens")
	open := filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(open, []byte("a runner"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := tl.run("serve", "--tokens", open).want(CodeUsage); strings.Contains(r.stderr, "chmod") {
		t.Errorf("it says %s", r.stderr)
	}
	if err := os.Chmod(open, 0o604); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" {
		tl.run("serve", "--tokens", open).want(CodeUsage, "chmod o= "+open)
	}
	newTool(t).run("serve", "--tokens", tokens).want(CodeNotSetUp, "processtracker setup")
	for text, want := range map[string]string{
		"": "no program could call", "a runner": "2 words", "a boss 0123456789abcdef": `role "boss" is unknown`,
		"a runner short": "shorter than 16", "a runner sha256:00": "digest", "a runner 0123456789abcdef\nb reader 0123456789abcdef": "line 2",
	} {
		path := filepath.Join(t.TempDir(), "tokens")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if r := tl.run("serve", "--tokens", path).want(CodeUsage, want); strings.Contains(r.stderr, "0123456789abcdef") {
			t.Errorf("it shows a token: %s", r.stderr)
		}
	}
}

// Without tokens, programs on this machine may call, and web pages may not.
func TestServeWithoutTokens(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	s := tl.listen("--no-tokens", "--listen", "127.0.0.1:0")
	s.bearer = ""
	s.must("tracker.start", startP, nil)
	s.wantProblem(http.StatusUnauthorized, "unauthenticated", "tracker.runs", "", with("Origin", "https://example.com"))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/v1/tracker.runs", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "rebound.example.com"
	response, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a name that leads here is answered with %d", response.StatusCode)
	}
}

// With a certificate, the server uses HTTPS.
func TestServeTLS(t *testing.T) {
	t.Parallel()
	cert, key, pool := certificate(t)
	tl := newSetUp(t)
	s := tl.serve("--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(s.url, "https://") {
		t.Fatal(s.url)
	}
	s.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	s.must("tracker.start", startP, nil)
	// A health check finds out by itself that the server has TLS.
	tl.run("serve", "--healthcheck", "--listen", strings.TrimPrefix(s.url, "https://")).want(0)
}

// certificate creates a certificate for this machine.
func certificate(t *testing.T) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(parsed)
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: encoded}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key, pool
}

// The server implements exactly its OpenAPI document.
func TestServeOpenAPI(t *testing.T) {
	t.Parallel()
	s := newSetUp(t).serve()
	response, err := s.client.Get(s.url + "/v1/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, rpc.OpenAPI()) {
		t.Error("it serves another document")
	}
	var document struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Ref string `json:"$ref"`
			} `json:"parameters"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	for path, verbs := range document.Paths {
		method := strings.TrimPrefix(path, "/v1/")
		response := s.post(method, []byte(`{"there is no such field":1}`), nil)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusBadRequest || len(verbs) != 1 {
			t.Errorf("%s is answered with %d", path, response.StatusCode)
		}
	}
	for _, m := range rpc.Methods() {
		if _, ok := document.Paths["/v1/"+m.Name]; ok == m.Session {
			t.Errorf("%s is in the document: %v", m.Name, ok)
		}
	}
}
