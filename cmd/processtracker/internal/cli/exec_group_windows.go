package cli

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// group is the command that exec runs, in a job object, with all processes that it
// starts. The job ends with this program, however this program ends.
type group struct {
	job  windows.Handle
	done chan ending
}

// startGroup starts the command. A process that the command starts in its first
// moments, before it is put into the job, is not part of the job.
func startGroup(c *exec.Cmd) (*group, error) {
	job, err := newJob()
	if err != nil {
		return nil, fmt.Errorf("make a job object: %w", err)
	}
	if err := c.Start(); err != nil {
		_ = windows.CloseHandle(job)
		return nil, err
	}
	g := &group{job: job, done: make(chan ending, 1)}
	if err := g.take(c.Process.Pid); err != nil {
		_ = c.Process.Kill()
		_ = windows.CloseHandle(job)
		return nil, fmt.Errorf("put the command into a job object: %w", err)
	}
	go func() {
		state, err := c.Process.Wait()
		if err != nil {
			g.done <- ending{err: err}
			return
		}
		g.done <- ending{code: state.ExitCode(), text: state.String()}
	}()
	return g, nil
}

func newJob() (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err != nil {
		_ = windows.CloseHandle(job)
		return 0, err
	}
	return job, nil
}

func (g *group) take(pid int) error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(process) }()
	return windows.AssignProcessToJobObject(g.job, process)
}

// ended reports once how the command itself ended.
func (g *group) ended() <-chan ending { return g.done }

// send ends the whole group, whatever the signal: Windows has no other way to tell a
// program to end. The console sends Ctrl-C to the command itself.
func (g *group) send(s os.Signal) error {
	if s == os.Interrupt {
		return nil
	}
	return windows.TerminateJobObject(g.job, uint32(codeSignal+syscall.SIGTERM))
}

// left reports whether any process of the group is left after the command itself has ended.
func (g *group) left() bool {
	var accounting struct {
		times                                                        [4]int64
		pageFaults, totalProcesses, activeProcesses, totalTerminated uint32
	}
	err := windows.QueryInformationJobObject(g.job, windows.JobObjectBasicAccountingInformation,
		uintptr(unsafe.Pointer(&accounting)), uint32(unsafe.Sizeof(accounting)), nil)
	return err == nil && accounting.activeProcesses > 0
}

func (g *group) close() { _ = windows.CloseHandle(g.job) }
