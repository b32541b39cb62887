package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// install installs the tool as its users do, from an empty directory.
func (r *rehearsal) install(ctx context.Context) error {
	if _, err := output(ctx, r.home, r.env, "go", "install", ours+"/cmd/processtracker@"+r.version); err != nil {
		return err
	}
	said, err := output(ctx, r.home, r.env, filepath.Join(r.home, "bin", "processtracker"), "version", "--json")
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

// embed creates a new module that requires the core and every backend, and builds it.
func (r *rehearsal) embed(ctx context.Context) error {
	program, get := "package main\n", []string{"get", ours + "/core@" + r.version}
	for _, b := range []string{"mysql", "postgres", "sqlite", "sqlserver"} {
		program += fmt.Sprintf("\nimport _ %q", ours+"/backends/"+b)
		get = append(get, ours+"/backends/"+b+"@"+r.version)
	}
	dir := filepath.Join(r.home, "embed")
	if err := errors.Join(os.Mkdir(dir, 0o700),
		os.WriteFile(filepath.Join(dir, "main.go"), []byte(program+"\n\nfunc main() {}\n"), 0o600)); err != nil {
		return err
	}
	for _, args := range [][]string{{"mod", "init", "example.com/embed"}, get, {"mod", "tidy"}, {"build", "."}} {
		if _, err := output(ctx, dir, r.env, "go", args...); err != nil {
			return err
		}
	}
	return nil
}
