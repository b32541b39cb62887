package conformance_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/processtracker/processtracker-go/core/tracker"
	"github.com/processtracker/processtracker-go/web"
	"github.com/processtracker/processtracker-go/web/conformance/axe"
	"github.com/processtracker/processtracker-go/web/conformance/sample"
)

// widths are the widths of a phone's screen and a desktop's.
func widths() []int64 { return []int64{360, 1440} }

func asAda(*http.Request) (web.Viewer, error) {
	return web.Viewer{Name: "Ada Reyes", May: web.AllActions()}, nil
}

// TestPagesFit opens each page in every width, with and without scripts.
func TestPagesFit(t *testing.T) {
	t.Parallel()
	s := newSite(t, web.Options{Access: asAda, Fresh: time.Minute})
	chromium := chromium(t)
	for _, width := range widths() {
		for _, scripts := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d pixels, scripts %v", width, scripts), func(t *testing.T) {
				tab := tab(t, chromium, width, scripts)
				for name, address := range s.pages(t) {
					run(t, tab, chromedp.Navigate(address), chromedp.WaitVisible("h1"), chromedp.WaitReady("footer"))
					if !scripts {
						run(t, tab, chromedp.WaitNotVisible("#live"))
						continue
					}
					if wide := value(t, tab, chromedp.Evaluate[int64]("document.documentElement.scrollWidth")); wide > width {
						t.Errorf("%s is %d pixels wide", name, wide)
					}
				}
			})
		}
	}
}

// TestPagesAreAccessible runs axe-core on each page, in light and dark mode.
func TestPagesAreAccessible(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	script, err := axe.Script(t.Context(), t.TempDir())
	if err != nil {
		missing(t, err)
	}
	s := newSite(t, web.Options{Access: asAda, Fresh: time.Minute})
	for scheme, width := range map[string]int64{"light": 360, "dark": 1440} {
		t.Run(fmt.Sprintf("%d pixels, %s", width, scheme), func(t *testing.T) {
			tab := tab(t, chromium, width, true)
			run(t, tab, media(scheme))
			for name, address := range s.pages(t) {
				run(t, tab, chromedp.Navigate(address), chromedp.WaitReady("footer"))
				value(t, tab, chromedp.Evaluate[any](script+";0"))
				found := value(t, tab, chromedp.Evaluate[[]string](`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v =>
					v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " " + n.failureSummary.slice(0, 240)).join(" | ")))`, chromedp.EvalAwaitPromise))
				for _, violation := range found {
					t.Errorf("%s: %s", name, violation)
				}
			}
		})
	}
}

// act opens the form of an action, enters a reason, and submits it.
func act(t *testing.T, tab context.Context, action, reason string, confirm bool) {
	t.Helper()
	form := `form[action="` + action + `"] `
	run(t, tab, chromedp.Click(`//details[form[@action="`+action+`"]]/summary`), chromedp.WaitVisible(form+"input[name=reason]"), chromedp.SendKeys(form+"input[name=reason]", reason))
	if confirm {
		run(t, tab, chromedp.Click(form+"input[name=confirm]"))
	}
	said := map[string]string{"hold": "on hold", "release": "released", "reap": "ended as failed"}[action]
	run(t, tab, chromedp.Click(form+"button"), chromedp.WaitVisible(`//p[contains(@class, "done")][contains(., "`+said+`")]`))
}

// TestActions takes each action with the buttons of the pages.
func TestActions(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	for _, width := range widths() {
		for _, scripts := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d pixels, scripts %v", width, scripts), func(t *testing.T) {
				s := newSite(t, web.Options{Access: asAda})
				tab := tab(t, chromium, width, scripts)
				run(t, tab, chromedp.Navigate(s.process(sample.Healthy)))
				act(t, tab, "hold", "looking into it", false)
				act(t, tab, "release", "found it", false)
				run(t, tab, chromedp.Navigate(s.process(sample.Dead)))
				act(t, tab, "reap", "its machine is gone", false)
				run(t, tab, chromedp.Navigate(s.process(sample.AtWork)))
				act(t, tab, "reap", "it hangs", true)
				s.wantHistory(t, sample.Healthy, "held by Ada Reyes: looking into it", "released by Ada Reyes: found it")
				s.wantHistory(t, sample.Dead, "ended by Ada Reyes: its machine is gone")
				s.wantHistory(t, sample.AtWork, "ended by Ada Reyes: it hangs")
			})
		}
	}
}

// wantHistory checks that the history contains the changes.
func (s *site) wantHistory(t *testing.T, process string, want ...string) {
	t.Helper()
	var all []string
	for c, err := range s.tracker.History(t.Context(), tracker.HistoryFilter{Process: process, Order: tracker.NewestFirst, Limit: 5}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c.To+" by "+c.Actor+": "+c.Reason)
	}
	for _, change := range want {
		if !strings.Contains(strings.Join(all, "\n"), change) {
			t.Errorf("the history of %s has no %q:\n%s", process, change, strings.Join(all, "\n"))
		}
	}
}

// TestJourney goes from a problem to its cause, using only links and forms.
func TestJourney(t *testing.T) {
	t.Parallel()
	chromium := chromium(t)
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %v", scripts), func(t *testing.T) {
			s := newSite(t, web.Options{})
			tab := tab(t, chromium, 1440, scripts)
			for _, step := range []chromedp.Action[chromedp.Void]{
				chromedp.Navigate(s.url), has("3 rows have a currency that is not known"),
				chromedp.Click(`//section[@id="blocked"]//a[bdi="` + sample.Failed + `"]`), has("Waits for"), has("Payments Team"),
				chromedp.Click(`(//section[@id="runs"]//td/a)[1]`), has("see the log of the load"), has("Timeline"),
				chromedp.Click(`//nav//a[.="Last night"]`), chromedp.WaitVisible("svg.gantt"), chromedp.Click(`//a[.="Wider"]`), chromedp.WaitVisible("svg.gantt"),
				chromedp.Click(`//nav//a[.="Graph"]`), chromedp.WaitVisible("svg.graph"), chromedp.SendKeys("form.filter input[name=process]", sample.Blocked),
				chromedp.Click("form.filter button"), chromedp.WaitVisible(".node.focus"),
				chromedp.Click(`//nav//a[.="Files"]`), has("clicks"), chromedp.Click(`(//section[@id="locations"]//td[4]/a)[1]`), has(sample.Dead + ", run 30"),
				chromedp.Click(`(//section[@id="extracts"]//td/a)[1]`), has("Last listed"),
				chromedp.SendKeys("form.search input", "stock"), chromedp.Click("form.search button"), has("Stock Levels"),
				chromedp.WaitNotPresent(`form[method=post]`),
			} {
				run(t, tab, step)
			}
		})
	}
}

// has waits until the page contains a text.
func has(part string) chromedp.Action[chromedp.Void] {
	return chromedp.WaitVisible(`(//main//*[self::h1 or self::h2 or self::p or self::td or self::dt or self::dd][contains(., "` + part + `")])[1]`)
}

// TestRefresh checks that a pause survives a reload, and that changes appear without one.
func TestRefresh(t *testing.T) {
	t.Parallel()
	s := newSite(t, web.Options{Fresh: 10 * time.Millisecond})
	tab := tab(t, chromium(t), 1440, true)
	run(t, tab, chromedp.Navigate(s.url), chromedp.WaitVisible("#pause"), chromedp.Click("#pause"), chromedp.WaitVisible(`#pause[aria-pressed=true]`),
		chromedp.Reload(), chromedp.WaitVisible(`#pause[aria-pressed=true]`), chromedp.Click("#pause"), chromedp.WaitVisible(`#pause[aria-pressed=false]`))
	if err := s.tracker.Admin().Hold(t.Context(), sample.Healthy, "seen without loading the page again"); err != nil {
		t.Fatal(err)
	}
	run(t, tab, chromedp.WaitVisible(`//section[@id="on_hold"]//td[contains(., "seen without loading")]`))
}
