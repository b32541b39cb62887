package cli

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/table"
)

const configHelp = `Show the settings and the profiles of the configuration file. It is TOML, at
$XDG_CONFIG_HOME/processtracker/config.toml (~/.config/processtracker/config.toml), or
where PROCESSTRACKER_CONFIG says:

  profile = "dev"            # used if you name no profile

  [profiles.dev]
  dsn = "sqlite:/home/ann/tracker.db"

  [profiles.prod]
  dsn = "postgres://etl@db.example/dwh?sslmode=verify-full"
  password_command = "vault read -field=password database/static-creds/etl"
  actor = "nightly"

A profile has dsn or dsn_file, password_command or password_file, actor, output and utc.
output is the form of lists alone: scripts rely on what other commands print. The first
line of a dsn_file or password_file is the value; it is read for each connection. Choose
a profile with --profile or PROCESSTRACKER_PROFILE.

Flags override the environment, and the environment overrides the file. A profile named
by --profile counts as a flag: it overrides PROCESSTRACKER_DSN, so that "--profile prod"
cannot mean another database.`

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Show the settings, where each comes from, and the profiles", Long: configHelp,
		Example: "  processtracker config show\n  processtracker config profiles"}
	cmd.AddCommand(a.configShowCommand(), a.configProfilesCommand())
	return cmd
}

func (a *app) configShowCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use: "show", Short: "Show each setting and where it comes from, without secrets", Args: cobra.NoArgs,
		Example: "  processtracker config show\n  processtracker config show --output json",
		RunE: a.run(func(context.Context, []string) error {
			return show(a, settingListing(), limit, a.shownSettings())
		}),
	}
	limitVar(cmd.Flags(), &limit)
	return cmd
}

// shownSettings returns all settings, without secrets.
func (a *app) shownSettings() iter.Seq2[setting, error] {
	return func(yield func(setting, error) bool) {
		var groups []string
		for _, s := range sources() {
			if slices.Contains(groups, s.group) {
				continue
			}
			groups = append(groups, s.group)
			said, ok := a.settings[s.group]
			if !ok {
				said = setting{name: s.setting, from: "default"}
			}
			if !yield(a.withoutSecret(said), nil) {
				return
			}
		}
	}
}

// withoutSecret returns a setting in a form that is safe to show.
func (a *app) withoutSecret(s setting) setting {
	switch s.name {
	case settingDSN, settingDSNFile:
		if s.value != "" && s.name == settingDSNFile {
			return s // the file's name
		}
		dsn := s.value
		if dsn == "" {
			s.value, _ = a.defaultFile() // without a home directory there is none
			return s
		}
		db, err := backends.Parse(dsn)
		if s.value = db.Where(); err != nil {
			s.value = "(no DSN)"
		}
	case settingPasswordCommand:
		if s.value != "" {
			s.value = "(a command)" // that may contain secrets
		}
	}
	return s
}

func settingListing() listing[setting] {
	return listing[setting]{
		things:  "settings",
		columns: []table.Column{{Title: "Setting"}, {Title: "Value", Least: 16, Wrap: true}, {Title: "From", Least: 12, Wrap: true}},
		row:     func(s setting) []string { return []string{s.name, s.value, s.from} },
		document: func(s setting) any {
			return struct {
				Setting string  `json:"setting"`
				Value   *string `json:"value"`
				From    string  `json:"from"`
			}{s.name, orNull(s.value), s.from}
		},
	}
}

// profileInfo is a profile of the configuration file.
type profileInfo struct {
	name, where string
	used        bool
}

func (a *app) configProfilesCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use: "profiles", Short: "List the profiles of the configuration file", Args: cobra.NoArgs,
		Example: "  processtracker config profiles",
		RunE: a.run(func(context.Context, []string) error {
			p, err := a.readProfiles()
			if err != nil {
				return err
			}
			return show(a, profileListing(), limit, a.shownProfiles(p))
		}),
	}
	limitVar(cmd.Flags(), &limit)
	return cmd
}

// shownProfiles returns the profiles, sorted by name.
func (a *app) shownProfiles(p profiles) iter.Seq2[profileInfo, error] {
	return func(yield func(profileInfo, error) bool) {
		var all []profileInfo
		for name, values := range p.Profiles {
			info := profileInfo{name: name, used: name == a.profile}
			if dsn, ok := values[settingDSN].(string); ok {
				info.where = a.withoutSecret(setting{name: settingDSN, value: dsn}).value
			} else if file, ok := values[settingDSNFile].(string); ok {
				info.where = file
			}
			all = append(all, info)
		}
		slices.SortFunc(all, func(x, y profileInfo) int { return cmp.Compare(x.name, y.name) })
		for _, info := range all {
			if !yield(info, nil) {
				return
			}
		}
	}
}

func profileListing() listing[profileInfo] {
	return listing[profileInfo]{
		things:  "profiles",
		columns: []table.Column{{Title: "Name", Least: 12, Wrap: true}, {Title: "Used"}, {Title: "Where", Least: 16, Wrap: true}},
		row: func(p profileInfo) []string {
			return []string{p.name, map[bool]string{true: "yes"}[p.used], p.where}
		},
		document: func(p profileInfo) any {
			return struct {
				Name  string  `json:"name"`
				Used  bool    `json:"used"`
				Where *string `json:"where"`
			}{p.name, p.used, orNull(p.where)}
		},
	}
}
