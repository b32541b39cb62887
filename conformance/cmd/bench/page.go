package main

import (
	"fmt"
	"os"
	"strings"
)

// writeSection puts text between the comments <!-- name --> and <!-- /name --> of a
// page.
func writeSection(path, name, text string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	page, err := withSection(string(content), name, text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(page), 0o644)
}

func withSection(page, name, text string) (string, error) {
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
	before, rest, found := strings.Cut(page, begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return "", fmt.Errorf("there are no comments %q and %q; add them where the table is to be", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before + begin + "\n" + strings.TrimSpace(text) + "\n\n" + end + after, nil
}
