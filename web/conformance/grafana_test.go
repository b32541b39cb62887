package conformance_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/processtracker/processtracker-go/web"
	"github.com/processtracker/processtracker-go/web/conformance/sample"
)

// TestGrafanaAsksForMetricsThatExist reads the queries of docs/grafana.json.
func TestGrafanaAsksForMetricsThatExist(t *testing.T) {
	t.Parallel()
	exposed := exposedLabels(t)
	text, err := os.ReadFile("../../docs/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Templating struct {
			List []struct{ Definition string }
		}
		Panels []struct {
			Title   string
			Targets []struct{ Expr, LegendFormat string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	check := func(where, query, legend string) {
		metrics := regexp.MustCompile(`processtracker_[a-z_]+`).FindAllString(query, -1)
		if len(metrics) != 1 {
			t.Errorf("%s: %q has the metrics %q, want one", where, query, metrics)
			return
		}
		labels, ok := exposed[metrics[0]]
		if !ok {
			t.Errorf("%s: %s is not exposed", where, metrics[0])
		}
		used[metrics[0]] = true
		for _, m := range regexp.MustCompile(`\{\{(\w+)\}\}|(\w+)=~`).FindAllStringSubmatch(query+legend, -1) {
			if label := m[1] + m[2]; !labels[label] {
				t.Errorf("%s: %s has no label %s", where, metrics[0], label)
			}
		}
	}
	for _, p := range dashboard.Panels {
		if len(p.Targets) == 0 {
			t.Errorf("%s asks for nothing", p.Title)
		}
		for _, target := range p.Targets {
			check(p.Title, target.Expr, target.LegendFormat)
		}
	}
	for _, v := range dashboard.Templating.List {
		if v.Definition != "" {
			check("a variable", v.Definition, "")
		}
	}
	if len(used) < 15 {
		t.Errorf("only %d metrics are shown", len(used))
	}
}

// exposedLabels returns the labels of each metric that the sample exposes.
func exposedLabels(t *testing.T) map[string]map[string]bool {
	t.Helper()
	tr, _, err := sample.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := web.WriteMetrics(t.Context(), &text, tr, "v1"); err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]bool{}
	for name, family := range families {
		all[name] = map[string]bool{}
		for _, label := range family.GetMetric()[0].GetLabel() {
			all[name][label.GetName()] = true
		}
	}
	return all
}
