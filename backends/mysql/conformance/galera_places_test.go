package conformance

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/backends/mysql"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
	"github.com/processtracker/processtracker-go/core/dialect"
)

// A place on a cluster is known by its DSNs on all nodes, spaces between them.
// Whoever opens it gets one node after the other.
var turns = struct {
	sync.Mutex

	of map[string]int
}{of: map[string]int{}}

// nodeOf is the DSN of the node whose turn it is.
func nodeOf(place string) string {
	nodes := strings.Fields(place)
	turns.Lock()
	defer turns.Unlock()
	turn, begun := turns.of[place]
	if !begun {
		turn = rand.N(len(nodes)) // a worker, which opens the place once, is to get any
	}
	turns.of[place] = turn + 1
	return nodes[turn%len(nodes)]
}

func openNode(ctx context.Context, place string) (dialect.Backend, error) {
	return mysql.Open(ctx, nodeOf(place), nil)
}

// beginOnNode begins a transaction as [begin] does. On a cluster, the user has set
// that it sees what was done on the other nodes.
func beginOnNode(ctx context.Context, place string, level sql.IsolationLevel) (suite.Transaction, error) {
	dsn := nodeOf(place)
	if dsn != place {
		dsn += "&wsrep_sync_wait=1"
	}
	return begin(ctx, dsn, level)
}

// onAllNodes returns a function that makes up places on a cluster. At the end, every
// node has to have the same there.
func onAllNodes(cluster *servers.Server) func(testing.TB) string {
	first := databases(cluster, "")
	return func(t testing.TB) string {
		t.Helper()
		dsn := first(t)
		must(t, cluster.Settle(context.Background()))
		all := []string{dsn}
		for _, peer := range cluster.Peers {
			all = append(all, strings.Replace(dsn, host(t, dsn), host(t, peer), 1))
		}
		place := strings.Join(all, " ")
		t.Cleanup(func() {
			if err := wantSame(context.Background(), place); err != nil {
				t.Error(err)
			}
		})
		return place
	}
}

func host(t testing.TB, dsn string) string {
	t.Helper()
	config, _, err := mysql.ParseDSN(dsn)
	must(t, err)
	return config.Addr
}

// wantSame compares the content of all tables on the nodes of a place, until it is the
// same: a renewal of a lease may have been on its way when its tracker was closed.
func wantSame(ctx context.Context, place string) error {
	var sums []string
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		sums = nil
		for dsn := range strings.FieldsSeq(place) {
			got, err := checksums(ctx, dsn)
			if err != nil {
				return err
			}
			sums = append(sums, got)
		}
		if sums = slices.Compact(sums); len(sums) == 1 {
			return nil
		}
	}
	return fmt.Errorf("the tables' checksums on the nodes are\n%s", strings.Join(sums, "and\n"))
}

// checksums lists the tables on a node that has caught up, with a number that says
// what is in them.
func checksums(ctx context.Context, dsn string) (list string, err error) {
	config, _, err := mysql.ParseDSN(dsn + "&wsrep_sync_wait=15")
	if err != nil {
		return "", err
	}
	db, err := sql.Open("mysql", config.FormatDSN())
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }()
	var tables *string
	err = db.QueryRowContext(ctx, "SELECT GROUP_CONCAT('`', table_name, '`' ORDER BY table_name) FROM information_schema.tables"+
		" WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'").Scan(&tables)
	if err != nil || tables == nil {
		return "", err
	}
	rows, err := db.QueryContext(ctx, "CHECKSUM TABLE "+*tables)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table string
		var sum *int64
		if err := rows.Scan(&table, &sum); err != nil {
			return "", err
		}
		if sum == nil {
			return "", fmt.Errorf("no checksum of %s", table)
		}
		list += fmt.Sprintf("%s %d\n", table, *sum)
	}
	return list, rows.Err()
}
