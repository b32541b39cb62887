//go:build unix

package servers

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"strings"
	"syscall"
)

// account is whom a server runs as.
type account struct {
	other    bool // not the user that we are
	uid, gid int
}

// serverAccount returns the first of the named accounts when we are root, which database servers refuse to be.
func serverAccount(names []string) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	for _, name := range names {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(found.Uid)
		if err != nil {
			return account{}, fmt.Errorf("account %s: %w", name, err)
		}
		gid, err := strconv.Atoi(found.Gid)
		if err != nil {
			return account{}, fmt.Errorf("account %s: %w", name, err)
		}
		return account{other: true, uid: uid, gid: gid}, nil
	}
	return account{}, fmt.Errorf("the server refuses to run as root, and there is no account %s", strings.Join(names, " or "))
}

// own gives a file to the account.
func (a account) own(path string) error {
	if !a.other {
		return nil
	}
	return os.Chown(path, a.uid, a.gid)
}

// keeperAttributes detaches the keeper from our session: an interrupt typed at the terminal is for us, and the keeper
// has to outlive us.
func (a account) keeperAttributes() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setsid: true}
	if a.other {
		attributes.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attributes
}

// killGroup kills a keeper with everything that it started.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

// processAlive tells whether there is a process of that id on this machine, whoever's it is.
func processAlive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
