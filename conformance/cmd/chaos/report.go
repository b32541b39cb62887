package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// print prints the faults, their effects, and the violations.
func (f *findings) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	defer func() { _ = w.Flush() }()
	row := func(what string, value any) { _, _ = fmt.Fprintf(w, "  %s\t%v\n", what, value) }
	f.tally.mu.Lock()
	defer f.tally.mu.Unlock()
	for _, what := range slices.Sorted(maps.Keys(f.tally.counts)) {
		row(what, f.tally.counts[what])
	}
	row("files", f.files)
	row("loads", f.loads)
	row("runs", f.runs)
	row("dead runs", f.dead)
	if n := len(f.recoveries); n > 0 {
		row("a dead run kept its process for, in leases", fmt.Sprintf("half of them at most %s, 95%% %s, all %s",
			f.leases(f.recoveries[n/2].whole), f.leases(f.recoveries[n*95/100].whole), f.leases(f.recoveries[n-1].whole)))
		longest := slices.MaxFunc(f.recoveries, func(a, b recovery) int { return int(a.beyond - b.beyond) })
		row("… and after its lease was over, while nothing kept others away", "all at most "+f.leases(longest.beyond))
	}
	row("violations", len(f.violations))
	for _, v := range f.violations {
		_, _ = fmt.Fprintln(w, "  VIOLATION: "+strings.ReplaceAll(v, "\t", " "))
	}
}

// leases expresses a time in leases, which can be compared between machines.
func (f *findings) leases(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d)/float64(f.lease))
}
