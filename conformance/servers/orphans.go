package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/moby/moby/client"
)

const ownerLabel = "processtracker.test.owner"

// owner is the process that a container belongs to.
type owner struct {
	host string
	pid  int
}

func thisProcess() (owner, error) {
	host, err := os.Hostname()
	if err != nil {
		return owner{}, fmt.Errorf("naming this machine: %w", err)
	}
	return owner{host: host, pid: os.Getpid()}, nil
}

func (o owner) String() string { return o.host + " " + strconv.Itoa(o.pid) }

// RemoveOrphans removes the containers that processes of this machine left behind when
// they were killed. Without a container engine, it does nothing.
func RemoveOrphans(ctx context.Context) error {
	engine, err := connectEngine(ctx)
	if err != nil {
		return nil // a caller that needs the engine reports it
	}
	defer func() { _ = engine.Close() }()
	self, err := thisProcess()
	if err != nil {
		return err
	}
	return removeOrphans(ctx, engine, self)
}

func removeOrphans(ctx context.Context, engine client.ContainerAPIClient, self owner) error {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	found, err := engine.ContainerList(ctx, client.ContainerListOptions{
		All:     true,
		Filters: client.Filters{}.Add("label", ownerLabel),
	})
	if err != nil {
		return fmt.Errorf("look for containers that were left behind: %w", err)
	}
	for _, ctr := range found.Items {
		host, text, _ := strings.Cut(ctr.Labels[ownerLabel], " ")
		pid, err := strconv.Atoi(text)
		if err != nil || host != self.host || !ended(pid) {
			continue
		}
		// Another serve may be removing it: the next start retries what is left.
		_, _ = engine.ContainerRemove(ctx, ctr.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	}
	return nil
}

// ended reports whether certainly no process of this machine has the ID.
func ended(pid int) bool {
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer func() { _ = process.Release() }()
	return errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
