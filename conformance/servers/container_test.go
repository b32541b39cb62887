package servers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// listen accepts connections on a port of the loopback interface, and nothing more.
func listen(t *testing.T) *net.TCPListener {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

// closedPort returns a port of the loopback interface without a listener.
func closedPort(t *testing.T) int {
	t.Helper()
	listener := listen(t)
	address, ok := listener.Addr().(*net.TCPAddr)
	if err := listener.Close(); err != nil || !ok {
		t.Fatal(err)
	}
	return address.Port
}

// testedImage returns the image that the environment chooses for the whole test run.
func testedImage() string { return cmp.Or(os.Getenv(PostgresImageVar), postgresImage) }

// needEngine returns a client of the container engine, or skips visibly.
func needEngine(t *testing.T) *testcontainers.DockerClient {
	t.Helper()
	engine, err := connectEngine(t.Context())
	if err != nil {
		t.Skip("container: no engine answers: ", err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return engine
}

func TestLocalImagesAreNeverPulled(t *testing.T) {
	t.Parallel()
	err := ensureImage(t.Context(), needEngine(t), "local/processtracker-no-such-image:1", time.Minute)
	if err == nil || !strings.Contains(err.Error(), "build it") {
		t.Errorf("got %v", err)
	}
}

func TestPullFailsAtOnceWhereThereIsNoRegistry(t *testing.T) {
	t.Parallel()
	engine := needEngine(t)
	err := ensureImage(t.Context(), engine, fmt.Sprintf("127.0.0.1:%d/none:1", closedPort(t)), time.Minute)
	if err == nil || errors.Is(err, errStalled) {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestPullGivesUpOnARegistryThatSaysNothing(t *testing.T) {
	t.Parallel()
	engine := needEngine(t)
	done := make(chan struct{})
	registry := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(registry.Close)
	t.Cleanup(func() { close(done) })
	image := strings.TrimPrefix(registry.URL, "http://") + "/silent:1"
	if err := ensureImage(t.Context(), engine, image, time.Second); !errors.Is(err, errStalled) {
		t.Errorf("got %v, want %v", err, errStalled)
	}
}

func TestMuteEngineIsNoticed(t *testing.T) {
	t.Parallel()
	listener := listen(t)
	engine, err := client.New(client.WithHost("tcp://" + listener.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := ensureImage(ctx, engine, "postgres:17", time.Minute); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestOrphansAreRemoved(t *testing.T) {
	t.Parallel()
	engine := needEngine(t)
	image := testedImage()
	if _, err := engine.ImageInspect(t.Context(), image); err != nil {
		t.Skipf("container: image %s is not here: %v", image, err)
	}
	self, err := thisProcess()
	if err != nil {
		t.Fatal(err)
	}
	create := func(label string) string {
		made, err := engine.ContainerCreate(t.Context(), client.ContainerCreateOptions{
			Config: &container.Config{Image: image, Labels: map[string]string{ownerLabel: label}},
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			options := client.ContainerRemoveOptions{Force: true, RemoveVolumes: true}
			_, _ = engine.ContainerRemove(context.WithoutCancel(t.Context()), made.ID, options)
		})
		return made.ID
	}
	there := func(id string) bool {
		_, err := engine.ContainerInspect(t.Context(), id, client.ContainerInspectOptions{})
		return err == nil
	}
	orphan := create(owner{host: self.host, pid: deadProcess(t)}.String())
	keep := map[string]string{
		"this process's":    create(self.String()),
		"another machine's": create(owner{host: "elsewhere.invalid", pid: deadProcess(t)}.String()),
		"an unknown one":    create("something else"),
	}

	if err := removeOrphans(t.Context(), engine, self); err != nil {
		t.Fatal(err)
	}
	// Another test program may be about to remove it.
	for deadline := time.Now().Add(5 * time.Minute); there(orphan); time.Sleep(pollInterval) {
		if time.Now().After(deadline) {
			t.Fatal("the container of a process that is no more is still there")
		}
	}
	for whose, id := range keep {
		if !there(id) {
			t.Errorf("%s was removed", whose)
		}
	}
}

// deadProcess returns the id of a process that has ended.
func deadProcess(t *testing.T) int {
	t.Helper()
	process := exec.CommandContext(t.Context(), "true")
	if err := process.Run(); err != nil {
		t.Fatal(err)
	}
	return process.Process.Pid
}

func TestServerThatEndedByItselfIsTold(t *testing.T) {
	t.Parallel()
	engine := needEngine(t)
	image := testedImage()
	if _, err := engine.ImageInspect(t.Context(), image); err != nil {
		t.Skipf("container: image %s is not here: %v", image, err)
	}
	var id string
	stop, err := startContainer(t.Context(), containerSpec{
		image: image, timeout: postgresTimeout,
		run: func(ctx context.Context, options ...testcontainers.ContainerCustomizer) (testcontainers.Container, error) {
			ctr, err := testcontainers.Run(ctx, image, append(options, testcontainers.WithCmd("sh", "-c", "echo it hurts; sleep 600"),
				testcontainers.WithWaitStrategy(wait.ForLog("it hurts")))...)
			if ctr == nil {
				return nil, err
			}
			id = ctr.GetContainerID()
			return ctr, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.ContainerKill(t.Context(), id, client.ContainerKillOptions{Signal: "KILL"}); err != nil {
		t.Fatal(err)
	}
	ended := engine.ContainerWait(t.Context(), id, client.ContainerWaitOptions{})
	select {
	case <-ended.Result:
	case err := <-ended.Error:
		t.Fatal(err)
	}
	if err := stop(); err == nil || !strings.Contains(err.Error(), "exit code 137") || !strings.Contains(err.Error(), "it hurts") {
		t.Errorf("got %v, want how it ended and its log", err)
	}
	if _, err := engine.ContainerInspect(t.Context(), id, client.ContainerInspectOptions{}); err == nil {
		t.Error("the container is still there")
	}
}

func TestFailedContainerSaysWhyAndIsRemoved(t *testing.T) {
	t.Parallel()
	engine := needEngine(t)
	image := testedImage()
	if _, err := engine.ImageInspect(t.Context(), image); err != nil {
		t.Skipf("container: image %s is not here: %v", image, err)
	}
	const password = "hunter2"
	var id string
	_, err := startContainer(t.Context(), containerSpec{
		image: image, secret: password, timeout: postgresTimeout,
		run: func(ctx context.Context, options ...testcontainers.ContainerCustomizer) (testcontainers.Container, error) {
			options = append(options, postgresOptions(password)...)
			options = append(options, testcontainers.WithCmd("sh", "-c", "echo the password is "+password+"; exit 4"))
			ctr, err := testcontainers.Run(ctx, image, append(options, testcontainers.WithExposedPorts(postgresPort))...)
			if ctr == nil {
				return nil, err
			}
			id = ctr.GetContainerID()
			return ctr, err
		},
	})
	if err == nil || !strings.Contains(err.Error(), "the password is xxxxx") {
		t.Errorf("got %v, want the container's log without its password", err)
	}
	if err != nil && strings.Contains(err.Error(), password) {
		t.Errorf("the error shows the password: %v", err)
	}
	if _, err := engine.ContainerInspect(t.Context(), id, client.ContainerInspectOptions{}); err == nil {
		t.Error("the failed container is still there")
	}
}
