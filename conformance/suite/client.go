package suite

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// FindClient finds a database's own client, which runs scripts: the first of the
// programs that is installed. The error names the package to install.
func FindClient(install string, programs ...string) (path string, err error) {
	for _, program := range programs {
		if path, err = exec.LookPath(program); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no %s here: install the package %s", strings.Join(programs, " or "), install)
}

// pipe runs a script with the database's own client, and returns the output.
func (e *Env) pipe(ctx context.Context, t *testing.T, script string) string {
	t.Helper()
	if e.Backend.Client == nil {
		t.Skip("no program is configured that runs scripts on " + e.Backend.Name)
	}
	cmd, err := e.Backend.Client(ctx, e.DSN)
	if err != nil {
		t.Skip(err.Error())
	}
	cmd.Stdin = strings.NewReader(script)
	output, err := cmd.CombinedOutput()
	if err != nil {
		return string(output) + err.Error()
	}
	return string(output)
}
