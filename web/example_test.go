package web_test

import (
	"context"
	"log"
	"net/http"
	"time"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web"
)

func ExampleNew() {
	var backend dialect.Backend // for example from postgres.Open
	if err := serve(context.Background(), backend); err != nil {
		log.Print("no dashboard without a database")
	}
	// Output:
}

// serve mounts the dashboard under /jobs/, for users who have signed in.
func serve(ctx context.Context, backend dialect.Backend) error {
	t, err := tracker.New(ctx, backend, nil)
	if err != nil {
		return err
	}
	dashboard, err := web.New(t, web.Options{Access: func(r *http.Request) (web.Viewer, error) {
		user, _, ok := r.BasicAuth() // or your session
		if !ok {
			return web.Viewer{}, web.ErrUnknownViewer
		}
		return web.Viewer{Name: user, May: []web.Action{web.ActHold, web.ActRelease}}, nil
	}})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/jobs/", dashboard)
	server := http.Server{Addr: "127.0.0.1:8080", Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}
