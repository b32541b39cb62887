package main

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// results are the results of benchmarks.
type results struct {
	values  map[key]map[string]float64 // by unit
	order   []string                   // the benchmarks' names, in the order in which they came
	config  map[string]string          // such as cpu
	servers map[string]string          // versions, by the databases
}

// A key identifies a benchmark of a database.
type key struct{ database, benchmark string }

// get returns a value, and whether it was measured.
func (r results) get(database, benchmark, unit string) (float64, bool) {
	v, ok := r.values[key{database, benchmark}][unit]
	return v, ok
}

var (
	benchmarkLine = regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.*)$`)
	configLine    = regexp.MustCompile(`^([a-z][a-z0-9-]*): (.*)$`)
)

// serverKey begins the lines that tell the version of a database.
const serverKey = "server-"

// parse reads the output of go test -bench. A benchmark's name is Benchmark, the kind
// of measurement, the database, and the operation.
func parse(in io.Reader) (results, error) {
	r := results{values: map[key]map[string]float64{}, config: map[string]string{}, servers: map[string]string{}}
	lines := bufio.NewScanner(in)
	seen := map[string]bool{}
	for lines.Scan() {
		line := lines.Text()
		if m := configLine.FindStringSubmatch(line); m != nil {
			if database, ok := strings.CutPrefix(m[1], serverKey); ok {
				r.servers[database] = m[2]
			} else {
				r.config[m[1]] = m[2]
			}
			continue
		}
		m := benchmarkLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		parts := strings.SplitN(m[1], "/", 3)
		if len(parts) < 3 {
			continue
		}
		k := key{parts[1], parts[0] + "/" + strings.ReplaceAll(parts[2], "_", " ")}
		values, err := measures(m[2])
		if err != nil {
			return r, fmt.Errorf("%q: %w", line, err)
		}
		r.values[k] = values
		if !seen[k.benchmark] {
			seen[k.benchmark] = true
			r.order = append(r.order, k.benchmark)
		}
	}
	return r, lines.Err()
}

// measures reads pairs of a value and its unit.
func measures(text string) (map[string]float64, error) {
	fields := strings.Fields(text)
	if len(fields)%2 != 0 {
		return nil, fmt.Errorf("%d fields, want values and units", len(fields))
	}
	values := map[string]float64{}
	for i := 0; i < len(fields); i += 2 {
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return nil, err
		}
		values[fields[i+1]] = v
	}
	return values, nil
}

// provenance describes when and where the results were measured.
func (r results) provenance() string {
	var servers []string
	for _, database := range databases() {
		if version, ok := r.servers[database]; ok {
			servers = append(servers, titles()[database]+" "+version)
		}
	}
	text := "Measured on " + time.Now().UTC().Format(time.DateOnly) + " with " + strings.Join(servers, ", ")
	if version := r.config["go"]; version != "" {
		text += ", " + version
	}
	if cpu := r.config["cpu"]; cpu != "" {
		text += ", on " + cpu
	}
	if cpus := r.config["cpus"]; cpus != "" {
		text += " (" + cpus + " CPUs)"
	}
	return text + ".\n"
}

// titles are the databases' names as people write them.
func titles() map[string]string {
	return map[string]string{"sqlite": "SQLite", "postgres": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}
}
