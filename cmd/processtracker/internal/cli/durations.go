package cli

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// dayFlag is a duration flag that also accepts days and weeks.
type dayFlag struct{ pflag.Value }

// Set implements [pflag.Value].
func (f dayFlag) Set(text string) error {
	hours, err := inHours(text)
	if err == nil {
		err = f.Value.Set(hours)
	}
	if err != nil {
		return errors.New("not a duration; write 90s, 30m (minutes), 12h, 2d or 1w")
	}
	return nil
}

var daysOrWeeks = regexp.MustCompile(`([0-9.]+)([dw])`) //nolint:gochecknoglobals // a constant

// inHours converts days and weeks to hours, which [time.ParseDuration] accepts.
func inHours(text string) (string, error) {
	var failed error
	text = daysOrWeeks.ReplaceAllStringFunc(text, func(found string) string {
		n, err := strconv.ParseFloat(found[:len(found)-1], 64)
		if err != nil {
			failed = err
		}
		n *= map[byte]float64{'d': 24, 'w': 7 * 24}[found[len(found)-1]]
		return strconv.FormatFloat(n, 'f', -1, 64) + "h"
	})
	return text, failed
}

// sayDays makes all duration flags of a command and its subcommands accept days and weeks.
func sayDays(cmd *cobra.Command) {
	wrap := func(f *pflag.Flag) {
		if _, wrapped := f.Value.(dayFlag); !wrapped && f.Value.Type() == "duration" {
			f.Value = dayFlag{f.Value}
		}
	}
	cmd.Flags().VisitAll(wrap)
	cmd.PersistentFlags().VisitAll(wrap)
	for _, child := range cmd.Commands() {
		sayDays(child)
	}
}

// span is the flags --since and --until.
type span struct{ since, until string }

// parseSpan parses the flags, each of which may be empty.
func (a *app) parseSpan(s span) (since, until time.Time, err error) {
	if since, err = a.parsePast("since", s.since); err != nil {
		return since, until, err
	}
	if until, err = a.parsePast("until", s.until); err != nil {
		return since, until, err
	}
	if s.since != "" && s.until != "" && !since.Before(until) {
		err = exit(CodeUsage, fmt.Errorf("--since %q is not before --until %q; give an earlier one, or a later --until", s.since, s.until))
	}
	return since, until, err
}

// parsePast parses a time, or an age; an empty string means none. A time without a zone
// is in the zone of the tables, so that you can copy it from one.
func (a *app) parsePast(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if strings.Trim(text, "0123456789") == "m" {
		return time.Time{}, exit(CodeUsage, fmt.Errorf("--%s %q: m could be minutes or months; write %smin, or days or weeks (30d, 4w)", flag, text, text[:len(text)-1]))
	}
	if hours, err := inHours(strings.Replace(text, "min", "m", 1)); err == nil {
		if ago, err := time.ParseDuration(hours); err == nil && ago >= 0 {
			return time.Now().Add(-ago), nil
		}
	}
	zone := a.clock().Zone
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range []string{time.RFC3339, time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, exit(CodeUsage, fmt.Errorf(`--%s %q is not a time; write 2026-11-22, "2026-11-22 18:00:00", or how long ago: 12h, 2d, 1w`, flag, text))
}

const pastHelp = `Times are 2026-11-22, "2026-11-22 18:00:00" or 2026-11-22T18:00:00+01:00, or how long
ago: 30min, 12h, 2d, 1w. Without a zone they are in the zone in which the table shows
times: this machine's, and with --utc UTC.`
