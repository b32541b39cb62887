package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// writeJSON writes the content of a page: its facts, and each list as an array of objects.
func writeJSON(w io.Writer, p *page, read time.Time) error {
	document := map[string]any{"page": p.Name, "title": p.Title, "read_at": read.UTC().Format(time.RFC3339Nano)}
	next := map[string]string{}
	for _, sec := range p.Sections {
		if len(sec.Facts) > 0 {
			facts := map[string]any{}
			for _, f := range sec.Facts {
				facts[f.Key] = f.Value.Value
			}
			document[sec.ID] = facts
		}
		if sec.Table == nil {
			continue
		}
		rows := make([]map[string]any, len(sec.Table.Rows))
		for i, row := range sec.Table.Rows {
			rows[i] = map[string]any{}
			for j, column := range sec.Table.Columns {
				rows[i][column.Key] = row[j].Value
			}
		}
		document[sec.Table.ID] = rows
		if sec.Table.Next != "" {
			next[sec.Table.ID] = sec.Table.Next
		}
	}
	if len(next) > 0 {
		document["next"] = next
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}

// writeCSV writes one list of a page: the one that the query names, or the first.
func writeCSV(w io.Writer, p *page, name string) error {
	var lists []string
	for _, sec := range p.Sections {
		t := sec.Table
		if t == nil {
			continue
		}
		lists = append(lists, t.ID)
		if name != "" && t.ID != name {
			continue
		}
		return t.writeCSV(w)
	}
	return &badRequestError{fmt.Sprintf("the page has no list %q; give one of: %s", name, strings.Join(lists, ", "))}
}

func (t *table) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		record[i] = column.Key
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i, c := range row {
			record[i] = csvValue(c.Value)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// csvValue formats a value. If a spreadsheet would take it for a formula, it gets an
// apostrophe in front.
func csvValue(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		if v != "" && strings.ContainsRune("=+-@\t\r", rune(v[0])) {
			return "'" + v
		}
		return v
	case []string:
		return csvValue(strings.Join(v, "; "))
	default:
		return fmt.Sprint(v)
	}
}

// writeProblem writes an error in the format of RFC 9457.
func writeProblem(w io.Writer, status int, detail string) error {
	return json.NewEncoder(w).Encode(map[string]any{"status": status, "title": http.StatusText(status), "detail": detail})
}
