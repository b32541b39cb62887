package tracker

// As returns a tracker that records everything it holds, releases, reaps, registers or
// starts under another actor's name. It is for a server that acts for its users. The
// two trackers share everything else, and closing one closes both.
//
// It returns [ErrInvalid] if the name is not a valid actor name.
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
