// Package web is the dashboard. It shows the current problems, the course of the last
// night, and which process waits for which. The dashboard is an [http.Handler] that a
// program mounts under any path of its own server. It depends only on the tracker's core:
//
//	dashboard, err := web.New(t, web.Options{})
//	if err != nil {
//		return err
//	}
//	mux.Handle("/jobs/", dashboard)
//
// Links in its pages are relative, so the dashboard does not need to know the path, with
// or without [http.StripPrefix]. It reads everything through the tracker, by statements
// that are bounded and use an index. All viewers share the results for some seconds:
// fifty viewers cost the database as much as one. A database user with the role reader is
// enough, as long as no viewer takes an action.
//
// Every viewer that reaches the handler may look and may not act, unless [Options.Access]
// says otherwise. "processtracker serve" mounts the dashboard, too, and docs/dashboard.md
// shows its pages.
package web
