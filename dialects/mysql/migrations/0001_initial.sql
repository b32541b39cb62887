-- Version 1: the tables that every later version starts from.
-- {name} stands for a table's name with the prefix of the user's choice. Every statement can be run again: DDL cannot be rolled back.

CREATE TABLE IF NOT EXISTS {schema_version} (
    version    BIGINT NOT NULL PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    applied_at DATETIME(6) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: One row for each migration that was applied; the highest is the schema''s version.';

CREATE TABLE IF NOT EXISTS {actor} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Who or what starts runs and changes rows: a person, a service account, a scheduler.';

CREATE TABLE IF NOT EXISTS {tool} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: What processes are written in: Spark, dbt, Go, bash.';

CREATE TABLE IF NOT EXISTS {dataset_type} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Kinds of data that processes work on.';

CREATE TABLE IF NOT EXISTS {process_type} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Kinds of processes: extract, load, and your own.';

CREATE TABLE IF NOT EXISTS {schedule_frequency} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: How often a process is meant to run. The tracker starts nothing by itself.';

CREATE TABLE IF NOT EXISTS {location_type} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Kinds of locations: local, s3, gs, azblob, http and so on, by the scheme of their paths.';

CREATE TABLE IF NOT EXISTS {source_type} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Kinds of systems: databases, files, services.';

CREATE TABLE IF NOT EXISTS {file_type} (
    id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name           VARCHAR(250) NOT NULL,
    preloaded      BOOLEAN NOT NULL DEFAULT FALSE,
    delimiter_char VARCHAR(10),
    quote_char     VARCHAR(10),
    escape_char    VARCHAR(10),
    created_at     DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by     BIGINT,
    changed_at     DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by     BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Formats of files: csv, json, parquet and so on, by the endings of their names.';

CREATE TABLE IF NOT EXISTS {compression_type} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Compressions of files: gzip, zstd and so on, by the endings of their names.';

CREATE TABLE IF NOT EXISTS {error_type} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Kinds of errors that runs record: file, data and process errors, and your own.';

CREATE TABLE IF NOT EXISTS {run_status} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    active     BOOLEAN NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Statuses of runs: running, completed, failed, on hold, and your own.';

CREATE TABLE IF NOT EXISTS {extract_status} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Statuses of extracts: initializing, ready, loading, loaded, archived, deleted, error, and your own.';

CREATE TABLE IF NOT EXISTS {data_system} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    type_id    BIGINT,
    charset    VARCHAR(250),
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (type_id) REFERENCES {source_type} (id),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Systems that data comes from or goes to.';

CREATE TABLE IF NOT EXISTS {data_object} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    system_id  BIGINT NOT NULL,
    name       VARCHAR(250) NOT NULL,
    charset    VARCHAR(250),
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (system_id, name),
    FOREIGN KEY (system_id) REFERENCES {data_system} (id),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Tables or datasets within a system.';

CREATE TABLE IF NOT EXISTS {data_attribute} (
    id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    object_id     BIGINT NOT NULL,
    name          VARCHAR(250) NOT NULL,
    data_type     VARCHAR(250),
    length        BIGINT,
    decimals      BIGINT,
    path          TEXT,
    is_key        BOOLEAN NOT NULL DEFAULT FALSE,
    is_filter     BOOLEAN NOT NULL DEFAULT FALSE,
    is_partition  BOOLEAN NOT NULL DEFAULT FALSE,
    is_pii        BOOLEAN NOT NULL DEFAULT FALSE,
    default_value TEXT,
    created_at    DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by    BIGINT,
    changed_at    DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by    BIGINT,
    UNIQUE (object_id, name),
    FOREIGN KEY (object_id) REFERENCES {data_object} (id),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Columns or fields within an object.';

CREATE TABLE IF NOT EXISTS {process} (
    id                  BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name                VARCHAR(250) NOT NULL,
    type_id             BIGINT,
    tool_id             BIGINT,
    frequency_id        BIGINT,
    definition          VARCHAR(64),
    active              BOOLEAN NOT NULL DEFAULT FALSE,
    turn                VARCHAR(64),
    latest_run_no       BIGINT NOT NULL DEFAULT 0,
    latest_status_id    BIGINT,
    latest_token_digest VARCHAR(64),
    latest_started_at   DATETIME(6),
    latest_ended_at     DATETIME(6),
    latest_memory       BIGINT NOT NULL DEFAULT 0,
    latest_processing   BIGINT NOT NULL DEFAULT 0,
    failures            BIGINT NOT NULL DEFAULT 0,
    max_failures        BIGINT,
    watermark           DATETIME(6),
    records             BIGINT NOT NULL DEFAULT 0,
    inserts             BIGINT NOT NULL DEFAULT 0,
    updates             BIGINT NOT NULL DEFAULT 0,
    deletes             BIGINT NOT NULL DEFAULT 0,
    last_completed_at   DATETIME(6),
    last_failed_at      DATETIME(6),
    last_errored_at     DATETIME(6),
    held_at             DATETIME(6),
    held_by             BIGINT,
    hold_reason         LONGTEXT,
    created_at          DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by          BIGINT,
    changed_at          DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by          BIGINT,
    UNIQUE (name),
    FOREIGN KEY (type_id) REFERENCES {process_type} (id),
    FOREIGN KEY (tool_id) REFERENCES {tool} (id),
    FOREIGN KEY (frequency_id) REFERENCES {schedule_frequency} (id),
    FOREIGN KEY (latest_status_id) REFERENCES {run_status} (id),
    FOREIGN KEY (held_by) REFERENCES {actor} (id),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Recurring units of data integration work, each with the state of its latest run: this one row decides whether it may start.';

CREATE TABLE IF NOT EXISTS {process_system} (
    process_id BIGINT NOT NULL,
    role       VARCHAR(6) NOT NULL CHECK (role IN ('source', 'target')),
    system_id  BIGINT NOT NULL,
    PRIMARY KEY (process_id, role, system_id),
    KEY process_system_by_system (system_id),
    FOREIGN KEY (process_id) REFERENCES {process} (id),
    FOREIGN KEY (system_id) REFERENCES {data_system} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Sources and targets of processes that were given as systems.';

CREATE TABLE IF NOT EXISTS {process_object} (
    process_id BIGINT NOT NULL,
    role       VARCHAR(6) NOT NULL CHECK (role IN ('source', 'target')),
    object_id  BIGINT NOT NULL,
    PRIMARY KEY (process_id, role, object_id),
    KEY process_object_by_object (object_id),
    FOREIGN KEY (process_id) REFERENCES {process} (id),
    FOREIGN KEY (object_id) REFERENCES {data_object} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Sources and targets of processes that were given as objects.';

CREATE TABLE IF NOT EXISTS {process_attribute} (
    process_id   BIGINT NOT NULL,
    role         VARCHAR(6) NOT NULL CHECK (role IN ('source', 'target')),
    attribute_id BIGINT NOT NULL,
    alias        VARCHAR(250),
    expression   LONGTEXT,
    PRIMARY KEY (process_id, role, attribute_id),
    KEY process_attribute_by_attribute (attribute_id),
    FOREIGN KEY (process_id) REFERENCES {process} (id),
    FOREIGN KEY (attribute_id) REFERENCES {data_attribute} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Sources and targets of processes that were given as attributes.';

CREATE TABLE IF NOT EXISTS {process_dataset_type} (
    process_id      BIGINT NOT NULL,
    dataset_type_id BIGINT NOT NULL,
    PRIMARY KEY (process_id, dataset_type_id),
    FOREIGN KEY (process_id) REFERENCES {process} (id),
    FOREIGN KEY (dataset_type_id) REFERENCES {dataset_type} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Dataset types of processes.';

CREATE TABLE IF NOT EXISTS {process_filter} (
    process_id   BIGINT NOT NULL,
    attribute_id BIGINT NOT NULL,
    operator     VARCHAR(10) NOT NULL CHECK (operator IN ('eq', 'lt', 'gt', 'lte', 'gte', 'not', 'like', 'in')),
    value        LONGTEXT NOT NULL,
    value_key    VARCHAR(64) NOT NULL,
    created_at   DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by   BIGINT,
    PRIMARY KEY (process_id, attribute_id, operator, value_key),
    KEY process_filter_by_attribute (attribute_id),
    FOREIGN KEY (process_id) REFERENCES {process} (id),
    FOREIGN KEY (attribute_id) REFERENCES {data_attribute} (id),
    FOREIGN KEY (created_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which rows of an attribute a process takes.';

CREATE TABLE IF NOT EXISTS {contact} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    email      VARCHAR(250) NOT NULL DEFAULT '',
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name, email),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: People and teams to turn to.';

CREATE TABLE IF NOT EXISTS {process_contact} (
    process_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (process_id, contact_id),
    KEY process_contact_by_contact (contact_id),
    FOREIGN KEY (process_id) REFERENCES {process} (id),
    FOREIGN KEY (contact_id) REFERENCES {contact} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Contacts of processes.';

CREATE TABLE IF NOT EXISTS {system_contact} (
    system_id  BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (system_id, contact_id),
    KEY system_contact_by_contact (contact_id),
    FOREIGN KEY (system_id) REFERENCES {data_system} (id),
    FOREIGN KEY (contact_id) REFERENCES {contact} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Contacts of systems.';

CREATE TABLE IF NOT EXISTS {process_dependency} (
    child_id   BIGINT NOT NULL,
    parent_id  BIGINT NOT NULL,
    kind       VARCHAR(6) NOT NULL CHECK (kind IN ('normal', 'hard', 'soft')),
    fresh      BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    PRIMARY KEY (child_id, parent_id),
    CHECK (child_id <> parent_id),
    KEY process_dependency_by_parent (parent_id),
    FOREIGN KEY (child_id) REFERENCES {process} (id),
    FOREIGN KEY (parent_id) REFERENCES {process} (id),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which process (the child) waits for which (the parent), and how strictly.';

CREATE TABLE IF NOT EXISTS {dependency_lock} (
    lock_no   BIGINT NOT NULL PRIMARY KEY,
    locked_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: One row, which adding a dependency writes to: two that would close a cycle take turns. It is there from the start.';

INSERT INTO {dependency_lock} (lock_no) VALUES (1)
ON DUPLICATE KEY UPDATE lock_no = lock_no;

CREATE TABLE IF NOT EXISTS {cluster} (
    id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name            VARCHAR(250) NOT NULL,
    max_memory      BIGINT,
    max_processing  BIGINT,
    memory_unit     VARCHAR(250),
    processing_unit VARCHAR(250),
    created_at      DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by      BIGINT,
    changed_at      DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by      BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Pools of capacity that processes share. The units are yours.';

CREATE TABLE IF NOT EXISTS {process_cluster} (
    process_id BIGINT NOT NULL,
    cluster_id BIGINT NOT NULL,
    PRIMARY KEY (process_id, cluster_id),
    KEY process_cluster_by_cluster (cluster_id),
    FOREIGN KEY (process_id) REFERENCES {process} (id),
    FOREIGN KEY (cluster_id) REFERENCES {cluster} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which processes share which pools.';

CREATE TABLE IF NOT EXISTS {run} (
    id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    process_id   BIGINT NOT NULL,
    run_no       BIGINT NOT NULL,
    name         VARCHAR(250),
    status_id    BIGINT NOT NULL,
    token_digest VARCHAR(64) NOT NULL,
    actor_id     BIGINT NOT NULL,
    memory       BIGINT NOT NULL DEFAULT 0,
    processing   BIGINT NOT NULL DEFAULT 0,
    started_at   DATETIME(6) NOT NULL,
    ended_at     DATETIME(6),
    low_at       DATETIME(6),
    high_at      DATETIME(6),
    records      BIGINT NOT NULL DEFAULT 0,
    inserts      BIGINT NOT NULL DEFAULT 0,
    updates      BIGINT NOT NULL DEFAULT 0,
    deletes      BIGINT NOT NULL DEFAULT 0,
    UNIQUE (process_id, run_no),
    UNIQUE (token_digest),
    KEY run_by_name (process_id, name),
    KEY run_by_status (status_id, id),
    KEY run_by_status_process (status_id, process_id, run_no),
    KEY run_by_end (ended_at, id),
    FOREIGN KEY (process_id) REFERENCES {process} (id),
    FOREIGN KEY (status_id) REFERENCES {run_status} (id),
    FOREIGN KEY (actor_id) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Executions of processes.';

CREATE TABLE IF NOT EXISTS {run_lease} (
    run_id     BIGINT NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    renewed_at DATETIME(6) NOT NULL,
    length_ms  BIGINT NOT NULL,
    PRIMARY KEY (run_id),
    KEY run_lease_by_expiry (expires_at),
    FOREIGN KEY (run_id) REFERENCES {run} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Until when the tracker of an active run vouches for it. Apart from the run, so that renewing waits for no transaction that the run has open.';

CREATE TABLE IF NOT EXISTS {run_soft_dependency} (
    run_id           BIGINT NOT NULL,
    parent_id        BIGINT NOT NULL,
    parent_run_no    BIGINT NOT NULL,
    parent_status_id BIGINT,
    PRIMARY KEY (run_id, parent_id),
    FOREIGN KEY (run_id) REFERENCES {run} (id),
    FOREIGN KEY (parent_id) REFERENCES {process} (id),
    FOREIGN KEY (parent_status_id) REFERENCES {run_status} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Soft dependencies that were not fulfilled when a run started.';

CREATE TABLE IF NOT EXISTS {run_error} (
    id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    run_id        BIGINT NOT NULL,
    process_id    BIGINT NOT NULL,
    error_type_id BIGINT NOT NULL,
    description   LONGTEXT NOT NULL,
    recorded_at   DATETIME(6) NOT NULL,
    KEY run_error_by_run (run_id, id),
    KEY run_error_by_process (process_id, id),
    FOREIGN KEY (run_id) REFERENCES {run} (id),
    FOREIGN KEY (error_type_id) REFERENCES {error_type} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Errors that runs recorded.';

CREATE TABLE IF NOT EXISTS {location} (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    path       TEXT NOT NULL,
    path_key   VARCHAR(64) NOT NULL,
    name       VARCHAR(250) NOT NULL,
    type_id    BIGINT NOT NULL,
    file_count BIGINT,
    listed_at  DATETIME(6),
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (path_key),
    UNIQUE (name),
    FOREIGN KEY (type_id) REFERENCES {location_type} (id),
    FOREIGN KEY (created_by) REFERENCES {actor} (id),
    FOREIGN KEY (changed_by) REFERENCES {actor} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Directories, bucket prefixes and URLs in which extracts lie.';

CREATE TABLE IF NOT EXISTS {location_system} (
    location_id BIGINT NOT NULL,
    system_id   BIGINT NOT NULL,
    PRIMARY KEY (location_id, system_id),
    KEY location_system_by_system (system_id),
    FOREIGN KEY (location_id) REFERENCES {location} (id),
    FOREIGN KEY (system_id) REFERENCES {data_system} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which systems the extracts in a location hold data of.';

CREATE TABLE IF NOT EXISTS {location_object} (
    location_id BIGINT NOT NULL,
    object_id   BIGINT NOT NULL,
    PRIMARY KEY (location_id, object_id),
    KEY location_object_by_object (object_id),
    FOREIGN KEY (location_id) REFERENCES {location} (id),
    FOREIGN KEY (object_id) REFERENCES {data_object} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which objects the extracts in a location hold data of.';

CREATE TABLE IF NOT EXISTS {extract} (
    id                  BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    location_id         BIGINT NOT NULL,
    name                VARCHAR(1024) NOT NULL,
    name_key            VARCHAR(64) NOT NULL,
    status_id           BIGINT NOT NULL,
    registered_by       BIGINT NOT NULL,
    process_id          BIGINT NOT NULL,
    registered_at       DATETIME(6) NOT NULL,
    status_changed_at   DATETIME(6) NOT NULL,
    claimed_by          BIGINT,
    claim_return_id     BIGINT,
    file_type_id        BIGINT,
    compression_type_id BIGINT,
    size_bytes          BIGINT,
    checksum            VARCHAR(250),
    write_count         BIGINT,
    write_low_at        DATETIME(6),
    write_high_at       DATETIME(6),
    load_count          BIGINT,
    load_low_at         DATETIME(6),
    load_high_at        DATETIME(6),
    listed_at           DATETIME(6),
    UNIQUE (location_id, name_key),
    KEY extract_by_claim (claimed_by, id),
    KEY extract_by_age (registered_at, id),
    KEY extract_by_name (name(250)),
    KEY extract_by_status (status_id, registered_at, id),
    KEY extract_by_location (location_id, registered_at, id),
    KEY extract_by_status_location (status_id, location_id, registered_at, id),
    KEY extract_by_process (process_id, registered_at, id),
    KEY extract_by_status_process (status_id, process_id, registered_at, id),
    KEY extract_by_registering_run (registered_by, id),
    FOREIGN KEY (location_id) REFERENCES {location} (id),
    FOREIGN KEY (status_id) REFERENCES {extract_status} (id),
    FOREIGN KEY (registered_by) REFERENCES {run} (id),
    FOREIGN KEY (claimed_by) REFERENCES {run} (id),
    FOREIGN KEY (claim_return_id) REFERENCES {extract_status} (id),
    FOREIGN KEY (file_type_id) REFERENCES {file_type} (id),
    FOREIGN KEY (compression_type_id) REFERENCES {compression_type} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Data files, or other addressable chunks of data: what is in a location under a name.';

CREATE TABLE IF NOT EXISTS {extract_dependency} (
    child_id  BIGINT NOT NULL,
    parent_id BIGINT NOT NULL,
    PRIMARY KEY (child_id, parent_id),
    CHECK (child_id <> parent_id),
    KEY extract_dependency_by_parent (parent_id, child_id),
    FOREIGN KEY (child_id) REFERENCES {extract} (id),
    FOREIGN KEY (parent_id) REFERENCES {extract} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which extract (the child) may be loaded only after which other (the parent).';

CREATE TABLE IF NOT EXISTS {extract_system} (
    extract_id BIGINT NOT NULL,
    system_id  BIGINT NOT NULL,
    PRIMARY KEY (extract_id, system_id),
    KEY extract_system_by_system (system_id),
    FOREIGN KEY (extract_id) REFERENCES {extract} (id),
    FOREIGN KEY (system_id) REFERENCES {data_system} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which systems an extract holds data of.';

CREATE TABLE IF NOT EXISTS {extract_object} (
    extract_id BIGINT NOT NULL,
    object_id  BIGINT NOT NULL,
    PRIMARY KEY (extract_id, object_id),
    KEY extract_object_by_object (object_id),
    FOREIGN KEY (extract_id) REFERENCES {extract} (id),
    FOREIGN KEY (object_id) REFERENCES {data_object} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which objects an extract holds data of.';

CREATE TABLE IF NOT EXISTS {run_extract} (
    run_id            BIGINT NOT NULL,
    extract_id        BIGINT NOT NULL,
    status_id         BIGINT NOT NULL,
    linked_at         DATETIME(6) NOT NULL,
    status_changed_at DATETIME(6) NOT NULL,
    PRIMARY KEY (run_id, extract_id),
    KEY run_extract_by_extract (extract_id, run_id),
    FOREIGN KEY (run_id) REFERENCES {run} (id),
    FOREIGN KEY (extract_id) REFERENCES {extract} (id),
    FOREIGN KEY (status_id) REFERENCES {extract_status} (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which run worked on which extract, and the status that it gave it last.';

CREATE TABLE IF NOT EXISTS {status_history} (
    id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    changed_at  DATETIME(6) NOT NULL,
    process_id  BIGINT,
    run_id      BIGINT,
    extract_id  BIGINT,
    from_status VARCHAR(250),
    to_status   VARCHAR(250) NOT NULL,
    actor_id    BIGINT,
    reason      LONGTEXT,
    from_at     DATETIME(6),
    to_at       DATETIME(6),
    KEY status_history_by_process (process_id, changed_at, id),
    KEY status_history_by_run (run_id, changed_at, id),
    KEY status_history_by_extract (extract_id, changed_at, id),
    KEY status_history_by_time (changed_at, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Every change of a run''s, an extract''s or a process''s status, by name, so that it can be read alone, and of a watermark that somebody set. Rows are only ever added.';

CREATE TABLE IF NOT EXISTS {refusal} (
    id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    process_id  BIGINT NOT NULL,
    slot        BIGINT NOT NULL,
    refusal_key VARCHAR(64) NOT NULL,
    reason      VARCHAR(250) NOT NULL,
    actor       VARCHAR(250) NOT NULL,
    run_name    VARCHAR(250),
    detail      LONGTEXT NOT NULL,
    times       BIGINT NOT NULL,
    first_at    DATETIME(6) NOT NULL,
    last_at     DATETIME(6) NOT NULL,
    UNIQUE (process_id, slot),
    UNIQUE (process_id, refusal_key),
    KEY refusal_by_time (first_at, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Refused starts, at most 20 rows per process. Equal refusals share a row, and a new one replaces the oldest. There are no foreign keys, so that writing a row waits for no transaction that has written to the process.';

-- What is known of statuses, types and frequencies from the start: dialects/internal/lookups.
{lookups};
