package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const declaration = `# Everything that a file can say.
systems:
  shop: {type: database, charset: UTF-8, contacts: [{name: Shop Team, email: shop@example.org}], objects: {
    orders: {charset: UTF-8, attributes: {
      id: {data_type: bigint, key: true}, total: {data_type: numeric, length: 12, decimals: 2, default: ""}, note: {path: $.note, pii: true}}}}}
  dwh: {objects: {f_orders: {}}}
clusters:
  spark: {max_memory: 64, memory_unit: GB, max_processing: 16, processing_unit: cores}
processes:
  Orders Extract: {type: Extract, contacts: Data Team}
  Orders Load:
    type: Load
    tool: dbt
    frequency: daily
    max_failures: never
    sources:
      - shop
      - {system: shop, object: orders}
      - {system: shop, object: orders, attribute: id, alias: order_id}
    targets: {system: dwh, object: f_orders, attribute: amount, expression: "total * 100\n-- cents"}
    dataset_types: [orders, 2026]
    filters: [{system: shop, object: orders, attribute: state, operator: in, values: [paid, open, paid]}]
    depends_on: [{process: Orders Extract, kind: hard, fresh: true}, Calendar]
    contacts: [Data Team, {name: Ann, email: ann@example.org}]
    clusters: [spark]
`

// file writes a file, and returns its name.
func (tl *tool) file(text string) string {
	tl.t.Helper()
	name := filepath.Join(tl.t.TempDir(), "processes.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		tl.t.Fatal(err)
	}
	return name
}

func TestAnExportedFileChangesNothing(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	given := tl.file(declaration)
	tl.run("diff", "-f", given).want(CodeDiffers, `+ process "Orders Load": dependency on Orders Extract (hard) (fresh)`)
	before := tl.run("export").want(0).stdout
	tl.run("apply", "-f", given, "--dry-run").want(0, `+ system "shop"`, "would be done")
	if after := tl.run("export").want(0).stdout; after != before {
		t.Errorf("a dry run left %s", after)
	}
	tl.run("apply", "-f", given).want(0, `+ cluster "spark"`, `contact Ann ann@example.org`)
	for range 2 {
		if r := tl.run("apply", "-f", given, "--prune").want(0); r.stdout != "nothing differs\n" {
			t.Errorf("applied again: %s", r.stdout)
		}
	}
	whole := tl.run("export").want(0).stdout
	for _, args := range [][]string{{"apply", "-f", "-"}, {"apply", "-f", "-", "--prune"}, {"diff", "-f", "-", "--prune"}} {
		if r := tl.runWith(whole, args...).want(0); r.stdout != "nothing differs\n" {
			t.Errorf("what was exported differs: %s\n%s", r.stdout, whole)
		}
	}
	if r := tl.runWith(whole, "diff", "-f", "-", "--json").want(0); r.stdout != "[]\n" {
		t.Errorf("as JSON: %s", r.stdout)
	}
	other := newSetUp(t) // the same file is enough for another database
	other.runWith(whole, "apply", "-f", "-").want(0)
	if again := other.run("export").want(0).stdout; again != whole {
		t.Errorf("in another database there is %s\nwant %s", again, whole)
	}
	tl.run("export", "Orders Extract").want(0, "processes:\n  Orders Extract:\n    type: Extract\n")
	tl.run("export", "Orders Exract").want(CodeError, `did you mean "Orders Extract"?`)
}

func TestAFileIsApplied(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("apply", "-f", tl.file(declaration)).want(0)
	changed := tl.file(`
systems:
  shop: {charset: UTF-16}
clusters:
  spark: {max_memory: 128}
processes:
  Orders Load:
    tool: spark
    sources: [{system: shop, object: orders, attribute: id}]
    depends_on: [{process: Orders Extract, kind: soft}]
    contacts: [Bob]
`)
	// Anything that the file omits stays …
	tl.run("apply", "-f", changed).want(0,
		`~ system "shop": charset: UTF-8 → UTF-16`, `~ cluster "spark": max_memory: 64 → 128`, `~ process "Orders Load": tool: dbt → spark`,
		`~ process "Orders Load": dependency: Orders Extract (hard) (fresh) → Orders Extract (soft)`, `+ process "Orders Load": contact Bob`)
	tl.run("apply", "-f", changed).want(0, "nothing differs")
	tl.run("process", "show", "Orders Load").want(0, "Calendar", "dwh.f_orders.amount", "Data Team", "spark", "Load")
	// … and --prune removes it, but only from the objects that the file names.
	r := tl.run("apply", "-f", changed, "--prune").want(0,
		`- process "Orders Load": source shop.orders`, `- process "Orders Load": target dwh.f_orders.amount`, `- process "Orders Load": dataset type 2026`,
		`- process "Orders Load": filter shop.orders.state in ["open" "paid"]`, `- process "Orders Load": dependency on Calendar`,
		`- process "Orders Load": contact Data Team`, `- process "Orders Load": cluster spark`, `- system "shop": contact Shop Team`,
		`~ system "shop": type: database → (none)`, `~ cluster "spark": memory_unit: GB → (none)`, `max_failures: never → (none)`, "order_id → (none)")
	if strings.Contains(r.stdout, "Orders Extract\"") {
		t.Errorf("touched what the file does not name: %s", r.stdout)
	}
	tl.run("diff", "-f", changed, "--prune").want(0, "nothing differs")
	tl.run("process", "show", "Orders Extract").want(0, "Data Team")

	// The details of attributes are added, and with --prune replaced.
	said := tl.file("systems: {shop: {objects: {orders: {attributes: {id: {length: 8}}}}}}")
	tl.run("apply", "-f", said).want(0, `~ object "orders" of system "shop": attribute id: bigint, key → bigint, length 8, key`)
	tl.run("apply", "-f", said, "--prune").want(0, "attribute id: bigint, length 8, key → length 8", "charset: UTF-8 → (none)")
	tl.run("diff", "-f", said, "--prune").want(0)

	// The direction of a dependency is reversed in one step.
	tl.run("apply", "--prune", "-f", tl.file("processes: {Orders Load: {}, Orders Extract: {depends_on: Orders Load}}")).
		want(0, `- process "Orders Load": dependency on Orders Extract (soft)`, `+ process "Orders Extract": dependency on Orders Load`)
}

func TestAFaultInAFileIsNamedByLineAndField(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	for text, want := range map[string]string{
		"processes:\n  Load:\n    tipe: Load\n":                                               `:3: processes.Load.tipe: is unknown; did you mean "type"?; there are type, tool`,
		"process: {}\n":                                                                       `:1: process: is unknown; did you mean "processes"?`,
		"processes:\n  - Load\n":                                                              ":2: processes: is a list; write a mapping, with a name before each",
		"processes:\n  Load: Load\n":                                                          `:2: processes.Load: is the value "Load"; write a mapping`,
		"processes:\n  Load:\n    type: [a, b]\n":                                             ":3: processes.Load.type: is a list; write one value",
		"processes:\n  Load:\n    type:\n":                                                    ":3: processes.Load.type: is empty; give a value, or leave it out",
		"processes:\n  Load: {max_failures: 0}\n":                                             `:2: processes.Load.max_failures: is the value "0"; write a whole number from 1, or never`,
		"clusters:\n  c: {max_memory: 1.5}\n":                                                 `:2: clusters.c.max_memory: is the value "1.5"; write a whole number from 0`,
		"processes:\n  Load:\n    sources:\n      - {object: o}\n":                            ":4: processes.Load.sources[0]: names no system",
		"processes:\n  Load:\n    targets: [{system: s, attribute: a}]\n":                     `:3: processes.Load.targets[0]: names the attribute "a" of no object`,
		"processes:\n  Load:\n    targets: [{system: s, alias: a}]\n":                         "has an alias or an expression, and no attribute",
		"processes:\n  Load:\n    depends_on: [Load]\n":                                       ":3: processes.Load.depends_on[0]: is the process itself",
		"processes:\n  Load:\n    depends_on:\n    - process: P\n      kind: strict\n":        `depends_on[0].kind: is "strict"; write normal, hard or soft`,
		"processes:\n  a: {depends_on: b}\n  b:\n    depends_on: [c]\n  c: {depends_on: a}\n": `:5: processes.c.depends_on: "a" depends on "c" already: a cycle`,
		"processes:\n  Load: {contacts: [{name: A, email: x}]}\n":                             `contacts[0].email: is "x", which is not an e-mail address`,
		"processes:\n  Load: {filters: [{system: s}]}\n":                                      "filters[0]: is not a complete filter",
		"processes:\n  Load: {}\n  Load: {}\n":                                                "Load",
		"processes:\n  Load: {}\n---\nprocesses:\n  Load: {}\n":                               "processes.Load: is in two documents of the file",
		"processes:\n  Load: {type: \"a\\tb\"}\n":                                             "is not a name; write 1 to 250 characters on one line",
		"processes:\n  Load: {type: a\n":                                                      "did not find expected",
		"processes:\n  Load: {clusters: none}\n":                                              `process "Load": cluster "none": not found`,
		"processes:\n  Load: {depends_on: [{process: P, fresh: perhaps}]}\n":                  `fresh: is the value "perhaps"; write true or false`,
	} {
		r := tl.run("apply", "-f", tl.file(text))
		if r.code != CodeUsage || !strings.Contains(r.stderr, want) {
			t.Errorf("%s\nexit code %d: %s\nwant %s", text, r.code, r.stderr, want)
		}
	}
	two := tl.run("apply", "-f", tl.file("processes:\n  Load: {tipe: x, tol: y}\n")).want(CodeUsage)
	if !strings.Contains(two.stderr, "Load.tipe") || !strings.Contains(two.stderr, "Load.tol") {
		t.Errorf("only one fault of two is said: %s", two.stderr)
	}
	if r := tl.run("export").want(0); r.stdout != "{}\n" {
		t.Errorf("a file with faults left %s", r.stdout)
	}
	tl.run("apply").want(CodeUsage, `"file" not set`)
	tl.run("apply", "-f", "/none.yaml").want(CodeUsage, "cannot be read")
	tl.run("apply", "-f", tl.file("")).want(0, "nothing differs")
	tl.runWith("processes: {Load: {}}", "apply", "-f", "-", "--json").want(0, `[{"action":"add","of":"process \"Load\"","what":""}]`)
}
