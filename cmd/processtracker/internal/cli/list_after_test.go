package cli

import (
	"slices"
	"testing"
)

// A list goes on after the cursor of any of its items, in both orders, and has each
// item once.
func TestListsGoOnAfterACursor(t *testing.T) {
	t.Parallel()
	tl := withRuns(t)
	for _, process := range []string{"A", "B"} { // refusals, among changes
		tl.run("start", "--process", process).want(0)
		tl.run("start", "--process", process).want(CodeAlreadyRunning)
		tl.run("hold", process, "--reason", "r").want(0)
	}
	for _, list := range []string{"runs", "extracts", "errors", "history", "refusals"} {
		for _, order := range []string{"--oldest-first", "--newest-first"} {
			var all, paged []map[string]any
			tl.run(list, order, "--json", "--limit", "0").want(0).json(&all)
			next := []string{list, order, "--json", "--limit", "1"}
			for len(paged) <= len(all) {
				var page []map[string]any
				tl.run(next...).json(&page)
				if len(page) == 0 {
					break
				}
				paged = append(paged, page...)
				after, _ := page[0]["cursor"].(string)
				next = append(next[:5], "--after", after)
			}
			cursors := func(items []map[string]any) (all []string) {
				for _, item := range items {
					text, _ := item["cursor"].(string)
					all = append(all, text)
				}
				return all
			}
			if len(all) < 2 || !slices.Equal(cursors(all), cursors(paged)) {
				t.Errorf("%s %s: %q, and page by page %q", list, order, cursors(all), cursors(paged))
			}
		}
		first := tl.run(list, "--columns", "cursor", "--limit", "1").want(0, "there are more ", "lists all, and --after ")
		own := map[bool]string{true: "--oldest-first", false: "--newest-first"}[list == "extracts"]
		if same := tl.run(list, own, "--columns", "cursor", "--limit", "1"); same.stdout != first.stdout {
			t.Errorf("%s prints, without an order,\n%s\nand with %s\n%s", list, first.stdout, own, same.stdout)
		}
		tl.run(list, "--oldest-first", "--newest-first").want(CodeUsage, "the list is to be oldest first, too; give one order")
		tl.run(list, "--after", "z9").want(CodeUsage, `cursor "z9"`)
	}
}
