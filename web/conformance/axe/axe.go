// Package axe downloads axe-core, which finds accessibility problems in a page.
package axe

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The version of axe-core, and the digest of its package in the npm registry.
const (
	version = "4.14.1"
	digest  = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
)

// ErrNone is returned if npm is not installed, or cannot get the package.
var ErrNone = errors.New("axe-core cannot be had from npm")

// Script returns axe-core as one script. It runs npm pack in the directory. Nothing in
// the package is installed, or run outside of a browser.
func Script(ctx context.Context, dir string) (string, error) {
	npm := exec.CommandContext(ctx, "npm", "pack", "--silent", "axe-core@"+version)
	npm.Dir = dir
	out, err := npm.Output()
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNone, err)
	}
	file, err := os.Open(filepath.Join(dir, filepath.Base(strings.TrimSpace(string(out)))))
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // it was only read
	hash := sha512.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	if got := base64.StdEncoding.EncodeToString(hash.Sum(nil)); got != digest {
		return "", fmt.Errorf("axe-core %s has the digest %s, and should have %s", version, got, digest)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	return script(file)
}

func script(packed io.Reader) (string, error) {
	unzipped, err := gzip.NewReader(packed)
	if err != nil {
		return "", err
	}
	files := tar.NewReader(unzipped)
	for {
		header, err := files.Next()
		if err != nil {
			return "", fmt.Errorf("axe-core has no axe.min.js: %w", err)
		}
		if header.Name == "package/axe.min.js" {
			content, err := io.ReadAll(files)
			return string(content), err
		}
	}
}
