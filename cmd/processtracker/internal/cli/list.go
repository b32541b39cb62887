package cli

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// defaultLimit limits a list to a few screens.
const defaultLimit = 50

const limitHelp = "list at most this many; 0 for all"

// listing defines how to show the items of one kind.
type listing[T any] struct {
	things   string // in the plural
	columns  []table.Column
	row      func(T) []string
	document func(T) any
	block    func(T) string         // prints an item by itself; nil for a table
	known    []known                // the values that its filters accept
	cursor   func(T) tracker.Cursor // nil: the list cannot go on after an item
}

// limitFlag is the flag that limits a list: a whole number that is not negative.
type limitFlag struct{ n *int }

// limitVar adds the limit flag, and the other flags of every list, to a command.
func limitVar(flags *pflag.FlagSet, n *int) {
	*n = defaultLimit
	flags.Var(limitFlag{n}, "limit", limitHelp)
	listFlags(flags)
}

// placeVar adds the flags that say where a list begins and in which order it goes on.
func placeVar(cmd *cobra.Command, order *tracker.Order, after *tracker.Cursor) {
	flags := cmd.Flags()
	for _, o := range []tracker.Order{tracker.OldestFirst, tracker.NewestFirst} {
		flags.BoolFunc(strings.ReplaceAll(string(o), " ", "-"), "list the "+string(o), func(text string) error {
			given, err := strconv.ParseBool(text)
			switch {
			case given && *order != "" && *order != o:
				return fmt.Errorf("the list is to be %s, too; give one order", *order)
			case given:
				*order = o
			}
			return err
		})
	}
	flags.StringVar((*string)(after), "after", "", "go on after this item: its cursor, as JSON has it")
}

// String implements [pflag.Value].
func (f limitFlag) String() string {
	if f.n == nil {
		return ""
	}
	return strconv.Itoa(*f.n)
}

// Set implements [pflag.Value].
func (f limitFlag) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return fmt.Errorf("not a whole number from 0 to %d; give 0 for all", math.MaxInt)
	}
	*f.n = n
	return nil
}

// Type implements [pflag.Value].
func (f limitFlag) Type() string { return "int" }

// idFlag is a flag for an ID, which is positive.
type idFlag struct{ id *int64 }

// String implements [pflag.Value].
func (f idFlag) String() string {
	if f.id == nil || *f.id == 0 {
		return ""
	}
	return number(*f.id)
}

// Set implements [pflag.Value].
func (f idFlag) Set(text string) error {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return errors.New("not an id; give a whole number from 1, as the lists show them")
	}
	*f.id = id
	return nil
}

// Type implements [pflag.Value].
func (f idFlag) Type() string { return "id" }

// fetchLimit returns one more than the number of items to show, to detect whether there
// are more.
func fetchLimit(limit int) int {
	if limit == 0 || limit == math.MaxInt {
		return limit
	}
	return limit + 1
}

// show prints a list as a table or in the form of --output. It reports on standard
// error if the list is empty or cut.
func show[T any](a *app, l listing[T], limit int, list iter.Seq2[T, error]) error {
	if err := l.check(a); err != nil {
		return err
	}
	if a.env.described != nil {
		var zero T
		a.env.described(l.document(zero))
	}
	shown, more := 0, false
	var last T
	cut := func(yield func(T, error) bool) {
		for item, err := range list {
			if more = err == nil && limit > 0 && shown == limit; more {
				return
			}
			shown++
			last = item
			if !yield(item, err) {
				return
			}
		}
	}
	var err error
	switch form := a.output.form; {
	case form == outputJSON:
		err = writeJSONList(a.env.Stdout, cut, l.documents(a.output.columns))
	case form == outputJSONL:
		err = writeJSONLines(a.env.Stdout, cut, l.documents(a.output.columns))
	case form == outputCSV:
		err = printCSV(a, l, cut)
	case form == outputTable && l.block != nil:
		err = printBlocks(a, l, cut)
	default:
		err = printTable(a, l, cut)
	}
	switch {
	case err != nil:
		return err
	case shown == 0:
		return a.sayNone(l.things, l.known)
	case more && l.cursor != nil:
		a.sayf("there are more %s; --limit 0 lists all, and --after %s the next", l.things, l.cursor(last))
	case more:
		a.sayf("there are more %s; --limit 0 lists all", l.things)
	}
	return nil
}

func printBlocks[T any](a *app, l listing[T], list iter.Seq2[T, error]) error {
	for item, err := range list {
		if err != nil {
			return err
		}
		if err := a.printf("%s", l.block(item)); err != nil {
			return err
		}
	}
	return nil
}
