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

// rank is where a setting's value comes from; the highest one counts.
type rank int

const (
	fromDefault rank = iota
	fromProfile
	fromEnvironment
	fromFlag // also of a profile that a flag names
)

// source is where a setting can be said. Settings of one group exclude each other: the
// one of a higher rank counts, and two of one rank are refused.
type source struct {
	setting, group, flag, variable string
}

// sources are all settings.
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

// setting is a value and where it comes from.
type setting struct {
	name, value string
	rank        rank
	from        string // in words
}

// settings are those that were said, by group.
type settings map[string]setting

// profiles are the configuration file.
type profiles struct {
	Profile  string                    `toml:"profile"` // the one that is used if none is named
	Profiles map[string]map[string]any `toml:"profiles"`

	path string
	open bool // users other than its owner can read it
}

// configPath is where the configuration file is, whether it exists or not.
func (a *app) configPath() string {
	if path := a.env.Getenv(ConfigVariable); path != "" {
		return path
	}
	dir := a.env.Getenv("XDG_CONFIG_HOME")
	switch home := a.env.Getenv("HOME"); {
	case filepath.IsAbs(dir): // a relative one is to be ignored, its standard says
	case runtime.GOOS == "windows" && a.env.Getenv("AppData") != "":
		dir = a.env.Getenv("AppData")
	case home == "":
		return ""
	default:
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "processtracker", "config.toml")
}

// readProfiles reads the configuration file. There need not be one, unless the
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
		return p, fmt.Errorf("%s:%d: no TOML: %s", p.path, wrong.Position.Line, wrong.Message)
	case err != nil:
		return p, fmt.Errorf("read %s: %w", p.path, err)
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return p, fmt.Errorf("%s: %s is not known; a profile is a table [profiles.NAME], and profile names the one that is used", p.path, extra[0])
	}
	return p, p.check()
}

// check refuses keys that are no settings, and values that are no texts.
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

// choose returns the values of the profile that is used, and where they come from.
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

// readSettings collects what flags, environment and profile say.
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

// say notes a value, unless a higher rank has said one.
func (a *app) say(s source, value string, r rank, from string) error {
	old, said := a.settings[s.group]
	if said && (old.rank > r || old.rank == fromFlag && old.from == "--"+s.flag) {
		return nil
	}
	if said && old.rank == r && old.name != s.setting && !strings.HasPrefix(old.from, "--") {
		return fmt.Errorf("%s of %s and %s of %s are both given; leave one of them out", old.name, old.from, s.setting, from)
	}
	if strings.TrimSpace(value) == "" && s.group != settingDSN { // an empty DSN is refused where it is used
		return nil
	}
	a.settings[s.group] = setting{s.setting, value, r, from}
	return nil
}

// utc is what the settings say of times; a flag has been read already.
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

// firstLine is the first line of a file with a secret.
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

// hasPassword reports whether a DSN has a password in its authority or parameters.
func hasPassword(dsn string) bool {
	user, _, ok := strings.Cut(dsn, "@")
	_, user, _ = strings.Cut(user, "://")
	return ok && strings.Contains(user, ":") || strings.Contains(dsn, "password=")
}
