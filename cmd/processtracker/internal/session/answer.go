package session

import (
	"bytes"
	"encoding/json"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/rpc"
)

// answer is a message that jrpc2 has created.
type answer struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *answerError    `json:"error,omitempty"`
}

type answerError struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"`
}

// named adds names and details to the errors that jrpc2 itself returns, such as the one
// for an invalid request, so that they look like all others.
func named(w *rpc.Wire, message []byte) []byte {
	if !bytes.Contains(message, []byte(`"error":{"code":-32`)) {
		return message
	}
	var one answer
	var all []*answer
	var named []byte
	var err error
	if json.Unmarshal(message, &all) == nil {
		for _, a := range all {
			a.name(w)
		}
		named, err = json.Marshal(all)
	} else if err = json.Unmarshal(message, &one); err == nil {
		one.name(w)
		named, err = json.Marshal(one)
	}
	if err != nil {
		return message
	}
	return named
}

func (a *answer) name(w *rpc.Wire) {
	var data struct {
		Name string `json:"name"`
	}
	if a.Error == nil || json.Unmarshal(a.Error.Data, &data) == nil && data.Name != "" {
		return
	}
	a.Error.Data = w.Marshal(errorData{rpc.Coded(a.Error.Code).Name, json.RawMessage("{}")})
}
