-- Version 1: the tables that every later version starts from.
-- {name} stands for a table's or an index's name in the schema or with the prefix of the user's choice.

-- One row for each migration that was applied; the highest is the schema's version.
CREATE TABLE {schema_version} (
    version    INTEGER NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    applied_at TEXT NOT NULL
);

-- Who or what starts runs and changes rows: a person, a service account, a scheduler.
CREATE TABLE {actor} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- What processes are written in: Spark, dbt, Go, bash.
CREATE TABLE {tool} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Kinds of data that processes work on.
CREATE TABLE {dataset_type} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Kinds of processes: extract, load, and your own.
CREATE TABLE {process_type} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- How often a process is meant to run. The tracker starts nothing by itself.
CREATE TABLE {schedule_frequency} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Kinds of locations: local, s3, gs, azblob, http and so on, by the scheme of their paths.
CREATE TABLE {location_type} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Kinds of systems: databases, files, services.
CREATE TABLE {source_type} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Formats of files: csv, json, parquet and so on, by the endings of their names.
CREATE TABLE {file_type} (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    name           TEXT NOT NULL,
    preloaded      INTEGER NOT NULL DEFAULT 0,
    delimiter_char TEXT,
    quote_char     TEXT,
    escape_char    TEXT,
    created_at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by     INTEGER REFERENCES {actor} (id),
    changed_at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by     INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Compressions of files: gzip, zstd and so on, by the endings of their names.
CREATE TABLE {compression_type} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Kinds of errors that runs record: file, data and process errors, and your own.
CREATE TABLE {error_type} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Statuses of runs: running, completed, failed, on hold, and your own.
CREATE TABLE {run_status} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    active     INTEGER NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Statuses of extracts: initializing, ready, loading, loaded, archived, deleted, error, and your own.
CREATE TABLE {extract_status} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    preloaded  INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Systems that data comes from or goes to.
CREATE TABLE {data_system} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    type_id    INTEGER REFERENCES {source_type} (id),
    charset    TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Tables or datasets within a system.
CREATE TABLE {data_object} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    system_id  INTEGER NOT NULL REFERENCES {data_system} (id),
    name       TEXT NOT NULL,
    charset    TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (system_id, name)
);

-- Columns or fields within an object.
CREATE TABLE {data_attribute} (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    object_id     INTEGER NOT NULL REFERENCES {data_object} (id),
    name          TEXT NOT NULL,
    data_type     TEXT,
    length        INTEGER,
    decimals      INTEGER,
    path          TEXT,
    is_key        INTEGER NOT NULL DEFAULT 0,
    is_filter     INTEGER NOT NULL DEFAULT 0,
    is_partition  INTEGER NOT NULL DEFAULT 0,
    is_pii        INTEGER NOT NULL DEFAULT 0,
    default_value TEXT,
    created_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by    INTEGER REFERENCES {actor} (id),
    changed_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by    INTEGER REFERENCES {actor} (id),
    UNIQUE (object_id, name)
);

-- Recurring units of data integration work, each with the state of its latest run: this one row decides whether it may start.
CREATE TABLE {process} (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    name                TEXT NOT NULL,
    type_id             INTEGER REFERENCES {process_type} (id),
    tool_id             INTEGER REFERENCES {tool} (id),
    frequency_id        INTEGER REFERENCES {schedule_frequency} (id),
    definition          TEXT,
    active              INTEGER NOT NULL DEFAULT 0,
    turn                TEXT,
    latest_run_no       INTEGER NOT NULL DEFAULT 0,
    latest_status_id    INTEGER REFERENCES {run_status} (id),
    latest_token_digest TEXT,
    latest_started_at   TEXT,
    latest_ended_at     TEXT,
    latest_memory       INTEGER NOT NULL DEFAULT 0,
    latest_processing   INTEGER NOT NULL DEFAULT 0,
    failures            INTEGER NOT NULL DEFAULT 0,
    max_failures        INTEGER,
    watermark           TEXT,
    records             INTEGER NOT NULL DEFAULT 0,
    inserts             INTEGER NOT NULL DEFAULT 0,
    updates             INTEGER NOT NULL DEFAULT 0,
    deletes             INTEGER NOT NULL DEFAULT 0,
    last_completed_at   TEXT,
    last_failed_at      TEXT,
    last_errored_at     TEXT,
    held_at             TEXT,
    held_by             INTEGER REFERENCES {actor} (id),
    hold_reason         TEXT,
    created_at          TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by          INTEGER REFERENCES {actor} (id),
    changed_at          TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by          INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Sources and targets of processes that were given as systems.
CREATE TABLE {process_system} (
    process_id INTEGER NOT NULL REFERENCES {process} (id),
    role       TEXT NOT NULL CHECK (role IN ('source', 'target')),
    system_id  INTEGER NOT NULL REFERENCES {data_system} (id),
    PRIMARY KEY (process_id, role, system_id)
);

CREATE INDEX {process_system_by_system} ON {process_system} (system_id);

-- Sources and targets of processes that were given as objects.
CREATE TABLE {process_object} (
    process_id INTEGER NOT NULL REFERENCES {process} (id),
    role       TEXT NOT NULL CHECK (role IN ('source', 'target')),
    object_id  INTEGER NOT NULL REFERENCES {data_object} (id),
    PRIMARY KEY (process_id, role, object_id)
);

CREATE INDEX {process_object_by_object} ON {process_object} (object_id);

-- Sources and targets of processes that were given as attributes.
CREATE TABLE {process_attribute} (
    process_id   INTEGER NOT NULL REFERENCES {process} (id),
    role         TEXT NOT NULL CHECK (role IN ('source', 'target')),
    attribute_id INTEGER NOT NULL REFERENCES {data_attribute} (id),
    alias        TEXT,
    expression   TEXT,
    PRIMARY KEY (process_id, role, attribute_id)
);

CREATE INDEX {process_attribute_by_attribute} ON {process_attribute} (attribute_id);

-- Dataset types of processes.
CREATE TABLE {process_dataset_type} (
    process_id      INTEGER NOT NULL REFERENCES {process} (id),
    dataset_type_id INTEGER NOT NULL REFERENCES {dataset_type} (id),
    PRIMARY KEY (process_id, dataset_type_id)
);

-- Which rows of an attribute a process takes.
CREATE TABLE {process_filter} (
    process_id   INTEGER NOT NULL REFERENCES {process} (id),
    attribute_id INTEGER NOT NULL REFERENCES {data_attribute} (id),
    operator     TEXT NOT NULL CHECK (operator IN ('eq', 'lt', 'gt', 'lte', 'gte', 'not', 'like', 'in')),
    value        TEXT NOT NULL,
    value_key    TEXT NOT NULL,
    created_at   TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by   INTEGER REFERENCES {actor} (id),
    PRIMARY KEY (process_id, attribute_id, operator, value_key)
);

CREATE INDEX {process_filter_by_attribute} ON {process_filter} (attribute_id);

-- People and teams to turn to.
CREATE TABLE {contact} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (name, email)
);

-- Contacts of processes.
CREATE TABLE {process_contact} (
    process_id INTEGER NOT NULL REFERENCES {process} (id),
    contact_id INTEGER NOT NULL REFERENCES {contact} (id),
    PRIMARY KEY (process_id, contact_id)
);

CREATE INDEX {process_contact_by_contact} ON {process_contact} (contact_id);

-- Contacts of systems.
CREATE TABLE {system_contact} (
    system_id  INTEGER NOT NULL REFERENCES {data_system} (id),
    contact_id INTEGER NOT NULL REFERENCES {contact} (id),
    PRIMARY KEY (system_id, contact_id)
);

CREATE INDEX {system_contact_by_contact} ON {system_contact} (contact_id);

-- Which process (the child) waits for which (the parent), and how strictly.
CREATE TABLE {process_dependency} (
    child_id   INTEGER NOT NULL REFERENCES {process} (id),
    parent_id  INTEGER NOT NULL REFERENCES {process} (id),
    kind       TEXT NOT NULL CHECK (kind IN ('normal', 'hard', 'soft')),
    fresh      INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    PRIMARY KEY (child_id, parent_id),
    CHECK (child_id <> parent_id)
);

CREATE INDEX {process_dependency_by_parent} ON {process_dependency} (parent_id);

-- One row, which adding a dependency writes to: two that would close a cycle take turns. It is there from the start.
CREATE TABLE {dependency_lock} (
    lock_no   INTEGER NOT NULL PRIMARY KEY,
    locked_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now'))
);

INSERT INTO {dependency_lock} (lock_no) VALUES (1);

-- Pools of capacity that processes share. The units are yours.
CREATE TABLE {cluster} (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    name            TEXT NOT NULL,
    max_memory      INTEGER,
    max_processing  INTEGER,
    memory_unit     TEXT,
    processing_unit TEXT,
    created_at      TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by      INTEGER REFERENCES {actor} (id),
    changed_at      TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by      INTEGER REFERENCES {actor} (id),
    UNIQUE (name)
);

-- Which processes share which pools.
CREATE TABLE {process_cluster} (
    process_id INTEGER NOT NULL REFERENCES {process} (id),
    cluster_id INTEGER NOT NULL REFERENCES {cluster} (id),
    PRIMARY KEY (process_id, cluster_id)
);

CREATE INDEX {process_cluster_by_cluster} ON {process_cluster} (cluster_id);

-- Executions of processes.
CREATE TABLE {run} (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    process_id   INTEGER NOT NULL REFERENCES {process} (id),
    run_no       INTEGER NOT NULL,
    name         TEXT,
    status_id    INTEGER NOT NULL REFERENCES {run_status} (id),
    token_digest TEXT NOT NULL,
    actor_id     INTEGER NOT NULL REFERENCES {actor} (id),
    memory       INTEGER NOT NULL DEFAULT 0,
    processing   INTEGER NOT NULL DEFAULT 0,
    started_at   TEXT NOT NULL,
    ended_at     TEXT,
    low_at       TEXT,
    high_at      TEXT,
    records      INTEGER NOT NULL DEFAULT 0,
    inserts      INTEGER NOT NULL DEFAULT 0,
    updates      INTEGER NOT NULL DEFAULT 0,
    deletes      INTEGER NOT NULL DEFAULT 0,
    UNIQUE (process_id, run_no),
    UNIQUE (token_digest)
);

CREATE INDEX {run_by_name} ON {run} (process_id, name);

CREATE INDEX {run_by_status} ON {run} (status_id, id);

CREATE INDEX {run_by_status_process} ON {run} (status_id, process_id, run_no);

CREATE INDEX {run_by_end} ON {run} (ended_at, id);

-- Until when the tracker of an active run vouches for it. Apart from the run, so that renewing waits for no transaction that the run has open.
CREATE TABLE {run_lease} (
    run_id     INTEGER NOT NULL REFERENCES {run} (id),
    expires_at TEXT NOT NULL,
    renewed_at TEXT NOT NULL,
    length_ms  INTEGER NOT NULL,
    PRIMARY KEY (run_id)
);

CREATE INDEX {run_lease_by_expiry} ON {run_lease} (expires_at);

-- Soft dependencies that were not fulfilled when a run started.
CREATE TABLE {run_soft_dependency} (
    run_id           INTEGER NOT NULL REFERENCES {run} (id),
    parent_id        INTEGER NOT NULL REFERENCES {process} (id),
    parent_run_no    INTEGER NOT NULL,
    parent_status_id INTEGER REFERENCES {run_status} (id),
    PRIMARY KEY (run_id, parent_id)
);

-- Errors that runs recorded.
CREATE TABLE {run_error} (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id        INTEGER NOT NULL REFERENCES {run} (id),
    process_id    INTEGER NOT NULL,
    error_type_id INTEGER NOT NULL REFERENCES {error_type} (id),
    description   TEXT NOT NULL,
    recorded_at   TEXT NOT NULL
);

CREATE INDEX {run_error_by_run} ON {run_error} (run_id, id);

CREATE INDEX {run_error_by_process} ON {run_error} (process_id, id);

-- Directories, bucket prefixes and URLs in which extracts lie.
CREATE TABLE {location} (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    path       TEXT NOT NULL,
    path_key   TEXT NOT NULL,
    name       TEXT NOT NULL,
    type_id    INTEGER NOT NULL REFERENCES {location_type} (id),
    file_count INTEGER,
    listed_at  TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    created_by INTEGER REFERENCES {actor} (id),
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    changed_by INTEGER REFERENCES {actor} (id),
    UNIQUE (path_key),
    UNIQUE (name)
);

-- Which systems the extracts in a location hold data of.
CREATE TABLE {location_system} (
    location_id INTEGER NOT NULL REFERENCES {location} (id),
    system_id   INTEGER NOT NULL REFERENCES {data_system} (id),
    PRIMARY KEY (location_id, system_id)
);

CREATE INDEX {location_system_by_system} ON {location_system} (system_id);

-- Which objects the extracts in a location hold data of.
CREATE TABLE {location_object} (
    location_id INTEGER NOT NULL REFERENCES {location} (id),
    object_id   INTEGER NOT NULL REFERENCES {data_object} (id),
    PRIMARY KEY (location_id, object_id)
);

CREATE INDEX {location_object_by_object} ON {location_object} (object_id);

-- Data files, or other addressable chunks of data: what is in a location under a name.
CREATE TABLE {extract} (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    location_id         INTEGER NOT NULL REFERENCES {location} (id),
    name                TEXT NOT NULL,
    name_key            TEXT NOT NULL,
    status_id           INTEGER NOT NULL REFERENCES {extract_status} (id),
    registered_by       INTEGER NOT NULL REFERENCES {run} (id),
    process_id          INTEGER NOT NULL,
    registered_at       TEXT NOT NULL,
    status_changed_at   TEXT NOT NULL,
    claimed_by          INTEGER REFERENCES {run} (id),
    claim_return_id     INTEGER REFERENCES {extract_status} (id),
    file_type_id        INTEGER REFERENCES {file_type} (id),
    compression_type_id INTEGER REFERENCES {compression_type} (id),
    size_bytes          INTEGER,
    checksum            TEXT,
    write_count         INTEGER,
    write_low_at        TEXT,
    write_high_at       TEXT,
    load_count          INTEGER,
    load_low_at         TEXT,
    load_high_at        TEXT,
    listed_at           TEXT,
    UNIQUE (location_id, name_key)
);

CREATE INDEX {extract_by_claim} ON {extract} (claimed_by, id);

CREATE INDEX {extract_by_age} ON {extract} (registered_at, id);

CREATE INDEX {extract_by_name} ON {extract} (name);

CREATE INDEX {extract_by_status} ON {extract} (status_id, registered_at, id);

CREATE INDEX {extract_by_location} ON {extract} (location_id, registered_at, id);

CREATE INDEX {extract_by_status_location} ON {extract} (status_id, location_id, registered_at, id);

CREATE INDEX {extract_by_process} ON {extract} (process_id, registered_at, id);

CREATE INDEX {extract_by_status_process} ON {extract} (status_id, process_id, registered_at, id);

CREATE INDEX {extract_by_registering_run} ON {extract} (registered_by, id);

-- Which extract (the child) may be loaded only after which other (the parent).
CREATE TABLE {extract_dependency} (
    child_id  INTEGER NOT NULL REFERENCES {extract} (id),
    parent_id INTEGER NOT NULL REFERENCES {extract} (id),
    PRIMARY KEY (child_id, parent_id),
    CHECK (child_id <> parent_id)
);

CREATE INDEX {extract_dependency_by_parent} ON {extract_dependency} (parent_id, child_id);

-- Which systems an extract holds data of.
CREATE TABLE {extract_system} (
    extract_id INTEGER NOT NULL REFERENCES {extract} (id),
    system_id  INTEGER NOT NULL REFERENCES {data_system} (id),
    PRIMARY KEY (extract_id, system_id)
);

CREATE INDEX {extract_system_by_system} ON {extract_system} (system_id);

-- Which objects an extract holds data of.
CREATE TABLE {extract_object} (
    extract_id INTEGER NOT NULL REFERENCES {extract} (id),
    object_id  INTEGER NOT NULL REFERENCES {data_object} (id),
    PRIMARY KEY (extract_id, object_id)
);

CREATE INDEX {extract_object_by_object} ON {extract_object} (object_id);

-- Which run worked on which extract, and the status that it gave it last.
CREATE TABLE {run_extract} (
    run_id            INTEGER NOT NULL REFERENCES {run} (id),
    extract_id        INTEGER NOT NULL REFERENCES {extract} (id),
    status_id         INTEGER NOT NULL REFERENCES {extract_status} (id),
    linked_at         TEXT NOT NULL,
    status_changed_at TEXT NOT NULL,
    PRIMARY KEY (run_id, extract_id)
);

CREATE INDEX {run_extract_by_extract} ON {run_extract} (extract_id, run_id);

-- Every change of a run's, an extract's or a process's status, by name, so that it can be read alone, and of a watermark that somebody set. Rows are only ever added.
CREATE TABLE {status_history} (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    changed_at  TEXT NOT NULL,
    process_id  INTEGER REFERENCES {process} (id),
    run_id      INTEGER REFERENCES {run} (id),
    extract_id  INTEGER REFERENCES {extract} (id),
    from_status TEXT,
    to_status   TEXT NOT NULL,
    actor_id    INTEGER REFERENCES {actor} (id),
    reason      TEXT,
    from_at     TEXT,
    to_at       TEXT
);

CREATE INDEX {status_history_by_process} ON {status_history} (process_id, changed_at, id);

CREATE INDEX {status_history_by_run} ON {status_history} (run_id, changed_at, id);

CREATE INDEX {status_history_by_extract} ON {status_history} (extract_id, changed_at, id);

CREATE INDEX {status_history_by_time} ON {status_history} (changed_at, id);

-- Refused starts, at most 20 rows per process. Equal refusals share a row, and a new one replaces the oldest. There are no foreign keys, so that writing a row waits for no transaction that has written to the process.
CREATE TABLE {refusal} (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    process_id  INTEGER NOT NULL,
    slot        INTEGER NOT NULL,
    refusal_key TEXT NOT NULL,
    reason      TEXT NOT NULL,
    actor       TEXT NOT NULL,
    run_name    TEXT,
    detail      TEXT NOT NULL,
    times       INTEGER NOT NULL,
    first_at    TEXT NOT NULL,
    last_at     TEXT NOT NULL,
    UNIQUE (process_id, slot),
    UNIQUE (process_id, refusal_key)
);

CREATE INDEX {refusal_by_time} ON {refusal} (first_at, id);

-- What is known of statuses, types and frequencies from the start: dialects/internal/lookups.
{lookups};
