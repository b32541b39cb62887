package cli

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// A version is shown without a database.
func TestVersion(t *testing.T) {
	t.Parallel()
	tl := newTool(t)
	tl.env.Environ = nil
	tl.run("version").want(0, "version   ", "commit    ", "go        "+runtime.Version()+" ", "schema    mysql ", ", sqlserver ")
	var v versionJSON
	tl.run("version", "--json").want(0).json(&v)
	if v.Version == "" || v.Go != runtime.Version() || v.Platform != runtime.GOOS+"/"+runtime.GOARCH || v.Schemas["sqlite"] == 0 || len(v.Schemas) != 4 {
		t.Errorf("version: %+v", v)
	}
}

// The commit is that of the checkout, or else the one in the version.
func TestVersionOfBuilds(t *testing.T) {
	t.Parallel()
	build := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: version}, Settings: settings}
	}
	const commit = "0123456789abcdef0123456789abcdef01234567"
	for name, c := range map[string]struct {
		info            *debug.BuildInfo
		version, commit string
		modified        bool
	}{
		"nothing noted":      {nil, "unknown", "", false},
		"no version noted":   {build(""), "unknown", "", false},
		"a release":          {build("v0.1.0"), "v0.1.0", "", false},
		"a commit":           {build("v0.1.1-0.20261129071500-0123456789ab"), "v0.1.1-0.20261129071500-0123456789ab", "0123456789ab", false},
		"before any release": {build("v0.0.0-20261129071500-0123456789ab+dirty"), "v0.0.0-20261129071500-0123456789ab+dirty", "0123456789ab", true},
		"a checkout": {
			build("(devel)", debug.BuildSetting{Key: "vcs.revision", Value: commit}, debug.BuildSetting{Key: "vcs.modified", Value: "true"}),
			"(devel)", commit, true,
		},
	} {
		v := newVersionJSON(c.info)
		have := ""
		if v.Commit != nil {
			have = *v.Commit
		}
		if v.Version != c.version || have != c.commit || v.Modified != c.modified {
			t.Errorf("%s: version %q, commit %q, modified %t; want %q, %q, %t", name, v.Version, have, v.Modified, c.version, c.commit, c.modified)
		}
	}
}
