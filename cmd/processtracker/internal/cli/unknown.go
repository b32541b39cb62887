package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// suggest makes the errors of a wrong command line say what to write: the most similar
// flag or subcommand, the arguments, the form of a value.
func suggest(cmd *cobra.Command) {
	cmd.SetFlagErrorFunc(flagError)
	takes := cmd.Args
	switch {
	case cmd.HasParent() && !cmd.HasSubCommands() && takes != nil:
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if takes(cmd, args) == nil {
				return nil
			}
			return wrongArguments(cmd, args, takes)
		}
	case cmd.HasParent() && cmd.HasSubCommands():
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

// wrongArguments returns the error of a missing argument, or of one too many.
func wrongArguments(cmd *cobra.Command, args []string, takes cobra.PositionalArgs) error {
	for n, arg := range slices.Backward(args) {
		if takes(cmd, args[:n]) == nil {
			return fmt.Errorf("unexpected argument %q; write: %s", arg, cmd.UseLine())
		}
	}
	return fmt.Errorf("an argument is missing; write: %s", cmd.UseLine())
}

// flagError says what to write in place of an unknown flag or of a wrong value.
func flagError(cmd *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return fmt.Errorf("--%s %q: %w", invalid.GetFlag().Name, invalid.GetValue(), wrongValue(invalid))
	}
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

// wrongValue says in our words what pflag says of numbers and booleans in those of
// strconv.
func wrongValue(invalid *pflag.InvalidValueError) error {
	switch kind := invalid.GetFlag().Value.Type(); {
	case !errors.As(invalid, new(*strconv.NumError)):
		return invalid.Unwrap()
	case kind == "bool":
		return errors.New("not true or false; leave the value out for true")
	default:
		return errors.New("not a whole number, or too large a one; give one such as 64")
	}
}

// atMostOne makes a command reject more than one of the flags.
func atMostOne(cmd *cobra.Command, names ...string) {
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if given := givenOf(cmd, names); len(given) > 1 {
			return fmt.Errorf("%s are given; give one of them", strings.Join(given, " and "))
		}
		return nil
	}
}

// oneOf makes a command need exactly one of the flags.
func oneOf(cmd *cobra.Command, names ...string) {
	atMostOne(cmd, names...)
	most := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if len(givenOf(cmd, names)) == 0 {
			return fmt.Errorf("give --%s", strings.Join(names, " or --"))
		}
		return most(cmd, args)
	}
}

func givenOf(cmd *cobra.Command, names []string) (given []string) {
	for _, name := range names {
		if cmd.Flags().Changed(name) {
			given = append(given, "--"+name)
		}
	}
	return given
}

// completeTree adds the commands that cobra adds when it runs, help and completion, so
// that they reject a wrong command line as the others do.
func completeTree(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion":
			suggest(cmd)
		case "help":
			help := cmd.Run
			cmd.Run = nil
			cmd.RunE = func(cmd *cobra.Command, args []string) error {
				found, rest, err := root.Find(args)
				if err != nil {
					return unknownCommand(root, args[0])
				}
				if len(rest) > 0 {
					return unknownCommand(found, rest[0])
				}
				help(cmd, args)
				return nil
			}
		}
	}
}
