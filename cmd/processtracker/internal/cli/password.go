package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/core/tracker"
)

// PasswordVariable names the environment variable that holds the command which prints
// the password.
const PasswordVariable = "PROCESSTRACKER_PASSWORD_COMMAND"

// passwordTimeout limits one run of that command.
const passwordTimeout = time.Minute

// passwordSetting returns the source of the password, a command or a file; empty if
// there is none.
func (a *app) passwordSetting() setting { return a.settings["password"] }

// asking makes the database ask for the password at each new connection, if a command
// or a file provides it.
func (a *app) asking(db backends.Database) (backends.Database, error) {
	from := a.passwordSetting()
	if from.value == "" {
		return db, nil
	}
	asking, ok := db.Asking(a.password)
	if !ok && a.ask != "" {
		return db, fmt.Errorf("%w --password-command: %s has no passwords; leave it out, or name a server with --dsn", tracker.ErrInvalid, db.Name())
	}
	return asking, nil
}

// password runs the command, or reads the file. The command's standard error goes to
// the user; its output goes only to the database.
func (a *app) password(ctx context.Context) (string, error) {
	from := a.passwordSetting()
	if from.name == settingPasswordFile {
		return firstLine(from)
	}
	ctx, cancel := context.WithTimeout(ctx, passwordTimeout)
	defer cancel()
	shell := []string{"sh", "-c"}
	if runtime.GOOS == "windows" {
		shell = []string{"cmd", "/C"}
	}
	cmd := exec.CommandContext(ctx, shell[0], shell[1], from.value) //nolint:gosec // the user set this command to be run
	cmd.Env, cmd.Stderr = a.env.Environ, a.env.Stderr
	cmd.WaitDelay = time.Second // a process that it left behind may hold its output open
	printed, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("the command of --password-command failed: %w", err)
	}
	line, _, _ := bytes.Cut(printed, []byte("\n"))
	password := strings.TrimSuffix(string(line), "\r")
	if password == "" {
		return "", errors.New("the command of --password-command printed nothing; have it print the password on its first line")
	}
	return password, nil
}
