package session

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
)

// head is the number of bytes of an oversized message that are searched for its id.
const head = 4096

// lines carries JSON objects, one per line. It implements the channel of jrpc2. It
// answers oversized messages and invalid JSON itself; jrpc2 never sees them.
type lines struct {
	wire *rpc.Wire
	in   *bufio.Reader
	most int

	writing sync.Mutex // serializes writes, so that messages don't mix
	out     io.Writer

	mu      sync.Mutex
	open    int           // number of messages without an answer
	ended   chan struct{} // closed when no more messages will come
	settled chan struct{} // closed when no more messages will come and all have been answered
	stopped chan struct{} // closed when the channel is
}

func newLines(wire *rpc.Wire, in io.Reader, out io.Writer, most int) *lines {
	return &lines{
		wire: wire, in: bufio.NewReader(in), most: most, out: out,
		ended: make(chan struct{}), settled: make(chan struct{}), stopped: make(chan struct{}),
	}
}

// Send implements the channel of jrpc2.
func (l *lines) Send(message []byte) error {
	err := l.write(named(l.wire, message))
	if !bytes.HasPrefix(message, []byte(`{"jsonrpc":"2.0","method":`)) { // only a notification begins like that
		l.answered()
	}
	return err
}

func (l *lines) write(message []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	_, err := l.out.Write(append(message, '\n'))
	return err
}

// Recv implements the channel of jrpc2. The end of the input does not close the
// channel: a client may write all its calls at once, close its end, and still want the
// answers.
func (l *lines) Recv() ([]byte, error) {
	for {
		message, err := l.next()
		if err != nil || closed(l.ended) {
			l.end()
			<-l.stopped
			return nil, io.EOF
		}
		if len(bytes.TrimSpace(message)) > 0 && l.readable(message) {
			return message, nil
		}
	}
}

// Close implements the channel of jrpc2.
func (l *lines) Close() error {
	l.stop()
	return nil
}

// stop makes Recv return once the input has ended.
func (l *lines) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	closeOnce(l.stopped)
}

// end records that no more messages will be handed over.
func (l *lines) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	closeOnce(l.ended)
	l.check()
}

func (l *lines) answered() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = max(0, l.open-1) // invalid requests are answered, too
	l.check()
}

// check is called with mu locked.
func (l *lines) check() {
	if closed(l.ended) && l.open == 0 {
		closeOnce(l.settled)
	}
}

// settle stops handing over messages, and waits a limited time until the ones handed
// over are answered.
func (l *lines) settle(most time.Duration) {
	l.end()
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-l.settled:
	case <-timer.C:
	}
}

func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// closeOnce is called by one caller at a time.
func closeOnce(c chan struct{}) {
	if !closed(c) {
		close(c)
	}
}

// next reads a message. If the message is too large, next reads it to its end, answers
// it and skips it. A last line without a line feed is a message, too.
func (l *lines) next() ([]byte, error) {
	for {
		var message []byte
		large := false
		for {
			part, err := l.in.ReadSlice('\n')
			if large = large || len(message)+len(part) > l.most+1; !large {
				message = append(message, part...)
			} else if len(message) < head {
				message = append(message, part...)
			}
			switch {
			case errors.Is(err, bufio.ErrBufferFull):
				continue
			case err != nil && len(message) == 0:
				return nil, err
			}
			break
		}
		if !large {
			return bytes.TrimRight(message, "\r\n"), nil
		}
		l.refuse(idOf(message[:min(len(message), head)]), l.wire.Errorf(rpc.MessageTooLarge, struct{ Limit int64 }{int64(l.most)},
			"the message is larger than %d bytes; divide it into several calls", l.most))
	}
}

// idOf finds the id at the beginning of a message. It returns null if the id is not there.
func idOf(beginning []byte) json.RawMessage {
	none := json.RawMessage("null")
	d := json.NewDecoder(bytes.NewReader(beginning))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return none
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return none
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return none
		}
		ended := d.InputOffset() < int64(len(beginning)) // otherwise, a number may continue
		if key == "id" && ended && value[0] != '{' && value[0] != '[' {
			return value
		}
	}
	return none
}

// readable reports whether a message is valid JSON, and counts it if it will be answered.
func (l *lines) readable(message []byte) bool {
	var one request
	err := json.Unmarshal(message, &one)
	var garbage *json.SyntaxError
	if errors.As(err, &garbage) {
		l.refuse(json.RawMessage("null"), l.wire.Errorf(rpc.ParseError, nil,
			"the line is not JSON (%v); send one JSON object on each line", err))
		return false
	}
	answered := one.answered()
	if err != nil { // a batch or an invalid request, which is answered
		var batch []request
		answered = json.Unmarshal(message, &batch) != nil || len(batch) == 0
		for _, r := range batch {
			answered = answered || r.answered()
		}
	}
	if answered {
		l.mu.Lock()
		l.open++
		l.mu.Unlock()
	}
	return true
}

// request is a message as the client has sent it, before jrpc2 parses it.
type request map[string]json.RawMessage

// answered reports whether the request gets an answer; a notification gets none.
func (r request) answered() bool {
	if id := r["id"]; len(id) > 0 && string(id) != "null" {
		return true
	}
	var method string
	_ = json.Unmarshal(r["method"], &method) // a method that is not a string counts as empty
	params := bytes.TrimSpace(r["params"])
	known := 0
	for _, field := range []string{"jsonrpc", "id", "method", "params"} {
		if _, ok := r[field]; ok {
			known++
		}
	}
	structured := len(params) == 0 || params[0] == '{' || params[0] == '[' || string(params) == "null"
	return string(r["jsonrpc"]) != `"2.0"` || method == "" || !structured || known < len(r)
}

// refuse answers a message that jrpc2 never sees.
func (l *lines) refuse(id json.RawMessage, e *rpc.Error) {
	message := append([]byte(`{"jsonrpc":"2.0","id":`), id...)
	message = append(message, `,"error":`...)
	message = append(message, errorObject(l.wire, e)...)
	_ = l.write(append(message, '}')) // an error means that the client does not read
}

// errorObject is an error in the format of JSON-RPC.
func errorObject(w *rpc.Wire, e *rpc.Error) json.RawMessage {
	return w.Marshal(struct {
		Code    int
		Message string
		Data    errorData
	}{e.Code, e.Message, errorData{e.Name.Name, e.Details}})
}

// errorData is the part of an error that JSON-RPC leaves to the protocol.
type errorData struct {
	Name    string
	Details json.RawMessage
}
