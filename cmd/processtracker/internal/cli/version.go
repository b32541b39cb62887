package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/processtracker/processtracker-go/cmd/processtracker/internal/backends"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version",
		Example: `  processtracker version
  processtracker version --json`,
		Short: "Show the version of the tool",
		Long: `Show the tool's version, the commit it was built from, the Go version that built it, and
the schema version that it works with on each database. It opens no database:
"processtracker status" shows the schema version of one.`,
		Args: cobra.NoArgs,
		RunE: a.run(func(context.Context, []string) error {
			info, _ := debug.ReadBuildInfo()
			v := newVersionJSON(info)
			var err error
			if v.Schemas, err = backends.SchemaVersions(); err != nil {
				return err
			}
			if a.json {
				return writeJSON(a.env.Stdout, v)
			}
			return a.printVersion(v)
		}),
	}
}

// versionJSON describes the build of the tool.
type versionJSON struct {
	Version  string         `json:"version"`  // such as v0.1.0; (devel) for a checkout, unknown if the Go tool recorded none
	Commit   *string        `json:"commit"`   // null: a release, identified by its version, or not recorded
	Modified bool           `json:"modified"` // the checkout had uncommitted changes
	Go       string         `json:"go"`
	Platform string         `json:"platform"`
	Schemas  map[string]int `json:"schema_versions"`
}

// pseudo matches the pseudo-version of a commit without a tag; it ends with the commit's hash.
var pseudo = regexp.MustCompile(`[-.]\d{14}-([0-9a-f]{12})(\+dirty)?$`)

// newVersionJSON describes the build that the Go tool recorded in the program; info is
// nil if it recorded none.
func newVersionJSON(info *debug.BuildInfo) versionJSON {
	v := versionJSON{Version: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info == nil {
		return v
	}
	v.Version = cmp.Or(info.Main.Version, v.Version)
	if m := pseudo.FindStringSubmatch(v.Version); m != nil {
		v.Commit, v.Modified = &m[1], m[2] != ""
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = &s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

func (a *app) printVersion(v versionJSON) error {
	commit := "not noted"
	if v.Commit != nil {
		commit = *v.Commit
	}
	if v.Modified {
		commit += ", with uncommitted changes"
	}
	var schemas []string
	for _, name := range slices.Sorted(maps.Keys(v.Schemas)) {
		schemas = append(schemas, fmt.Sprintf("%s %d", name, v.Schemas[name]))
	}
	return a.printf("version   %s\ncommit    %s\ngo        %s %s\nschema    %s\n", v.Version, commit, v.Go, v.Platform, strings.Join(schemas, ", "))
}
