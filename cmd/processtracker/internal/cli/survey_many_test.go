package cli

import (
	"strings"
	"testing"
)

// The commands that look at all processes cope with ten thousand.
func TestTenThousandProcesses(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.sql(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 10000)
		INSERT INTO pt_process (name) SELECT printf('Process %05d', i) FROM n`,
		`INSERT INTO pt_process_dependency (child_id, parent_id, kind) SELECT id, id-1, 'normal' FROM pt_process WHERE id % 10 <> 1`,
		`INSERT INTO pt_process_dependency (child_id, parent_id, kind) SELECT id, id-2, 'soft' FROM pt_process WHERE id % 10 NOT IN (1, 2)`)
	tl.run("exec", "--process", "Process 00001", "false").want(1)
	tl.run("watch").want(0, "0 running, 1 blocked, 0 on hold, 1 failed lately")
	tl.env.Width = 40
	tl.run("process", "list").want(0, "--limit 0 lists all")
	tl.run("process", "list", "--failed").want(0, "Process 00001")
	tl.run("why", "Process 00010").want(0)
	for args, lines := range map[string]int{"process list --limit 0 -o csv --no-headers": 10_000, "dependency list --limit 0 -o csv --no-headers": 17_000, "graph": 10_000, "export": 36_000} {
		if r := tl.run(strings.Fields(args)...).want(0); strings.Count(r.stdout, "\n") < lines {
			t.Errorf("%s: %d lines", args, strings.Count(r.stdout, "\n"))
		}
	}
}
