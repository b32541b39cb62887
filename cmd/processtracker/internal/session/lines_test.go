package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// lacking is a session whose database cannot be opened.
func lacking(t *testing.T, in io.Reader, out io.Writer) error {
	t.Helper()
	return Serve(t.Context(), Config{
		In: in, Out: out, MaxMessage: 100, Patience: time.Minute,
		Open: func(context.Context) (dialect.Backend, rpc.About, error) {
			return nil, rpc.About{}, dialect.ErrNoDatabase
		},
	})
}

// A message of the maximum size is accepted, and one that is one byte larger is rejected.
func TestLimit(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\n", "\r\n"} {
		for more, want := range map[int]string{-1: `"hello_required"`, 0: `"hello_required"`, 1: `"message_too_large"`, 5000: `"message_too_large"`} {
			message := `{"jsonrpc":"2.0","id":5,"method":"tracker.runs","params":{"process":""}}`
			message = strings.Replace(message, `""`, `"`+strings.Repeat("x", 100-len(end)+1-len(message)+more)+`"`, 1)
			var out bytes.Buffer
			if err := lacking(t, strings.NewReader(message+end), &out); err != nil {
				t.Error(err)
			}
			if !strings.Contains(out.String(), want) || !strings.Contains(out.String(), `"id":5,`) {
				t.Errorf("%d bytes: %s", len(message), out.String())
			}
		}
	}
}

func TestIDOf(t *testing.T) {
	t.Parallel()
	for beginning, want := range map[string]string{
		`{"jsonrpc":"2.0","id":7,"params":{"a`:     "7",
		`{"params":{"id":1,"x":[{}]},"id":"é","me`: `"é"`,
		`{"id":-1.5`:         "null", // may continue
		`{"id":-1.5,`:        "-1.5",
		`{"id":{"a":1},`:     "null",
		`{"params":{"id":1`:  "null",
		`[{"id":1},`:         "null",
		`garbage`:            "null",
		"":                   "null",
		`{"id":null,"id":3,`: "null",
		`{"a":"` + strings.Repeat("x", 10) + `","id`: "null",
	} {
		if got := idOf([]byte(beginning)); string(got) != want {
			t.Errorf("%s: %s, want %s", beginning, got, want)
		}
	}
}

// When the input ends, the session waits for calls that get an answer, and not for others.
func TestNotifications(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		`{"jsonrpc":"2.0","method":"tracker.runs"}`:               "",
		`{"jsonrpc":"2.0","method":"tracker.runs","id":null}`:     "",
		`[{"jsonrpc":"2.0","method":"tracker.runs","params":[]}]`: "",
		`{"jsonrpc":"2.0","method":"tracker.runs","params":7}`:    "invalid_request",
		`{"jsonrpc":"2.0","method":"tracker.runs","more":7}`:      "invalid_request",
		`{"jsonrpc":"2.0","method":7}`:                            "parse_error",
		`{"jsonrpc":"2.0","method":""}`:                           "invalid_request",
		`{"jsonrpc":"2.0","result":7}`:                            "invalid_request",
		`{"method":"tracker.runs"}`:                               "invalid_request",
		`{}`:                                                      "invalid_request",
		`[7]`:                                                     "parse_error",
	} {
		var out bytes.Buffer
		if err := lacking(t, strings.NewReader(message), &out); err != nil {
			t.Error(err)
		}
		if want == "" && out.Len() > 0 || want != "" && !strings.Contains(out.String(), `"name":"`+want) {
			t.Errorf("%s: %s", message, out.String())
		}
	}
}

// broken is a pipe whose reader is gone.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// If a client stops reading and ends, the session ends.
func TestASessionEndsIfTheClientStopsReading(t *testing.T) {
	t.Parallel()
	message := `{"jsonrpc":"2.0","id":5,"method":"tracker.runs"}` + "\n"
	if err := lacking(t, strings.NewReader(message+"garbage\n"+message), broken{}); err != nil {
		t.Error(err)
	}
}

// Whatever the input is, each line of output is one JSON object, and the session ends.
func FuzzSession(f *testing.F) {
	for _, seed := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"protocols":[1]}}`, "garbage\n[]\n{}\n7\nnull\n\"x\"", "\r\n\n\n[[]]",
		`[{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","id":1,"method":"a"},7]`, `{"jsonrpc":"2.0","id":1,"result":{}}`,
		`{"jsonrpc":"2.0","method":"run.lease_lost"}` + "\n" + `{"jsonrpc":"2.0","id":null,"method":"x"}`, strings.Repeat("x", 300),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		if err := lacking(t, bytes.NewReader(in), &out); err != nil {
			t.Error(err)
		}
		for line := range strings.Lines(out.String()) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%q is answered with %q", in, line)
			}
		}
	})
}
