package tracker

import (
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Audit is when, and by which actor, something was registered and last changed.
// The actor of what every database has from the beginning is empty. It is filled
// in where it is read, and means nothing where it is given.
type Audit struct {
	CreatedAt time.Time
	CreatedBy string
	ChangedAt time.Time
	ChangedBy string
}

func audit(a store.Audit) Audit {
	return Audit{CreatedAt: a.CreatedAt.Time, CreatedBy: a.CreatedBy, ChangedAt: a.ChangedAt.Time, ChangedBy: a.ChangedBy}
}
