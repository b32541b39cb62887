package report

import (
	"cmp"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// RequireVar lists, with commas between them, the databases that must have been tested.
const RequireVar = "PROCESSTRACKER_REQUIRE"

// Required returns the databases that RequireVar names.
func Required() []string { return List(os.Getenv(RequireVar)) }

// List splits a comma-separated list. Spaces, capitals, empty parts and repetitions do not count.
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

// A record is a test that ended, or did not: a case on a database, or with an empty place one that is no case.
type record struct {
	place

	Program, Name string
	Rules         []string
	Outcome, Why  string
	Seconds       float64
}

// records are the cases of the run, and its other tests that have no test above them and no case below; and those that
// failed or were skipped on the way to a case.
func (r *Run) records() []record {
	var all []record
	for _, p := range r.programs {
		groups := map[*test]bool{} // tests that have cases somewhere below them, or would have with a server
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
			case groups[t] && (t.outcome != failed || len(t.output) == 0): // or it says why, as when a server died
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

// of sets what a case has from its group.
func (rec *record) of(group *test) {
	rec.Name = rec.Name[len(group.name)+1:]
	rec.Rules = slices.Concat(RulesOf(rec.Name), strings.Fields(group.attrs[AttrProves]))
	rec.Backend, rec.Server = group.attrs[AttrBackend], group.attrs[AttrServer]
	rec.Provider, rec.Setting, _ = strings.Cut(group.attrs[AttrProvider], ", ")
}

// end says of a program that failed what none of its tests says.
func (p *program) end(all []record) []record {
	why := oneLine(strings.Join(p.output, " "))
	name := short(p.name)
	toldByTest := slices.ContainsFunc(all, func(r record) bool { return r.Program == name && r.Outcome == failed })
	switch {
	case p.outcome == brokenOff:
		why = cmp.Or(why, "it was broken off")
	case toldByTest && (why == "" || strings.HasPrefix(why, "exit status")):
		return nil
	}
	return []record{{Program: name, Outcome: failed, Why: cmp.Or(why, "it failed, and says no more")}}
}

var sourceLine = regexp.MustCompile(`^\s*\S+\.go:\d+: `)

// why is what a test that failed or was skipped says, on one line, or else the first test in it that failed.
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

// mostRunes is how much of a reason a line has room for.
const mostRunes = 250

func oneLine(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > mostRunes {
		return string(runes[:mostRunes]) + " …"
	}
	return string(runes)
}

// short is a package's path in this repository.
func short(pkg string) string {
	_, rest, found := strings.Cut(pkg, "processtracker-go/")
	if !found {
		return path.Base(pkg)
	}
	return rest
}

// missing are the databases for which a test had no server, and why.
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

// nightly is what was left to the nightly run.
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
