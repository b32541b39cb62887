package tracker

import (
	"context"
	"fmt"
	"strconv"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Capacity is an amount of memory and of processing, in units of your own, such
// as mebibytes and cores; neither is negative. Zero needs nothing.
type Capacity struct{ Memory, Processing int64 }

// String names both amounts.
func (c Capacity) String() string {
	return fmt.Sprintf("memory %d, processing %d", c.Memory, c.Processing)
}

// Cluster is a named pool of capacity that processes share. A nil maximum means no
// limit; a negative one is [ErrInvalid].
type Cluster struct {
	Name          string
	MaxMemory     *int64
	MaxProcessing *int64
	// The units of the maxima and of the runs' needs, such as "GB" and "cores". They are
	// for people to read; nothing is converted.
	MemoryUnit     string
	ProcessingUnit string
}

// ClusterUse is a cluster and the capacity that its active runs use.
type ClusterUse struct {
	Cluster
	Used Capacity
}

// String says how much of the cluster is used.
func (c ClusterUse) String() string {
	most := func(n *int64) string {
		if n == nil {
			return "any"
		}
		return strconv.FormatInt(*n, 10)
	}
	return fmt.Sprintf("cluster %q has memory %d of %s, processing %d of %s in use",
		c.Name, c.Used.Memory, most(c.MaxMemory), c.Used.Processing, most(c.MaxProcessing))
}

func clusters(rows []store.Cluster) []ClusterUse {
	all := make([]ClusterUse, len(rows))
	for i, c := range rows {
		all[i] = ClusterUse{
			Cluster: Cluster{Name: c.Name, MaxMemory: c.MaxMemory, MaxProcessing: c.MaxProcessing},
			Used:    Capacity{Memory: c.UsedMemory, Processing: c.UsedProcessing},
		}
	}
	return all
}

// SetCluster registers a cluster, or changes its maxima and their units. Active runs go on, even if
// they use more than a new maximum allows.
func (g *Registry) SetCluster(ctx context.Context, c Cluster) error {
	t := g.of()
	row, err := c.row()
	if err != nil {
		return err
	}
	if err := t.made().store.SetCluster(ctx, row, t.made().actor); err != nil {
		return t.failed(fmt.Sprintf("set cluster %q", row.Name), err)
	}
	return nil
}

// ChangeCluster changes some of the maxima and units of a cluster: change gets the stored
// ones, and sets those that are to be different. It ignores the name. For what change may
// do, and for errors, see [Registry].
func (g *Registry) ChangeCluster(ctx context.Context, cluster string, change func(*Cluster)) error {
	t := g.of()
	cluster, err := name("cluster name", cluster)
	if err != nil {
		return err
	}
	return revision[store.Cluster]{
		what: "cluster", name: cluster,
		change: func(row *store.Cluster) (err error) {
			next := Cluster{
				Name: cluster, MaxMemory: copied(row.MaxMemory), MaxProcessing: copied(row.MaxProcessing),
				MemoryUnit: row.MemoryUnit, ProcessingUnit: row.ProcessingUnit,
			}
			change(&next)
			next.Name = cluster
			*row, err = next.row()
			return err
		},
		same: store.Cluster.SameLimits,
		replace: func(ctx context.Context, change func(*store.Cluster)) (bool, error) {
			return t.made().store.ChangeCluster(ctx, cluster, t.made().actor, change)
		},
	}.make(ctx, t)
}

// copied is a copy that the caller of the tracker may change.
func copied(n *int64) *int64 {
	if n == nil {
		return nil
	}
	value := *n
	return &value
}

func (c Cluster) row() (row store.Cluster, err error) {
	row = store.Cluster{MaxMemory: c.MaxMemory, MaxProcessing: c.MaxProcessing}
	if row.Name, err = name("cluster name", c.Name); err != nil {
		return row, err
	}
	for _, n := range []*int64{c.MaxMemory, c.MaxProcessing} {
		if n != nil && *n < 0 {
			return row, invalid("maximum of cluster", strconv.FormatInt(*n, 10), "negative", "give 0 or more, or nil for no limit")
		}
	}
	if row.MemoryUnit, err = optionalName("unit of memory", c.MemoryUnit); err != nil {
		return row, err
	}
	row.ProcessingUnit, err = optionalName("unit of processing", c.ProcessingUnit)
	return row, err
}

// JoinCluster makes a process share a cluster: its runs start only while the cluster
// has room for their needs ([StartOptions].Needs). It registers the process if
// necessary. If the cluster does not exist, the error is [ErrNotFound].
func (g *Registry) JoinCluster(ctx context.Context, process, cluster string) error {
	t := g.of()
	process, cluster, err := inCluster(process, cluster)
	if err != nil {
		return err
	}
	known, err := t.made().store.JoinCluster(ctx, process, cluster, t.made().actor)
	if err != nil {
		return t.failed(fmt.Sprintf("process %q: join cluster %q", process, cluster), err)
	}
	if !known {
		return &NotFoundError{What: "cluster", Name: cluster}
	}
	return nil
}

// LeaveCluster makes a process stop sharing a cluster. If the process does not share
// it, the error is [ErrNotFound].
func (g *Registry) LeaveCluster(ctx context.Context, process, cluster string) error {
	t := g.of()
	process, cluster, err := inCluster(process, cluster)
	if err != nil {
		return err
	}
	left, err := t.made().store.LeaveCluster(ctx, process, cluster)
	if err != nil {
		return t.failed(fmt.Sprintf("process %q: leave cluster %q", process, cluster), err)
	}
	if !left {
		return &NotFoundError{What: "process in cluster", Name: process + " in " + cluster}
	}
	return nil
}

func inCluster(process, cluster string) (string, string, error) {
	process, err := name("process name", process)
	if err != nil {
		return "", "", err
	}
	cluster, err = name("cluster name", cluster)
	return process, cluster, err
}
