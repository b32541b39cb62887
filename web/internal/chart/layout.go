package chart

import (
	"cmp"
	"slices"
)

// layout places the nodes of a graph in layers, so that every edge goes from left to
// right and few edges cross. A node's layer is the length of the longest path to it.
// Sweeps then order each layer by the mean position of the neighbours.
type layout struct {
	vertices map[string]*vertex
	layers   [][]*vertex
	ways     map[[2]string][]*vertex // the vertices of each edge: its ends, and one in each layer between
}

// vertex is a node, or the point where a long edge crosses a layer.
type vertex struct {
	name     string // empty for a crossing edge
	layer    int
	order    float64
	x, y     float64
	parents  []*vertex
	children []*vertex
}

const sweeps = 6

func newLayout(g Graph) *layout {
	l := &layout{vertices: map[string]*vertex{}, ways: map[[2]string][]*vertex{}}
	for _, n := range g.Nodes {
		l.vertices[n.Name] = &vertex{name: n.Name, layer: -1}
	}
	parents := map[string][]string{}
	for _, e := range g.Edges {
		if l.vertices[e.Parent] != nil && l.vertices[e.Child] != nil {
			parents[e.Child] = append(parents[e.Child], e.Parent)
		}
	}
	for _, n := range g.Nodes {
		l.longest(n.Name, parents, map[string]bool{})
	}
	for _, n := range g.Nodes {
		l.add(l.vertices[n.Name])
	}
	for _, e := range g.Edges {
		l.connect(e)
	}
	for sweep := range sweeps {
		l.sweep(sweep%2 == 0)
	}
	return l
}

// longest returns the layer of a node: one more than the highest layer of its parents.
// It cuts cycles, although the tracker does not allow any.
func (l *layout) longest(name string, parents map[string][]string, above map[string]bool) int {
	v := l.vertices[name]
	if v.layer >= 0 || above[name] {
		return max(v.layer, 0)
	}
	above[name] = true
	layer := 0
	for _, parent := range parents[name] {
		layer = max(layer, l.longest(parent, parents, above)+1)
	}
	delete(above, name)
	v.layer = layer
	return layer
}

func (l *layout) add(v *vertex) {
	for len(l.layers) <= v.layer {
		l.layers = append(l.layers, nil)
	}
	v.order = float64(len(l.layers[v.layer]))
	l.layers[v.layer] = append(l.layers[v.layer], v)
}

// connect gives an edge a vertex in each layer that it crosses.
func (l *layout) connect(e Edge) {
	from, to := l.vertices[e.Parent], l.vertices[e.Child]
	if from == nil || to == nil || from.layer >= to.layer {
		return
	}
	way := []*vertex{from}
	for layer := from.layer + 1; layer < to.layer; layer++ {
		v := &vertex{layer: layer}
		l.add(v)
		way = append(way, v)
	}
	way = append(way, to)
	for i, v := range way[1:] {
		way[i].children = append(way[i].children, v)
		v.parents = append(v.parents, way[i])
	}
	l.ways[[2]string{e.Parent, e.Child}] = way
}

// sweep orders each layer by the layer before it, or after it.
func (l *layout) sweep(down bool) {
	for i := range l.layers {
		layer := l.layers[i]
		if !down {
			layer = l.layers[len(l.layers)-1-i]
		}
		for _, v := range layer {
			neighbours := v.parents
			if !down {
				neighbours = v.children
			}
			if len(neighbours) == 0 {
				continue
			}
			var sum float64
			for _, n := range neighbours {
				sum += n.order
			}
			v.order = sum / float64(len(neighbours))
		}
		slices.SortStableFunc(layer, func(a, b *vertex) int { return cmp.Compare(a.order, b.order) })
		for at, v := range layer {
			v.order = float64(at)
		}
	}
}

// place converts layers and orders to coordinates; each layer is centred.
func (l *layout) place(height float64) {
	for _, layer := range l.layers {
		used := float64(len(layer))*(nodeHeight+nodeGap) - nodeGap
		top := max((height-used)/2, 4)
		for i, v := range layer {
			v.x = 4 + float64(v.layer)*(nodeWidth+layerGap)
			v.y = top + float64(i)*(nodeHeight+nodeGap)
		}
	}
}
