package tracker

import (
	"time"

	"github.com/processtracker/processtracker-go/core/internal/store"
)

// Audit says when, and by which actor, a row was registered and last changed. The actor
// is empty for rows that every database has from the beginning. Reads fill it in;
// writes ignore it.
type Audit struct {
	CreatedAt time.Time
	CreatedBy string
	ChangedAt time.Time
	ChangedBy string
}

func audit(a store.Audit) Audit {
	return Audit{CreatedAt: a.CreatedAt.Time, CreatedBy: a.CreatedBy, ChangedAt: a.ChangedAt.Time, ChangedBy: a.ChangedBy}
}
