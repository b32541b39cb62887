package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// onTerminal starts a program in its own session on a terminal. It returns a function
// that waits for a line on the terminal.
func onTerminal(t *testing.T, tl *tool, args ...string) (cmd *exec.Cmd, master *os.File, await func(want string)) {
	t.Helper()
	master, slave := terminal(t)
	cmd = exec.CommandContext(bounded(t), args[0], args[1:]...)
	cmd.Env = tl.env.Environ
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(master)
	return cmd, master, func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.HasSuffix(lines.Text(), want) { // the terminal may echo ^C before it
				return
			}
		}
		t.Fatalf("the command never says %q: %v", want, lines.Err())
	}
}

func typed(t *testing.T, master *os.File, keys string) {
	t.Helper()
	if _, err := master.WriteString(keys); err != nil {
		t.Fatal(err)
	}
}

// Ctrl-C reaches the command, which has its own process group, exactly once.
func TestExecOnATerminal(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	cmd, master, await := onTerminal(t, tl, os.Args[0], asTool, "exec", "--process", "P", "--", os.Args[0], asChild, "signals")
	await("ready")
	typed(t, master, "\x03")
	await("interrupt")
	if err := cmd.Process.Signal(syscall.SIGUSR2); err != nil {
		t.Fatal(err)
	}
	await("user defined signal 2")
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("the command got %d signals before the last one: %v", cmd.ProcessState.ExitCode(), err)
	}
}

// A command that reads from the terminal gets the terminal, and then Ctrl-C as well.
func TestExecLendsTheTerminal(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	cmd, master, await := onTerminal(t, tl, os.Args[0], asTool, "exec", "--process", "P", "--", os.Args[0], asChild, "ask")
	await("asks")
	typed(t, master, "one\n")
	await("stops")
	typed(t, master, "\x03")
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 128+2 {
		t.Errorf("exit code %d (%s)", code, cmd.ProcessState)
	}
	tl.wantRun(1, "failed")
}

// Ctrl-Z stops the command and exec, and both continue together, whichever had the terminal.
func TestExecIsSuspended(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	cmd, master, await := onTerminal(t, tl, os.Args[0], asChild, "shell",
		os.Args[0], asTool, "exec", "--process", "P", "--", os.Args[0], asChild, "ask")
	await("asks")
	typed(t, master, "one\n")
	await("stops") // having the terminal
	typed(t, master, "\x1a")
	await("suspended")
	await("asks")
	typed(t, master, "two\n")
	await("got two")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	tl.wantRun(1, "completed")
}

// Ctrl-Z also stops a command that has left the terminal to exec.
func TestExecIsSuspendedWithTheTerminal(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	cmd, master, await := onTerminal(t, tl, os.Args[0], asChild, "shell",
		os.Args[0], asTool, "exec", "--process", "P", "--", "sh", "-c", "trap 'echo continued; exit 0' CONT; echo ready; "+goesOn)
	await("ready")
	typed(t, master, "\x1a")
	await("suspended")
	await("continued")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	tl.wantRun(1, "completed")
}

// Without its guard, killing exec still kills the command itself: the kernel does that.
func TestExecKilledWithItsGuard(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	var input io.WriteCloser
	p := startTool(t, tl, func(cmd *exec.Cmd) {
		var err error
		if input, err = cmd.StdinPipe(); err != nil {
			t.Fatal(err)
		}
	}, "exec", "--process", "P", "--", "sh", "-c", "echo started; read line; echo alive")
	p.wantLine("started")
	guards := 0
	for _, id := range childrenOf(t, p.cmd.Process.Pid) {
		if line, err := os.ReadFile("/proc/" + id + "/cmdline"); err == nil && strings.Contains(string(line), "processtracker-guard") {
			guard, err := strconv.Atoi(id)
			if err == nil {
				err = unix.Kill(guard, unix.SIGKILL)
			}
			if err != nil {
				t.Fatal(err)
			}
			guards++
		}
	}
	if guards != 1 {
		t.Errorf("exec has %d guards", guards)
	}
	p.signal(syscall.SIGKILL)
	if _, err := p.cmd.Process.Wait(); err != nil {
		t.Fatal(err)
	}
	_ = input.Close() // for which the command waits, if it lives on
	if rest, err := io.ReadAll(p.out); err != nil || len(rest) > 0 {
		t.Errorf("the command lived on: %q, %v", rest, err)
	}
}

// childrenOf returns the children of a program, of all its threads.
func childrenOf(t *testing.T, id int) (all []string) {
	t.Helper()
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", id))
	if err != nil || len(lists) == 0 {
		t.Skipf("the kernel does not tell whose child is whose: %v", err)
	}
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.Fields(string(text))...)
	}
	return all
}

// terminal opens a pseudo-terminal.
func terminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	t.Cleanup(func() { _ = master.Close() })
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	slave, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	t.Cleanup(func() { _ = slave.Close() })
	return master, slave
}
