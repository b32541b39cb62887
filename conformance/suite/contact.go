package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/tracker"
)

func contactCases() []Case {
	return []Case{
		{"S1.6 a process has its own contacts and those of its sources, each marked", contactsMarked},
		{"S1.6 a contact is added once and removed once, and other owners keep it", contactsRemoved},
		{"S1.6 S1.1 concurrent additions of the same contact make one", contactsAtOnce},
		{"S1.6 S1.2 similar contacts are different ones", contactsApart},
		{"S1.6 S8.1 an e-mail address is checked, and kept exactly", addresses},
	}
}

// contactsOf lists the contacts of a process: "Ada", "Lahman: Ben ben@example.org".
func contactsOf(ctx context.Context, t *testing.T, tr *tracker.Tracker, process string) []string {
	t.Helper()
	all, err := tr.Registry().Contacts(ctx, process)
	must(t, err)
	list := make([]string, len(all))
	for i, c := range all {
		list[i] = strings.TrimPrefix(strings.TrimSpace(c.System+": "+c.Name+" "+c.Email), ": ")
	}
	return list
}

func wantContacts(ctx context.Context, t *testing.T, tr *tracker.Tracker, process string, want ...string) {
	t.Helper()
	if got := contactsOf(ctx, t, tr, process); !slices.Equal(got, want) {
		t.Errorf("process %q has the contacts\n%q, want\n%q", process, got, want)
	}
}

func contactsMarked(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	ada, ben := tracker.Contact{Name: "Ada", Email: "ada@example.org"}, tracker.Contact{Name: "Ben"}
	must(t, tr.Registry().Register(ctx, tracker.Process{
		Name: "Teams Load", Targets: tracker.SystemRefs("Warehouse"),
		Sources: slices.Concat(tracker.SystemRefs("Whole"), tracker.ObjectRefs("Some", "x", "y"), tracker.AttributeRefs("Part", "x", "id", "name"),
			tracker.SystemRefs("Part")),
	}))
	must(t, tr.Registry().AddProcessContact(ctx, "Teams Load", ben))
	must(t, tr.Registry().AddProcessContact(ctx, "Teams Load", ada))
	for _, system := range []string{"Whole", "Some", "Part", "Warehouse", "Other"} {
		must(t, tr.Registry().AddSystemContact(ctx, system, ada))
	}
	must(t, tr.Registry().AddSystemContact(ctx, "Some", ben))
	must(t, tr.Registry().AddProcessContact(ctx, "Other Load", tracker.Contact{Name: "Cy"}))
	wantContacts(ctx, t, tr, "Teams Load", "Ada ada@example.org", "Ben",
		"Part: Ada ada@example.org", "Some: Ada ada@example.org", "Some: Ben", "Whole: Ada ada@example.org")
	wantContacts(ctx, t, tr, "Other Load", "Cy")

	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "No Contacts"}))
	wantContacts(ctx, t, tr, "No Contacts")
	if _, err := tr.Registry().Contacts(ctx, "nobody knows it"); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("contacts of a process that does not exist: %v", err)
	}
}

func contactsRemoved(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	tr := trackerOn(ctx, t, b, nil)
	ada := tracker.Contact{Name: "Ada", Email: "ada@example.org"}
	must(t, tr.Registry().Register(ctx, tracker.Process{Name: "one", Sources: tracker.SystemRefs("S")}))
	for _, process := range []string{"one", "two"} {
		must(t, tr.Registry().AddProcessContact(ctx, process, ada))
	}
	must(t, tr.Registry().AddSystemContact(ctx, "S", ada))
	rows := content(ctx, t, b)
	must(t, tr.Registry().AddProcessContact(ctx, "one", tracker.Contact{Name: " Ada ", Email: " ada@example.org\t"}))
	must(t, tr.Registry().AddSystemContact(ctx, "S", ada))
	wantContent(ctx, t, b, rows)

	for _, other := range []tracker.Contact{{Name: "Ada"}, {Name: "Ada", Email: "Ada@example.org"}, {Name: "ada", Email: "ada@example.org"}} {
		for _, err := range []error{tr.Registry().RemoveProcessContact(ctx, "one", other), tr.Registry().RemoveSystemContact(ctx, "S", other)} {
			if !errors.Is(err, tracker.ErrNotFound) {
				t.Errorf("removing %+v: %v", other, err)
			}
		}
	}
	must(t, tr.Registry().RemoveProcessContact(ctx, "one", ada))
	if err := tr.Registry().RemoveProcessContact(ctx, "one", ada); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("removing it again: %v", err)
	}
	wantContacts(ctx, t, tr, "one", "S: Ada ada@example.org")
	must(t, tr.Registry().RemoveSystemContact(ctx, "S", ada))
	wantContacts(ctx, t, tr, "one")
	wantContacts(ctx, t, tr, "two", "Ada ada@example.org")
}

func contactsAtOnce(t *testing.T, e *Env) {
	ctx, b := e.context(t), e.setUp(t)
	trackers := []*tracker.Tracker{trackerOn(ctx, t, b, nil), e.tracker(t, nil)}
	for i, err := range atOnce(24, func(i int) error {
		tr, c := trackers[i%2], tracker.Contact{Name: "Ada", Email: fmt.Sprintf("ada%d@example.org", i%3)}
		return errors.Join(tr.Registry().AddProcessContact(ctx, "Load", c), tr.Registry().AddSystemContact(ctx, "S", c))
	}) {
		if err != nil {
			t.Errorf("caller %d: %v", i, err)
		}
	}
	wantContacts(ctx, t, trackers[0], "Load", "Ada ada0@example.org", "Ada ada1@example.org", "Ada ada2@example.org")
	for _, table := range []string{"contact", "process_contact", "system_contact"} {
		if n := single[int64](ctx, t, b, "SELECT count(*) FROM {"+table+"}"); n != 3 {
			t.Errorf("%s has %d rows, want 3", table, n)
		}
	}
}

func contactsApart(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	all := lookalikes()
	for _, name := range all {
		must(t, tr.Registry().AddProcessContact(ctx, "Load", tracker.Contact{Name: name}))
	}
	slices.Sort(all)
	wantContacts(ctx, t, tr, "Load", all...)
	for _, name := range all {
		must(t, tr.Registry().AddProcessContact(ctx, "of "+name, tracker.Contact{Name: name}))
	}
	for _, name := range all {
		var found []string
		for _, p := range collect(t, tr.Registry().Processes(ctx, tracker.ProcessFilter{Contact: name})) {
			found = append(found, p.Name)
		}
		if !slices.Equal(found, []string{"Load", "of " + name}) {
			t.Errorf("contact %q has the processes %q", name, found)
		}
	}
}

func addresses(t *testing.T, e *Env) {
	ctx, tr := e.context(t), e.tracker(t, nil)
	for i, good := range []string{
		"", " ", "a@b", "Ada.Lovelace+data@Example.ORG", "  ada@example.org\u00a0", "grüße@exämple.org", `"a b"@example.org`, "a@[127.0.0.1]",
	} {
		process := fmt.Sprint("Load ", i)
		must(t, tr.Registry().AddProcessContact(ctx, process, tracker.Contact{Name: "Ada", Email: good}))
		wantContacts(ctx, t, tr, process, strings.TrimSpace("Ada "+strings.TrimSpace(good)))
	}
	s := &spy{Backend: e.open(t)}
	tr = trackerOn(ctx, t, s, nil)
	s.forget()
	for _, bad := range []string{
		"ada", "ada@", "@example.org", "ada@@example.org", "ada lovelace@example.org", "a@b, c@d", "Ada <ada@example.org>", "<ada@example.org>",
		"ada@example.org (Ada)", "mailto:ada@example.org", "ada@exa mple.org", "ada@example.org\x00",
	} {
		c := tracker.Contact{Name: "Ada", Email: bad}
		wantInvalid(t, s, "AddProcessContact", "contact e-mail", bad, tr.Registry().AddProcessContact(ctx, "Load", c))
		wantInvalid(t, s, "AddSystemContact", "contact e-mail", bad, tr.Registry().AddSystemContact(ctx, "S", c))
		wantInvalid(t, s, "RemoveProcessContact", "contact e-mail", bad, tr.Registry().RemoveProcessContact(ctx, "Load", c))
	}
}
