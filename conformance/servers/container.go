package servers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
)

const (
	engineTimeout = 10 * time.Second // a dead socket answers at once; a loaded engine may take seconds
	stopTimeout   = 5 * time.Minute
	pollInterval  = 20 * time.Millisecond // between checks of a starting server
	logTail       = 8000                  // bytes of a failed server's log in its error: a crash prints its stack
)

// containerSpec is a backend's description of its container.
type containerSpec struct {
	image   string
	secret  string        // the password given to the container; kept out of errors
	timeout time.Duration // for the server to answer, once the image is on this machine
	// run calls the database's testcontainers module. It may return a container together
	// with an error.
	run func(ctx context.Context, options ...testcontainers.ContainerCustomizer) (testcontainers.Container, error)
}

// startContainer runs the container and waits until its server answers. It returns a
// function that removes the container.
func startContainer(ctx context.Context, spec containerSpec) (stop func() error, err error) {
	engine, err := connectEngine(ctx)
	if err != nil {
		return nil, fmt.Errorf("no container engine answers: %w", err)
	}
	defer func() { _ = engine.Close() }() // closes idle connections only
	if err := ensureImages(ctx, engine, spec.image); err != nil {
		return nil, err
	}
	owner, err := thisProcess()
	if err != nil {
		return nil, err
	}

	running, cancel := context.WithTimeout(ctx, spec.timeout)
	defer cancel()
	ctr, err := spec.run(running,
		testcontainers.WithLogger(silent{}),
		testcontainers.WithLabels(map[string]string{ownerLabel: owner.String()}))
	// The context may have ended long before the tests do.
	ctx = context.WithoutCancel(ctx)
	remove := func() error {
		ctx, cancel := context.WithTimeout(ctx, stopTimeout)
		defer cancel()
		return testcontainers.TerminateContainer(ctr, testcontainers.StopContext(ctx), testcontainers.StopTimeout(0))
	}
	if err != nil {
		err = fmt.Errorf("running image %s: %w%s%s", spec.image, err, dialled(ctx, ctr, err), containerLog(ctx, ctr))
		return nil, redact(errors.Join(err, remove()), spec.secret)
	}
	return func() error { return errors.Join(redact(died(ctx, ctr, spec.image), spec.secret), remove()) }, nil
}

// connectEngine returns a client of the container engine that testcontainers finds. It
// checks that the engine answers.
func connectEngine(ctx context.Context) (engine *testcontainers.DockerClient, err error) {
	ctx, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	defer func() { // testcontainers panics if an engine goes away during the search
		if p := recover(); p != nil {
			engine, err = nil, fmt.Errorf("looking for the engine: %v", p)
		}
	}()
	silence()
	engine, err = testcontainers.NewDockerClientWithOpts(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := engine.Ping(ctx, client.PingOptions{}); err != nil {
		return nil, err
	}
	return engine, nil
}

// dialled adds the address at which a server did not answer in time. The address is the
// usual reason if the tests themselves run in a container: testcontainers then looks
// for the other container at the gateway's address.
func dialled(ctx context.Context, ctr testcontainers.Container, err error) string {
	if ctr == nil || !errors.Is(err, context.DeadlineExceeded) {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	host, err := ctr.Host(ctx)
	if err != nil {
		return ""
	}
	return fmt.Sprintf(" (dialling %s; where that is wrong, set TESTCONTAINERS_HOST_OVERRIDE)", host)
}

// died reports that a server has ended by itself, and how. Otherwise its tests could
// only report that it no longer answers.
func died(ctx context.Context, ctr testcontainers.Container, image string) error {
	ctx, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	state, err := ctr.State(ctx)
	if err != nil {
		return fmt.Errorf("asking for the container of image %s: %w", image, err)
	}
	if state.Running {
		return nil
	}
	return fmt.Errorf("the server of image %s ended by itself (exit code %d, out of memory: %t, %s)%s",
		image, state.ExitCode, state.OOMKilled, state.FinishedAt, containerLog(ctx, ctr))
}

// containerLog returns the end of a failed container's log, which explains more than
// the timeout.
func containerLog(ctx context.Context, ctr testcontainers.Container) string {
	if ctr == nil || ctr.GetContainerID() == "" {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	log, err := ctr.Logs(ctx)
	if err != nil {
		return ""
	}
	defer func() { _ = log.Close() }()
	text, err := io.ReadAll(log)
	if err != nil || len(text) == 0 {
		return ""
	}
	return "; its log ends: " + tail(string(text))
}

// tail returns the end of a log.
func tail(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > logTail {
		text = "…" + text[len(text)-logTail:]
	}
	return text
}

// silence keeps testcontainers' messages out of the output; errors are returned as values.
var silence = sync.OnceFunc(func() { log.SetDefault(silent{}) })

type silent struct{}

func (silent) Printf(string, ...any) {}
