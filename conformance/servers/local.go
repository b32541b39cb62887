package servers

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	localTimeout = 2 * time.Minute       // for creating a cluster and starting its server, on a loaded machine
	pollInterval = 20 * time.Millisecond // between looks at a server that is starting
	portTries    = 3
)

//go:embed keeper.sh
var keeperScript string

// localSpec is what a backend says about running its server from programs on this machine.
type localSpec struct {
	name     string   // for the temporary directory
	accounts []string // whom to run as when we are root, which servers refuse: the first that exists
	files    map[string]string
	// command returns what runs in the directory: it prepares the server, then becomes it.
	command func(dir string, port int) []string
	// answers returns nil as soon as the server at that port does.
	answers func(ctx context.Context, dir string, port int) error
	port    func(context.Context) (int, error) // picks a free port; a test gives its own
}

// localServer is a server process with its files, and the keeper that ends both.
type localServer struct {
	dir    string
	port   int
	keeper *exec.Cmd
	alive  io.Closer // the keeper's standard input
}

// startLocal runs a server and waits until it answers. A port is free only until somebody else takes it, so a server
// that ends while its port is in use is tried again on another one.
func startLocal(ctx context.Context, spec localSpec) (*localServer, error) {
	ctx, cancel := context.WithTimeout(ctx, localTimeout)
	defer cancel()
	var err error
	for range portTries {
		var server *localServer
		if server, err = launch(ctx, spec); err != nil {
			return nil, err
		}
		if err = server.wait(ctx, spec); err == nil {
			return server, nil
		}
		ended := errors.Is(err, errEnded)
		err = errors.Join(err, server.stop())
		if !ended || !portInUse(ctx, server.port) {
			break
		}
	}
	return nil, err
}

// launch starts the keeper, which starts the server.
func launch(ctx context.Context, spec localSpec) (*localServer, error) {
	account, err := serverAccount(spec.accounts)
	if err != nil {
		return nil, err
	}
	port, err := spec.port(ctx)
	if err != nil {
		return nil, fmt.Errorf("finding a free port: %w", err)
	}
	dir, err := serverDir(spec, account)
	if err != nil {
		return nil, err
	}
	keeperEnd, ourEnd, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making a pipe: %w", err), os.RemoveAll(dir))
	}
	defer func() { _ = keeperEnd.Close() }()

	// Not bound to a context: the server lives until it is stopped or this process ends.
	args := append([]string{"-c", keeperScript, "keeper", dir}, spec.command(dir, port)...)
	keeper := exec.Command("/bin/sh", args...) //nolint:noctx // see above
	keeper.Dir = "/"
	// A clean environment: the user's PGDATA or PGOPTIONS are not meant for this server.
	keeper.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	keeper.Stdin = keeperEnd
	keeper.SysProcAttr = account.keeperAttributes()
	if err := keeper.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("starting the server: %w", err), ourEnd.Close(), os.RemoveAll(dir))
	}
	return &localServer{dir: dir, port: port, keeper: keeper, alive: ourEnd}, nil
}

// serverDir makes the server's directory, which only its account can enter.
func serverDir(spec localSpec, account account) (string, error) {
	dir, err := os.MkdirTemp("", "processtracker-"+spec.name+"-")
	if err != nil {
		return "", fmt.Errorf("making a directory for the server: %w", err)
	}
	for name, content := range spec.files {
		path := filepath.Join(dir, name)
		if err == nil {
			err = os.WriteFile(path, []byte(content), 0o600)
		}
		if err == nil {
			err = account.own(path)
		}
	}
	if err == nil {
		err = account.own(dir)
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("preparing the server's directory: %w", err), os.RemoveAll(dir))
	}
	return dir, nil
}

var errEnded = errors.New("the server ended")

// wait returns when the server answers, or with the reason why it never will.
func (s *localServer) wait(ctx context.Context, spec localSpec) error {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		// In this order: whatever answers after our server has ended is somebody else's.
		err := spec.answers(ctx, s.dir, s.port)
		if status, ended := s.exitStatus(); ended {
			return fmt.Errorf("%w with status %s; its log ends: %s", errEnded, status, s.log())
		}
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w; its log ends: %s", err, s.log())
		case <-ticker.C:
		}
	}
}

func (s *localServer) exitStatus() (status string, ended bool) {
	text, err := os.ReadFile(filepath.Join(s.dir, "exit"))
	return strings.TrimSpace(string(text)), err == nil
}

func (s *localServer) log() string {
	text, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		return "(none)"
	}
	return tail(string(text))
}

// stop lets go of the keeper and waits until it has killed the server and removed its files.
func (s *localServer) stop() error {
	_ = s.alive.Close()
	done := make(chan error, 1)
	go func() { done <- s.keeper.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			return errors.Join(fmt.Errorf("stopping the server: %w", err), os.RemoveAll(s.dir))
		}
		return nil
	case <-time.After(stopTimeout):
		killGroup(s.keeper.Process.Pid)
		return errors.Join(fmt.Errorf("the server had to be killed: it did not stop in %s", stopTimeout),
			<-done, os.RemoveAll(s.dir))
	}
}

// lookUp finds a program in the directories of a PATH.
func lookUp(path, program string) (string, error) {
	for _, dir := range filepath.SplitList(path) {
		if found, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("no %s on PATH or where distributions keep it", program)
}

// freePort returns a port of the loopback interface that nobody listens on now.
func freePort(ctx context.Context) (int, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err := errors.Join(err, listener.Close()); err != nil {
		return 0, err
	}
	return strconv.Atoi(port)
}

func portInUse(ctx context.Context, port int) bool {
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}
