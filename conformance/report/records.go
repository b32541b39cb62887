package report

import (
	"cmp"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// RequireVar lists the databases that must have been tested, separated by commas.
const RequireVar = "PROCESSTRACKER_REQUIRE"

// Required returns the databases that RequireVar names.
func Required() []string { return List(os.Getenv(RequireVar)) }

// List splits a comma-separated list. It ignores spaces, case, empty parts and repetitions.
func List(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		part = strings.ToLower(strings.TrimSpace(part))
		if part != "" && !slices.Contains(list, part) {
			list = append(list, part)
		}
	}
	return list
}

// place is where a case ran.
type place struct{ Backend, Server, Provider, Setting string }

// A record is a test, whether it ended or not: a case on a database or, with an empty
// place, a test that is not a case.
type record struct {
	place

	Program, Name string
	Rules         []string
	Outcome, Why  string
	Seconds       float64
}

// records returns the cases of the run, and the other tests that have neither a parent
// nor a case below them. It also returns tests that failed or were skipped on the way
// to a case.
func (r *Run) records() []record {
	var all []record
	for _, p := range r.programs {
		groups := map[*test]bool{} // tests that have cases below them, or would have with a server
		for _, t := range p.order {
			switch {
			case t.attrs[AttrMissing] != "":
				t = p.above(t)
			case t.attrs[AttrBackend] == "":
				continue
			}
			for ; t != nil; t = p.above(t) {
				groups[t] = true
			}
		}
		for _, t := range p.order {
			above := p.above(t)
			rec := record{Program: short(p.name), Name: strings.ReplaceAll(t.name, "_", " "), Outcome: t.outcome, Why: p.why(t), Seconds: t.seconds}
			switch {
			case above != nil && above.attrs[AttrBackend] != "":
				rec.of(above)
			case groups[t] && (t.outcome != failed || len(t.output) == 0): // or the test itself has output, as when a server died
				continue
			case above != nil && !groups[above]:
				continue
			}
			all = append(all, rec)
		}
		if p.outcome == failed || p.outcome == brokenOff {
			all = append(all, p.end(all)...)
		}
	}
	return all
}

// of copies the properties of a case from its group.
func (rec *record) of(group *test) {
	rec.Name = rec.Name[len(group.name)+1:]
	rec.Rules = slices.Concat(RulesOf(rec.Name), strings.Fields(group.attrs[AttrProves]))
	rec.Backend, rec.Server = group.attrs[AttrBackend], group.attrs[AttrServer]
	rec.Provider, rec.Setting, _ = strings.Cut(group.attrs[AttrProvider], ", ")
}

// end returns the reason of a program's failure that none of its tests explains.
func (p *program) end(all []record) []record {
	why := oneLine(strings.Join(p.output, " "))
	name := short(p.name)
	toldByTest := slices.ContainsFunc(all, func(r record) bool { return r.Program == name && r.Outcome == failed })
	switch {
	case p.outcome == brokenOff:
		why = cmp.Or(why, "it was interrupted")
	case toldByTest && (why == "" || strings.HasPrefix(why, "exit status")):
		return nil
	}
	return []record{{Program: name, Outcome: failed, Why: cmp.Or(why, "it failed, and says no more")}}
}

var sourceLine = regexp.MustCompile(`^\s*\S+\.go:\d+: `)

// why returns the output of a test that failed or was skipped, on one line, or else the
// first failure in it.
func (p *program) why(t *test) string {
	var text []string
	if t.outcome == failed && len(t.output) == 0 {
		for _, below := range p.order {
			if part, ok := strings.CutPrefix(below.name, t.name+"/"); ok && below.outcome == failed && len(below.output) > 0 {
				return strings.ReplaceAll(part, "_", " ") + ": " + p.why(below)
			}
		}
	}
	for _, line := range t.output {
		text = append(text, sourceLine.ReplaceAllString(line, ""))
	}
	return oneLine(strings.Join(text, " "))
}

// mostRunes limits the length of a reason on a line.
const mostRunes = 250

func oneLine(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > mostRunes {
		return string(runes[:mostRunes]) + " …"
	}
	return string(runes)
}

// short returns a package's path in this repository.
func short(pkg string) string {
	_, rest, found := strings.Cut(pkg, "processtracker-go/")
	if !found {
		return path.Base(pkg)
	}
	return rest
}

// missing returns the databases for which a test had no server, and the reasons.
func (r *Run) missing() map[string][]string {
	all := map[string][]string{}
	for _, p := range r.programs {
		for _, t := range p.order {
			if name := t.attrs[AttrMissing]; name != "" {
				all[name] = append(all[name], p.why(t))
			}
		}
	}
	for name := range all {
		slices.Sort(all[name])
		all[name] = slices.Compact(all[name])
	}
	return all
}

// nightly returns the parts that were left to the nightly run.
func (r *Run) nightly() []string {
	var all []string
	for _, p := range r.programs {
		for _, t := range p.order {
			if what := t.attrs[AttrNightly]; what != "" {
				all = append(all, what)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
