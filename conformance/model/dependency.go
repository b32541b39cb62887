package model

import (
	"fmt"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// AddDependency makes one process depend on another.
type AddDependency struct {
	Child, Parent string
	Kind          tracker.DependencyKind // empty: unchanged
	Fresh         *bool                  // nil: unchanged
}

func (c AddDependency) String() string {
	text := words(c.Child, "depends on", c.Parent, c.Kind)
	if c.Fresh != nil {
		text += fmt.Sprintf(", fresh %t", *c.Fresh)
	}
	return text
}

// Do implements [Call]: S2.11.
func (c AddDependency) Do(s *State) Outcome {
	if s.reaches(c.Parent, c.Child) {
		return refused(tracker.ErrCycle)
	}
	s.register(c.Parent)
	child := s.register(c.Child)
	dep, ok := child.parents[c.Parent]
	if !ok {
		dep.kind = tracker.Normal
	}
	if c.Kind != "" {
		dep.kind = c.Kind
	}
	if c.Fresh != nil {
		dep.fresh = *c.Fresh
	}
	child.parents[c.Parent] = dep
	return Outcome{}
}

// reaches reports whether one process depends on another, directly or indirectly.
func (s *State) reaches(from, to string) bool {
	if from == to {
		return true
	}
	if p := s.processes[from]; p != nil {
		for parent := range p.parents {
			if s.reaches(parent, to) {
				return true
			}
		}
	}
	return false
}

// RemoveDependency removes a dependency.
type RemoveDependency struct{ Child, Parent string }

func (c RemoveDependency) String() string { return words(c.Child, "depends no more on", c.Parent) }

// Do implements [Call].
func (c RemoveDependency) Do(s *State) Outcome {
	if p := s.processes[c.Child]; p != nil {
		if _, ok := p.parents[c.Parent]; ok {
			delete(p.parents, c.Parent)
			return Outcome{}
		}
	}
	return refused(tracker.ErrNotFound)
}

// SetCluster creates or changes a cluster. A nil maximum means no limit.
type SetCluster struct {
	Cluster            string
	Memory, Processing *int64
}

func (c SetCluster) String() string {
	most := func(n *int64) any {
		if n == nil {
			return "any"
		}
		return *n
	}
	return words("cluster", c.Cluster, "has memory", most(c.Memory), "and processing", most(c.Processing))
}

// Do implements [Call].
func (c SetCluster) Do(s *State) Outcome {
	s.clusters[c.Cluster] = cluster{c.Memory, c.Processing}
	return Outcome{}
}

// JoinCluster adds a process to a cluster. It registers the process even if the cluster
// does not exist.
type JoinCluster struct{ Process, Cluster string }

func (c JoinCluster) String() string { return words(c.Process, "joins cluster", c.Cluster) }

// Do implements [Call].
func (c JoinCluster) Do(s *State) Outcome {
	p := s.register(c.Process)
	if _, ok := s.clusters[c.Cluster]; !ok {
		return refused(tracker.ErrNotFound)
	}
	p.clusters[c.Cluster] = true
	return Outcome{}
}

// LeaveCluster removes a process from a cluster.
type LeaveCluster struct{ Process, Cluster string }

func (c LeaveCluster) String() string { return words(c.Process, "leaves cluster", c.Cluster) }

// Do implements [Call].
func (c LeaveCluster) Do(s *State) Outcome {
	p := s.processes[c.Process]
	if p == nil || !p.clusters[c.Cluster] {
		return refused(tracker.ErrNotFound)
	}
	delete(p.clusters, c.Cluster)
	return Outcome{}
}
