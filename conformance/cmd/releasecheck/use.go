package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// install gets the tool as README says, from an empty directory.
func (r *rehearsal) install(ctx context.Context) error {
	if _, err := output(ctx, r.home, r.env, "go", "install", ours+"/cmd/processtracker@"+r.version); err != nil {
		return err
	}
	said, err := r.tool(ctx, "version", "--json")
	if err != nil {
		return err
	}
	var v struct{ Version string }
	if err := json.Unmarshal([]byte(said), &v); err != nil {
		return err
	}
	if v.Version != r.version {
		return fmt.Errorf("processtracker version says %q; want %s", v.Version, r.version)
	}
	return nil
}

func (r *rehearsal) tool(ctx context.Context, args ...string) (string, error) {
	return output(ctx, r.home, append(os.Environ(), "PROCESSTRACKER_DSN="), filepath.Join(r.home, "bin", "processtracker"), args...)
}

// embed makes a new module of the README's program, which gets the core and all
// backends, and looks for the run that the program is to leave.
func (r *rehearsal) embed(ctx context.Context) error {
	page, err := os.ReadFile(filepath.Join(r.stage, "README.md"))
	if err != nil {
		return err
	}
	program, err := programOf(string(page))
	if err != nil {
		return err
	}
	backends := []string{"mysql", "postgres", "sqlite", "sqlserver"}
	all, get := "package main\n", []string{"get", ours + "/core@" + r.version}
	for _, b := range backends {
		all += fmt.Sprintf("\nimport _ %q", ours+"/backends/"+b)
		get = append(get, ours+"/backends/"+b+"@"+r.version)
	}
	if err := errors.Join(
		os.WriteFile(filepath.Join(r.home, "main.go"), []byte(program), 0o600),
		os.WriteFile(filepath.Join(r.home, "backends.go"), []byte(all+"\n"), 0o600),
	); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"mod", "init", "example.com/load"}, get, {"mod", "tidy"}, {"vet", "."}, {"build", "-o", "load", "."},
	} {
		if _, err := output(ctx, r.home, r.env, "go", args...); err != nil {
			return err
		}
	}
	return r.runProgram(ctx)
}

func (r *rehearsal) runProgram(ctx context.Context) error {
	dsn := "sqlite:" + filepath.Join(r.home, "tracker.db")
	if _, err := r.tool(ctx, "setup", "--dsn", dsn); err != nil {
		return err
	}
	if _, err := output(ctx, r.home, os.Environ(), filepath.Join(r.home, "load")); err != nil {
		return err
	}
	list, err := r.tool(ctx, "runs", "--json", "--dsn", dsn)
	if err != nil {
		return err
	}
	var runs []struct{ Status string }
	if err := json.Unmarshal([]byte(list), &runs); err != nil {
		return err
	}
	if len(runs) != 1 || runs[0].Status != "completed" {
		return fmt.Errorf("the README's program left the runs %s; want a completed one", list)
	}
	return nil
}

// programOf is the program that a page shows.
func programOf(page string) (string, error) {
	found := regexp.MustCompile("(?s)```go\n(package main\n.*?)```").FindStringSubmatch(page)
	if found == nil {
		return "", errors.New("README.md has no block of Go that begins with package main; show the program that a new user is to run")
	}
	return found[1], nil
}
