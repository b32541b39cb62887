//go:build unix

package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// drive is a program that starts a session and a run, reports it, and ends the run on
// request. It has its own process. With "late", it leaves a child behind that holds the
// session's input open.
func drive(late bool) int {
	session := exec.Command(os.Args[0], asTool, "session") // ends with its input
	read, in, err := os.Pipe()
	if err != nil {
		return 90
	}
	session.Stdin = read
	out, err := session.StdoutPipe()
	if err != nil {
		return 91
	}
	session.Stderr = os.Stderr
	if err := session.Start(); err != nil {
		return 92
	}
	_ = read.Close()
	if late {
		heir := exec.Command("sleep", "1000") // the test ends it
		heir.ExtraFiles = []*os.File{in}
		if err := heir.Start(); err != nil {
			return 93
		}
		fmt.Println("heir", heir.Process.Pid)
	}
	answers := bufio.NewScanner(out)
	for i, call := range []string{
		`"method":"session.hello","params":{"protocols":[1],"lease":3600,"heartbeat_interval":0.1}`,
		`"method":"tracker.start","params":{"process":{"name":"P"}}`,
	} {
		_, _ = fmt.Fprintf(in, `{"jsonrpc":"2.0","id":%d,%s}`+"\n", i, call)
		if !answers.Scan() || !strings.Contains(answers.Text(), `"result"`) {
			return 94
		}
	}
	fmt.Println("started", session.Process.Pid)
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	_, _ = io.WriteString(in, `{"jsonrpc":"2.0","id":3,"method":"run.complete","params":{"run_id":1}}`+"\n")
	if !answers.Scan() || !strings.Contains(answers.Text(), `"result"`) {
		fmt.Println(answers.Text())
		return 95
	}
	_ = in.Close()
	if err := session.Wait(); err != nil {
		return 96
	}
	return 0
}

// driver controls a program that drives a session.
type driver struct {
	t       *testing.T
	cmd     *exec.Cmd
	in      io.Writer
	session int // the process
	heir    int
}

func newDriver(t *testing.T, tl *tool, mode string) *driver {
	t.Helper()
	d := &driver{t: t, cmd: exec.CommandContext(bounded(t), os.Args[0], asChild, mode)}
	d.cmd.Env = tl.env.Environ
	d.cmd.Stderr = os.Stderr
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	in, err := d.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	d.in = in
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for d.session == 0 && lines.Scan() {
		_, _ = fmt.Sscanf(lines.Text(), "heir %d", &d.heir)
		_, _ = fmt.Sscanf(lines.Text(), "started %d", &d.session)
	}
	if d.session == 0 {
		t.Fatalf("the driver does not start a run: %v", d.cmd.Wait())
	}
	return d
}

// awaitStatus waits until the run has a status.
func (tl *tool) awaitStatus(want string) {
	tl.t.Helper()
	for ctx := bounded(tl.t); ; {
		if runs := tl.runs(); len(runs) == 1 && runs[0].Status == want {
			return
		}
		if ctx.Err() != nil {
			tl.t.Fatalf("the run is never %s", want)
		}
	}
}

// If a program is killed, its run fails at once, long before its lease expires.
func TestSessionOfAKilledProgram(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	d := newDriver(t, tl, "driver")
	if err := d.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = d.cmd.Wait()
	tl.awaitStatus("failed")
	tl.run("errors").want(0, "ended without calling session.goodbye")
}

// The same holds if the program has left a child that holds the other end of the
// session's input.
func TestSessionOfAKilledProgramWithAnHeir(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	d := newDriver(t, tl, "driver-late")
	defer func() { _ = syscall.Kill(d.heir, syscall.SIGKILL) }()
	if err := d.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = d.cmd.Wait()
	tl.awaitStatus("failed")
	tl.run("errors").want(0, "ended without calling session.goodbye")
}

// If a program is frozen for longer than its lease, it keeps its run: the session
// renews the lease, and the program continues.
func TestSessionOfAFrozenProgram(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	d := newDriver(t, tl, "driver")
	if err := d.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	first := tl.leaseUntil()
	for until := first; until.Before(first.Add(time.Second)); until = tl.leaseUntil() { // some heartbeats later
		if bounded(t).Err() != nil {
			t.Fatal("the lease is not renewed")
		}
	}
	tl.run("start", "--process", "P").want(CodeAlreadyRunning)
	if err := d.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	d.finish()
	tl.wantStatuses("completed")
}

// finish makes the program end its run.
func (d *driver) finish() {
	d.t.Helper()
	if _, err := io.WriteString(d.in, "\n"); err != nil {
		d.t.Fatal(err)
	}
	if err := d.cmd.Wait(); err != nil {
		d.t.Errorf("the program ends with %v", err)
	}
}

// Ctrl-C reaches the session, too, but the program decides what to do.
func TestSessionIgnoresInterrupts(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	d := newDriver(t, tl, "driver")
	for range 10 { // the tool itself would catch the first one, and the next would end it
		if err := syscall.Kill(d.session, syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		tl.wantStatuses("running")
	}
	d.finish()
	tl.wantStatuses("completed")
}

// SIGTERM ends the session in the same way as the end of its input.
func TestSessionIsTerminated(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	d := newDriver(t, tl, "driver")
	if err := syscall.Kill(d.session, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	tl.awaitStatus("failed")
	if _, err := io.WriteString(d.in, "\n"); err != nil {
		t.Fatal(err)
	}
	_ = d.cmd.Wait() // it gets no answer any more
}

// The client in docs/protocol.md works.
func TestThePythonOnThePage(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("not tested: there is no python3")
	}
	page, err := os.ReadFile("../../../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(string(page), "```python\n")
	code, _, _ = strings.Cut(code, "```")
	tl := newSetUp(t)
	bin := t.TempDir()
	tool := fmt.Sprintf("#!/bin/sh\nexec '%s' %s \"$@\"\n", os.Args[0], asTool)
	if err := os.WriteFile(bin+"/processtracker", []byte(tool), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(bounded(t), python, "-c", code)
	cmd.Env = append(slices.Clone(tl.env.Environ), "PATH="+bin+":"+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil || code == "" {
		t.Fatalf("%v: %s", err, out)
	}
	tl.wantStatuses("completed")
}

// A program under exec resumes the run in a session, and leaves it with a goodbye.
func TestSessionUnderExec(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	script := fmt.Sprintf(`id=${PROCESSTRACKER_RUN%%%%:*} token=${PROCESSTRACKER_RUN#*:}
printf '%%s\n' '{"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"protocols":[1]}}' \
  '{"jsonrpc":"2.0","id":2,"method":"tracker.resume","params":{"run_id":'$id',"token":"'$token'"}}' |
{ cat; while kill -0 $$ && [ ! -e done ]; do :; done; printf '%%s\n' '{"jsonrpc":"2.0","id":3,"method":"session.goodbye"}'; } |
'%s' %s session | while read -r line; do echo "$line"; case $line in *'"id":2'*) touch done;; esac; done`, os.Args[0], asTool)
	tl.home = t.TempDir()
	r := tl.run("exec", "--share-run", "--process", "P", "--", "sh", "-c", "cd '"+tl.home+"' && "+script)
	r.want(0)
	tl.wantStatuses("completed")
}
