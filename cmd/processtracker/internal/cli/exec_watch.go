package cli

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"
)

// grace is the time that processes have to exit after they were told to, unless the
// environment sets another.
const grace = 10 * time.Second

// stragglers is the time that the processes which a command left behind have to exit by
// themselves. It is also the limit for reading error output after that. The environment
// may set another.
const stragglers = 2 * time.Second

// ending is how a command ended.
type ending struct {
	code int    // as shells report it
	text string // such as: exit status 1
	err  error  // if waiting for it failed
}

// orders are the events that are passed on to a running command.
type orders struct {
	signals <-chan os.Signal // to forward
	lost    <-chan error     // the run lost its lease: the command has to end
	timeout time.Duration    // the command has to end after that time; 0 for no limit
}

// A stage is how far the end of a command has come.
type stage int

const (
	working   stage = iota // it was sent nothing
	lingering              // the command has ended by itself, and left processes behind
	told                   // TERM was sent
	killed                 // KILL was sent
)

// watch watches a command until nothing of it is left.
type watch struct {
	*app

	group *group
	stage stage
	limit <-chan time.Time // of the current stage
	why   string           // why the command may have ended; empty if it was sent nothing
	asked bool             // a signal asked it to end
	over  <-chan time.Time // fires at the command's time limit
	late  bool             // it exceeded the limit
}

// watch returns when nothing is left of the group. It returns how the command itself ended.
func (w *watch) watch(o orders) (end ending) {
	running := w.group.ended()
	var look <-chan time.Time
	for running != nil || w.group.left() {
		select {
		case end = <-running:
			running = nil
			ticker := time.NewTicker(5 * time.Millisecond) // nothing signals the end of another process's children
			defer ticker.Stop()
			look = ticker.C
			w.commandEnded()
		case <-look:
		case why := <-o.lost:
			w.tell("the command was ended with TERM: " + why.Error())
			w.sayf("ending the command with TERM: %v", why) // only now, because this may block if the output is not read
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

// commandEnded starts the wait for the processes that the command has left behind.
// Processes that are about to exit by themselves, such as the other end of a pipe, get
// the time for it.
func (w *watch) commandEnded() {
	switch {
	case w.stage != working || !w.group.left():
	case w.asked:
		w.tell(w.why)
	default:
		w.enter(lingering, cmp.Or(w.env.Stragglers, stragglers))
	}
}

// pass forwards a signal. The command reacts to it in its own time. Once the command has
// ended, the processes that it left behind get TERM.
func (w *watch) pass(s os.Signal, running bool) {
	why := fmt.Sprintf("processtracker had forwarded the signal %q", s)
	if !running {
		w.tell(why)
		return
	}
	w.why = why
	w.asked = w.asked || slices.Contains(stopSignals(), s)
	w.send(s)
}

// timedOut ends a command that exceeds its time limit. The limit does not apply to
// processes that an ended command has left behind.
func (w *watch) timedOut(limit time.Duration, running bool) {
	if !running {
		return
	}
	w.late = true
	why := fmt.Sprintf("it took longer than --timeout %s", limit)
	w.tell("the command was ended with TERM: " + why)
	w.sayf("ending the command with TERM: %s", why)
}

// further moves to the next stage when the current one's time is up. It reports whether
// there is nothing more to wait for.
func (w *watch) further(running bool) bool {
	switch w.stage {
	case lingering:
		w.sayf("the command has ended, and left processes behind; ending them with TERM")
		w.tell(w.why)
	case told:
		w.enter(killed, grace) // the command needs no time for KILL, but the machine does
		w.send(syscall.SIGKILL)
	case killed:
		w.limit = nil
		if !running {
			w.sayf("processes that the command left behind were killed, but are still there")
			return true
		}
	case working:
	}
	return false
}

// tell tells the whole group to end.
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
