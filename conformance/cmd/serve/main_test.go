package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"mysql"}, {"sqlite", "true"}, {"", "true"}} {
		if code := run(t.Context(), args); code != exitUsage {
			t.Errorf("%q: exit code %d", args, code)
		}
	}
}

// The command gets a server's DSN in the variable, and on MySQL and MariaDB no
// database that others use; its exit code comes back.
func TestServe(t *testing.T) {
	t.Parallel()
	for name, d := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if os.Getenv(d.variable) == "" {
				t.Skip("not tested: " + d.variable + " names no server")
			}
			file := filepath.Join(t.TempDir(), "dsn")
			code := run(t.Context(), []string{name, "/bin/sh", "-c", `printf %s "$` + d.variable + `" >"$0"; exit 3`, file})
			dsn, err := os.ReadFile(file)
			if err != nil || code != 3 || d.apart != strings.Contains(string(dsn), "/serve_") {
				t.Errorf("exit code %d, %v", code, err)
			}
		})
	}
}
