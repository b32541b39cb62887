//go:build unix

package cli

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// systemChild is the program that exec runs in the tests for Unix.
func systemChild(mode string) int {
	switch mode {
	case "leave": // leaves a program behind that has its own session
		c := exec.Command("cat")
		c.Stdin, c.Stderr = os.Stdin, os.Stderr
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := c.Start(); err != nil {
			return 98
		}
		return 0
	case "ask":
		return askTwice()
	case "shell":
		return shell(os.Args[3:])
	case "driver", "driver-late":
		return drive(mode == "driver-late")
	default:
		return 99
	}
}

// askTwice reads from the terminal before and after it is stopped.
func askTwice() int {
	continued := make(chan os.Signal, 1)
	lines := bufio.NewScanner(os.Stdin)
	for _, more := range []bool{true, false} {
		fmt.Println("asks")
		if !lines.Scan() {
			return 97
		}
		fmt.Println("got", lines.Text())
		signal.Notify(continued, syscall.SIGCONT)
		if more {
			fmt.Println("stops")
			<-continued
		}
	}
	return 0
}

// shell runs a program in the terminal's foreground, and continues it whenever it is
// stopped, as a shell's fg does.
func shell(command []string) int {
	signal.Ignore(syscall.SIGTTOU)
	c := exec.Command(command[0], command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Foreground: true, Ctty: 0}
	if err := c.Start(); err != nil {
		fmt.Println(err)
		return 96
	}
	for {
		var status unix.WaitStatus
		if _, err := unix.Wait4(c.Process.Pid, &status, unix.WUNTRACED, nil); err != nil {
			continue
		}
		if !status.Stopped() {
			return status.ExitStatus()
		}
		_ = unix.IoctlSetPointerInt(0, unix.TIOCSPGRP, unix.Getpgrp())
		fmt.Println("suspended")
		_ = unix.IoctlSetPointerInt(0, unix.TIOCSPGRP, c.Process.Pid)
		_ = unix.Kill(-c.Process.Pid, syscall.SIGCONT)
	}
}
