package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"
)

// yesFlag is the flag of commands that ask for confirmation.
const yesFlag = "yes"

func confirmFlag(flags *pflag.FlagSet) { flags.Bool(yesFlag, false, "do not ask") }

// confirm asks on a terminal before the command does something that is hard to undo. It
// does not ask a script, which names the action explicitly.
func (a *app) confirm(question string) error {
	if yes, _ := a.flags.GetBool(yesFlag); yes || !a.env.Interactive || a.json {
		return nil
	}
	agreed, err := a.answered(question)
	if err == nil && !agreed {
		err = exit(CodeError, errors.New("nothing was changed"))
	}
	return err
}

// answered asks a question. No answer means no.
func (a *app) answered(question string) (bool, error) {
	if err := a.printf("%s [y/N] ", question); err != nil {
		return false, err
	}
	answer, err := bufio.NewReader(a.env.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("read the answer: %w", err)
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes", nil
}
