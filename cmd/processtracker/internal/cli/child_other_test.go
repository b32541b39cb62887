//go:build !unix

package cli

func systemChild(string) int { return 99 }
