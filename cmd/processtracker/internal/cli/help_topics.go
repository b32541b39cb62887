package cli

import "github.com/spf13/cobra"

const environmentHelp = `Environment variables:
  PROCESSTRACKER_DSN               the database, as --dsn
  PROCESSTRACKER_DSN_FILE          a file whose first line is the DSN
  PROCESSTRACKER_PASSWORD_COMMAND  a command that prints the password, as --password-command
  PROCESSTRACKER_PASSWORD_FILE     a file whose first line is the password; read for each
                                   new connection
  PROCESSTRACKER_ACTOR             who does it, as --actor
  PROCESSTRACKER_OUTPUT            the form of lists, as --output
  PROCESSTRACKER_UTC               true shows times in UTC, as --utc
  PROCESSTRACKER_CONFIG            the configuration file
  PROCESSTRACKER_PROFILE           the profile of it, as --profile
  PROCESSTRACKER_RUN               the handle of the run that complete, fail and others
                                   work on, as --run
  TZ                               the time zone in which tables show times
  XDG_CONFIG_HOME, XDG_DATA_HOME   where the configuration and the default database are

"processtracker exec" sets for its command:
  PROCESSTRACKER_PROCESS, PROCESSTRACKER_RUN_ID, PROCESSTRACKER_RUN_NUMBER
                                   the run's process, id and number
  PROCESSTRACKER_LOW               with --from-watermark: where the run's data begins
  PROCESSTRACKER_EXEC_DATABASE     the database of the run, without its password

A flag counts more than a variable, and a variable more than the configuration file. Of
the variables with a password or a DSN, exec hands none to its command, unless it is
told to (--share-run). Output has no colours, so NO_COLOR changes nothing.

PostgreSQL's own variables and files (PGPASSWORD, PGSSLROOTCERT, ~/.pgpass, …) count
where a DSN of PostgreSQL leaves something out. MySQL, MariaDB and SQL Server have the
DSN alone: the files of their clients, such as ~/.my.cnf, are not read.`

const outputHelp = `Each list prints --output table, wide, json, jsonl or csv.

  table  what the terminal has room for; long texts are cut
  wide   all fields, and nothing is cut
  json   an array of objects; other commands print one object. --json is the same
  jsonl  an object a line
  csv    RFC 4180 with a line of names

Fields have the same names in all forms, and --columns chooses among them, also among
those of objects within objects: id,location.path. Times in JSON and CSV are RFC 3339 in
UTC with microseconds, null or empty for none; numbers are numbers. Names stay; a new
version may add some. In tables times are in this machine's time zone, or in UTC with
--utc; --ages prints how long ago they were. --no-headers leaves the titles out.

Data goes to standard output; all else, also "there are no runs", to standard error.`

// helpTopics are help pages that belong to no command.
func helpTopics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "exit-codes", Short: "Exit codes of all commands", Long: codesHelp + "\n\nOf \"processtracker start\":\n" + startCodesHelp + "\n\nOf \"processtracker exec\":\n" + execCodesHelp},
		{Use: "environment", Short: "Environment variables", Long: environmentHelp},
		{Use: "output", Short: "Forms of output, and the names of fields", Long: outputHelp},
	}
}
