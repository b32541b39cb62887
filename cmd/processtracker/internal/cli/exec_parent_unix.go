//go:build unix && !linux

package cli

import "syscall"

// endWithParent does nothing where a command cannot be tied to this program's life.
func endWithParent(*syscall.SysProcAttr) {}

// adoptOrphans leaves orphans to the system, which takes note of their ends.
func adoptOrphans() {}
