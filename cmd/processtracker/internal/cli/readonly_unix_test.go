//go:build unix

package cli

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/processtracker/processtracker-go/backends/sqlite"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// nobody is a user that owns nothing.
const nobody = 65534

// asNobody returns a function that runs the tool as a user with no special rights,
// because root may write anywhere. The test binary is copied to a directory where that
// user can run it.
func asNobody(t *testing.T) func(args ...string) *result {
	t.Helper()
	if os.Getuid() != 0 {
		return func(args ...string) *result { return runTool(t, os.Args[0], nil, args) }
	}
	dir := openDirectory(t)
	program := filepath.Join(dir, "tool")
	copyFile(t, os.Args[0], program, 0o755)
	attr := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if err := asUser(exec.CommandContext(t.Context(), program, asTool, "--version"), attr).Run(); err != nil {
		t.Skipf("the tool cannot be run as another user here: %v", err)
	}
	return func(args ...string) *result { return runTool(t, program, attr, args) }
}

func asUser(cmd *exec.Cmd, attr *syscall.SysProcAttr) *exec.Cmd {
	cmd.SysProcAttr, cmd.Env, cmd.Dir = attr, []string{"HOME=/nonexistent"}, "/"
	return cmd
}

func runTool(t *testing.T, program string, attr *syscall.SysProcAttr, args []string) *result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := asUser(exec.CommandContext(t.Context(), program, append([]string{asTool}, args...)...), attr)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run() // the exit code tells the error
	return &result{t: t, args: args, code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
}

// openDirectory creates a directory that every user may enter, unlike a test's own.
func openDirectory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "processtracker") //nolint:usetesting // other users cannot enter a test's own directory
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.Chmod(dir, 0o755)
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	chmod(t, dir, 0o755)
	return dir
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestReadingWithoutTheRightToWrite reads as a user that may write neither to the
// file nor to its directory.
func TestReadingWithoutTheRightToWrite(t *testing.T) {
	t.Parallel()
	run := asNobody(t)
	dir := openDirectory(t)
	file := filepath.Join(dir, "tracker.db")
	tl := newTool(t)
	tl.dsn = sqlite.DSN(file)
	tl.env.Environ = append(tl.env.Environ, DSNVariable+"="+tl.dsn)
	tl.run("setup").want(0)
	tl.run("exec", "--process", "Nightly", "--", "true").want(0)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("a new database is for its owner alone, but has %v", info.Mode())
	}
	chmod(t, file, 0) // the owner runs the tool, too, unless that is root
	run("status", "--dsn", tl.dsn).want(1, "this user may not read it")
	chmod(t, file, 0o444)
	chmod(t, dir, 0o555)
	on := func(args ...string) *result { return run(append([]string{args[0], "--dsn", tl.dsn}, args[1:]...)...) }
	on("status").want(0, "drift     none", "latest    Nightly, run 1, completed")
	for _, args := range [][]string{
		{"runs"}, {"extracts"}, {"errors"}, {"history"}, {"setup"}, {"setup", "--dry-run"}, {"purge", "--older-than", "1d", "--dry-run"}, {"reap", "--dry-run"},
	} {
		on(args...).want(0)
	}
	on("runs", "--json").want(0, `"process":"Nightly"`)
	on("start", "--process", "Nightly").want(CodeError, tracker.ErrReadOnly.Error())
	on("hold", "Nightly", "--reason", "r").want(CodeError, tracker.ErrReadOnly.Error())
	run("setup", "--dsn", sqlite.DSN(filepath.Join(dir, "new.db"))).want(CodeError, "this user may not write to the directory "+dir)

	// A writer has the file open: the contents of the log can be read with it.
	chmod(t, dir, 0o755)
	chmod(t, file, 0o644)
	tr := tl.tracker()
	active, err := tr.Start(t.Context(), tracker.Process{Name: "Hourly"}, &tracker.StartOptions{Lease: time.Hour}) // no heartbeat opens the file meanwhile
	if err != nil {
		t.Fatal(err)
	}
	chmod(t, dir, 0o555)
	on("runs").want(0, "Hourly", "Nightly")
	// The log alone, without the file needed to read it: the command fails instead of
	// silently omitting rows.
	chmod(t, dir, 0o755)
	shm := file + "-shm"
	if err := os.Rename(shm, shm+".away"); err != nil {
		t.Fatal(err)
	}
	chmod(t, dir, 0o555)
	if r := on("runs").want(CodeError, "write-ahead log", "-wal", "run a command"); strings.Contains(r.stdout, "Nightly") {
		t.Errorf("it lists %s", r.stdout)
	}
	chmod(t, dir, 0o755)
	if err := os.Rename(shm+".away", shm); err != nil {
		t.Fatal(err)
	}
	if err := active.Complete(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
