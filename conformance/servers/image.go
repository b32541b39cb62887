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
	stallTimeout = 20 * time.Second // for a pull without progress: without a network it reports nothing for minutes

	// localImages marks images that are built on the machine that uses them. They are
	// never pulled: a registry's image of that name is not ours.
	localImages = "local/"
)

// ensureImages pulls the images, so that testcontainers does not have to.
// testcontainers would retry until its context ends, which on a machine without a
// network wastes minutes.
func ensureImages(ctx context.Context, engine client.ImageAPIClient, image string) error {
	config := testcontainers.ReadConfig().Config
	if config.HubImageNamePrefix != "" {
		return nil // it would look under other names than these
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

// pull pulls an image and gives up if there is no progress for a while.
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

// causeOf returns the cause of the context's end, if that is the reason of the error.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// registryAuth returns the user's credentials for the image's registry, or none: most
// images need none, and the error of a pull that needs them says so.
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
