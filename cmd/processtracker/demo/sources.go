package demo

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// data has the tables as they were published; its README says where.
//
//go:embed data
var data embed.FS

// source is a published table and the extract that is made from it.
type source struct {
	table   string
	extract string
	header  []string
	convert func(fields []string) ([]string, error) // converts one line of the table
}

func sources() []source {
	return []source{
		{"iso3166.tab", "country.csv", []string{"code", "name"}, country},
		{"zone1970.tab", "time_zone.csv", []string{"name", "country_codes", "latitude", "longitude", "comments"}, timeZone},
		{"leapseconds", "leap_second.csv", []string{"day", "at", "correction"}, leapSecond},
	}
}

// rows returns the rows of the extract, starting with the header.
func (s source) rows() ([][]string, error) {
	text, err := data.ReadFile("data/" + s.table)
	if err != nil {
		return nil, err
	}
	rows := [][]string{s.header}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row, err := s.convert(strings.Split(line, "\t"))
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", s.table, number, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// country parses a line such as: AD       Andorra.
func country(f []string) ([]string, error) {
	if len(f) != 2 {
		return nil, fmt.Errorf("%d fields instead of 2", len(f))
	}
	return f, nil
}

// timeZone parses a line such as: CH,DE,LI        +4723+00832     Europe/Zurich
// Büsingen. The comments may be missing.
func timeZone(f []string) ([]string, error) {
	if len(f) == 3 {
		f = append(f, "")
	}
	if len(f) != 4 {
		return nil, fmt.Errorf("%d fields instead of 3 or 4", len(f))
	}
	longitude := strings.LastIndexAny(f[1], "+-")
	if longitude < 1 {
		return nil, fmt.Errorf("coordinates %q", f[1])
	}
	lat, err := degrees(f[1][:longitude], 2)
	if err != nil {
		return nil, err
	}
	long, err := degrees(f[1][longitude:], 3)
	if err != nil {
		return nil, err
	}
	return []string{f[2], f[0], lat, long, f[3]}, nil
}

// degrees converts ±DDMM or ±DDMMSS (±DDDMM, ±DDDMMSS for a longitude) to decimal degrees.
func degrees(s string, digits int) (string, error) {
	if n := len(s) - 1 - digits; n != 2 && n != 4 {
		return "", fmt.Errorf("coordinate %q", s)
	}
	var total float64
	for unit, part := 1.0, s[1:]; part != ""; unit *= 60 {
		n, err := strconv.ParseUint(part[:digits], 10, 16)
		if err != nil {
			return "", fmt.Errorf("coordinate %q: %w", s, err)
		}
		total += float64(n) / unit
		part, digits = part[digits:], 2
	}
	if s[0] == '-' {
		total = -total
	}
	return strconv.FormatFloat(total, 'f', 4, 64), nil
}

// leapSecond parses a line such as: Leap  2016    Dec     31      23:59:60        +       S.
func leapSecond(f []string) ([]string, error) {
	if len(f) != 7 || f[0] != "Leap" {
		return nil, fmt.Errorf("%d fields instead of 7 that begin with Leap", len(f))
	}
	day, err := time.Parse("2006 Jan 2", strings.Join(f[1:4], " "))
	if err != nil {
		return nil, err
	}
	return []string{day.Format(time.DateOnly), f[4], f[5] + "1"}, nil
}
