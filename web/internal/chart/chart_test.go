package chart

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func at(hour, minute int) time.Time { return time.Date(2026, 11, 29, hour, minute, 0, 0, time.UTC) }

func states() []State {
	return []State{Completed, Failed, Running, Held, Expired, Blocked, Never, Other}
}

// charts returns one chart of each kind, with every state.
func charts() map[string]string {
	gantt := Gantt{Title: "Night", Description: "All states", Since: at(0, 0), Until: at(10, 0), Now: at(9, 0), Zone: time.UTC}
	strip := Strip{Title: "Runs", Description: "All states"}
	graph := Graph{Title: "Graph"}
	for i, state := range states() {
		name := "<b>" + string(state) + "</b> \u202eעברית " + strings.Repeat("x", 30)
		gantt.Rows = append(gantt.Rows, Row{
			Label: name, Href: "process?name=" + string(state), Bars: []Bar{
				{From: at(i, 0), To: at(i, 50), State: state, Title: name, Href: "run?id=1"}, {From: at(i+1, 5), To: at(i+1, 6), State: state}, {From: at(8, i), State: state},
			},
			Marks: []Mark{{From: at(0, i), To: at(0, i), Title: "once"}, {From: at(2, 0), To: at(3, i), Title: "often & on"}},
		})
		strip.Columns = append(strip.Columns, Column{Value: float64(i), State: state, Title: name, Href: "run?id=1"})
		graph.Nodes = append(graph.Nodes, Node{Name: name, State: state, Title: name, Href: "process?name=x", Focus: i == 1})
		if i > 0 {
			graph.Edges = append(graph.Edges, Edge{Parent: graph.Nodes[i/2].Name, Child: name, Kind: []string{"normal", "hard", "soft"}[i%3], Blocks: i%2 == 0, Title: "edge"})
		}
	}
	graph.Edges = append(graph.Edges, Edge{Parent: graph.Nodes[0].Name, Child: graph.Nodes[7].Name, Kind: "soft"}, Edge{Parent: "none", Child: "none"})
	return map[string]string{"gantt": string(gantt.Draw()), "strip": string(strip.Draw("7")), "graph": string(graph.Draw())}
}

func TestChartsMatchTheGoldenFiles(t *testing.T) {
	t.Parallel()
	for name, got := range charts() {
		file := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s has changed; read the difference that this makes: go test ./web/internal/chart -update", file)
		}
	}
}

func TestChartsAreWellFormedAndHaveTitles(t *testing.T) {
	t.Parallel()
	for name, text := range charts() {
		decoder := xml.NewDecoder(strings.NewReader(text))
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if element, ok := token.(xml.StartElement); ok && element.Name.Local == "b" {
				t.Errorf("%s has the markup of a name", name)
			}
		}
		if !strings.Contains(text, "<title>") || strings.Contains(text, "style=") {
			t.Errorf("%s has no title, or an inline style", name)
		}
	}
}

func TestEveryStateHasAShapeOfItsOwn(t *testing.T) {
	t.Parallel()
	shapes := map[string]State{}
	for _, state := range states() {
		shape := strings.ReplaceAll(string(Icon(state)), string(state), "")
		if other, ok := shapes[shape]; ok {
			t.Errorf("%s and %s have one shape", state, other)
		}
		shapes[shape] = state
	}
}

func TestEdgesLeadToTheRight(t *testing.T) {
	t.Parallel()
	g := Graph{}
	for i := range 300 {
		g.Nodes = append(g.Nodes, Node{Name: fmt.Sprint(i)})
		for _, parent := range []int{i / 2, i / 3, i - 1} {
			if parent >= 0 && parent != i {
				g.Edges = append(g.Edges, Edge{Parent: fmt.Sprint(parent), Child: fmt.Sprint(i), Kind: "normal"})
			}
		}
	}
	g.Edges = append(g.Edges, Edge{Parent: "299", Child: "0"}) // a cycle, which never occurs, is cut
	l := newLayout(g)
	l.place(1000)
	for edge, way := range l.ways {
		for i, v := range way[1:] {
			if v.x <= way[i].x {
				t.Fatalf("%v goes back", edge)
			}
		}
	}
	taken := map[[2]float64]bool{}
	for _, layer := range l.layers {
		for _, v := range layer {
			if taken[[2]float64{v.x, v.y}] {
				t.Fatal("two nodes are in one place")
			}
			taken[[2]float64{v.x, v.y}] = true
		}
	}
}

func TestTicksAreFewAndInTheZone(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Kathmandu") // 5:45
	if err != nil {
		t.Fatal(err)
	}
	for _, length := range []time.Duration{time.Minute, time.Hour, 10 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour, 31 * 24 * time.Hour} {
		step, _ := tickStep(length)
		if n := length / step; n > 16 {
			t.Errorf("%v has %d ticks", length, n)
		}
		g := Gantt{Since: at(3, 7), Until: at(3, 7).Add(length), Zone: zone}
		for _, tick := range g.tickTimes(step) {
			if tick.Before(g.Since) || !tick.Before(g.Until) || step >= time.Hour && tick.Minute() != 0 || step >= 24*time.Hour && tick.Hour() != 0 {
				t.Errorf("%v has a tick at %v", length, tick)
			}
		}
	}
}

func TestTicksFollowAClockThatIsChanged(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	spring, autumn := time.Date(2027, 3, 28, 0, 0, 0, 0, zone), time.Date(2027, 10, 31, 0, 0, 0, 0, zone)
	for _, test := range []struct {
		since time.Time
		days  int
		want  string
	}{
		{spring, 1, "00 03 04 06 08 10 12 14 16 18 20 22"}, // no clock shows 02:00
		{autumn, 1, "00 03 06 09 12 15 18 21"},             // 25 hours
		{spring, 3, "00 06 12 18 00 06 12 18 00 06 12 18"},
		{autumn, 3, "00 12 00 12 00 12"},
		{spring, 7, "00 00 00 00 00 00 00"},
		{autumn, 7, "00 00 00 00 00 00 00"},
	} {
		g := Gantt{Since: test.since, Until: test.since.AddDate(0, 0, test.days), Zone: zone}
		step, _ := tickStep(g.Until.Sub(g.Since))
		var got []string
		for _, tick := range g.tickTimes(step) {
			got = append(got, tick.Format("15"))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%d days from %v, by %v: ticks at %v, want %s", test.days, test.since, step, got, test.want)
		}
	}
}
