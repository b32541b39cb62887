package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", "<b>Load</b>", "--", "false").want(1)
	dir := t.TempDir()
	file := filepath.Join(dir, "report.html")
	if err := os.WriteFile(file, []byte("the report before"), 0o600); err != nil {
		t.Fatal(err)
	}
	tl.run("report", "--html", file).want(0)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"&lt;b&gt;Load&lt;/b&gt;", "<svg", "<style>"} {
		if !strings.Contains(string(content), part) {
			t.Errorf("the report has no %q", part)
		}
	}
	for _, part := range []string{"<script", "<b>Load", "<link", "the report before"} {
		if strings.Contains(string(content), part) {
			t.Errorf("the report has %q", part)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("the directory has %v, %v", left, err)
	}
	tl.run("report", "--html", filepath.Join(dir, "none", "report.html")).want(CodeError, "no such file or directory")
	tl.run("report", "--html", file, "--zone", "Mars/Olympus").want(CodeUsage, "Europe/Berlin")
	tl.run("report").want(CodeUsage, "html")
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	tl := newSetUp(t)
	tl.run("exec", "--process", `a "b" \c`, "--type", "Load", "--", "true").want(0)
	want := `processtracker_process_failures_in_a_row{process="a \"b\" \\c",type="Load"} 0`
	tl.run("metrics").want(0, want)
	file := filepath.Join(t.TempDir(), "processtracker.prom")
	tl.run("metrics", "--textfile", file).want(0)
	content, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(content), want) {
		t.Errorf("the file has %q, %v", content, err)
	}
}
