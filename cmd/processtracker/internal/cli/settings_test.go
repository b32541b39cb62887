package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// configure writes the tool's configuration file.
func (tl *tool) configure(text string) string {
	tl.t.Helper()
	path := filepath.Join(tl.home, ".config", "processtracker", "config.toml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		tl.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tl.t.Fatal(err)
	}
	return path
}

// without removes a variable from the tool's environment.
func (tl *tool) without(name string) *tool {
	other := *tl
	other.env.Environ = nil
	for _, v := range tl.env.Environ {
		if !strings.HasPrefix(v, name+"=") {
			other.env.Environ = append(other.env.Environ, v)
		}
	}
	return &other
}

// database returns the database that config show prints, and its source.
func (r *result) database() (value, from string) {
	r.t.Helper()
	var all []struct{ Setting, Value, From string }
	if err := json.Unmarshal([]byte(r.want(0).stdout), &all); err != nil {
		r.t.Fatal(err)
	}
	return all[0].Value, all[0].From
}

// The environment takes precedence over the file, and a flag over both. A profile that
// a flag names ranks with flags.
func TestSettingsHaveRanks(t *testing.T) {
	t.Parallel()
	tl := newTool(t).without(DSNVariable)
	path := tl.configure("profile = \"one\"\n[profiles.one]\ndsn = \"sqlite:/one.db\"\n[profiles.two]\ndsn = \"sqlite:/two.db\"\nactor = \"nightly\"\n")
	show := []string{"config", "show", "--json"}
	for _, c := range []struct {
		tool        *tool
		args        []string
		value, from string
	}{
		{tl, nil, "/one.db", "profile one in " + path},
		{tl.with(ProfileVariable, "two"), nil, "/two.db", "profile two in " + path},
		{tl.with(DSNVariable, "sqlite:/env.db"), nil, "/env.db", DSNVariable},
		{tl.with(DSNVariable, "sqlite:/env.db"), []string{"--profile", "two"}, "/two.db", "profile two in " + path},
		{tl.with(DSNVariable, "sqlite:/env.db"), []string{"--profile", "two", "--dsn", "sqlite:/flag.db"}, "/flag.db", "--dsn"},
	} {
		value, from := c.tool.run(append(show, c.args...)...).database()
		if value != c.value || from != c.from {
			t.Errorf("%q: %s from %s, want %s from %s", c.args, value, from, c.value, c.from)
		}
	}
	tl.run("config", "show", "--profile", "two").want(0, "actor", "nightly", "default")
	tl.run("config", "profiles").want(0, "one", "two", "/two.db")
	tl.run("runs", "--profile", "twoo").want(CodeUsage, `--profile: there is no profile "twoo" in `+path+`; did you mean "two"?`)
	tl.with(ProfileVariable, "x").run("runs").want(CodeUsage, ProfileVariable+`: there is no profile "x"`)
	tl.run("exec", "--profile", "twoo", "--process", "P", "--", "true").want(CodeExecError, "there is no profile")
}

// The settings of a profile are used: the database and the actor.
func TestAProfileIsUsed(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	bare := tl.without(DSNVariable)
	file := filepath.Join(tl.home, "dsn")
	if err := os.WriteFile(file, []byte(tl.dsn+"\nmore\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bare.configure("[profiles.p]\ndsn_file = '" + file + "'\nactor = \"nightly\"\noutput = \"csv\"\nutc = true\n")
	bare.run("start", "--process", "P", "--profile", "p").want(0)
	bare.run("runs", "--profile", "p", "--columns", "process,actor").want(0, "process,actor\nP,nightly\n")
	bare.run("status", "--profile", "p").want(0, "running   1") // a profile's --output csv applies only to lists
	for _, form := range outputs {
		started := bare.with(OutputVariable, form).run("start", "--process", form, "--profile", "p").want(0)
		if strings.ContainsAny(started.stdout, "{,") {
			t.Errorf("%s is for lists, and start prints %s", OutputVariable, started.stdout)
		}
	}
	bare.with(OutputVariable, "jason").run("runs").want(CodeUsage, OutputVariable+` is "jason"; give table, `)
	bare.with(DSNFileVariable, file).run("runs", "--limit", "1", "-o", "csv", "--columns", "actor").want(0, "actor\n")
	bare.with(DSNFileVariable, file+"x").run("runs").want(CodeUsage, DSNFileVariable)
	bare.with(DSNFileVariable, file).with(DSNVariable, tl.dsn).run("runs").want(CodeUsage, "are both given; leave one of them out")
}

// An invalid configuration file is rejected with the position of the error.
func TestInvalidConfigurations(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"[profiles.p]\ndsnx = \"x\"":          `profiles.p.dsnx is not known; did you mean "dsn"?; a profile has dsn, dsn_file, `,
		"[profiles.p]\ndsn = 1":               `profiles.p.dsn is 1; write a text in quotes`,
		"[profiles.p]\ndsn = \"\"":            `profiles.p.dsn is empty`,
		"[profiles.p]\nutc = \"yes\"":         `profiles.p.utc is yes; write true or false`,
		"[profiles.p]\n\ndsn =":               `config.toml:3: not TOML`,
		"[profile.p]\ndsn = \"sqlite:/x.db\"": `config.toml`,
		"other = 1":                           `other is not known; a profile is a table [profiles.NAME]`,
	} {
		tl := newTool(t)
		tl.configure(text)
		tl.run("runs").want(CodeUsage, says)
	}
	newTool(t).with(ConfigVariable, "/no/such/file").run("runs").want(CodeUsage, "create the file, or change "+ConfigVariable)
}

// Settings contain no secrets, and the tool reports a file with a password that others
// can read.
func TestSettingsShowNoSecrets(t *testing.T) {
	t.Parallel()
	tl := newTool(t).without(DSNVariable)
	path := tl.configure("profile = \"p\"\n[profiles.p]\ndsn = \"postgres://etl:geheim@db.example/dwh\"\npassword_command = \"echo geheim\"\n")
	for _, form := range outputs {
		for _, command := range []string{"show", "profiles"} {
			if r := tl.run("config", command, "-o", form).want(0, "db.example"); strings.Contains(r.stdout+r.stderr, "geheim") {
				t.Errorf("%s shows a password: %s%s", command, r.stdout, r.stderr)
			}
		}
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	tl.run("config", "show").want(0, "other users can read the file; run: chmod 600 "+path)
}

// A default profile does not give a call within an exec another database than the exec's.
func TestAProfileDoesNotOverrideTheDatabaseOfExec(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t).without(DSNVariable)
	tl.configure("profile = \"p\"\n[profiles.p]\ndsn = \"" + tl.dsn + "\"\n")
	tl.with(ParentVariable, "/another.db").run("runs").want(CodeUsage, "no database is named here")
	tl.with(ParentVariable, "/another.db").run("runs", "--profile", "p").want(0)
}
