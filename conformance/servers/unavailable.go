package servers

import "strings"

// Unavailable is the error if no provider has a server on this machine.
//
//nolint:errname // reads as what it is: servers.Unavailable
type Unavailable struct {
	Backend string    `json:"backend"` // the database's name, such as "postgres"
	Tried   []Attempt `json:"tried"`   // every provider, in the order in which it was asked
	Install string    `json:"install"` // what to do to get a server
}

// Attempt is the refusal of one provider.
type Attempt struct {
	Provider string `json:"provider"` // "dsn" or "container"
	Why      string `json:"why"`      // why it has no server, without any password
}

// Error lists the providers, the reason of each, and what to do, on one line.
func (u *Unavailable) Error() string {
	var text strings.Builder
	text.WriteString("no " + u.Backend + " server")
	for i, attempt := range u.Tried {
		if i == 0 {
			text.WriteString(" (")
		} else {
			text.WriteString("; ")
		}
		text.WriteString(attempt.Provider + ": " + attempt.Why)
	}
	if len(u.Tried) > 0 {
		text.WriteString(")")
	}
	return text.String() + ": " + u.Install
}

func (u *Unavailable) add(provider string, why error) {
	u.Tried = append(u.Tried, Attempt{Provider: provider, Why: oneLine(why.Error())})
}

// oneLine makes a reason fit into a table or a list: servers' logs and joined errors
// contain line breaks.
func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}
