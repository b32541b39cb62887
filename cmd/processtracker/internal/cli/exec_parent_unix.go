//go:build unix && !linux

package cli

import "syscall"

// endWithParent does nothing where the kernel cannot tie a command to this program's
// life. The guard does it instead.
func endWithParent(*syscall.SysProcAttr) {}

// adoptOrphans leaves orphans to the system, which reaps them.
func adoptOrphans() {}
