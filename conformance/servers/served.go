package servers

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Served is what command serve tells a program of one database.
type Served struct {
	DSN      string       `json:"dsn,omitempty"`      // as the database's own variable has it
	Provider string       `json:"provider,omitempty"` // who gave the server: "dsn" or "container postgres:17"
	Missing  *Unavailable `json:"missing,omitempty"`  // why there is no server
}

// Serve returns the environment variables by which a program finds servers and learns, without trying again, why others
// are missing. It adds to what the environment of this process says.
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

// served reads what command serve says, by the backends' names.
func (env settings) served() (map[string]Served, error) {
	all := map[string]Served{}
	if text := env(ServedVar); text != "" {
		if err := json.Unmarshal([]byte(text), &all); err != nil {
			return nil, fmt.Errorf("%s is not as command serve writes it: %w; unset it", ServedVar, err)
		}
	}
	return all, nil
}
