package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// suggest makes the errors of unknown flags and subcommands suggest known ones.
func suggest(cmd *cobra.Command) {
	cmd.SetFlagErrorFunc(flagError)
	if cmd.HasParent() && cmd.HasSubCommands() {
		takes := cmd.Args
		runnable := cmd.Runnable()
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) > 0 && (!runnable || takes == nil || takes(cmd, args) != nil):
				return unknownCommand(cmd, args[0])
			case takes != nil:
				return takes(cmd, args)
			}
			return nil
		}
		if !runnable {
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
	for _, child := range cmd.Commands() {
		suggest(child)
	}
}

// unknownCommand returns the error of an unknown subcommand.
func unknownCommand(cmd *cobra.Command, name string) error {
	var names []string
	for _, child := range cmd.Commands() {
		if child.IsAvailableCommand() {
			names = append(names, child.Name())
		}
	}
	nearest, _ := known{names: each(names)}.nearest(name)
	return fmt.Errorf("unknown command %q for %q%s", name, cmd.CommandPath(), didYouMean(nearest))
}

// flagError adds the most similar flag to the error of an unknown one.
func flagError(cmd *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	if !errors.As(err, &missing) || missing.GetSpecifiedShortnames() != "" {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	nearest, _ := known{names: each(names)}.nearest(missing.GetSpecifiedName())
	if nearest == "" {
		return err
	}
	return fmt.Errorf("%w; did you mean --%s?", err, nearest)
}
