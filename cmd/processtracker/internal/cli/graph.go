package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
	"github.com/processtracker/processtracker-go/core/tracker"
)

const graphHelp = `Print which processes wait for which, each with its state. If you name a process, print
those above and below it; otherwise print all processes that depend on another. In a
tree, a process stands under each process that it waits for, and its own subtree is
printed once. mermaid and dot (Graphviz) are for pages.`

const graphExample = `  processtracker graph
  processtracker graph "Teams Load" --format mermaid
  processtracker graph --format dot > processes.dot`

func (a *app) graphCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use: "graph [PROCESS]", Short: "Print which processes wait for which", Args: cobra.MaximumNArgs(1),
		Long: graphHelp, Example: graphExample,
		RunE: a.run(func(ctx context.Context, args []string) error {
			write, ok := map[string]func(*graph) string{"tree": (*graph).tree, "mermaid": (*graph).mermaid, "dot": (*graph).dot}[format]
			switch {
			case !ok:
				return exit(CodeUsage, fmt.Errorf("--format %q is not known; give tree, mermaid or dot", format))
			case a.json && a.flags.Changed("format"):
				return exit(CodeUsage, fmt.Errorf("--json and --format %s are both given; leave one of them out", format))
			}
			return a.withTracker(ctx, "", func(t *tracker.Tracker) error {
				g, err := graphOf(ctx, t, args)
				switch {
				case err != nil:
					return err
				case a.json:
					return writeJSON(a.env.Stdout, g.document())
				case len(g.names) == 0:
					a.sayf("no process depends on another")
					return nil
				}
				return a.printf("%s", write(g))
			})
		}),
	}
	cmd.Flags().StringVar(&format, "format", "tree", "tree, mermaid or dot")
	return cmd
}

// graph is the part of a survey that is printed.
type graph struct {
	*survey

	names []string // sorted
	among map[string]bool
}

func graphOf(ctx context.Context, t *tracker.Tracker, args []string) (*graph, error) {
	s, err := surveyOf(ctx, t)
	if err != nil {
		return nil, err
	}
	g := &graph{survey: s, among: map[string]bool{}}
	if len(args) > 0 {
		if _, ok := s.byName[args[0]]; !ok {
			return nil, &tracker.NotFoundError{What: "process", Name: args[0]}
		}
		g.reach(args[0], s.parents, func(d tracker.Dependency) string { return d.Parent })
		delete(g.among, args[0])
		g.reach(args[0], s.children, func(d tracker.Dependency) string { return d.Child })
	} else {
		for _, links := range []map[string][]tracker.Dependency{s.parents, s.children} {
			for name := range links {
				g.among[name] = true
			}
		}
	}
	for name := range g.among {
		g.names = append(g.names, name)
	}
	slices.Sort(g.names)
	return g, nil
}

// reach adds all processes that can be reached from a process in one direction.
func (g *graph) reach(from string, links map[string][]tracker.Dependency, to func(tracker.Dependency) string) {
	for next := []string{from}; len(next) > 0; {
		name := next[len(next)-1]
		next = next[:len(next)-1]
		if g.among[name] {
			continue
		}
		g.among[name] = true
		for _, d := range links[name] {
			next = append(next, to(d))
		}
	}
}

// edges returns the dependencies between the printed processes, by child.
func (g *graph) edges() (all []tracker.Dependency) {
	for _, name := range g.names {
		for _, d := range g.parents[name] {
			if g.among[d.Parent] {
				all = append(all, d)
			}
		}
	}
	return all
}

func (g *graph) stateOf(name string) string {
	state, _ := g.state(g.byName[name])
	return state
}

// tree prints the children of a process below it.
func (g *graph) tree() string {
	var b strings.Builder
	printed := map[string]bool{}
	var branch func(name, note, first, rest string)
	branch = func(name, note, first, rest string) {
		children := slices.DeleteFunc(slices.Clone(g.children[name]), func(d tracker.Dependency) bool { return !g.among[d.Child] })
		again := ""
		if printed[name] && len(children) > 0 {
			again, children = " (see above)", nil
		}
		printed[name] = true
		_, _ = fmt.Fprintf(&b, "%s%s  %s%s%s\n", first, table.Line(name), g.stateOf(name), note, again)
		for i, d := range children {
			if i == len(children)-1 {
				branch(d.Child, kindNote(d), rest+"└─ ", rest+"   ")
			} else {
				branch(d.Child, kindNote(d), rest+"├─ ", rest+"│  ")
			}
		}
	}
	for _, name := range g.names {
		if !slices.ContainsFunc(g.parents[name], func(d tracker.Dependency) bool { return g.among[d.Parent] }) {
			branch(name, "", "", "")
		}
	}
	return b.String()
}

// kindNote describes how a dependency differs from a normal one.
func kindNote(d tracker.Dependency) string {
	var notes []string
	if d.Kind != tracker.Normal {
		notes = append(notes, string(d.Kind))
	}
	if d.Fresh {
		notes = append(notes, "fresh")
	}
	if len(notes) == 0 {
		return ""
	}
	return " [" + strings.Join(notes, ", ") + "]"
}

func (g *graph) mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	id := map[string]string{}
	quote := strings.NewReplacer(`"`, "#quot;", "<", "#lt;", ">", "#gt;", "&", "#amp;")
	for i, name := range g.names {
		id[name] = fmt.Sprintf("p%d", i+1)
		_, _ = fmt.Fprintf(&b, "  %s[\"%s<br/>%s\"]\n", id[name], quote.Replace(table.Line(name)), quote.Replace(g.stateOf(name)))
	}
	for _, d := range g.edges() {
		arrow := map[tracker.DependencyKind]string{tracker.Hard: "==>", tracker.Soft: "-.->"}[d.Kind]
		if arrow == "" {
			arrow = "-->"
		}
		if d.Fresh {
			arrow += "|fresh|"
		}
		_, _ = fmt.Fprintf(&b, "  %s %s %s\n", id[d.Parent], arrow, id[d.Child])
	}
	return b.String()
}

func (g *graph) dot() string {
	var b strings.Builder
	b.WriteString("digraph processes {\n  rankdir=LR;\n  node [shape=box];\n")
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	quote := func(text string) string { return `"` + escape.Replace(table.Line(text)) + `"` }
	for _, name := range g.names {
		_, _ = fmt.Fprintf(&b, "  %s [label=\"%s\\n%s\"];\n", quote(name), escape.Replace(table.Line(name)), escape.Replace(g.stateOf(name)))
	}
	for _, d := range g.edges() {
		style := map[tracker.DependencyKind]string{tracker.Hard: " [style=bold]", tracker.Soft: " [style=dashed]"}[d.Kind]
		_, _ = fmt.Fprintf(&b, "  %s -> %s%s;\n", quote(d.Parent), quote(d.Child), style)
	}
	b.WriteString("}\n")
	return b.String()
}

// graphJSON is the graph as JSON.
type graphJSON struct {
	Processes    []graphNodeJSON `json:"processes"`
	Dependencies []graphEdgeJSON `json:"dependencies"`
}

type graphNodeJSON struct {
	Process string `json:"process"`
	State   string `json:"state"`
}

type graphEdgeJSON struct {
	Process   string `json:"process"`
	DependsOn string `json:"depends_on"`
	Kind      string `json:"kind"`
	Fresh     bool   `json:"fresh"`
}

func (g *graph) document() graphJSON {
	document := graphJSON{Processes: []graphNodeJSON{}, Dependencies: []graphEdgeJSON{}}
	for _, name := range g.names {
		document.Processes = append(document.Processes, graphNodeJSON{name, g.stateOf(name)})
	}
	for _, d := range g.edges() {
		document.Dependencies = append(document.Dependencies, graphEdgeJSON{d.Child, d.Parent, string(d.Kind), d.Fresh})
	}
	return document
}
