// Package browser starts a headless Chromium for tests.
package browser

import (
	"context"
	"errors"
	"os/exec"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// ErrNone is returned if no Chromium is installed.
var ErrNone = errors.New("there is no Chromium; install Debian's package chromium")

// Find returns the path of the browser.
func Find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNone
}

// Start starts a browser, which ends when ctx ends or stop is called. To open a tab,
// call [chromedp.NewContext] with the returned context.
func Start(ctx context.Context) (browser context.Context, stop func(), err error) {
	program, err := Find()
	if err != nil {
		return nil, nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), // the array is copied, as the slice's length is its capacity
		chromedp.NoSandbox, // the sandbox does not work if tests run as root, and they open only our own pages
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("lang", "en-GB"),
		chromedp.WSURLReadTimeout(5*time.Minute)) // several browsers may start at once
	allocator, cancel := chromedp.NewExecAllocator(ctx, options...)
	browser, end := chromedp.NewContext(allocator)
	stop = func() {
		closing, done := context.WithTimeout(browser, 10*time.Second)
		_ = chromedp.Cancel(closing) // a browser that is killed leaves a temporary directory behind
		done()
		end()
		cancel()
	}
	if err := chromedp.Do(browser); err != nil {
		stop()
		return nil, nil, err
	}
	return browser, stop, nil
}

// Media emulates a media feature, such as prefers-color-scheme, with the given value.
func Media(feature, value string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
		return err
	})
}

// Scripts enables or disables scripts in the page.
func Scripts(run bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run})
		return err
	})
}
