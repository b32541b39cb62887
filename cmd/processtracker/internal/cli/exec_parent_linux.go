package cli

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// endWithParent has the kernel kill the command when this program is killed. What the
// command has started is the guard's.
func endWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }

// adoptOrphans has the orphans of what this program has started fall to it. Those of
// them that have ended are seen as alive until somebody takes note, which in a
// container perhaps nobody else does.
func adoptOrphans() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }
