package cli

import "github.com/spf13/cobra"

const environmentHelp = `Environment variables:
  PROCESSTRACKER_DSN               the database, as --dsn
  PROCESSTRACKER_DSN_FILE          a file whose first line is the DSN
  PROCESSTRACKER_PASSWORD_COMMAND  a command that prints the password, as --password-command
  PROCESSTRACKER_PASSWORD_FILE     a file whose first line is the password; read for each
                                   new connection
  PROCESSTRACKER_ACTOR             the actor to record, as --actor
  PROCESSTRACKER_OUTPUT            the form of lists, as --output
  PROCESSTRACKER_UTC               true shows times in UTC, as --utc
  PROCESSTRACKER_CONFIG            the configuration file
  PROCESSTRACKER_PROFILE           the profile of it, as --profile
  PROCESSTRACKER_RUN               the handle of the run that commands such as complete and fail work on, as --run
  TZ                               the time zone in which tables show times
  XDG_CONFIG_HOME, XDG_DATA_HOME   where the configuration and the default database are

"processtracker exec" sets for its command:
  PROCESSTRACKER_PROCESS, PROCESSTRACKER_RUN_ID, PROCESSTRACKER_RUN_NUMBER
                                   the run's process, id and number
  PROCESSTRACKER_LOW               with --from-watermark: where the run's data begins
  PROCESSTRACKER_EXEC_DATABASE     the database of the run, without its password

A flag overrides a variable, and a variable overrides the configuration file. exec
passes no variable with a password or a DSN to its command, unless you give --share-run.
Output has no colours, so NO_COLOR changes nothing.

PostgreSQL's own variables and files (PGPASSWORD, PGSSLROOTCERT, ~/.pgpass, …) supply
the parts that a PostgreSQL DSN leaves out. MySQL, MariaDB and SQL Server use only the
DSN: the files of their clients, such as ~/.my.cnf, are not read.`

const outputHelp = `Each list prints --output table, wide, json, jsonl or csv.

  table  the fields for which the terminal has room; long texts are cut
  wide   all fields, and nothing is cut
  json   an array of objects; other commands print one object. --json is the same
  jsonl  an object a line
  csv    RFC 4180 with a line of names

Fields have the same names in all forms. --columns chooses among them, including the
fields of nested objects: id,location.path. Times in JSON and CSV are RFC 3339 in UTC
with microseconds, null or empty for none; numbers are numbers. A new version may add
names, and keeps the old ones. In tables times are in this machine's time zone, or in
UTC with --utc; --ages prints how long ago they were. --no-headers leaves the titles
out.

Data goes to standard output, and everything else, such as "there are no runs", to
standard error.`

// helpTopics are help pages that belong to no command.
func helpTopics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "exit-codes", Short: "Exit codes of all commands", Long: codesHelp + "\n\nOf \"processtracker start\":\n" + startCodesHelp + "\n\nOf \"processtracker exec\":\n" + execCodesHelp},
		{Use: "environment", Short: "Environment variables", Long: environmentHelp},
		{Use: "output", Short: "Forms of output, and the names of fields", Long: outputHelp},
	}
}
