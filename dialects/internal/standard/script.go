package standard

import "strings"

// Script ends each statement with a semicolon and leaves a line between them.
func Script(first string, statements []string, last string) string {
	var b strings.Builder
	b.WriteString(first)
	for _, s := range statements {
		b.WriteString("\n" + s + ";\n")
	}
	b.WriteString(last)
	return b.String()
}
