package cli

import (
	"cmp"
	"context"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/core/tracker"
)

// completionTime limits how long shell completion waits for names from the database,
// unless Env sets another limit.
const completionTime = 300 * time.Millisecond

// namer lists names of one kind.
type namer func(context.Context, *tracker.Tracker) iter.Seq2[string, error]

// completeNames adds shell completion for the names of processes, statuses and
// locations to the flags and arguments of a command and its subcommands.
func (a *app) completeNames(cmd *cobra.Command) {
	processNames := func(ctx context.Context, t *tracker.Tracker) iter.Seq2[string, error] { return processes(ctx, t).names }
	lookup := func(l tracker.Lookup) namer {
		return func(ctx context.Context, t *tracker.Tracker) iter.Seq2[string, error] {
			return statuses(ctx, t, l).names
		}
	}
	status := lookup(tracker.RunStatuses)
	if strings.HasPrefix(cmd.Name(), "extract") || cmd.HasParent() && cmd.Parent().Name() == "extract" {
		status = lookup(tracker.ExtractStatuses)
	}
	for flag, names := range map[string]namer{
		"process": processNames, "after": processNames, "after-hard": processNames, "after-fresh": processNames, "after-soft": processNames,
		"status": status, "location": locationPaths, "type": lookup(tracker.ProcessTypes),
	} {
		a.completeFlag(cmd, flag, a.fromDatabase(names))
	}
	a.completeFlag(cmd, "output", cobra.FixedCompletions(outputs, cobra.ShellCompDirectiveNoFileComp))
	a.completeFlag(cmd, "profile", a.profileNames)
	if namesProcess(cmd) && cmd.ValidArgsFunction == nil {
		names := a.fromDatabase(processNames)
		cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return names(cmd, args, begun)
		}
	}
	for _, child := range cmd.Commands() {
		a.completeNames(child)
	}
}

// namesProcess reports whether a command's first argument is the name of a process.
func namesProcess(cmd *cobra.Command) bool {
	words := strings.Fields(cmd.Use)
	if len(words) < 2 {
		return false
	}
	of := strings.Trim(words[1], "[]")
	return of == "PROCESS" || of == "NAME" && cmd.HasParent() && cmd.Parent().Name() == "process" && cmd.Name() != "add"
}

// completeFlag adds completion to a flag of a command, if the command has the flag and
// the flag has no completion yet.
func (a *app) completeFlag(cmd *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if f := cmd.LocalFlags().Lookup(flag); f != nil && f.Value.Type() != "bool" {
		_ = cmd.RegisterFlagCompletionFunc(flag, complete) // fails if another function is registered, which then stays
	}
}

// fromDatabase completes names from the database. It reports no errors, because a shell
// shows none during completion.
func (a *app) fromDatabase(names namer) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(cmd.Context(), cmp.Or(a.env.Completion, completionTime))
		defer cancel()
		found := make(chan []string, 1)
		go func() { found <- a.namesFor(ctx, cmd, names, begun) }()
		select {
		case all := <-found:
			return all, cobra.ShellCompDirectiveNoFileComp
		case <-ctx.Done(): // a driver may not notice at once
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
	}
}

// namesFor returns the names that begin with the typed text, ignoring case.
func (a *app) namesFor(ctx context.Context, cmd *cobra.Command, names namer, begun string) (all []string) {
	quiet := &app{env: a.env, dsn: a.dsn, ask: a.ask, profile: a.profile}
	quiet.env.Stderr = io.Discard
	if err := quiet.readSettings(cmd); err != nil {
		return nil
	}
	_ = quiet.withTracker(ctx, "", func(t *tracker.Tracker) error { // on an error, the names found so far are still useful
		for name, err := range names(ctx, t) {
			if err != nil {
				return err
			}
			if len(name) >= len(begun) && strings.EqualFold(name[:len(begun)], begun) {
				all = append(all, name)
			}
		}
		return nil
	})
	return all
}

// locationPaths returns the paths that --location accepts.
func locationPaths(ctx context.Context, t *tracker.Tracker) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for l, err := range t.Registry().Locations(ctx, tracker.NameFilter{Limit: mostNames}) {
			if !yield(l.Path, err) {
				return
			}
		}
	}
}

// profileNames completes the names of the profiles in the configuration file.
func (a *app) profileNames(*cobra.Command, []string, string) (all []string, _ cobra.ShellCompDirective) {
	p, err := a.readProfiles()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for name := range p.Profiles {
		all = append(all, name)
	}
	slices.Sort(all)
	return all, cobra.ShellCompDirectiveNoFileComp
}
