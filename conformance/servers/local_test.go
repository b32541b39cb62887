//go:build unix

package servers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// roleVar makes the test binary play another part than running the tests: that of one that dies with a server running.
const roleVar = "PROCESSTRACKER_TEST_SERVERS_ROLE"

func TestMain(m *testing.M) {
	if os.Getenv(roleVar) != "" {
		if err := playServerOwner(os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// playServerOwner starts a local server, says where it is, and waits to be killed.
func playServerOwner(out io.Writer) error {
	bin, err := findPostgres(os.Getenv("PATH"))
	if err != nil {
		return err
	}
	server, err := localPostgres(context.Background(), bin, freePort)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, server.DSN); err != nil {
		return err
	}
	select {}
}

func TestLocalServerEndsWithTheTestBinary(t *testing.T) {
	t.Parallel()
	needLocal(t)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			tmp := sharedTempDir(t)
			dsn, owner := startOwner(t, tmp)
			if _, err := postgresVersion(t.Context(), dsn); err != nil {
				t.Fatalf("the server does not answer: %v", err)
			}
			dirs, err := filepath.Glob(filepath.Join(tmp, "processtracker-postgres-*"))
			if err != nil || len(dirs) != 1 {
				t.Fatalf("the server's directory: %v, %v", dirs, err)
			}
			if err := owner.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			_ = owner.Wait()
			eventually(t, "the directory is removed", func() bool {
				_, err := os.Stat(dirs[0])
				return os.IsNotExist(err)
			})
			if _, err := postgresVersion(t.Context(), dsn); err == nil {
				t.Error("the server outlives the test binary")
			}
		})
	}
}

func startOwner(t *testing.T, tmp string) (dsn string, owner *exec.Cmd) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	owner = exec.CommandContext(t.Context(), self)
	owner.Env = append(os.Environ(), roleVar+"=server owner", "TMPDIR="+tmp)
	owner.Stderr = os.Stderr
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server's owner says nothing: %v", err)
	}
	return strings.TrimSpace(line), owner
}

// sharedTempDir returns a directory in which the server's account may remove its own files, as in /tmp; t.TempDir is
// for our own user only.
func sharedTempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "processtracker-test-") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	return dir
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(pollInterval) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came about that %s", what)
		}
	}
}

func TestLocalServerThatDoesNotStart(t *testing.T) {
	t.Parallel()
	started := time.Now()
	var where string
	_, err := startLocal(t.Context(), localSpec{
		name:     "broken",
		accounts: []string{"nobody"},
		command: func(dir string, _ int) []string {
			where = dir
			return []string{"/bin/sh", "-c", "echo no space left; exit 3"}
		},
		answers: func(context.Context, string, int) error { return errors.New("not yet") },
		port:    freePort,
	})
	if err == nil || !strings.Contains(err.Error(), "status 3") || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("got %v, want the exit status and the log", err)
	}
	if took := time.Since(started); took > localTimeout/2 {
		t.Errorf("noticing took %s", took)
	}
	if _, err := os.Stat(where); !os.IsNotExist(err) {
		t.Errorf("the directory %s is left behind: %v", where, err)
	}
}

func TestLocalServerThatNeverAnswers(t *testing.T) {
	t.Parallel()
	started := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := startLocal(ctx, localSpec{
		name:     "mute",
		accounts: []string{"nobody"},
		command:  func(string, int) []string { return []string{"/bin/sh", "-c", "echo thinking; exec sleep 600"} },
		answers:  func(context.Context, string, int) error { return errors.New("no answer") },
		port:     freePort,
	})
	if err == nil || !strings.Contains(err.Error(), "no answer") || !strings.Contains(err.Error(), "thinking") {
		t.Errorf("got %v, want the last answer and the log", err)
	}
	if took := time.Since(started); took > stopTimeout {
		t.Errorf("giving up took %s: the server had to be killed", took)
	}
}
