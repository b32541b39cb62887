package conformance

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/processtracker/processtracker-go/conformance/bench"
)

func TestBulkPlans(t *testing.T) { bench.BulkPlans(t, counting(t)) }

// planModes are how a session may plan prepared statements: once for all values, or again
// for those of each call. By default it begins with the latter, and may change to the
// former; a commit tries that.
func planModes() []string {
	return []string{"SET plan_cache_mode = force_generic_plan", "SET plan_cache_mode = force_custom_plan"}
}

// steps adds what foreign keys' checks have read, which send no plans, but whose rows the
// server counts.
func steps(ctx context.Context, o bench.Opened, statement func(string, ...any) bench.Statement) (map[string]int64, error) {
	all := maps.Clone(o.Steps)
	rows, err := rowsRead(ctx, o.Hand, statement)
	for where, n := range rows {
		all["any statement that reads "+where] = n
	}
	return all, err
}

// explained has the server send the plan of each statement, with how many rows each part of it has gone through. It is for one connection.
func explained(config *pgxpool.Config) map[string]int64 {
	all := map[string]int64{}
	config.ConnConfig.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		_, plan, found := strings.Cut(n.Message, "plan:\n")
		if !found {
			return
		}
		var told struct {
			Query string `json:"Query Text"`
			Plan  planNode
		}
		if err := json.Unmarshal([]byte(plan), &told); err != nil {
			panic(err)
		}
		all[told.Query+"\n"+told.Plan.text("")] += told.Plan.steps()
	}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		for _, s := range []string{
			"LOAD 'auto_explain'", "SET client_min_messages = log", "SET log_min_messages = fatal", "SET auto_explain.log_analyze = on", "SET auto_explain.log_timing = off",
			"SET auto_explain.log_format = json", "SET auto_explain.log_min_duration = 0",
		} {
			if _, err := conn.Exec(ctx, s); err != nil {
				return err
			}
		}
		return nil
	}
	return all
}

// planNode is a part of a plan that was carried out.
type planNode struct {
	Type    string     `json:"Node Type"`
	Index   string     `json:"Index Name"`
	Table   string     `json:"Relation Name"`
	Rows    float64    `json:"Actual Rows"`
	Loops   float64    `json:"Actual Loops"`
	Filter  float64    `json:"Rows Removed by Filter"`
	Join    float64    `json:"Rows Removed by Join Filter"`
	Recheck float64    `json:"Rows Removed by Index Recheck"`
	Plans   []planNode `json:"Plans"`
}

func (n planNode) own() int64 { return int64((n.Rows + n.Filter + n.Join + n.Recheck) * n.Loops) }

func (n planNode) steps() int64 {
	all := n.own()
	for _, p := range n.Plans {
		all += p.steps()
	}
	return all
}

// text has no numbers, so that executions of one plan are counted together.
func (n planNode) text(indent string) string {
	var b strings.Builder
	b.WriteString(indent + n.Type + " " + n.Table + " " + n.Index + "\n")
	for _, p := range n.Plans {
		b.WriteString(p.text(indent + "  "))
	}
	return b.String()
}
