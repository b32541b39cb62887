package conformance

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// A place on a cluster is known by its DSNs on all nodes, spaces between them.
// Whoever opens it gets one node after the other.
var nodes = struct {
	sync.Mutex

	turn map[string]int
}{turn: map[string]int{}}

// node is the DSN of the node whose turn it is.
func node(place string) string {
	all := strings.Fields(place)
	nodes.Lock()
	defer nodes.Unlock()
	turn, begun := nodes.turn[place]
	if !begun {
		turn = rand.N(len(all)) // a worker, which opens the place once, is to get any
	}
	nodes.turn[place] = turn + 1
	return all[turn%len(all)]
}

func openNode(ctx context.Context, place string) (dialect.Backend, error) {
	return mysql.Open(ctx, node(place))
}

// beginOnNode begins a transaction as [begin] does. On a cluster, the user has set
// that it sees what was done on the other nodes.
func beginOnNode(ctx context.Context, place string, level sql.IsolationLevel) (suite.Transaction, error) {
	dsn := node(place)
	if dsn != place {
		dsn += "&wsrep_sync_wait=1"
	}
	return begin(ctx, dsn, level)
}

// onAllNodes returns a function that makes up places on a cluster.
func onAllNodes(cluster *servers.Server) func(testing.TB) string {
	first := databases(cluster, "")
	return func(t testing.TB) string {
		t.Helper()
		dsn := first(t)
		if err := cluster.Settle(context.Background()); err != nil {
			t.Fatal(err)
		}
		all := []string{dsn}
		for _, peer := range cluster.Peers {
			all = append(all, strings.Replace(dsn, host(t, dsn), host(t, peer), 1))
		}
		return strings.Join(all, " ")
	}
}

func host(t testing.TB, dsn string) string {
	t.Helper()
	config, _, err := mysql.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return config.Addr
}

// TestGalera goes through the suite with a cluster of two nodes, all that a case
// opens on one and the other in turn.
func TestGalera(t *testing.T) {
	cluster := acquire(t, "galera", servers.Galera)
	backend := underTest(cluster)
	backend.Open, backend.Begin, backend.Fresh, backend.Client = openNode, beginOnNode, onAllNodes(cluster), nil
	suite.Run(t, backend)
}
