package suite

import "slices"

// A Cost describes how a case that takes long is reduced outside of the nightly run, if
// its proof depends on its size. The speed of the machine does not matter: a case
// belongs on this list if it takes more than a second on a server and cannot be made
// smaller without proving less.
type cost struct {
	name string
	// homes are the databases that run the case in full size, in turn: one per commit.
	homes []string
	// elsewhere is what the other databases run at the commit level, and short what all
	// databases run with -short.
	elsewhere, short share
}

// home returns the database that runs the case in full size.
func (c cost) home(turn int) string { return c.homes[turn%len(c.homes)] }

// costly lists the cases that take most of the suite's time.
func costly() []cost {
	servers := []string{"postgres", "mysql", "mariadb"}
	all := append([]string{"sqlite"}, servers...)
	return []cost{
		// Many callers: a race that is lost seldom shows in many rounds only.
		{"S2.7 S2.8 among 64 callers, exactly one gets the run, each time", servers, inSmall, inSmall},
		{"S2.7 S2.8 among 8 operating-system processes with 8 callers each, exactly one gets the run, each time", servers, inSmall, untouched},
		{"S2.7 S2.8 S1.1 if many callers start a new process, exactly one gets the run", servers, inSmall, inSmall},
		{"S2.8 run numbers have no gaps even if starts are cancelled", servers, inSmall, inSmall},
		{"S5.6 S8.2 in a storm of starts, registrations, claims and completions nothing fails and nothing is lost", servers, inSmall, untouched},
		{"S5.6 S3.8 16 workers in 8 operating-system processes claim each of 10,000 extracts once, and leave none", servers, inSmall, untouched},

		{"S3.8 S1.8 a change that was committed before the history is read is in it once, even if others write", all, inSmall, untouched},
		{"S2.11 if two concurrent dependencies would close a cycle, one is refused", servers, inSmall, inSmall},
		{"S2.11 if many concurrent dependencies would close a ring, one is refused", servers, inSmall, inSmall},
		{"S1.7 a name that is deleted or renamed while other callers refer to it is never lost to them", servers, inSmall, inSmall},

		{"S1.7 S3.3 a call, and what another caller registers, renames or deletes between its statements, take effect one after the other", all, inSmall, inSmall},

		// Large data: the number of statements, and the memory that is held.
		{"S5.9 memory does not grow with the number of files", []string{"sqlite"}, untouched, untouched}, // Go's heap is the same everywhere
		{"S5.9 S5.5 25,000 files take few statements, and are all registered", servers, inSmall, untouched},
		{"S5.5 10,000 extracts take no more statements than 100", all, inSmall, inSmall},
		{"S5.8 S5.5 10,000 files are filled and updated by no more statements than 100", all, inSmall, inSmall},
		{"S5.8 S5.5 measures of many extracts take as many statements as of one, all or none", all, inSmall, inSmall},
		{"S2.10 a start costs no more after many runs than after few", all, inSmall, inSmall},
		{"S3.8 reading one run's history costs the same in a long history as in a short one", all, inSmall, untouched},

		// Every name that needs quotes, and every call: each one sets up a schema, or
		// makes a transaction.
		{"S9.2 the printed script sets up if the database's client runs it, whatever the names", all, inSmall, inSmall},
		{"S9.1 trackers side by side in one database do not see each other, whatever their schemas or prefixes", all, inSmall, inSmall},
		{"S9.3 S9.6 a schema that was just set up or upgraded has no drift, whatever its names", all, inSmall, inSmall},
		{"S7.2 S8.3 under snapshot isolation, writes to a run that was ended meanwhile are refused", servers, inSmall, inSmall},

		// Each step of an operation is the one at which it is interrupted.
		{"S7.1 a process that is killed at any step of a load leaves the loaded table and the tracker consistent", all, inSmall, untouched},
		{"S9.1 a setup whose process is killed at any statement can be run again", all, inSmall, untouched},
		{"S9.1 S9.3 an upgrade whose process is killed at any statement can be run again", all, inSmall, untouched},
		{"S9.1 a setup that fails at any statement can be run again", all, inSmall, inSmall},
		{"S9.1 a setup that is cancelled at any moment can be run again", all, inSmall, untouched},
	}
}

// costOf returns the entry of a costly case. The databases take turns case by case, so
// that each runs some of them at every commit.
func costOf(c Case) (cost, bool) {
	all := costly()
	i := slices.IndexFunc(all, func(about cost) bool { return about.name == c.Name })
	if i < 0 {
		return cost{}, false
	}
	about := all[i]
	about.homes = slices.Concat(about.homes[i%len(about.homes):], about.homes[:i%len(about.homes)])
	return about, true
}

// sized returns the size to use in this run of a case.
func sized[T any](e *Env, full, small T) T {
	if e.Small {
		return small
	}
	return full
}
