package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/httpapi"
)

// failure is an error of the protocol, in the same form for every carrier.
type failure struct {
	Name    string          `json:"name"`
	Code    int             `json:"code"`
	Status  int             `json:"status,omitempty"` // only over HTTP
	Message string          `json:"-"`
	Details json.RawMessage `json:"details"`
}

// carrier makes calls.
type carrier interface {
	call(method string, params json.RawMessage) (json.RawMessage, *failure)
}

// reply is a line of a session's output.
type reply struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Data    struct {
			Name    string          `json:"name"`
			Details json.RawMessage `json:"details"`
		} `json:"data"`
	} `json:"error"`
}

func (r reply) failure() *failure {
	if r.Error == nil {
		return nil
	}
	return &failure{Name: r.Error.Data.Name, Code: r.Error.Code, Message: r.Error.Message, Details: r.Error.Data.Details}
}

// conversation is a session of the tool with its client.
type conversation struct {
	t      *testing.T
	in     *io.PipeWriter
	out    *bufio.Reader
	stderr bytes.Buffer
	code   chan int
	id     int
	notes  []reply // notifications that arrived before an answer
}

// newSession starts a session.
func (tl *tool) newSession() *conversation {
	tl.t.Helper()
	inRead, inWrite := io.Pipe()
	outRead, outWrite := io.Pipe()
	c := &conversation{t: tl.t, in: inWrite, out: bufio.NewReader(outRead), code: make(chan int, 1)}
	env := tl.env
	env.Args, env.Stdin, env.Stdout, env.Stderr = []string{"session"}, inRead, outWrite, &c.stderr
	go func() {
		defer close(c.code)
		code := Main(context.WithoutCancel(tl.t.Context()), env)
		_ = outWrite.Close() // never fails
		c.code <- code
	}()
	tl.t.Cleanup(func() {
		_ = inWrite.Close()
		_ = outRead.Close()
		ended(c.code)
	})
	return c
}

// greeted starts a session and says hello. hello are additional parameters.
func (tl *tool) greeted(hello string) *conversation {
	tl.t.Helper()
	c := tl.newSession()
	if _, failed := c.call("session.hello", json.RawMessage(`{"protocols":[1],"actor":"tester"`+hello+`}`)); failed != nil {
		tl.t.Fatal(failed.Message)
	}
	return c
}

func (c *conversation) write(line string) {
	c.t.Helper()
	if _, err := io.WriteString(c.in, line+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

// next reads a line.
func (c *conversation) next() (r reply) {
	c.t.Helper()
	line, err := c.out.ReadBytes('\n')
	if err != nil {
		c.t.Fatalf("the session is over: %v", err)
	}
	if err := json.Unmarshal(line, &r); err != nil {
		c.t.Fatalf("%v in %s", err, line)
	}
	return r
}

// send writes a call and returns its id.
func (c *conversation) send(method string, params json.RawMessage) int {
	c.t.Helper()
	c.id++
	message, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": c.id, "method": method, "params": params})
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(string(message))
	return c.id
}

func (c *conversation) call(method string, params json.RawMessage) (json.RawMessage, *failure) {
	c.t.Helper()
	c.send(method, params)
	r := c.next()
	for r.Method != "" {
		c.notes = append(c.notes, r)
		r = c.next()
	}
	return r.Result, r.failure()
}

// note waits for a notification.
func (c *conversation) note() reply {
	c.t.Helper()
	if len(c.notes) == 0 {
		return c.next()
	}
	first := c.notes[0]
	c.notes = c.notes[1:]
	return first
}

// must makes a call that succeeds.
func (c *conversation) must(method, params string, into ...any) {
	c.t.Helper()
	result, failed := c.call(method, json.RawMessage(params))
	if failed != nil {
		c.t.Fatalf("%s: %s", method, failed.Message)
	}
	for _, v := range into {
		if err := json.Unmarshal(result, v); err != nil {
			c.t.Fatal(err)
		}
	}
}

// end closes the input and returns the exit code.
func (c *conversation) end() int {
	c.t.Helper()
	_ = c.in.Close() // never fails
	go func() { _, _ = io.Copy(io.Discard, c.out) }()
	return <-c.code
}

// served is a server of the tool with a client.
type served struct {
	t      *testing.T
	url    string
	bearer string
	stop   context.CancelFunc
	code   chan int
	client *http.Client
	header http.Header // additional ones

	mu     sync.Mutex
	tokens map[string]string // of runs, by run ID
}

// The bearer tokens of the tests.
const (
	operatorToken = "operator-0123456789"
	runnerToken   = "runner-0123456789"
	readerToken   = "reader-0123456789"
)

func tokensFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tokens")
	text := "# who may call\ntester operator " + operatorToken + "\njob runner " + runnerToken + "\npage reader " + readerToken + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// serve starts a server on a free port.
func (tl *tool) serve(flags ...string) *served {
	tl.t.Helper()
	return tl.listen(append([]string{"--listen", "127.0.0.1:0", "--tokens", tokensFile(tl.t)}, flags...)...)
}

// listen starts a server with only these flags.
func (tl *tool) listen(flags ...string) *served {
	tl.t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(tl.t.Context()))
	read, write := io.Pipe()
	s := &served{t: tl.t, bearer: operatorToken, stop: stop, code: make(chan int, 1), client: &http.Client{}, tokens: map[string]string{}}
	env := tl.env
	env.Args = append([]string{"serve"}, flags...)
	env.Stdout, env.Stderr = write, io.Discard
	go func() {
		defer close(s.code)
		code := Main(ctx, env)
		_ = write.Close() // never fails
		s.code <- code
	}()
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		tl.t.Fatalf("it does not listen, and ends with %d", <-s.code)
	}
	s.url = strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	tl.t.Cleanup(func() {
		stop()
		ended(s.code)
	})
	return s
}

// ended waits for the channel's end. A tool that runs in the background still writes as it ends: the database must not be
// dropped before that.
func ended(code <-chan int) {
	for range code { // a code that no test has read
	}
}

// post sends a request.
func (s *served) post(method string, body []byte, header http.Header) *http.Response {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/v1/"+method, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+s.bearer)
	for _, more := range []http.Header{s.header, header} {
		for name := range more {
			r.Header.Set(name, more.Get(name))
		}
	}
	response, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	return response
}

func (s *served) call(method string, params json.RawMessage) (json.RawMessage, *failure) {
	s.t.Helper()
	var p map[string]json.RawMessage
	_ = json.Unmarshal(params, &p) // parameters that are no object name no run
	header := http.Header{}
	id := string(p["run_id"])
	if token := s.token(id); token != "" {
		header.Set(httpapi.RunToken, token)
	}
	if token, ok := p["token"]; ok { // a session has it in the parameters, HTTP in a header
		var text string
		_ = json.Unmarshal(token, &text)
		header.Set(httpapi.RunToken, text)
		delete(p, "token")
		params, _ = json.Marshal(p)
	}
	response := s.post(method, params, header)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		var problem struct {
			failure

			Detail string `json:"detail"`
		}
		if err := json.Unmarshal(body, &problem); err != nil {
			s.t.Fatalf("%v in %s", err, body)
		}
		problem.Message = problem.Detail
		return nil, &problem.failure
	}
	s.remember(body)
	return body, nil
}

func (s *served) token(run string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[run]
}

// remember stores the token of a run that was started.
func (s *served) remember(result []byte) {
	var run struct {
		RunID json.RawMessage `json:"run_id"`
		Token string          `json:"token"`
	}
	if json.Unmarshal(result, &run) == nil && run.Token != "" {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.tokens[string(run.RunID)] = run.Token
	}
}
