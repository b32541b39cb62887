package cli

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
)

// The values of --output.
const (
	outputTable = "table"
	outputWide  = "wide"
	outputJSON  = "json"
	outputJSONL = "jsonl"
	outputCSV   = "csv"
)

var outputs = []string{outputTable, outputWide, outputJSON, outputJSONL, outputCSV} //nolint:gochecknoglobals // a constant

// output holds the user's output settings.
type output struct {
	form      string
	utc       bool
	columns   []string
	noHeaders bool
	ages      bool
}

// The flags of all lists. They are read when a command runs.
const (
	columnsFlag   = "columns"
	noHeadersFlag = "no-headers"
	agesFlag      = "ages"
)

// outputFlags adds the flags of every command.
func (a *app) outputFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&a.json, "json", false, "print JSON; short for --output json")
	flags.StringVarP(&a.output.form, "output", "o", "", "how to print: table, wide (all fields, nothing cut), json, jsonl (an object a line) or csv (lists only)")
	flags.BoolVar(&a.output.utc, "utc", false, "show times in UTC instead of this machine's time zone (tables only: JSON and CSV are always in UTC)")
}

// listFlags adds the flags of every list.
func listFlags(flags *pflag.FlagSet) {
	flags.StringSlice(columnsFlag, nil, "print these fields, in this order, by their names in JSON: id,process,location.path")
	flags.Bool(noHeadersFlag, false, "print no titles (tables and CSV)")
	flags.Bool(agesFlag, false, "print how long ago something was instead of when (tables)")
}

// readOutput checks the output flags and sets the defaults.
func (a *app) readOutput(cmd *cobra.Command) error {
	form, said := a.output.form, a.settings[settingOutput]
	var err error
	if a.output.utc, err = a.settings.utc(); err != nil {
		return err
	}
	switch {
	case form == "" && a.json:
		form = outputJSON
	case form == "" && said.value != "":
		if form = said.value; !slices.Contains(outputs, form) {
			return fmt.Errorf("%s is %q; give %s", said.from, form, strings.Join(outputs, ", "))
		}
		if cmd.Flags().Lookup(columnsFlag) == nil {
			form = outputTable // scripts parse what start and others print, and must get the same from every user
		}
	case form == "":
		form = outputTable
	case a.json && form != outputJSON:
		return fmt.Errorf("--json is --output json, and --output %s is given, too; leave one of them out", form)
	case !slices.Contains(outputs, form):
		nearest, _ := known{names: each(outputs)}.nearest(form)
		return fmt.Errorf("--output %q is not known%s; give %s", form, didYouMean(nearest), strings.Join(outputs, ", "))
	}
	flags := cmd.Flags()
	list := flags.Lookup(columnsFlag) != nil
	if form == outputCSV && !list {
		return fmt.Errorf("--output csv is for lists, and %s prints none; give --output json", cmd.CommandPath())
	}
	if list {
		if a.output.columns, err = flags.GetStringSlice(columnsFlag); err != nil {
			return err
		}
		if flags.Changed(columnsFlag) && len(a.output.columns) == 0 {
			return fmt.Errorf("--%s is given but empty; give the names of fields, or leave it out", columnsFlag)
		}
		a.output.noHeaders, _ = flags.GetBool(noHeadersFlag) // always defined together with --columns
		a.output.ages, _ = flags.GetBool(agesFlag)
	}
	if a.output.ages && form != outputTable && form != outputWide {
		return fmt.Errorf("--%s is for tables; with --output %s leave it out", agesFlag, form)
	}
	if a.output.noHeaders && (form == outputJSON || form == outputJSONL) {
		return fmt.Errorf("--%s is for tables and CSV; with --output %s leave it out", noHeadersFlag, form)
	}
	a.output.form, a.json = form, form == outputJSON || form == outputJSONL
	return nil
}

// clock returns the format of times in tables.
func (a *app) clock() table.Clock {
	c := table.Clock{Zone: a.env.Zone, Ages: a.output.ages, Now: time.Now()}
	if a.output.utc {
		c.Zone = time.UTC
	}
	return c
}

// each yields items without errors.
func each[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range all {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// mapped yields what of makes of the items of a list. It ends after the first error.
func mapped[T, R any](list iter.Seq2[T, error], of func(T) (R, error)) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		for item, err := range list {
			var r R
			if err == nil {
				r, err = of(item)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}
