package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"
)

// Environment variables of settings, beside [DSNVariable] and [PasswordVariable].
const (
	ConfigVariable       = "PROCESSTRACKER_CONFIG"
	ProfileVariable      = "PROCESSTRACKER_PROFILE"
	DSNFileVariable      = "PROCESSTRACKER_DSN_FILE"
	PasswordFileVariable = "PROCESSTRACKER_PASSWORD_FILE"
	ActorVariable        = "PROCESSTRACKER_ACTOR"
	OutputVariable       = "PROCESSTRACKER_OUTPUT"
	UTCVariable          = "PROCESSTRACKER_UTC"
)

// The settings, by their names in a profile.
const (
	settingDSN             = "dsn"
	settingDSNFile         = "dsn_file"
	settingPasswordCommand = "password_command"
	settingPasswordFile    = "password_file"
	settingActor           = "actor"
	settingOutput          = "output"
	settingUTC             = "utc"
)

// rank is the precedence of a setting's source; the highest one wins.
type rank int

const (
	fromDefault rank = iota
	fromProfile
	fromEnvironment
	fromFlag // also from a profile that a flag names
)

// source is a place where a setting can be given. Settings of one group are mutually
// exclusive: the one of the highest rank wins, and two of the same rank are an error.
type source struct {
	setting, group, flag, variable string
}

// sources are the sources of all settings.
func sources() []source {
	return []source{
		{settingDSN, settingDSN, "dsn", DSNVariable},
		{settingDSNFile, settingDSN, "", DSNFileVariable},
		{settingPasswordCommand, "password", "password-command", PasswordVariable},
		{settingPasswordFile, "password", "", PasswordFileVariable},
		{settingActor, settingActor, "actor", ActorVariable},
		{settingOutput, settingOutput, "output", OutputVariable},
		{settingUTC, settingUTC, "utc", UTCVariable},
	}
}

// setting is a value and its source.
type setting struct {
	name, value string
	rank        rank
	from        string // for messages
}

// settings are the given settings, by group.
type settings map[string]setting

// profiles is the content of the configuration file.
type profiles struct {
	Profile  string                    `toml:"profile"` // the default profile
	Profiles map[string]map[string]any `toml:"profiles"`

	path string
	open bool // users other than its owner can read it
}

// configPath returns the path of the configuration file, whether it exists or not.
func (a *app) configPath() string {
	if path := a.env.Getenv(ConfigVariable); path != "" {
		return path
	}
	dir := a.env.Getenv("XDG_CONFIG_HOME")
	switch home := a.env.Getenv("HOME"); {
	case filepath.IsAbs(dir): // the XDG specification says to ignore a relative path
	case runtime.GOOS == "windows" && a.env.Getenv("AppData") != "":
		dir = a.env.Getenv("AppData")
	case home == "":
		return ""
	default:
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "processtracker", "config.toml")
}

// readProfiles reads the configuration file. The file may be missing, unless the
// environment names it.
func (a *app) readProfiles() (p profiles, err error) {
	if p.path = a.configPath(); p.path == "" {
		return p, nil
	}
	info, err := os.Stat(p.path)
	switch {
	case errors.Is(err, os.ErrNotExist) && a.env.Getenv(ConfigVariable) == "":
		return p, nil
	case err != nil:
		return p, fmt.Errorf("read the configuration: %w; create the file, or change %s", err, ConfigVariable)
	}
	p.open = runtime.GOOS != "windows" && info.Mode()&0o077 != 0
	meta, err := toml.DecodeFile(p.path, &p)
	var wrong toml.ParseError
	switch {
	case errors.As(err, &wrong):
		return p, fmt.Errorf("%s:%d: not TOML: %s", p.path, wrong.Position.Line, wrong.Message)
	case err != nil:
		return p, fmt.Errorf("read %s: %w", p.path, err)
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return p, fmt.Errorf("%s: %s is not known; a profile is a table [profiles.NAME], and profile names the one that is used", p.path, extra[0])
	}
	return p, p.check()
}

// check rejects unknown keys, and values that are not strings.
func (p profiles) check() error {
	var names []string
	for _, s := range sources() {
		names = append(names, s.setting)
	}
	for name, values := range p.Profiles {
		for key, value := range values {
			if nearest, missing := (known{names: each(names)}).nearest(key); missing {
				return fmt.Errorf("%s: profiles.%s.%s is not known%s; a profile has %s", p.path, name, key, didYouMean(nearest), strings.Join(names, ", "))
			}
			_, text := value.(string)
			_, flag := value.(bool)
			if key == settingUTC && !flag || key != settingUTC && !text {
				return fmt.Errorf("%s: profiles.%s.%s is %v; write %s", p.path, name, key, value,
					map[bool]string{true: "true or false", false: "a text in quotes"}[key == settingUTC])
			}
			if text && strings.TrimSpace(fmt.Sprint(value)) == "" {
				return fmt.Errorf("%s: profiles.%s.%s is empty; give a value, or leave the line out", p.path, name, key)
			}
		}
	}
	return nil
}

// choose returns the values of the selected profile, and their source.
func (a *app) choose(p profiles) (values map[string]any, r rank, from string, err error) {
	name, r, by := a.profile, fromFlag, "--profile"
	if name == "" {
		name, r, by = a.env.Getenv(ProfileVariable), fromProfile, ProfileVariable
	}
	if name == "" {
		name, by = p.Profile, "profile in "+p.path
	}
	if name == "" {
		return nil, fromDefault, "", nil
	}
	values, ok := p.Profiles[name]
	if !ok {
		var names []string
		for n := range p.Profiles {
			names = append(names, n)
		}
		nearest, _ := known{names: each(names)}.nearest(name)
		return nil, r, "", fmt.Errorf("%s: there is no profile %q in %s%s", by, name, p.path, didYouMean(nearest))
	}
	a.profile = name
	return values, r, fmt.Sprintf("profile %s in %s", name, p.path), nil
}

// readSettings collects the settings from the flags, the environment and the profile.
func (a *app) readSettings(cmd *cobra.Command) error {
	p, err := a.readProfiles()
	if err != nil {
		return err
	}
	values, profileRank, profileFrom, err := a.choose(p)
	if err != nil {
		return err
	}
	a.settings = settings{}
	for _, s := range sources() {
		if f := cmd.Flags().Lookup(s.flag); s.flag != "" && f != nil && f.Changed {
			err = errors.Join(err, a.say(s, f.Value.String(), fromFlag, "--"+s.flag))
			continue
		}
		if value, ok := values[s.setting]; ok {
			err = errors.Join(err, a.say(s, fmt.Sprint(value), profileRank, profileFrom))
		}
		if value, ok := a.env.lookup(s.variable); ok {
			err = errors.Join(err, a.say(s, value, fromEnvironment, s.variable))
		}
	}
	if err != nil {
		return err
	}
	if dsn := a.settings[settingDSN]; p.open && dsn.name == settingDSN && dsn.from == profileFrom && hasPassword(dsn.value) {
		a.sayf("%s has a password, and other users can read the file; run: chmod 600 %s, or use password_command or password_file", profileFrom, p.path)
	}
	return nil
}

// say sets a value, unless a source of higher rank has set one.
func (a *app) say(s source, value string, r rank, from string) error {
	old, said := a.settings[s.group]
	if said && (old.rank > r || old.rank == fromFlag && old.from == "--"+s.flag) {
		return nil
	}
	if said && old.rank == r && old.name != s.setting && !strings.HasPrefix(old.from, "--") {
		return fmt.Errorf("%s of %s and %s of %s are both given; leave one of them out", old.name, old.from, s.setting, from)
	}
	if strings.TrimSpace(value) == "" && s.group != settingDSN { // the code that uses a DSN rejects an empty one
		return nil
	}
	a.settings[s.group] = setting{s.setting, value, r, from}
	return nil
}

// utc returns the setting for times in UTC. The flag has already been read.
func (s settings) utc() (bool, error) {
	said, ok := s[settingUTC]
	if !ok {
		return false, nil
	}
	utc, err := strconv.ParseBool(said.value)
	if err != nil {
		return false, fmt.Errorf("%s is %q; give true or false", said.from, said.value)
	}
	return utc, nil
}

// firstLine returns the first line of a file that holds a secret.
func firstLine(s setting) (string, error) {
	text, err := os.ReadFile(s.value)
	if err != nil {
		return "", fmt.Errorf("%s of %s: %w", s.name, s.from, err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return "", fmt.Errorf("%s of %s: the first line of %s is empty; write the value there", s.name, s.from, s.value)
	}
	return line, nil
}

// hasPassword reports whether a DSN has a password in its authority or its parameters.
func hasPassword(dsn string) bool {
	user, _, ok := strings.Cut(dsn, "@")
	_, user, _ = strings.Cut(user, "://")
	return ok && strings.Contains(user, ":") || strings.Contains(dsn, "password=")
}
