package bench

import (
	"regexp"
	"sync"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// words translate hand-written SQL for one database.
type words struct {
	d     dialect.Dialect
	known *sync.Map // translated texts, by their originals
}

func newWords(d dialect.Dialect) words { return words{d, new(sync.Map)} }

var braces = regexp.MustCompile(`\{[a-z_]+\}`)

// sql replaces the words in braces: now is the database's clock; later is a time by the
// same clock, as many milliseconds after now as its placeholder says; any other word is
// a table. Question marks become the database's placeholders.
func (w words) sql(query string) string {
	if text, ok := w.known.Load(query); ok {
		return text.(string)
	}
	text := w.spell(query)
	w.known.Store(query, text)
	return text
}

func (w words) spell(query string) string {
	query = braces.ReplaceAllStringFunc(query, func(word string) string {
		switch name := word[1 : len(word)-1]; name {
		case "now":
			return w.d.Now()
		case "later":
			return w.d.NowPlus()
		default:
			return w.d.Table(name)
		}
	})
	query, err := w.d.Placeholders().ReplacePlaceholders(query)
	if err != nil {
		panic("bench: " + err.Error() + ": " + query) // a bug in this package
	}
	return query
}

func (w words) statement(query string, args ...any) Statement {
	return Statement{SQL: w.sql(query), Args: args}
}

// single reports whether the database can change several tables in one statement.
func (w words) single() bool { return w.d.Name() == "postgres" }
