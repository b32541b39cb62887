package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/processtracker/processtracker-go/conformance/servers"
)

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		nil, {"mysql"}, {"mysql", "--"}, {"sqlite", "true"}, {"postgres,sqlite", "true"}, {"", "true"}, {"-none", "postgres", "true"},
	} {
		if code := run(t.Context(), nil, args); code != exitUsage {
			t.Errorf("%q: exit code %d", args, code)
		}
	}
}

func TestRead(t *testing.T) {
	t.Setenv("PROCESSTRACKER_REQUIRE", "sqlite,galera")
	for _, args := range [][]string{
		{"-require", "mysql", "postgres, MySQL", "--", "go", "test", "--"},
		{"-require=mysql", "postgres,mysql", "go", "test", "--"},
	} {
		o, err := read(args)
		if err != nil {
			t.Fatal(err)
		}
		for what, got := range map[string][]string{
			"postgres mysql": o.databases, "mysql sqlite galera": o.required, "go test --": o.command,
		} {
			if strings.Join(got, " ") != what {
				t.Errorf("%q: got %q, want %q", args, got, what)
			}
		}
	}
}

// missing makes sure that no PostgreSQL server is found.
func missing(t *testing.T) {
	t.Helper()
	t.Setenv(servers.ProvidersVar, "dsn")
	t.Setenv(servers.PostgresDSNVar, "")
	t.Setenv(servers.ServedVar, "")
	t.Setenv("PROCESSTRACKER_REQUIRE", "")
}

func TestCommandLearnsWhyAServerIsMissing(t *testing.T) {
	missing(t)
	file := filepath.Join(t.TempDir(), "served")
	code := run(t.Context(), nil, []string{"postgres", "--", "/bin/sh", "-c", `printf %s "$` + servers.ServedVar + `" >"$0"; exit 3`, file})
	text, err := os.ReadFile(file)
	if err != nil || code != 3 || !strings.Contains(string(text), "excluded by") {
		t.Errorf("exit code %d, %q, %v", code, text, err)
	}
}

func TestRequiredServerIsMissing(t *testing.T) {
	missing(t)
	ran := filepath.Join(t.TempDir(), "ran")
	args := []string{"postgres", "touch", ran}
	if code := run(t.Context(), nil, append([]string{"-require", "postgres"}, args...)); code != exitUnavailable {
		t.Errorf("required by the flag: exit code %d", code)
	}
	t.Setenv("PROCESSTRACKER_REQUIRE", "sqlite,postgres")
	if code := run(t.Context(), nil, args); code != exitUnavailable {
		t.Errorf("required by the environment: exit code %d", code)
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("the command was run")
	}
}

func TestSignalsGoToTheCommand(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		for _, own := range []bool{true, false} {
			script, want := "kill -$0 $$; sleep 600", 128+int(signal)
			if own { // a command that ends in its own way
				script, want = "trap 'exit 7' INT TERM; echo >$1; while :; do sleep 0.01; done", 7
			}
			signals := make(chan os.Signal, 1)
			file := filepath.Join(t.TempDir(), "ready")
			if err := syscall.Mkfifo(file, 0o600); err != nil {
				t.Fatal(err)
			}
			if own {
				go func() {
					_, _ = os.ReadFile(file) // until the command has set its trap
					signals <- signal
				}()
			}
			code, err := command(signals, []string{"/bin/sh", "-c", script, map[syscall.Signal]string{syscall.SIGINT: "INT", syscall.SIGTERM: "TERM"}[signal], file}, nil)
			if code != want || err != nil {
				t.Errorf("%v: exit code %d, %v, want %d", signal, code, err, want)
			}
		}
	}
}

// TestServe runs a command beside each server that is available. The command gets the server's DSN in the variable, on
// MySQL and MariaDB with a database of its own, and serve returns its exit code.
func TestServe(t *testing.T) {
	t.Parallel()
	for _, name := range servers.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			variable := servers.Variable(name)
			if os.Getenv(variable) == "" {
				t.Skip("not tested: " + variable + " names no server")
			}
			file := filepath.Join(t.TempDir(), "dsn")
			code := run(t.Context(), nil, []string{name, "/bin/sh", "-c", `printf %s "$` + variable + `" >"$0"; exit 3`, file})
			dsn, err := os.ReadFile(file)
			apart := name == "mysql" || name == "mariadb"
			if err != nil || code != 3 || len(dsn) == 0 || apart && !strings.Contains(string(dsn), "/serve_") {
				t.Errorf("exit code %d, %v", code, err)
			}
		})
	}
}
