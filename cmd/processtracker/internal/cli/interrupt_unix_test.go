//go:build unix

package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Ctrl-C at any moment of a command leaves a state that why explains, and from which
// the process starts again.
func TestCtrlCAtAnyMomentLeavesAStateThatWhyExplains(t *testing.T) {
	t.Parallel()
	const moments = 5
	for _, args := range [][]string{
		{"start", "--process", "P", "--after", "Q"},
		{"exec", "--process", "P", "--share-run", "--", "sh", "-c", "touch f; \"$TOOL\" as-tool extract register f --location ."},
		{"hold", "P", "--reason", "to be looked at"},
		{"apply", "--file", "p.yaml"},
	} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			tl := newSetUp(t)
			if err := os.WriteFile(filepath.Join(tl.home, "p.yaml"), []byte("processes:\n  P: {type: Load, depends_on: [{process: Q}]}\n  Q: {}\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			tl.run("exec", "--process", "P", "true").want(0)
			began := time.Now()
			tl.interruptAfter(time.Hour, args...)
			whole := time.Since(began)
			for i := range moments {
				tl.startsAgain()
				tl.interruptAfter(whole*time.Duration(i)/moments, args...)
				tl.startsAgain()
			}
		})
	}
}

// interruptAfter runs a command, and sends it SIGINT when it has run for so long.
func (tl *tool) interruptAfter(after time.Duration, args ...string) {
	tl.t.Helper()
	var said bytes.Buffer
	cmd := exec.CommandContext(tl.t.Context(), os.Args[0], append([]string{asTool}, args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = tl.home, &said, &said
	cmd.Env = append([]string{"TOOL=" + os.Args[0]}, tl.env.Environ...)
	if err := cmd.Start(); err != nil {
		tl.t.Fatal(err)
	}
	interrupt := time.AfterFunc(after, func() { _ = cmd.Process.Signal(syscall.SIGINT) })
	defer interrupt.Stop()
	err := cmd.Wait()
	tl.t.Logf("%q, interrupted after %s: %v, %s", args, after, err, said.String())
}

// startsAgain does what why says of process P, and starts it.
func (tl *tool) startsAgain() {
	tl.t.Helper()
	switch r := tl.run("why", "P"); r.code {
	case CodeOK:
		r.want(CodeOK, `process "P" can start`)
	case CodeAlreadyRunning:
		r.want(CodeAlreadyRunning, "processtracker reap --run-id ")
		tl.run("reap", "--process", "P", "--force", "--reason", "interrupted", "--yes").want(0)
	case CodeOnHold:
		r.want(CodeOnHold, `processtracker release "P"`)
		tl.run("release", "P", "--reason", "looked at").want(0)
	default:
		r.want(CodeOK)
	}
	tl.run("exec", "--process", "P", "true").want(0)
}
