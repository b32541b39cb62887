// Command screenshots takes pictures of the dashboard's pages, with the data of package
// sample, in light and dark, on a desk and on a telephone.
//
//	screenshots DIRECTORY [NAME...]
//
// A name such as now-light restricts it to that picture.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web"
	"github.com/processtracker/processtracker-go/web/conformance/browser"
	"github.com/processtracker/processtracker-go/web/conformance/sample"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: screenshots DIRECTORY [NAME...]")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

// shot is a screenshot.
type shot struct {
	name, address string
	width, height int64
	dark          bool
}

func shots(run int64) []shot {
	var all []shot
	for name, address := range map[string]string{
		"now": "now", "night": "night", "process": "process?" + url.Values{"name": {sample.Healthy}}.Encode(), "graph": "graph", "files": "files?status=ready",
		"run": "run?id=" + strconv.FormatInt(run, 10), "failed": "process?" + url.Values{"name": {sample.Failed}}.Encode(),
	} {
		all = append(all, shot{name + "-light", address, 1200, 800, false}, shot{name + "-dark", address, 1200, 800, true}, shot{name + "-narrow", address, 360, 800, false})
	}
	slices.SortFunc(all, func(a, b shot) int { return len(a.name) - len(b.name) })
	return all
}

func run(ctx context.Context, to string, only []string) (err error) {
	dir, err := os.MkdirTemp("", "screenshots-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	// In the morning, after the night.
	t, _, err := sample.Open(ctx, dir, time.Now())
	if err != nil {
		return err
	}
	handler, err := web.New(t, web.Options{Access: web.Anyone(web.AllActions()...)})
	if err != nil {
		return err
	}
	var latest int64
	for r, err := range t.Runs(ctx, tracker.RunFilter{Process: sample.Failed, Limit: 1}) {
		if err != nil {
			return err
		}
		latest = r.ID
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }() // it returns when the server is closed
	defer func() { _ = server.Close() }()

	tab, stop, err := browser.Start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if err := os.MkdirAll(to, 0o750); err != nil {
		return err
	}
	for _, s := range shots(latest) {
		if len(only) > 0 && !slices.Contains(only, s.name) {
			continue
		}
		if err := s.take(tab, "http://"+listener.Addr().String()+"/", filepath.Join(to, s.name+".png")); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

func (s shot) take(tab context.Context, site, file string) error {
	scheme := "light"
	if s.dark {
		scheme = "dark"
	}
	err := chromedp.Do(tab,
		chromedp.EmulateViewport(s.width, s.height),
		browser.Media("prefers-color-scheme", scheme),
		chromedp.Navigate(site+s.address),
		chromedp.WaitReady("footer"),
	)
	if err != nil {
		return err
	}
	picture, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	return os.WriteFile(file, picture, 0o600)
}
