package cli

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
)

// child is the program that exec runs in the tests.
func child(mode string) int {
	switch mode {
	case "steal": // gives the run to another program
		return change(os.Args[3], "UPDATE pt_run SET token_digest = 'stolen ' || id", "UPDATE pt_process SET latest_token_digest = 'stolen ' || id")
	case "hide": // makes the database unusable
		return change(os.Args[3], "ALTER TABLE pt_run_status RENAME TO hidden")
	case "rotate": // changes a user's password, as in os.Args[3:], and ends the user's sessions
		return rotate(os.Args[3], os.Args[4], os.Args[5], os.Args[6])
	case "signals":
		return tellSignals()
	case "wait":
		fmt.Println("ready")
		select {}
	case "chatter": // until its reader is gone
		for {
			if _, err := fmt.Fprintln(os.Stderr, "chatter"); err != nil {
				return 9
			}
		}
	default:
		return systemChild(mode)
	}
}

// change runs statements and returns the exit code that the last argument names.
func change(dsn string, statements ...string) int {
	db, err := openForTest(dsn)
	for i := 0; err == nil && i < len(statements); i++ {
		_, err = db.ExecContext(context.Background(), statements[i])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 98
	}
	if len(os.Args) <= 4 {
		return 0
	}
	code, err := strconv.Atoi(os.Args[4])
	if err != nil {
		return 97
	}
	return code
}

// rotate changes a password with SQL statements, writes the new one to a file, and ends
// the user's sessions. On MySQL it has to query for the sessions.
func rotate(dsn, statements, user, file string) int {
	db, err := openForTest(dsn)
	if err != nil {
		return 98
	}
	defer func() { _ = db.Close() }()
	ctx := context.Background()
	failed := func(err error) bool {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		return err != nil
	}
	all := strings.Split(statements, ";")
	var sessions []int64
	if !strings.HasPrefix(dsn, "postgres") {
		rows, err := db.QueryContext(ctx, "SELECT id FROM information_schema.processlist WHERE user = ?", user)
		if failed(err) {
			return 98
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var id int64
			if failed(rows.Scan(&id)) {
				return 98
			}
			sessions = append(sessions, id)
		}
		if failed(rows.Err()) {
			return 98
		}
	}
	for _, statement := range all {
		if _, err := db.ExecContext(ctx, statement); failed(err) {
			return 98
		}
	}
	for _, id := range sessions {
		if _, err := db.ExecContext(ctx, fmt.Sprintf("KILL %d", id)); err != nil && connected(ctx, db, id) && failed(err) {
			return 98
		}
	}
	if failed(os.WriteFile(file, []byte("second\n"), 0o600)) {
		return 98
	}
	return 0
}

// connected reports whether a session of MySQL has not ended by itself.
func connected(ctx context.Context, db *sql.DB, id int64) bool {
	var n int
	err := db.QueryRowContext(ctx, "SELECT count(*) FROM information_schema.processlist WHERE id = ?", id).Scan(&n)
	return err != nil || n > 0
}

// tellSignals prints the names of signals. At SIGTERM it ends with 7, and at SIGUSR2
// with the number of earlier signals.
func tellSignals() int {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, forwardedSignals()...)
	fmt.Println("ready")
	count := 0
	for s := range signals {
		fmt.Println(s)
		switch s.String() {
		case "terminated":
			return 7
		case "user defined signal 2":
			return count
		}
		count++
	}
	return 96
}
