package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	listers "github.com/processtracker/processtracker-go/core/listing"
	"github.com/processtracker/processtracker-go/core/tracker"
)

const registerHelp = `Register extracts for a run: files by their paths, or by their names in --location. A
registered extract stays as it is.

With --location and no names, list that directory or bucket, register its new files as
ready, and print how many are known, changed and missing. A location is a directory, or
one of these, with the credentials that the store's own tools use:

  s3://bucket/prefix                                     AWS_PROFILE, AWS_ENDPOINT_URL and so on
  gs://bucket/prefix                                     gcloud's, or GOOGLE_APPLICATION_CREDENTIALS
  abfss://container@account.dfs.core.windows.net/prefix  az login's, AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN
  az://container/prefix                                  the same, with AZURE_STORAGE_ACCOUNT`

const registerExample = `  processtracker extract register /landing/teams/teams.csv
  processtracker extract register teams.csv --location ~/landing/teams --location-name "Teams" --status ready
  processtracker extract register --location s3://landing/teams --glob '*.csv' --missing-as deleted`

// registering holds the flags of extract register.
type registering struct {
	handle, status, missingAs, glob string

	file tracker.File
	size int64
}

func (a *app) extractRegisterCommand() *cobra.Command {
	var r registering
	cmd := &cobra.Command{
		Use: "register [FILE]...", Short: "Register files, or all files in a location", Long: registerHelp, Example: registerExample,
	}
	flags := cmd.Flags()
	cmd.RunE = a.run(func(ctx context.Context, args []string) error {
		if flags.Changed("size") {
			r.file.Size = &r.size
		}
		if err := r.check(len(args), flags.Changed); err != nil {
			return err
		}
		r.file.Status = tracker.ExtractStatus(r.status)
		return a.onRun(ctx, r.handle, func(t *tracker.Tracker, run *tracker.Run) error {
			if len(args) == 0 {
				return a.listLocation(ctx, t, run, r)
			}
			files, err := r.files(args)
			if err != nil {
				return err
			}
			extracts, err := run.RegisterExtracts(ctx, files...)
			if err != nil {
				return err
			}
			return a.printExtracts(extracts, extractLine)
		})
	})
	flags.StringVar(&r.file.Location, "location", "", "the directory, bucket prefix or URL of the files")
	flags.StringVar(&r.file.LocationName, "location-name", "", "the location's name (default: from its path)")
	flags.StringVar(&r.status, "status", "", "the first status of files given by name (default: initializing)")
	flags.StringVar(&r.file.FileType, "type", "", "the file's type, such as csv (default: by its name)")
	flags.StringVar(&r.file.Compression, "compression", "", "its compression, such as gzip (default: by its name)")
	flags.Int64Var(&r.size, "size", 0, "its size in bytes")
	flags.StringVar(&r.file.Checksum, "checksum", "", "its checksum, after the name of the algorithm: sha256:…")
	flags.StringVar(&r.glob, "glob", "", "when listing a location, only files whose names match: * is any characters, ? is one")
	flags.StringVar(&r.missingAs, "missing-as", "", "when listing a location, the status for extracts whose files are missing, such as deleted")
	flags.StringVar(&r.handle, "run", "", runHelp)
	return cmd
}

// check rejects flags that cannot be combined.
func (r *registering) check(names int, changed func(string) bool) error {
	if names == 0 {
		if r.file.Location == "" {
			return exit(CodeUsage, errors.New("nothing to register; give files, or --location to list one"))
		}
		for _, flag := range []string{"status", "type", "compression", "size", "checksum"} {
			if changed(flag) {
				return exit(CodeUsage, fmt.Errorf("--%s is for files given by name; a listing registers the files that it finds as ready, and reads their properties itself", flag))
			}
		}
		return nil
	}
	for _, flag := range []string{"glob", "missing-as"} {
		if changed(flag) {
			return exit(CodeUsage, fmt.Errorf("--%s is for listing a location; to list it, leave out the names", flag))
		}
	}
	for _, flag := range []string{"size", "checksum"} {
		if changed(flag) && names > 1 {
			return exit(CodeUsage, fmt.Errorf("--%s is for one file, and %d are given; register them one by one", flag, names))
		}
	}
	return nil
}

func (r *registering) files(args []string) ([]tracker.File, error) {
	files := make([]tracker.File, len(args))
	for i, arg := range args {
		files[i] = r.file
		files[i].Name = arg
		if r.file.Location != "" {
			files[i].Location = absolute(r.file.Location)
			continue
		}
		p, ok := divided(arg)
		if !ok {
			return nil, exit(CodeUsage, fmt.Errorf("%q has no directory; give --location, or the whole path (./%s is one)", arg, arg))
		}
		files[i].Location, files[i].Name = p.location, p.name
	}
	return files, nil
}

// listLocation lists a location, and shows its progress on a terminal.
func (a *app) listLocation(ctx context.Context, t *tracker.Tracker, run *tracker.Run, r registering) error {
	path := absolute(r.file.Location)
	lister, err := a.lister(ctx, path)
	if err != nil {
		return err
	}
	if r.file.LocationName != "" {
		if _, err := t.Registry().RegisterLocation(ctx, path, r.file.LocationName); err != nil {
			return err
		}
	}
	bar := a.progress("listing " + path)
	defer bar.clear()
	options := &tracker.ListOptions{NameGlob: r.glob, MissingAs: tracker.ExtractStatus(r.missingAs), OnFile: func(f tracker.ListedFile) error {
		bar.add(1)
		if f.Finding == tracker.FileSkipped {
			bar.clear()
			a.sayf("skipped %q: %v", f.Object.Name, f.Reason)
		}
		return nil
	}}
	found, err := run.ListLocation(ctx, bar.over(lister), path, options)
	bar.clear()
	if err != nil {
		return err
	}
	if a.json {
		return writeJSON(a.env.Stdout, struct {
			Location locationJSON `json:"location"`
			ListedAt moment       `json:"listed_at"`
			New      int64        `json:"new"`
			Known    int64        `json:"known"`
			Changed  int64        `json:"changed"`
			Skipped  int64        `json:"skipped"`
			Missing  int64        `json:"missing"`
		}{newLocationJSON(found.Location), moment(found.At), found.New, found.Known, found.Changed, found.Skipped, found.Missing})
	}
	parts := []string{
		number(found.New) + " new", number(found.Known) + " known (" + number(found.Changed) + " of them changed)",
		number(found.Missing) + " missing",
	}
	if found.Skipped > 0 {
		parts = append(parts, number(found.Skipped)+" skipped")
	}
	return a.printf("%s: %s\n", found.Location.Path, strings.Join(parts, ", "))
}

func newLocationJSON(l tracker.Location) locationJSON {
	return locationJSON{ID: l.ID, Path: l.Path, Name: l.Name, Type: l.Type}
}

// lister returns the lister of the location.
func (a *app) lister(ctx context.Context, path string) (listers.Lister, error) {
	if a.env.Lister != nil {
		return a.env.Lister(ctx, path, a.env.Getenv)
	}
	return listers.Local{}, nil
}
