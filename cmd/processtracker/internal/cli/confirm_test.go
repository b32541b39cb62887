package cli

import "testing"

// On a terminal, the tool asks before an action that is hard to undo. --yes answers the
// question; a script is not asked.
func TestDangerousCommandsAsk(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("start", "--process", "P").want(0)
	tl.run("lookup", "process-type", "add", "Mine").want(0)
	tl.env.Interactive = true
	force := []string{"reap", "--process", "P", "--force", "--reason", "its machine is gone"}
	remove := []string{"lookup", "process-type", "delete", "Mine"}
	tl.runWith("n\n", force...).want(CodeError, `This ends the run of process "P", even if its program still works.`, "End it? [y/N]", "nothing was changed")
	tl.runWith("", remove...).want(CodeError, "Delete", `"Mine"? [y/N]`, "nothing was changed")
	tl.wantRun(1, "running")
	tl.run(append(force, "--yes")...).want(0, "ended run 1")
	tl.runWith("y\n", remove...).want(0, "deleted")
	tl.env.Interactive = false
	tl.run("start", "--process", "P").want(0)
	tl.run(force...).want(0, "ended run 2")
}
