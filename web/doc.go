// Package web is the dashboard: what is wrong now, how the last night went, what waits
// for what. It is an [http.Handler] without dependencies but the tracker's core, which a
// program mounts under any path of its own server:
//
//	dashboard, err := web.New(t, web.Options{})
//	if err != nil {
//		return err
//	}
//	mux.Handle("/jobs/", dashboard)
//
// Links in its pages are relative, so that it needs not be told the path, with or without
// [http.StripPrefix]. Everything is read through the tracker, by statements that are
// bounded and have an index, and is shared by all viewers for some seconds: fifty viewers
// cost the database as much as one. A database user with the role reader is enough, as
// long as nobody acts.
//
// Whoever reaches the handler may look and may not act, unless [Options.Access] says
// otherwise. "processtracker serve" mounts it, too, and docs/dashboard.md shows its pages.
package web
