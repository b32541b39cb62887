package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// momentLayout is the format of times in JSON.
const momentLayout = "2006-01-02T15:04:05.000000Z"

// moment is a time in JSON: RFC 3339 in UTC, always with microseconds; null for
// none.
type moment time.Time

func (m moment) time() time.Time { return time.Time(m) }

// MarshalJSON implements [json.Marshaler].
func (m moment) MarshalJSON() ([]byte, error) {
	t := m.time()
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.UTC().Format(momentLayout))
}

// The JSON documents. Their field names are stable: scripts rely on them.
type (
	runJSON struct {
		ID        int64  `json:"id"`
		Process   string `json:"process"`
		Number    int64  `json:"number"`
		Status    string `json:"status"`
		Active    bool   `json:"active"`
		Actor     string `json:"actor"`
		StartedAt moment `json:"started_at"`
		EndedAt   moment `json:"ended_at"`
		// Only of an active run. Null: it has no lease.
		LeaseUntil   moment `json:"lease_until"`
		LeaseExpired bool   `json:"lease_expired"`
	}
	extractJSON struct {
		ID              int64        `json:"id"`
		Name            string       `json:"name"`
		Path            string       `json:"path"`
		Location        locationJSON `json:"location"`
		Status          string       `json:"status"`
		RegisteredAt    moment       `json:"registered_at"`
		StatusChangedAt moment       `json:"status_changed_at"`
		Process         string       `json:"process"`
		RunNumber       int64        `json:"run_number"`
		FileType        *string      `json:"file_type"`
		Compression     *string      `json:"compression"`
		Size            *int64       `json:"size"`
		Checksum        *string      `json:"checksum"`
		Written         measuresJSON `json:"written"`
		Loaded          measuresJSON `json:"loaded"`
		ListedAt        moment       `json:"listed_at"`
	}
	measuresJSON struct {
		Records *int64 `json:"records"`
		Low     moment `json:"low"`
		High    moment `json:"high"`
	}
	locationJSON struct {
		ID   int64  `json:"id"`
		Path string `json:"path"`
		Name string `json:"name"`
		Type string `json:"type"`
	}
	changeJSON struct {
		ID        *int64  `json:"id"` // null: a start that was refused
		ChangedAt moment  `json:"changed_at"`
		Process   string  `json:"process"`
		RunID     *int64  `json:"run_id"` // null: a change of the process
		RunNumber *int64  `json:"run_number"`
		ExtractID *int64  `json:"extract_id"` // null: a change of the run or the process
		Location  *string `json:"location"`
		Extract   *string `json:"extract"`
		From      *string `json:"from"` // null: there was no status before
		To        string  `json:"to"`
		Actor     string  `json:"actor"`
		Reason    string  `json:"reason"`
		FromTime  moment  `json:"from_time"` // null, except for watermarks
		ToTime    moment  `json:"to_time"`
		Cursor    string  `json:"cursor"` // for --after
	}
	refusedJSON struct {
		ID      int64   `json:"id"`
		Process string  `json:"process"`
		Reason  string  `json:"reason"`
		Actor   string  `json:"actor"`
		RunName *string `json:"run_name"`
		Detail  string  `json:"detail"`
		Times   int64   `json:"times"` // a lower bound
		First   moment  `json:"first_at"`
		Last    moment  `json:"last_at"`
		Cursor  string  `json:"cursor"` // for --after
	}
	runErrorJSON struct {
		ID          int64  `json:"id"`
		RunID       int64  `json:"run_id"`
		Process     string `json:"process"`
		RunNumber   int64  `json:"run_number"`
		Type        string `json:"type"`
		Description string `json:"description"`
		RecordedAt  moment `json:"recorded_at"`
		Cursor      string `json:"cursor"` // for --after
	}
)

// startJSON is the result of start: a run or a refusal.
type startJSON struct {
	Run       *string      `json:"run"` // the handle; null: no run was started
	Process   string       `json:"process"`
	RunID     *int64       `json:"run_id"`
	RunNumber *int64       `json:"run_number"`
	StartedAt moment       `json:"started_at"`
	Low       moment       `json:"low"` // of its data, if it was started --from-watermark
	Refusal   *refusalJSON `json:"refusal"`
}

func newRunJSON(r tracker.RunInfo) any {
	return runJSON{
		ID: r.ID, Process: r.Process, Number: r.Number, Status: string(r.Status), Active: r.Active(), Actor: r.Actor,
		StartedAt: moment(r.StartedAt), EndedAt: moment(r.EndedAt),
		LeaseUntil: moment(r.LeaseUntil), LeaseExpired: r.LeaseExpired,
	}
}

func newExtractJSON(e tracker.Extract) any {
	return extractJSON{
		ID: e.ID, Name: e.Name, Path: e.Path(), Status: string(e.Status),
		Location:     locationJSON{ID: e.Location.ID, Path: e.Location.Path, Name: e.Location.Name, Type: e.Location.Type},
		RegisteredAt: moment(e.RegisteredAt), StatusChangedAt: moment(e.StatusChangedAt),
		Process: e.Process, RunNumber: e.RunNumber,
		FileType: orNull(e.FileType), Compression: orNull(e.Compression), Size: e.Size, Checksum: orNull(e.Checksum),
		Written: newMeasuresJSON(e.Written), Loaded: newMeasuresJSON(e.Loaded), ListedAt: moment(e.ListedAt),
	}
}

func newMeasuresJSON(m tracker.Measures) measuresJSON {
	return measuresJSON{Records: m.Count, Low: moment(m.Low), High: moment(m.High)}
}

func newRunErrorJSON(e tracker.RunError) any {
	return runErrorJSON{
		ID: e.ID, RunID: e.RunID, Process: e.Process, RunNumber: e.RunNumber,
		Type: e.Type, Description: e.Description, RecordedAt: moment(e.At),
		Cursor: string(e.Cursor()),
	}
}

func newChangeJSON(c pastChange) any {
	return changeJSON{
		ID: orNull(c.ID), ChangedAt: moment(c.At), Process: c.Process, RunID: orNull(c.RunID), RunNumber: orNull(c.RunNumber),
		ExtractID: orNull(c.ExtractID), Location: orNull(c.Location), Extract: orNull(c.Extract),
		From: orNull(c.From), To: c.To, Actor: c.Actor, Reason: c.Reason, FromTime: moment(c.FromTime), ToTime: moment(c.ToTime),
		Cursor: string(c.place),
	}
}

func newRefusalJSON(r tracker.Refusal) any {
	reason := ""
	if r.Reason != nil {
		reason = strings.ReplaceAll(r.Reason.Error(), " ", "_")
	}
	return refusedJSON{
		ID: r.ID, Process: r.Process, Reason: reason, Actor: r.Actor, RunName: orNull(r.RunName), Detail: r.Detail,
		Times: r.Times, First: moment(r.First), Last: moment(r.Last),
		Cursor: string(r.Cursor()),
	}
}

// orNull returns nil for a zero value.
func orNull[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// writeJSON prints one document on one line.
func writeJSON(w io.Writer, document any) error {
	text, err := encode(document)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", text)
	return err
}

// encode does not escape <, > and &, unlike [json.Marshal].
func encode(document any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(document)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// writeJSONList prints an array of any length, one item per line, as the items arrive.
func writeJSONList[T any](w io.Writer, list iter.Seq2[T, error], document func(T) any) error {
	before, end := "[\n", "[]\n"
	for item, err := range list {
		if err != nil {
			return err
		}
		text, err := encode(document(item))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", before, text); err != nil {
			return err
		}
		before, end = ",\n", "\n]\n"
	}
	_, err := fmt.Fprint(w, end)
	return err
}

// writeJSONLines prints one item per line, without brackets.
func writeJSONLines[T any](w io.Writer, list iter.Seq2[T, error], document func(T) any) error {
	for item, err := range list {
		if err != nil {
			return err
		}
		if err := writeJSON(w, document(item)); err != nil {
			return err
		}
	}
	return nil
}
