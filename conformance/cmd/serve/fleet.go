package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/processtracker/processtracker-go/conformance/servers"
)

// fleet contains the servers of one call of serve.
type fleet struct {
	found       []*servers.Server
	missing     []*servers.Unavailable
	interrupted bool // while they were starting

	mu      sync.Mutex
	closers []func() error
}

// start starts all servers concurrently. On an error, it still returns the fleet to close.
func (o order) start(ctx context.Context, signals <-chan os.Signal) (*fleet, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	started, watched := make(chan struct{}), make(chan struct{})
	var f fleet
	go func() {
		defer close(watched)
		select {
		case <-signals:
			f.interrupted = true
			cancel()
		case <-started:
		}
	}()
	var starts sync.WaitGroup
	errs := make([]error, len(o.databases))
	for i, name := range o.databases {
		starts.Go(func() { errs[i] = f.add(ctx, name) })
	}
	starts.Wait()
	close(started)
	<-watched
	if f.interrupted {
		return &f, nil
	}
	return &f, errors.Join(errs...)
}

// add starts the server of one database, and reports the result on standard error.
func (f *fleet) add(ctx context.Context, name string) error {
	began := time.Now()
	server, err := servers.Get(ctx, name)
	var missing *servers.Unavailable
	if errors.As(err, &missing) {
		fmt.Fprintln(os.Stderr, "serve:", missing)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.missing = append(f.missing, missing)
		return nil
	}
	if err != nil {
		return err
	}
	f.closes(server)
	fmt.Fprintf(os.Stderr, "serve: %s, after %.1f s\n", server, time.Since(began).Seconds())
	if name == "mysql" || name == "mariadb" { // whose DSN names a database
		if server, err = server.WithDatabase(ctx, fmt.Sprintf("serve_%d", os.Getpid())); err != nil {
			return err
		}
		f.closes(server)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.found = append(f.found, server)
	return nil
}

func (f *fleet) closes(server *servers.Server) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closers = append(f.closers, server.Close)
}

// close ends everything that was started: each server last, after its database was dropped.
func (f *fleet) close() error {
	var all error
	for _, closer := range slices.Backward(f.closers) {
		all = errors.Join(all, closer())
	}
	return all
}
