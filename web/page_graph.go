package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web/internal/chart"
)

// mostNodes limits the nodes of one graph; a filter selects another part.
const mostNodes = 400

// graphPage shows the processes that have dependencies, with their states: all of them,
// or the neighbourhood of one.
func graphPage(v view, s *snapshot) *page {
	p := &page{Name: "graph", Title: "Graph", Refresh: true}
	focus, depth := v.query.Get("process"), min(max(atoi(v.query.Get("depth")), 0), 9)
	state := v.query.Get("state")
	if depth == 0 {
		depth = 3
	}
	p.Forms = []filterForm{{Action: "graph", Submit: "Show", Fields: []field{
		{Name: "process", Label: "Around the process", Type: "search", Value: focus},
		{Name: "depth", Label: "Steps", Type: "number", Value: strconv.Itoa(depth)},
		{Name: "state", Label: "Only", Type: "select", Options: []option{
			{"", "all", state == ""}, {"trouble", "processes that failed, are on hold or are blocked", state == "trouble"},
		}},
	}}}
	chosen := s.connected()
	switch {
	case focus != "":
		if _, ok := s.byName[focus]; !ok {
			p.Lead = fmt.Sprintf("There is no process %q. Names must match exactly; the search finds parts of names.", focus)
			chosen = nil
		} else {
			chosen = s.around(focus, depth)
		}
	case state == "trouble":
		chosen = s.trouble()
	}
	sec := section{ID: "graph", Title: "Dependencies", Note: "A process waits for those on its left. A dashed line is a soft dependency, a thick one a hard one. A line with a red tip blocks the process."}
	if len(chosen) > mostNodes {
		sec.Note = fmt.Sprintf("%d of %d processes are drawn; name one to see those around it. ", mostNodes, len(chosen)) + sec.Note
		chosen = chosen[:mostNodes]
	}
	g, t := v.graph(s, chosen, focus)
	if len(chosen) > 0 {
		sec.Chart = g.Draw()
	} else if p.Lead == "" {
		sec.Note = "No process depends on another."
	}
	p.Sections = []section{sec, {ID: "dependencies", Title: "The same as a list", Table: t}}
	return p
}

// connected returns the names of the processes that are a parent or a child.
func (s *snapshot) connected() []string {
	var all []string
	for _, p := range s.processes {
		if len(s.parents[p.Name])+len(s.children[p.Name]) > 0 {
			all = append(all, p.Name)
		}
	}
	return all
}

// around returns the processes within a number of steps of one: the processes that it
// waits for, and the ones that wait for it.
func (s *snapshot) around(focus string, depth int) []string {
	met := map[string]bool{focus: true}
	walk := func(next func(string) []string) {
		generation := []string{focus}
		for range depth {
			var following []string
			for _, name := range generation {
				for _, other := range next(name) {
					if !met[other] {
						met[other], following = true, append(following, other)
					}
				}
			}
			generation = following
		}
	}
	walk(func(name string) (names []string) {
		for _, d := range s.parents[name] {
			names = append(names, d.Parent)
		}
		return names
	})
	walk(func(name string) (names []string) {
		for _, d := range s.children[name] {
			names = append(names, d.Child)
		}
		return names
	})
	return s.inOrder(met)
}

// trouble returns the processes that are blocked or need attention, and the ones that
// block them.
func (s *snapshot) trouble() []string {
	met := map[string]bool{}
	for _, p := range s.processes {
		switch s.state(p) {
		case chart.Failed, chart.Held, chart.Expired:
			met[p.Name] = true
		case chart.Blocked:
			met[p.Name] = true
			for _, c := range s.blocked[p.Name] {
				met[c.root], met[c.via] = true, true
			}
		default: // nothing is wrong
		}
	}
	return s.inOrder(met)
}

func (s *snapshot) inOrder(names map[string]bool) []string {
	var all []string
	for _, p := range s.processes {
		if names[p.Name] {
			all = append(all, p.Name)
		}
	}
	return all
}

func (v view) graph(s *snapshot, chosen []string, focus string) (chart.Graph, *table) {
	g := chart.Graph{Title: "Dependencies of processes", Description: "The list below has the same."}
	t := &table{ID: "dependencies", Caption: "Dependencies", Empty: "None.", Columns: []column{
		{Key: "child", Title: "Process"}, {Key: "child_state", Title: "State"}, {Key: "parent", Title: "Waits for"}, {Key: "parent_state", Title: "State"},
		{Key: "kind", Title: "Dependency"}, {Key: "fresh", Title: "Fresh data"}, {Key: "in_the_way", Title: "Blocks it"},
	}}
	for _, name := range chosen {
		state := s.state(s.byName[name])
		g.Nodes = append(g.Nodes, chart.Node{
			Name: name, State: state, Title: name + ": " + stateWord(state), Href: v.process(name), Focus: name == focus,
		})
		for _, d := range s.parents[name] {
			if _, ok := slices.BinarySearchFunc(chosen, d.Parent, strings.Compare); !ok {
				continue
			}
			blocks := s.inTheWay(d)
			g.Edges = append(g.Edges, chart.Edge{Parent: d.Parent, Child: d.Child, Kind: string(d.Kind), Blocks: blocks, Title: edgeTitle(d, blocks)})
			t.Rows = append(t.Rows, v.edgeCells(s, d, blocks))
		}
	}
	return g, t
}

func edgeTitle(d tracker.Dependency, blocks bool) string {
	text := fmt.Sprintf("%s waits for %s (%s", d.Child, d.Parent, d.Kind)
	if d.Fresh {
		text += ", fresh data"
	}
	text += ")"
	if blocks {
		text += ", which blocks it"
	}
	return text
}

func (v view) edgeCells(s *snapshot, d tracker.Dependency, blocks bool) []cell {
	child, parent := s.state(s.byName[d.Child]), s.state(s.byName[d.Parent])
	return []cell{
		v.processCell(d.Child), stateCell(child, stateWord(child)), v.processCell(d.Parent), stateCell(parent, stateWord(parent)),
		textCell(string(d.Kind)), yesCell(d.Fresh), yesCell(blocks),
	}
}
