package cli

import (
	"strings"
	"testing"
)

func TestRegistryCommands(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("process", "add", "Load", "--type", "Load", "--source", "shop", "--target", "dwh", "--dataset-type", "orders").want(0, "shop", "dwh", "orders")
	tl.run("process", "set", "Load", "--tool", "dbt", "--max-failures", "-1").want(0, "dbt", "max failures:  -1")
	tl.run("process", "set", "Load").want(CodeUsage, "nothing to set; give --type or --tool")
	tl.run("process", "set", "Lord", "--tool", "x").want(CodeError, `process "Lord": not found`, `did you mean "Load"?`)
	tl.run("process", "add-data", "Load", "shop", "--object", "orders").want(0, "shop.orders")
	if r := tl.run("process", "remove-data", "Load", "shop", "--object", "orders").want(0); strings.Contains(r.stdout, "shop.orders") {
		t.Errorf("still there: %s", r.stdout)
	}
	tl.run("process", "add-data", "Load", "shop", "--object", "orders", "--attribute", "id", "--alias", "order_id").want(0, "shop.orders.id")
	tl.run("process", "add-data", "Load", "shop", "--alias", "x").want(CodeUsage, "give --attribute, too")
	tl.run("export", "Load").want(0, "alias: order_id")
	tl.run("process", "rename", "Load", "Orders Load").want(0, "Orders Load")
	tl.run("process", "delete", "Orders Load").want(CodeUsage, "unknown command")

	tl.run("dependency", "add", "Orders Load", "Extract", "--kind", "hard", "--fresh").want(0, "hard", "yes")
	tl.run("dependency", "set", "Orders Load", "Extract", "--any-age").want(0, "hard", "no")
	tl.run("dependency", "add", "Extract", "Orders Load").want(CodeError, "depends on it already")
	tl.run("dependency", "add", "a", "b", "--fresh", "--any-age").want(CodeUsage, "give one of them")
	tl.run("dependency", "list", "--json").want(0, `"process":"Orders Load","depends_on":"Extract","kind":"hard","fresh":false`)
	tl.run("process", "show", "Orders Load").want(0, "Extract (hard)")
	tl.run("dependency", "remove", "Orders Load", "Extract").want(0, "does not depend on")
	tl.run("dependency", "remove", "Orders Load", "Extract").want(CodeError, "not found")

	tl.run("cluster", "add", "spark", "--max-memory", "64", "--memory-unit", "GB").want(0, "64", "GB")
	tl.run("cluster", "set", "spark", "--max-processing", "16").want(0, "64", "16")
	tl.run("cluster", "set", "spark", "--max-memory", "-1").want(0, "16")
	tl.run("cluster", "set", "none", "--max-memory", "1").want(CodeError, `cluster "none": not found`)
	tl.run("cluster", "join", "spark", "Orders Load", "Other").want(0, "Orders Load, Other")
	tl.run("cluster", "delete", "spark").want(CodeError, "in use", `2 × process ("Orders Load", "Other")`)
	tl.run("cluster", "leave", "spark", "Orders Load", "Other").want(0)
	tl.run("cluster", "rename", "spark", "pool").want(0, "pool")
	tl.run("cluster", "delete", "pool").want(0, `deleted cluster "pool"`)

	tl.run("contact", "add", "Ann", "--email", "ann@example.org").want(0, "ann@example.org")
	tl.run("contact", "add", "Ann", "--email", "b").want(CodeUsage, "not an e-mail address")
	tl.run("contact", "assign", "Ann", "Orders Load").want(0, "Orders Load")
	tl.run("contact", "assign-system", "Ann", "shop").want(0, "shop")
	tl.run("contact", "set", "Ann", "--email", "a@example.org").want(0, "a@example.org", "shop")
	tl.run("contact", "add", "Ann", "--email", "c@example.org").want(0)
	tl.run("contact", "rename", "Ann", "Bea").want(CodeUsage, `2 contacts are named "Ann"; choose one with --email`)
	tl.run("contact", "rename", "Ann", "Bea", "--email", "c@example.org").want(0, "Bea", "c@example.org")
	tl.run("contact", "delete", "Bea").want(0)
	tl.run("contact", "delete", "Ann").want(CodeError, "in use")
	tl.run("process", "show", "Orders Load").want(0, "Ann a@example.org (of shop)")

	tl.run("system", "set", "shop", "--type", "database").want(0, "database")
	tl.run("system", "set", "shop", "--charset", "UTF-8").want(0, "database", "UTF-8")
	tl.run("system", "rename", "shop", "webshop").want(0, "webshop")
	tl.run("system", "rename", "webshop", "dwh").want(CodeError, "choose another name")
	tl.run("system", "delete", "webshop").want(CodeError, "in use")
	tl.run("location", "add", "landing").want(CodeUsage, "give --path")
	tl.run("location", "add", "landing", "--path", "s3://b/landing").want(0, "s3://b/landing", "s3")
	tl.run("location", "rename", "landing", "arrivals").want(0, "arrivals")
	tl.run("location", "delete", "arrivals").want(0)
	tl.run("actor", "list", "--json").want(0, `"name":`)
	tl.run("actor", "rename", "nobody", "x").want(CodeError, "not found")

	var all []map[string]any
	tl.run("process", "list", "--json").want(0).json(&all)
	if len(all) != 3 || all[0]["name"] != "Orders Load" || all[0]["max_failures"] != -1.0 || all[0]["run_number"] != nil || all[0]["on_hold"] != false {
		t.Errorf("listed %v", all)
	}
	tl.run("process", "list", "--limit", "1").want(0, "there are more processes; --limit 0 lists all")
	tl.run("process", "add", "Nightly", "--frequency", "daily", "--tool", "cron", "--type", "Load").want(0)
	for _, filter := range []string{"--frequency=daily", "--tool=cron"} {
		if names := tl.run("process", "list", filter).want(0).column("NAME"); len(names) != 1 || names[0] != "Nightly" {
			t.Errorf("%s: %q", filter, names)
		}
	}
	tl.run("process", "list", "--frequency", "daily", "--type", "Extract").want(0, "no processes match")
}

func TestLookupCommands(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("lookup", "error-type", "add", "Schema Error").want(0, "Schema Error")
	handle := tl.start("--process", "P")
	tl.run("error", "x", "--run", handle, "--type", "Schema Error").want(0)
	tl.run("lookup", "error-type", "delete", "Schema Error").want(CodeError, "in use")
	tl.run("lookup", "error-type", "rename", "Data Error", "x").want(CodeError, "is preloaded")
	tl.run("lookup", "run-status", "add", "waiting").want(CodeUsage, "give --active or --ended")
	tl.run("lookup", "run-status", "add", "waiting", "--active").want(0, "waiting")
	tl.run("lookup", "run-status", "add", "waiting", "--ended").want(CodeError, "active")
	tl.run("set-status", "waiting", "--run", handle).want(0, "is waiting")
	tl.run("lookup", "tool", "add", "dbt").want(0)
	tl.run("lookup", "tool", "rename", "dbt", "dbt core").want(0, "dbt core")
	tl.run("lookup", "tool", "delete", "dbt core").want(0)
	tl.run("lookup", "file-type", "set", "csv", "--delimiter", `\t`, "--quote", `"`).want(0)
	tl.run("lookup", "file-type", "show", "csv", "--json").want(0, `"delimiter":"\t","quote":"\"","escape":null`)
	tl.run("lookup", "file-type", "set", "csvv", "--quote", "'").want(CodeError, `did you mean "csv"?`)
	tl.run("lookup", "dependency-kind", "list").want(0, "hard", "soft")
	tl.run("lookup", "dependency-kind", "add", "x").want(CodeUsage, "unknown command")
	tl.run("lookup", "extract-status", "list", "--limit", "2").want(0, "there are more")
	tl.run("lookup", "colour").want(CodeUsage, "unknown command")
}
