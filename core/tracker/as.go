package tracker

// As returns the tracker with another actor: what is held, released, reaped, registered
// or started through it is recorded under that name. It is for a server that acts for
// its users. The two share everything else, and closing one closes both.
//
// A name that no actor may have is [ErrInvalid].
func (t *Tracker) As(actor string) (*Tracker, error) {
	t = t.made()
	if t.absent != nil {
		return nil, t.absent
	}
	actor, err := name("actor", actor)
	if err != nil {
		return nil, err
	}
	other := *t
	other.actor = actor
	return &other, nil
}
