package sqlserver

import "context"

// Check implements [dialect.Backend].
func (b *Backend) Check(ctx context.Context) error { return nil }
