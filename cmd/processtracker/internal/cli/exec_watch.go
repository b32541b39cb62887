package cli

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"
)

// grace is how long what was told to end has to do so by itself, unless the
// environment says another.
const grace = 10 * time.Second

// stragglers is how long what the command has left behind has to end by itself, and
// for how long error output is read after that, unless the environment says another.
const stragglers = 2 * time.Second

// ending is how a command ended.
type ending struct {
	code int    // as shells have it
	text string // such as: exit status 1
	err  error  // it could not be waited for
}

// orders are what the command is told while it runs.
type orders struct {
	signals <-chan os.Signal // to send on
	lost    <-chan error     // the run lost its lease: end
	timeout time.Duration    // end after that time; 0 for none
}

// A stage is how far a command has been brought to its end.
type stage int

const (
	working   stage = iota // it has been told nothing
	lingering              // the command has ended by itself, and left processes behind
	told                   // TERM was sent
	killed                 // KILL was sent
)

// watch is a command that is watched, until nothing of it is left.
type watch struct {
	*app

	group *group
	stage stage
	limit <-chan time.Time // of the stage
	why   string           // the command may have ended; empty if it was told nothing
	asked bool             // to end, by a signal
	over  <-chan time.Time // the time that the command may take
	late  bool             // it took longer
}

// watch returns when nothing is left of the group, with how the command itself ended.
func (w *watch) watch(o orders) (end ending) {
	running := w.group.ended()
	var look <-chan time.Time
	for running != nil || w.group.left() {
		select {
		case end = <-running:
			running = nil
			ticker := time.NewTicker(5 * time.Millisecond) // nobody tells when others' children end
			defer ticker.Stop()
			look = ticker.C
			w.commandEnded()
		case <-look:
		case why := <-o.lost:
			w.tell("the command was told to end: " + why.Error())
			w.sayf("the command is told to end: %v", why) // after that: nobody may be reading what is said
		case <-w.over:
			w.timedOut(o.timeout, running != nil)
		case s := <-o.signals:
			w.pass(s, running != nil)
		case <-w.limit:
			if w.further(running != nil) {
				return end
			}
		}
	}
	return end
}

// commandEnded looks after what the command has left behind: what is about to end by
// itself, such as the other end of a pipe, is let.
func (w *watch) commandEnded() {
	switch {
	case w.stage != working || !w.group.left():
	case w.asked:
		w.tell(w.why)
	default:
		w.enter(lingering, cmp.Or(w.env.Stragglers, stragglers))
	}
}

// pass sends a signal on. The command ends by it in its own time; what it has left
// behind is told to.
func (w *watch) pass(s os.Signal, running bool) {
	why := fmt.Sprintf("processtracker had sent on the signal %q", s)
	if !running {
		w.tell(why)
		return
	}
	w.why = why
	w.asked = w.asked || slices.Contains(stopSignals(), s)
	w.send(s)
}

// timedOut ends a command that works for too long. What one that has ended has left behind
// is another matter.
func (w *watch) timedOut(limit time.Duration, running bool) {
	if !running {
		return
	}
	w.late = true
	why := fmt.Sprintf("it took longer than --timeout %s", limit)
	w.tell("the command was told to end: " + why)
	w.sayf("the command is told to end: %s", why)
}

// further follows a limit that has passed. It reports whether there is nothing more to
// wait for.
func (w *watch) further(running bool) bool {
	switch w.stage {
	case lingering:
		w.sayf("the command has ended, and left processes behind; they are told to end")
		w.tell(w.why)
	case told:
		w.enter(killed, grace) // KILL needs no time of the command's, but some of the machine's
		w.send(syscall.SIGKILL)
	case killed:
		w.limit = nil
		if !running {
			w.sayf("processes that the command has left behind were killed, and are still not gone")
			return true
		}
	case working:
	}
	return false
}

// tell tells all of the group to end.
func (w *watch) tell(why string) {
	w.why = cmp.Or(w.why, why)
	if w.stage < told {
		w.enter(told, cmp.Or(w.env.Grace, grace))
		w.send(syscall.SIGTERM)
	}
}

func (w *watch) enter(s stage, limit time.Duration) { w.stage, w.limit = s, time.After(limit) }

func (w *watch) send(s os.Signal) {
	if err := w.group.send(s); err != nil {
		w.sayf("cannot send the signal %q to the command: %v", s, err)
	}
}
