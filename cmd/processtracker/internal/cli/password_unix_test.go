//go:build unix

package cli

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rotated is a server where a test can change a user's password.
type rotated struct {
	variable string
	create   func(user, password string) []string // and a database with the user's name
	change   func(user, password string) []string // and ends the user's sessions
	drop     func(user string) []string
}

func onPostgres() rotated {
	return rotated{
		variable: "PROCESSTRACKER_TEST_POSTGRES_DSN",
		create: func(user, password string) []string {
			return []string{"CREATE ROLE " + user + " LOGIN PASSWORD '" + password + "'", "CREATE DATABASE " + user + " OWNER " + user}
		},
		change: func(user, password string) []string {
			return []string{
				"ALTER ROLE " + user + " PASSWORD '" + password + "'",
				"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + user + "'",
			}
		},
		drop: func(user string) []string { return []string{"DROP DATABASE " + user, "DROP ROLE " + user} },
	}
}

func onMySQL(variable string) rotated {
	return rotated{
		variable: variable,
		create: func(user, password string) []string {
			return []string{
				"CREATE DATABASE " + user, "CREATE USER " + user + " IDENTIFIED BY '" + password + "'", "GRANT ALL ON " + user + ".* TO " + user,
			}
		},
		change: func(user, password string) []string {
			return []string{"ALTER USER " + user + " IDENTIFIED BY '" + password + "'"}
		},
		drop: func(user string) []string { return []string{"DROP USER " + user, "DROP DATABASE " + user} },
	}
}

// TestPasswordThatChanges changes the password while exec runs, and ends the
// connections. A new connection with the new password records the run's end.
func TestPasswordThatChanges(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]rotated{
		"postgres": onPostgres(), "mysql": onMySQL("PROCESSTRACKER_TEST_MYSQL_DSN"), "mariadb": onMySQL("PROCESSTRACKER_TEST_MARIADB_DSN"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given, u := server(t, on.variable)
			user := fmt.Sprintf("pt_rotated_%s_%d", name, os.Getpid())
			for _, statement := range on.create(user, "first") {
				administer(t, given, statement)
			}
			t.Cleanup(func() {
				for _, statement := range on.drop(user) {
					administer(t, given, statement)
				}
			})
			tl := newTool(t)
			file := filepath.Join(tl.home, "password")
			write(t, file, "first\nthe second line is not the password\n")
			u.User = url.User(user)
			u.Path = "/" + user // a database of its own
			dsn := u.String()
			tl.env.Environ = append(tl.env.Environ, DSNVariable+"="+dsn, PasswordVariable+"=cat "+file)
			tl.run("setup").want(0)

			change := strings.Join(on.change(user, "second"), ";")
			tl.run("exec", "--process", "P", "--", os.Args[0], asChild, "rotate", given, change, user, file).want(0)
			tl.run("runs", "--json").want(0, `"status":"completed"`)

			write(t, file, "first\n")
			tl.run("runs").want(CodeCredentials, "credentials refused", "--password-command")
			tl.env.Environ = append(tl.env.Environ, PasswordVariable+"=echo nothing >&2; exit 3")
			tl.run("runs").want(CodeError, "no password", "exit status 3", "nothing")
		})
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestPasswordCommandOfAFile(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("runs", "--password-command", "echo geheim").want(CodeUsage, "sqlite has no passwords")
	tl.env.Environ = append(tl.env.Environ, PasswordVariable+"=echo geheim") // for others
	tl.run("runs").want(0)
	out := tl.run("exec", "--process", "P", "--", "sh", "-c", "env").want(0)
	if strings.Contains(out.stdout, PasswordVariable) {
		t.Errorf("the command is told to the run's: %s", out.stdout)
	}
}
