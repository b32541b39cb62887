// Package rules knows every rule of docs/semantics.md, and sets the records of a test run against them: which rule was
// proved on which database, and which was not. A rule that nobody tests cannot hide behind those that somebody does.
package rules

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Rule is one promise.
type Rule struct {
	ID      string // such as "S2.7"
	Says    string // in a few words; docs/semantics.md has it in full
	Planned string // why it does not hold yet; empty for a rule that holds
}

// All lists the rules, in order.
func All() []Rule {
	return []Rule{
		{ID: "S1.1", Says: "a start registers what it names, once"},
		{ID: "S1.2", Says: "names compare exactly; bad ones are refused"},
		{ID: "S1.3", Says: "type, tool, frequency change only on request"},
		{ID: "S1.4", Says: "sources and targets at three grains"},
		{ID: "S1.5", Says: "what attributes carry; filters"},
		{ID: "S1.6", Says: "contacts of processes and of sources"},
		{ID: "S1.7", Says: "lookups: preloaded are fixed, used are kept"},
		{ID: "S1.8", Says: "lists are paged by key, and stable"},
		{ID: "S1.9", Says: "dataset types, character sets, source types"},
		{ID: "S1.10", Says: "find processes; read back what they use"},
		{ID: "S1.11", Says: "rows say who made and changed them, and when"},

		{ID: "S2.1", Says: "an active run refuses another"},
		{ID: "S2.2", Says: "a hold refuses"},
		{ID: "S2.3", Says: "failures in a row put on hold"},
		{ID: "S2.4", Says: "a parent's latest run refuses"},
		{ID: "S2.5", Says: "a fresh dependency waits for new data"},
		{ID: "S2.6", Says: "a full cluster refuses"},
		{ID: "S2.7", Says: "of many starts at once one wins"},
		{ID: "S2.8", Says: "run numbers have no gaps"},
		{ID: "S2.9", Says: "a run's name is done once"},
		{ID: "S2.10", Says: "a start costs the same after many runs"},
		{ID: "S2.11", Says: "no cycles of dependencies"},

		{ID: "S3.1", Says: "run statuses, built in and of one's own"},
		{ID: "S3.2", Says: "an ended run stays ended"},
		{ID: "S3.3", Says: "a hold is the process's, until released"},
		{ID: "S3.4", Says: "errors are recorded on runs"},
		{ID: "S3.5", Says: "data times widen: lowest low, highest high"},
		{ID: "S3.6", Says: "counts set or added; totals are sums"},
		{ID: "S3.7", Says: "the database's clock, in UTC"},
		{ID: "S3.8", Says: "every change of a status is kept"},
		{ID: "S3.9", Says: "a run is taken up by id and token"},

		{ID: "S4.1", Says: "a running run renews its lease"},
		{ID: "S4.2", Says: "a run whose lease is over is failed"},
		{ID: "S4.3", Says: "who lost the lease writes nothing"},
		{ID: "S4.4", Says: "kill -9 blocks for one lease at most"},
		{ID: "S4.5", Says: "a run without a lease is never reaped"},
		{ID: "S4.7", Says: "a run that nobody holds is not renewed"},

		{ID: "S5.1", Says: "an extract is its location and name"},
		{ID: "S5.2", Says: "locations: path, name, type"},
		{ID: "S5.3", Says: "extract statuses are kept in three places"},
		{ID: "S5.4", Says: "parents of extracts are loaded first"},
		{ID: "S5.5", Says: "bulk changes: all or nothing, few statements"},
		{ID: "S5.6", Says: "no two runs claim the same extract"},
		{ID: "S5.7", Says: "find extracts; nothing in a part is special"},
		{ID: "S5.8", Says: "file types by name; sizes, counts, times"},
		{ID: "S5.9", Says: "listing a location, whatever its size"},
		{ID: "S5.10", Says: "extracts are linked to the run's sources"},

		{ID: "S6.1", Says: "the watermark starts the next run"},
		{ID: "S6.2", Says: "a failed run moves no watermark"},

		{ID: "S7.1", Says: "writes join the caller's transaction"},
		{ID: "S7.2", Says: "a run that was lost rolls the caller back"},

		{ID: "S8.1", Says: "one error per situation, with details"},
		{ID: "S8.2", Says: "what is safe to repeat is retried"},
		{ID: "S8.3", Says: "stricter isolation levels do no harm"},
		{ID: "S8.4", Says: "no password is ever shown"},
		{ID: "S8.5", Says: "a wrong schema is an error with the remedy"},

		{ID: "S9.1", Says: "setup beside others, again, and at once"},
		{ID: "S9.2", Says: "setup's SQL can be printed and run by hand"},
		{ID: "S9.3", Says: "upgrade keeps the data"},
		{ID: "S9.4", Says: "three roles are enough"},
		{ID: "S9.5", Says: "purge removes old runs, in batches"},
	}
}

// On returns the rules that have to be proved on a backend. On a cluster these are the ones in which transactions of
// several trackers can meet: the rest is proved on its servers alone.
func On(backend string) []string {
	if backend == "galera" {
		return []string{
			"S1.1", "S2.1", "S2.3", "S2.4", "S2.6", "S2.7", "S2.8", "S2.9", "S2.11", "S3.2", "S3.6", "S3.9",
			"S4.1", "S4.2", "S4.3", "S4.4", "S5.1", "S5.4", "S5.6", "S6.1", "S8.2",
		}
	}
	var ids []string
	for _, rule := range All() {
		ids = append(ids, rule.ID)
	}
	return ids
}

// compare orders ids by their numbers: S2.9 before S2.10.
func compare(a, b string) int {
	x, y := numbers(a), numbers(b)
	return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]), cmp.Compare(a, b))
}

func numbers(id string) [2]int {
	chapter, rule, _ := strings.Cut(strings.TrimPrefix(id, "S"), ".")
	var n [2]int
	n[0], _ = strconv.Atoi(chapter) // what is no number comes first
	n[1], _ = strconv.Atoi(rule)
	return n
}

// sorted returns ids once each, in order.
func sorted(ids []string) []string {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, compare)
	return slices.Compact(ids)
}
