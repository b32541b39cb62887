package cli

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// endWithParent makes the kernel kill the command when this program is killed. The
// guard takes care of the processes that the command has started.
func endWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }

// adoptOrphans makes this program the parent of orphans among its descendants. An
// orphan that has ended looks alive until its parent reaps it, which in a container
// perhaps no other process does.
func adoptOrphans() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }
