//go:build unix

package cli

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

// It is no error if the reader has gone: the tool prints nothing, and the exit code is 0.
func TestAClosedPipeIsNotAnError(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	for _, args := range [][]string{{"runs"}, {"runs", "--json"}, {"runs", "-o", "csv"}, {"errors", "--full"}, {"status"}, {"version"}, {"--help"}} {
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_ = read.Close()
		var stderr bytes.Buffer
		cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{asTool}, args...)...)
		cmd.Env, cmd.Stdout, cmd.Stderr = tl.env.Environ, write, &stderr
		err = cmd.Run()
		_ = write.Close()
		if err != nil || stderr.Len() > 0 {
			t.Errorf("%q: %v, %s", args, err, stderr.String())
		}
	}
}
