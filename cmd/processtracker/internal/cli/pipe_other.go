//go:build !unix

package cli

func catchClosedPipes() (stop func()) { return func() {} }

func isClosedPipe(error) bool { return false }
