package conformance

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/linearize"
	"github.com/processtracker/processtracker-go/conformance/modeltest"
	"github.com/processtracker/processtracker-go/conformance/report"
	"github.com/processtracker/processtracker-go/conformance/servers"
	"github.com/processtracker/processtracker-go/conformance/suite"
)

// TestGalera puts a cluster of two nodes that both take writes through what
// transactions of several trackers can meet in: the cases of the suite, the model
// and the linearizer, all that one opens on one node and the other in turn, and
// cases in which a transaction on one node meets one on the other.
func TestGalera(t *testing.T) {
	t.Parallel()
	cluster := start(t, "galera")
	backend := underTest(cluster)
	backend.Open, backend.Begin, backend.Fresh = openNode, beginOnNode, onAllNodes(cluster)
	backend.Reuse.Nodes, backend.Reuse.Inspect = strings.Fields, wantSame
	several := backend
	several.Only = onCluster(t) // with races of fewer rounds
	suite.RunCases(t, several, "suite", besides(suite.Cases(), otherwiseOnGalera()))
	suite.RunCases(t, backend, "nodes", nodeCases())
	linearize.Run(t, backend)
	modeltest.Run(t, backend)
	t.Run("the nodes gave transactions up", func(t *testing.T) { wantConflicts(t, cluster) })
}

// onCluster are the rules to go through on a cluster: all that transactions of several
// trackers can meet in, and at a commit those in which they compete for one thing.
func onCluster(t *testing.T) []string {
	t.Helper()
	if suite.AtLevel() != suite.Commit {
		return report.OnCluster()
	}
	suite.Leave(t, "galera: the rules in which transactions rarely meet")
	return []string{"S2.6", "S2.7", "S2.8", "S2.11", "S3.2", "S4.3", "S5.1", "S5.6", "S8.2"}
}

// otherwiseOnGalera are the cases that have a transaction wait for another, or pass
// over what it has locked, and why that is not so where the other is on another
// node.
func otherwiseOnGalera() map[string]string {
	const (
		locks = "a claim does not see what one on another node has chosen: the second of them to commit begins again"
		waits = "a transaction does not wait for one on another node: the second of them to commit is given up"
		early = "a load is given up for a start on another node that took its run, often before it can be told so"
	)
	return map[string]string{
		"S5.6 a claim does not wait for the extracts of another uncommitted claim":          locks,
		"S7.1 S5.6 extracts are claimed in it, and are free again after a rollback":         locks,
		"S7.2 an end waits for a concurrent end in a transaction, and one of them decides":  waits,
		"S4.3 S7.2 a load that makes a call first keeps the run until its transaction ends": waits,

		"S4.3 S7.2 a load whose run lost its lease before its first call is refused, so that it rolls back": early,
	}
}

// besides has the cases skipped that are given with a reason.
func besides(cases []suite.Case, why map[string]string) []suite.Case {
	cases = slices.Clone(cases)
	for i, c := range cases {
		if reason, ok := why[c.Name]; ok {
			cases[i].Test = func(t *testing.T, e *suite.Env) { t.Skip(reason) }
		}
	}
	return cases
}

// wantConflicts checks that transactions on the two nodes have met: or nothing was
// tested.
func wantConflicts(t *testing.T, cluster *servers.Server) {
	t.Helper()
	given := map[string]int{}
	for _, node := range append([]string{cluster.DSN}, cluster.Peers...) {
		for name := range strings.FieldsSeq("wsrep_local_cert_failures wsrep_local_bf_aborts") {
			given[name] += status(t, node, name)
		}
	}
	t.Logf("transactions that the nodes gave up for another's: %v", given)
	if given["wsrep_local_cert_failures"] == 0 || given["wsrep_local_bf_aborts"] == 0 {
		t.Error("no transaction was given up at its commit, or none before: nothing was tested")
	}
}

// status reads a counter of a server's.
func status(t *testing.T, dsn, name string) int {
	t.Helper()
	var value string
	err := session(t, dsn).QueryRowContext(context.Background(), "SHOW GLOBAL STATUS LIKE '"+name+"'").Scan(&name, &value)
	must(t, err)
	n, err := strconv.Atoi(value)
	must(t, err)
	return n
}
