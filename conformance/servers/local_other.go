//go:build !unix

package servers

import (
	"errors"
	"syscall"
)

// account is whom a server runs as. Local servers are for Unix only so far: elsewhere the keeper has no shell.
type account struct{}

func serverAccount([]string) (account, error) {
	return account{}, errors.New("local servers are not supported on this operating system")
}

func (account) own(string) error { return nil }

func (account) keeperAttributes() *syscall.SysProcAttr { return nil }

func killGroup(int) {}

// processAlive is asked before something of that process is removed, so not knowing means yes.
func processAlive(int) bool { return true }
