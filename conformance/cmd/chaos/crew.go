package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// crew are the workers. A worker that dies is replaced.
type crew struct {
	task   task
	lease  time.Duration
	tally  *tally
	frozen func(step string, until time.Duration)
	left   func(run int64, at time.Time)

	waiting chan struct{} // holds a value while a worker waits to be struck

	mu       sync.Mutex
	hired    int
	alive    map[int]*hand
	over     bool
	finished sync.WaitGroup
}

// hand is a worker's process.
type hand struct {
	cmd   *exec.Cmd
	input io.WriteCloser
}

// hire keeps a number of workers running until the crew is dismissed.
func (c *crew) hire(ctx context.Context, n int) {
	c.alive = map[int]*hand{}
	for range n {
		c.finished.Go(func() {
			for c.one(ctx) {
			}
		})
	}
}

// one runs a worker until it ends. It reports whether another one takes its place.
func (c *crew) one(ctx context.Context) bool {
	id, h, out, err := c.start(ctx)
	if err != nil || h == nil {
		if err != nil {
			c.tally.note("error: a worker cannot be started: " + err.Error())
		}
		return false
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err == nil {
			c.heard(h, e)
		}
	}
	_ = h.cmd.Wait() // the experiment has caused its end
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.alive, id)
	return !c.over
}

func (c *crew) start(ctx context.Context) (int, *hand, io.Reader, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return 0, nil, nil, nil
	}
	c.hired++
	do := c.task
	do.Name = fmt.Sprintf("worker %d", c.hired)
	text, err := json.Marshal(do)
	if err != nil {
		return 0, nil, nil, err
	}
	binary, err := os.Executable()
	if err != nil {
		return 0, nil, nil, err
	}
	h := &hand{cmd: exec.CommandContext(ctx, binary)}
	h.cmd.Env = append(os.Environ(), workerVar+"="+string(text))
	h.cmd.Stderr = os.Stderr
	if h.input, err = h.cmd.StdinPipe(); err != nil {
		return 0, nil, nil, err
	}
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		return 0, nil, nil, err
	}
	if err := h.cmd.Start(); err != nil {
		return 0, nil, nil, err
	}
	c.alive[c.hired] = h
	return c.hired, h, out, nil
}

func (c *crew) heard(h *hand, e event) {
	switch e.What {
	case killing:
		c.tally.note("killed at: " + e.Step)
	case frozen:
		c.tally.note("frozen at: " + e.Step)
		wait := c.lease*6/5 + rand.N(c.lease)
		c.frozen(e.Step, wait)
		time.AfterFunc(wait, func() { _ = h.cmd.Process.Signal(syscall.SIGCONT) })
	case loaded:
		c.tally.note("loads committed")
	case refused:
		c.tally.note("lost runs refused")
	case waits:
		select {
		case c.waiting <- struct{}{}:
		default:
		}
	case left:
		c.left(e.Run, e.At)
	case unsaid:
		c.tally.note("ends that Do could not record")
	case failed:
		c.tally.note("error: " + e.Step)
	}
}

// kill kills a worker, wherever it is.
func (c *crew) kill() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, h := range c.alive { // in random order
		return h.cmd.Process.Kill() == nil
	}
	return false
}

// dismiss lets the workers finish their work.
func (c *crew) dismiss() {
	c.mu.Lock()
	c.over = true
	for _, h := range c.alive {
		_ = h.input.Close()
		_ = h.cmd.Process.Signal(syscall.SIGCONT)
	}
	c.mu.Unlock()
	c.finished.Wait()
}
