package servers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/pkg/authconfig"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

const (
	pullTimeout  = 5 * time.Minute  // for a pull that makes progress
	stallTimeout = 20 * time.Second // for one that does not: without a network it says nothing for minutes

	// localImages marks images that are built on the machine that uses them. No registry is asked for them: whatever
	// one has under such a name is not ours.
	localImages = "local/"
)

// ensureImages sees to it that testcontainers need not pull: left to itself it would try again and again until its
// context ends, which on a machine without a network is minutes spent on nothing.
func ensureImages(ctx context.Context, engine client.ImageAPIClient, image string) error {
	config := testcontainers.ReadConfig().Config
	if config.HubImageNamePrefix != "" {
		return nil // it will look under other names than these
	}
	images := []string{image}
	if !config.RyukDisabled {
		images = append(images, testcontainers.ReaperDefaultImage) //nolint:staticcheck // no other name for it is exported
	}
	for _, name := range images {
		if err := ensureImage(ctx, engine, name, stallTimeout); err != nil {
			return err
		}
	}
	return nil
}

// ensureImage pulls an image unless the engine has it.
func ensureImage(ctx context.Context, engine client.ImageAPIClient, image string, stall time.Duration) error {
	inspecting, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	_, err := engine.ImageInspect(inspecting, image)
	switch {
	case err == nil:
		return nil
	case !errdefs.IsNotFound(err):
		return fmt.Errorf("looking for image %s: %w", image, err)
	case strings.HasPrefix(image, localImages):
		return fmt.Errorf("image %s is not on this machine, and no registry has it: build it", image)
	}
	if err := pull(ctx, engine, image, stall); err != nil {
		return fmt.Errorf("pulling image %s: %w", image, err)
	}
	return nil
}

var errStalled = errors.New("the engine reports no progress")

// pull fetches an image and gives up when nothing has moved for a while.
func pull(ctx context.Context, engine client.ImageAPIClient, image string, stall time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, pullTimeout)
	defer cancel()
	ctx, stalled := context.WithCancelCause(ctx)
	defer stalled(nil)
	watchdog := time.AfterFunc(stall, func() { stalled(errStalled) })
	defer watchdog.Stop()

	progress, err := engine.ImagePull(ctx, image, client.ImagePullOptions{RegistryAuth: registryAuth(ctx, image)})
	if err != nil {
		return causeOf(ctx, err)
	}
	defer func() { _ = progress.Close() }()
	for message, err := range progress.JSONMessages(ctx) {
		if err != nil {
			return causeOf(ctx, err)
		}
		if message.Error != nil {
			return message.Error
		}
		watchdog.Reset(stall)
	}
	return causeOf(ctx, ctx.Err())
}

// causeOf names why the context ended, where that is what the error comes from.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// registryAuth returns the user's credentials for the image's registry, or none: most images need none, and a pull that
// does says so itself.
func registryAuth(ctx context.Context, image string) string {
	_, auth, err := testcontainers.DockerImageAuth(ctx, image)
	if err != nil {
		return ""
	}
	encoded, err := authconfig.Encode(auth)
	if err != nil {
		return ""
	}
	return encoded
}
