package cli

import (
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
)

const rootHelp = `processtracker keeps track of recurring data jobs in a database: what runs, what
ran, on which files, and what may run next.

The database is named by --dsn, else by the environment variable
PROCESSTRACKER_DSN; without both it is an SQLite file in the user's data
directory. Its tables are made once, by "processtracker setup".

A DSN on the command line can be read by others on the machine. Give one with a
password in the environment, or keep the password where the database's own tools
look for it (PGPASSWORD, ~/.pgpass). A password that expires, or is changed while a
command runs, is printed by the command of --password-command, or of the environment
variable PROCESSTRACKER_PASSWORD_COMMAND: a shell runs it for each new connection,
and the first line that it prints is the password.

`

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "processtracker",
		Short: "Keep track of recurring data jobs",
		Long:  rootHelp + codesHelp,
		Example: `  processtracker setup
  processtracker exec --process "Teams Load" -- ./load.sh
  processtracker runs`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,

		DisableSuggestions:         true, // suggestion prints them on lines of their own
		SuggestionsMinimumDistance: 2,
	}
	root.PersistentFlags().StringVar(&a.dsn, "dsn", "", "the database: "+backends.Forms())
	root.PersistentFlags().StringVar(&a.ask, "password-command", "", "a command that prints the password, or the token, for a new connection (see: processtracker --help; or "+PasswordVariable+")")
	root.PersistentFlags().StringVar(&a.profile, "profile", "", "the profile of the configuration file (or "+ProfileVariable+"; see: processtracker config --help)")
	a.outputFlags(root.PersistentFlags())
	root.AddCommand(
		a.applyCommand(), a.diffCommand(), a.exportCommand(),
		a.dependencyCommand(), a.lookupCommand(),
		a.configCommand(), a.countCommand(), a.extractCommand(), a.rangeCommand(), a.setStatusCommand(),
		a.setupCommand(), a.upgradeCommand(), a.statusCommand(), a.execCommand(),
		a.startCommand(), a.completeCommand(), a.failCommand(), a.errorCommand(), a.renewCommand(), a.importDbtCommand(),
		a.runsCommand(), a.extractsCommand(), a.errorsCommand(), a.historyCommand(), a.refusalsCommand(),
		a.holdCommand(), a.releaseCommand(), a.reapCommand(), a.watermarkCommand(), a.grantsCommand(), a.purgeCommand(), a.metricsCommand(), a.reportCommand(), a.demoCommand(), a.versionCommand(),
		a.sessionCommand(), a.serveCommand(), a.doctorCommand(), a.graphCommand(), a.waitCommand(), a.watchCommand(), a.whyCommand(),
	)
	for _, r := range resources() {
		root.AddCommand(a.resourceCommand(r))
	}
	root.AddCommand(a.manCommand())
	root.AddCommand(helpTopics()...)
	sayDays(root)
	a.completeNames(root)
	suggest(root)
	return root
}

// version returns the version command's output for --version.
func version() string {
	info, _ := debug.ReadBuildInfo()
	v := newVersionJSON(info)
	return v.Version + " (" + v.Go + ")"
}
