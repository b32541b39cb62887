//go:build unix

package cli

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// guard ends the command's group if this program is killed and can no longer do so
// itself. The kernel ends the command at most, but none of the processes that it has
// started. The guard is a shell that reads from a pipe to which only this program
// writes, so it notices when this program ends, however that happens. It has its own
// session, so that a kill of the whole process group spares it.
//
// A nil guard guards nothing. Without /bin/sh, as in a minimal container, only the
// kernel ends the command.
type guard struct {
	shell *exec.Cmd
	tell  *os.File
}

// guarding waits for the group's number, and then for the message that the command has ended.
const guarding = `read -r group && { read -r over || kill -KILL "-$group"; }`

func startGuard() *guard {
	read, write, err := os.Pipe()
	if err != nil {
		return nil
	}
	defer func() { _ = read.Close() }()
	shell := exec.Command("/bin/sh", "-c", guarding, "processtracker-guard") //nolint:noctx // it outlives the events that could cancel it
	shell.Stdin, shell.Env, shell.Dir = read, []string{}, "/"
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := shell.Start(); err != nil {
		_ = write.Close()
		return nil
	}
	return &guard{shell: shell, tell: write}
}

// watch makes the guard watch over a group.
func (g *guard) watch(group int) { g.say(strconv.Itoa(group)) }

// close ends the guard and nothing else.
func (g *guard) close() {
	if g == nil {
		return
	}
	g.say("over")
	_ = g.tell.Close()
	_ = g.shell.Wait() // its exit status means nothing
}

// say fails only if the guard was killed.
func (g *guard) say(line string) {
	if g != nil {
		_, _ = g.tell.WriteString(line + "\n")
	}
}
