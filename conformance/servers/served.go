package servers

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Served is the information that command serve passes to a program about one database.
type Served struct {
	DSN      string       `json:"dsn,omitempty"`      // in the form of the database's own variable
	Provider string       `json:"provider,omitempty"` // who gave the server: "dsn" or "container postgres:17"
	Missing  *Unavailable `json:"missing,omitempty"`  // why there is no server
}

// Serve returns the environment variables with which a program finds servers, and
// learns why others are missing without trying again. It adds to this process's
// environment.
func Serve(found []*Server, missing []*Unavailable) ([]string, error) {
	return serve(processSettings(), found, missing)
}

func serve(env settings, found []*Server, missing []*Unavailable) (variables []string, err error) {
	all, err := env.served()
	if err != nil {
		return nil, err
	}
	for _, server := range found {
		dsn := strings.Join(append([]string{server.DSN}, server.Peers...), " ")
		all[server.Backend] = Served{DSN: dsn, Provider: server.Provider}
		variables = append(variables, Variable(server.Backend)+"="+dsn)
	}
	for _, why := range missing {
		all[why.Backend] = Served{Missing: why}
	}
	text, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	return append(variables, ServedVar+"="+string(text)), nil
}

// served reads the information from command serve, by backend name.
func (env settings) served() (map[string]Served, error) {
	all := map[string]Served{}
	if text := env(ServedVar); text != "" {
		if err := json.Unmarshal([]byte(text), &all); err != nil {
			return nil, fmt.Errorf("%s is not as command serve writes it: %w; unset it", ServedVar, err)
		}
	}
	return all, nil
}
