package cli

import (
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"
)

// Before the server ends, it answers the calls in progress and accepts no more.
func TestServeShutsDown(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	s := tl.serve()
	call := s.begin("tracker.start")
	s.stop()
	for {
		if _, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://")); err != nil {
			break
		}
	}
	if status := call.finish(startP); status != http.StatusOK {
		t.Errorf("the call in progress is answered with %d", status)
	}
	if code := <-s.code; code != 0 {
		t.Errorf("exit code %d", code)
	}
	tl.wantStatuses("running")
}

// begun is a call that the server is handling, and whose body it still waits for.
type begun struct {
	s      *served
	body   *io.PipeWriter
	status chan int
}

// begin returns once the server has begun to read the call's body. The server says so by
// itself: its first read asks for the body of a request that expects "100 Continue".
func (s *served) begin(method string) begun {
	s.t.Helper()
	read, write := io.Pipe()
	reading := make(chan struct{})
	ctx := httptrace.WithClientTrace(s.t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(reading) }})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/v1/"+method, read)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+s.bearer)
	r.Header.Set("Expect", "100-continue")
	patient := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Hour}}
	s.t.Cleanup(patient.CloseIdleConnections)
	b := begun{s: s, body: write, status: make(chan int, 1)}
	go func() {
		defer close(b.status)
		response, err := patient.Do(r)
		if err != nil {
			s.t.Error(err)
			return
		}
		_ = response.Body.Close()
		b.status <- response.StatusCode
	}()
	select {
	case <-reading:
	case status := <-b.status:
		s.t.Fatalf("the call ended with %d before the server read its body", status)
	}
	return b
}

// finish sends the call's body, and returns the status of the answer.
func (b begun) finish(body string) int {
	b.s.t.Helper()
	if _, err := io.WriteString(b.body, body); err != nil {
		b.s.t.Fatal(err)
	}
	_ = b.body.Close()
	return <-b.status
}
