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

// head is how much of a message that is too large is looked through for its id.
const head = 4096

// lines carries one JSON object a line. It implements the channel of jrpc2. Messages that
// are too large or no JSON it answers itself, and jrpc2 never sees them.
type lines struct {
	wire *rpc.Wire
	in   *bufio.Reader
	most int

	writing sync.Mutex // a message is written whole
	out     io.Writer

	mu      sync.Mutex
	open    int           // messages that have not been answered yet
	ended   chan struct{} // closed when there will be no more
	settled chan struct{} // closed when, besides, all of them have been answered
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
	if !bytes.HasPrefix(message, []byte(`{"jsonrpc":"2.0","method":`)) { // which only a notification has
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

// Recv implements the channel of jrpc2. The end of the input is not the channel's: a
// client may write all its calls at once, and wants them answered.
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

// stop has Recv return, once the input has ended.
func (l *lines) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	closeOnce(l.stopped)
}

// end notes that no message is handed over any more.
func (l *lines) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	closeOnce(l.ended)
	l.check()
}

func (l *lines) answered() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = max(0, l.open-1) // what is no request is answered, too
	l.check()
}

// check is called with mu locked.
func (l *lines) check() {
	if closed(l.ended) && l.open == 0 {
		closeOnce(l.settled)
	}
}

// settle hands no more messages over, and waits until those that were are answered, but
// not for long.
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

// closeOnce is for one caller at a time.
func closeOnce(c chan struct{}) {
	if !closed(c) {
		close(c)
	}
}

// next reads a message. One that is too large is read to its end, answered and passed
// over. A last line without its end is a message, too.
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

// idOf finds the id in the beginning of a message; null if it is not there.
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
		ended := d.InputOffset() < int64(len(beginning)) // else a number may go on
		if key == "id" && ended && value[0] != '{' && value[0] != '[' {
			return value
		}
	}
	return none
}

// readable reports whether a message is JSON, and counts it if it will be answered.
func (l *lines) readable(message []byte) bool {
	var one request
	err := json.Unmarshal(message, &one)
	var garbage *json.SyntaxError
	if errors.As(err, &garbage) {
		l.refuse(json.RawMessage("null"), l.wire.Errorf(rpc.ParseError, nil,
			"the line is no JSON (%v); send one JSON object on each line", err))
		return false
	}
	answered := one.answered()
	if err != nil { // a batch, or no request at all, which is answered
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

// request is a message before jrpc2 looks at it.
type request map[string]json.RawMessage

// answered reports whether there will be an answer, which there is not to a
// notification.
func (r request) answered() bool {
	if id := r["id"]; len(id) > 0 && string(id) != "null" {
		return true
	}
	var method string
	_ = json.Unmarshal(r["method"], &method) // a method that is no text is none
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
	_ = l.write(append(message, '}')) // a client that does not read misses nothing
}

// errorObject is an error as JSON-RPC has it.
func errorObject(w *rpc.Wire, e *rpc.Error) json.RawMessage {
	return w.Marshal(struct {
		Code    int
		Message string
		Data    errorData
	}{e.Code, e.Message, errorData{e.Name.Name, e.Details}})
}

// errorData is what JSON-RPC leaves to the protocol.
type errorData struct {
	Name    string
	Details json.RawMessage
}
