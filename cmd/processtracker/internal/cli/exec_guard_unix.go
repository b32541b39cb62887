//go:build unix

package cli

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// guard ends the command's group if this program is killed, which cannot do it itself
// then: the kernel ends the command at most, and nothing that the command has started.
// It is a shell that reads from a pipe to which only this program writes, so that it
// hears of this program's end however that comes. It has a session of its own, as
// whatever kills a whole process group must not get it, too.
//
// A nil guard guards nothing: without /bin/sh, as in a container that has only what it
// needs, the kernel has to do.
type guard struct {
	shell *exec.Cmd
	tell  *os.File
}

// guarding waits for the group's number, and then for the word that all is over.
const guarding = `read -r group && { read -r over || kill -KILL "-$group"; }`

func startGuard() *guard {
	read, write, err := os.Pipe()
	if err != nil {
		return nil
	}
	defer func() { _ = read.Close() }()
	shell := exec.Command("/bin/sh", "-c", guarding, "processtracker-guard") //nolint:noctx // it lasts for longer than what could end it
	shell.Stdin, shell.Env, shell.Dir = read, []string{}, "/"
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := shell.Start(); err != nil {
		_ = write.Close()
		return nil
	}
	return &guard{shell: shell, tell: write}
}

// watch has the guard look after a group.
func (g *guard) watch(group int) { g.say(fmt.Sprint(group)) }

// close ends the guard, and with it nothing else.
func (g *guard) close() {
	if g == nil {
		return
	}
	g.say("over")
	_ = g.tell.Close()
	_ = g.shell.Wait() // it has nothing to tell
}

// say may fail only if somebody has ended the guard.
func (g *guard) say(line string) {
	if g != nil {
		_, _ = g.tell.WriteString(line + "\n")
	}
}
