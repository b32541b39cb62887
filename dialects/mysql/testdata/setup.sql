CREATE TABLE IF NOT EXISTS `pt_schema_version` (
    version    BIGINT NOT NULL PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    applied_at DATETIME(6) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: One row for each migration that was applied; the highest is the schema''s version.';

CREATE TABLE IF NOT EXISTS `pt_actor` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Who or what starts runs and changes rows: a person, a service account, a scheduler.';

CREATE TABLE IF NOT EXISTS `pt_tool` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: What processes are written in: Spark, dbt, Go, bash.';

CREATE TABLE IF NOT EXISTS `pt_dataset_type` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Kinds of data that processes work on.';

CREATE TABLE IF NOT EXISTS `pt_process_type` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Kinds of processes: extract, load, and your own.';

CREATE TABLE IF NOT EXISTS `pt_schedule_frequency` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: How often a process is meant to run. The tracker starts nothing by itself.';

CREATE TABLE IF NOT EXISTS `pt_location_type` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Kinds of locations: local, s3, gs, azblob, http and so on, by the scheme of their paths.';

CREATE TABLE IF NOT EXISTS `pt_source_type` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Kinds of systems: databases, files, services.';

CREATE TABLE IF NOT EXISTS `pt_file_type` (
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
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Formats of files: csv, json, parquet and so on, by the endings of their names.';

CREATE TABLE IF NOT EXISTS `pt_compression_type` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Compressions of files: gzip, zstd and so on, by the endings of their names.';

CREATE TABLE IF NOT EXISTS `pt_error_type` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Kinds of errors that runs record: file, data and process errors, and your own.';

CREATE TABLE IF NOT EXISTS `pt_run_status` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    active     BOOLEAN NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Statuses of runs: running, completed, failed, on hold, and your own.';

CREATE TABLE IF NOT EXISTS `pt_extract_status` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    preloaded  BOOLEAN NOT NULL DEFAULT FALSE,
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB AUTO_INCREMENT = 101 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Statuses of extracts: initializing, ready, loading, loaded, archived, deleted, error, and your own.';

CREATE TABLE IF NOT EXISTS `pt_data_system` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    type_id    BIGINT,
    charset    VARCHAR(250),
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name),
    FOREIGN KEY (type_id) REFERENCES `pt_source_type` (id),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Systems that data comes from or goes to.';

CREATE TABLE IF NOT EXISTS `pt_data_object` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    system_id  BIGINT NOT NULL,
    name       VARCHAR(250) NOT NULL,
    charset    VARCHAR(250),
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (system_id, name),
    FOREIGN KEY (system_id) REFERENCES `pt_data_system` (id),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Tables or datasets within a system.';

CREATE TABLE IF NOT EXISTS `pt_data_attribute` (
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
    FOREIGN KEY (object_id) REFERENCES `pt_data_object` (id),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Columns or fields within an object.';

CREATE TABLE IF NOT EXISTS `pt_process` (
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
    FOREIGN KEY (type_id) REFERENCES `pt_process_type` (id),
    FOREIGN KEY (tool_id) REFERENCES `pt_tool` (id),
    FOREIGN KEY (frequency_id) REFERENCES `pt_schedule_frequency` (id),
    FOREIGN KEY (latest_status_id) REFERENCES `pt_run_status` (id),
    FOREIGN KEY (held_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Recurring units of data integration work, each with the state of its latest run: this one row decides whether it may start.';

CREATE TABLE IF NOT EXISTS `pt_process_system` (
    process_id BIGINT NOT NULL,
    role       VARCHAR(6) NOT NULL CHECK (role IN ('source', 'target')),
    system_id  BIGINT NOT NULL,
    PRIMARY KEY (process_id, role, system_id),
    KEY process_system_by_system (system_id),
    FOREIGN KEY (process_id) REFERENCES `pt_process` (id),
    FOREIGN KEY (system_id) REFERENCES `pt_data_system` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Sources and targets of processes that were given as systems.';

CREATE TABLE IF NOT EXISTS `pt_process_object` (
    process_id BIGINT NOT NULL,
    role       VARCHAR(6) NOT NULL CHECK (role IN ('source', 'target')),
    object_id  BIGINT NOT NULL,
    PRIMARY KEY (process_id, role, object_id),
    KEY process_object_by_object (object_id),
    FOREIGN KEY (process_id) REFERENCES `pt_process` (id),
    FOREIGN KEY (object_id) REFERENCES `pt_data_object` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Sources and targets of processes that were given as objects.';

CREATE TABLE IF NOT EXISTS `pt_process_attribute` (
    process_id   BIGINT NOT NULL,
    role         VARCHAR(6) NOT NULL CHECK (role IN ('source', 'target')),
    attribute_id BIGINT NOT NULL,
    alias        VARCHAR(250),
    expression   LONGTEXT,
    PRIMARY KEY (process_id, role, attribute_id),
    KEY process_attribute_by_attribute (attribute_id),
    FOREIGN KEY (process_id) REFERENCES `pt_process` (id),
    FOREIGN KEY (attribute_id) REFERENCES `pt_data_attribute` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Sources and targets of processes that were given as attributes.';

CREATE TABLE IF NOT EXISTS `pt_process_dataset_type` (
    process_id      BIGINT NOT NULL,
    dataset_type_id BIGINT NOT NULL,
    PRIMARY KEY (process_id, dataset_type_id),
    FOREIGN KEY (process_id) REFERENCES `pt_process` (id),
    FOREIGN KEY (dataset_type_id) REFERENCES `pt_dataset_type` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Dataset types of processes.';

CREATE TABLE IF NOT EXISTS `pt_process_filter` (
    process_id   BIGINT NOT NULL,
    attribute_id BIGINT NOT NULL,
    operator     VARCHAR(10) NOT NULL CHECK (operator IN ('eq', 'lt', 'gt', 'lte', 'gte', 'not', 'like', 'in')),
    value        LONGTEXT NOT NULL,
    value_key    VARCHAR(64) NOT NULL,
    created_at   DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by   BIGINT,
    PRIMARY KEY (process_id, attribute_id, operator, value_key),
    KEY process_filter_by_attribute (attribute_id),
    FOREIGN KEY (process_id) REFERENCES `pt_process` (id),
    FOREIGN KEY (attribute_id) REFERENCES `pt_data_attribute` (id),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which rows of an attribute a process takes.';

CREATE TABLE IF NOT EXISTS `pt_contact` (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(250) NOT NULL,
    email      VARCHAR(250) NOT NULL DEFAULT '',
    created_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    created_by BIGINT,
    changed_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    changed_by BIGINT,
    UNIQUE (name, email),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: People and teams to turn to.';

CREATE TABLE IF NOT EXISTS `pt_process_contact` (
    process_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (process_id, contact_id),
    KEY process_contact_by_contact (contact_id),
    FOREIGN KEY (process_id) REFERENCES `pt_process` (id),
    FOREIGN KEY (contact_id) REFERENCES `pt_contact` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Contacts of processes.';

CREATE TABLE IF NOT EXISTS `pt_system_contact` (
    system_id  BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (system_id, contact_id),
    KEY system_contact_by_contact (contact_id),
    FOREIGN KEY (system_id) REFERENCES `pt_data_system` (id),
    FOREIGN KEY (contact_id) REFERENCES `pt_contact` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Contacts of systems.';

CREATE TABLE IF NOT EXISTS `pt_process_dependency` (
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
    FOREIGN KEY (child_id) REFERENCES `pt_process` (id),
    FOREIGN KEY (parent_id) REFERENCES `pt_process` (id),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which process (the child) waits for which (the parent), and how strictly.';

CREATE TABLE IF NOT EXISTS `pt_dependency_lock` (
    lock_no   BIGINT NOT NULL PRIMARY KEY,
    locked_at DATETIME(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: One row, which adding a dependency writes to: two that would close a cycle take turns. It is there from the start.';

INSERT INTO `pt_dependency_lock` (lock_no) VALUES (1)
ON DUPLICATE KEY UPDATE lock_no = lock_no;

CREATE TABLE IF NOT EXISTS `pt_cluster` (
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
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Pools of capacity that processes share. The units are yours.';

CREATE TABLE IF NOT EXISTS `pt_process_cluster` (
    process_id BIGINT NOT NULL,
    cluster_id BIGINT NOT NULL,
    PRIMARY KEY (process_id, cluster_id),
    KEY process_cluster_by_cluster (cluster_id),
    FOREIGN KEY (process_id) REFERENCES `pt_process` (id),
    FOREIGN KEY (cluster_id) REFERENCES `pt_cluster` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which processes share which pools.';

CREATE TABLE IF NOT EXISTS `pt_run` (
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
    FOREIGN KEY (process_id) REFERENCES `pt_process` (id),
    FOREIGN KEY (status_id) REFERENCES `pt_run_status` (id),
    FOREIGN KEY (actor_id) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Executions of processes.';

CREATE TABLE IF NOT EXISTS `pt_run_lease` (
    run_id     BIGINT NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    renewed_at DATETIME(6) NOT NULL,
    length_ms  BIGINT NOT NULL,
    PRIMARY KEY (run_id),
    KEY run_lease_by_expiry (expires_at),
    FOREIGN KEY (run_id) REFERENCES `pt_run` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Until when the tracker of an active run vouches for it. Apart from the run, so that renewing waits for no transaction that the run has open.';

CREATE TABLE IF NOT EXISTS `pt_run_soft_dependency` (
    run_id           BIGINT NOT NULL,
    parent_id        BIGINT NOT NULL,
    parent_run_no    BIGINT NOT NULL,
    parent_status_id BIGINT,
    PRIMARY KEY (run_id, parent_id),
    FOREIGN KEY (run_id) REFERENCES `pt_run` (id),
    FOREIGN KEY (parent_id) REFERENCES `pt_process` (id),
    FOREIGN KEY (parent_status_id) REFERENCES `pt_run_status` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Soft dependencies that were not fulfilled when a run started.';

CREATE TABLE IF NOT EXISTS `pt_run_error` (
    id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    run_id        BIGINT NOT NULL,
    process_id    BIGINT NOT NULL,
    error_type_id BIGINT NOT NULL,
    description   LONGTEXT NOT NULL,
    recorded_at   DATETIME(6) NOT NULL,
    KEY run_error_by_run (run_id, id),
    KEY run_error_by_process (process_id, id),
    FOREIGN KEY (run_id) REFERENCES `pt_run` (id),
    FOREIGN KEY (error_type_id) REFERENCES `pt_error_type` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Errors that runs recorded.';

CREATE TABLE IF NOT EXISTS `pt_location` (
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
    FOREIGN KEY (type_id) REFERENCES `pt_location_type` (id),
    FOREIGN KEY (created_by) REFERENCES `pt_actor` (id),
    FOREIGN KEY (changed_by) REFERENCES `pt_actor` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Directories, bucket prefixes and URLs in which extracts lie.';

CREATE TABLE IF NOT EXISTS `pt_location_system` (
    location_id BIGINT NOT NULL,
    system_id   BIGINT NOT NULL,
    PRIMARY KEY (location_id, system_id),
    KEY location_system_by_system (system_id),
    FOREIGN KEY (location_id) REFERENCES `pt_location` (id),
    FOREIGN KEY (system_id) REFERENCES `pt_data_system` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which systems the extracts in a location hold data of.';

CREATE TABLE IF NOT EXISTS `pt_location_object` (
    location_id BIGINT NOT NULL,
    object_id   BIGINT NOT NULL,
    PRIMARY KEY (location_id, object_id),
    KEY location_object_by_object (object_id),
    FOREIGN KEY (location_id) REFERENCES `pt_location` (id),
    FOREIGN KEY (object_id) REFERENCES `pt_data_object` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which objects the extracts in a location hold data of.';

CREATE TABLE IF NOT EXISTS `pt_extract` (
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
    FOREIGN KEY (location_id) REFERENCES `pt_location` (id),
    FOREIGN KEY (status_id) REFERENCES `pt_extract_status` (id),
    FOREIGN KEY (registered_by) REFERENCES `pt_run` (id),
    FOREIGN KEY (claimed_by) REFERENCES `pt_run` (id),
    FOREIGN KEY (claim_return_id) REFERENCES `pt_extract_status` (id),
    FOREIGN KEY (file_type_id) REFERENCES `pt_file_type` (id),
    FOREIGN KEY (compression_type_id) REFERENCES `pt_compression_type` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Data files, or other addressable chunks of data: what is in a location under a name.';

CREATE TABLE IF NOT EXISTS `pt_extract_dependency` (
    child_id  BIGINT NOT NULL,
    parent_id BIGINT NOT NULL,
    PRIMARY KEY (child_id, parent_id),
    CHECK (child_id <> parent_id),
    KEY extract_dependency_by_parent (parent_id, child_id),
    FOREIGN KEY (child_id) REFERENCES `pt_extract` (id),
    FOREIGN KEY (parent_id) REFERENCES `pt_extract` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which extract (the child) may be loaded only after which other (the parent).';

CREATE TABLE IF NOT EXISTS `pt_extract_system` (
    extract_id BIGINT NOT NULL,
    system_id  BIGINT NOT NULL,
    PRIMARY KEY (extract_id, system_id),
    KEY extract_system_by_system (system_id),
    FOREIGN KEY (extract_id) REFERENCES `pt_extract` (id),
    FOREIGN KEY (system_id) REFERENCES `pt_data_system` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which systems an extract holds data of.';

CREATE TABLE IF NOT EXISTS `pt_extract_object` (
    extract_id BIGINT NOT NULL,
    object_id  BIGINT NOT NULL,
    PRIMARY KEY (extract_id, object_id),
    KEY extract_object_by_object (object_id),
    FOREIGN KEY (extract_id) REFERENCES `pt_extract` (id),
    FOREIGN KEY (object_id) REFERENCES `pt_data_object` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which objects an extract holds data of.';

CREATE TABLE IF NOT EXISTS `pt_run_extract` (
    run_id            BIGINT NOT NULL,
    extract_id        BIGINT NOT NULL,
    status_id         BIGINT NOT NULL,
    linked_at         DATETIME(6) NOT NULL,
    status_changed_at DATETIME(6) NOT NULL,
    PRIMARY KEY (run_id, extract_id),
    KEY run_extract_by_extract (extract_id, run_id),
    FOREIGN KEY (run_id) REFERENCES `pt_run` (id),
    FOREIGN KEY (extract_id) REFERENCES `pt_extract` (id),
    FOREIGN KEY (status_id) REFERENCES `pt_extract_status` (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'ProcessTracker: Which run worked on which extract, and the status that it gave it last.';

CREATE TABLE IF NOT EXISTS `pt_status_history` (
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

CREATE TABLE IF NOT EXISTS `pt_refusal` (
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

INSERT INTO `pt_process_type` (id, name, preloaded) VALUES
    (1, 'Extract', TRUE),
    (2, 'Load', TRUE)
ON DUPLICATE KEY UPDATE id = id;

INSERT INTO `pt_schedule_frequency` (id, name, preloaded) VALUES
    (1, 'unscheduled', TRUE),
    (2, 'hourly', TRUE),
    (3, 'daily', TRUE),
    (4, 'weekly', TRUE),
    (5, 'monthly', TRUE),
    (6, 'quarterly', TRUE),
    (7, 'annually', TRUE)
ON DUPLICATE KEY UPDATE id = id;

INSERT INTO `pt_location_type` (id, name, preloaded) VALUES
    (1, 'local', TRUE),
    (2, 's3', TRUE),
    (3, 'gs', TRUE),
    (4, 'azblob', TRUE),
    (5, 'http', TRUE),
    (6, 'ftp', TRUE),
    (7, 'sftp', TRUE),
    (8, 'hdfs', TRUE)
ON DUPLICATE KEY UPDATE id = id;

INSERT INTO `pt_source_type` (id, name, preloaded) VALUES
    (1, 'database', TRUE),
    (2, 'files', TRUE),
    (3, 'service', TRUE),
    (4, 'stream', TRUE),
    (5, 'application', TRUE)
ON DUPLICATE KEY UPDATE id = id;

INSERT INTO `pt_file_type` (id, name, preloaded) VALUES
    (1, 'csv', TRUE),
    (2, 'tsv', TRUE),
    (3, 'psv', TRUE),
    (4, 'txt', TRUE),
    (5, 'json', TRUE),
    (6, 'jsonl', TRUE),
    (7, 'xml', TRUE),
    (8, 'html', TRUE),
    (9, 'yaml', TRUE),
    (10, 'parquet', TRUE),
    (11, 'avro', TRUE),
    (12, 'orc', TRUE),
    (13, 'arrow', TRUE),
    (14, 'xls', TRUE),
    (15, 'xlsx', TRUE),
    (16, 'ods', TRUE),
    (17, 'sqlite', TRUE),
    (18, 'sql', TRUE),
    (19, 'pdf', TRUE),
    (20, 'tar', TRUE),
    (21, 'zip', TRUE)
ON DUPLICATE KEY UPDATE id = id;

INSERT INTO `pt_compression_type` (id, name, preloaded) VALUES
    (1, 'gzip', TRUE),
    (2, 'bzip2', TRUE),
    (3, 'xz', TRUE),
    (4, 'zstd', TRUE),
    (5, 'lz4', TRUE),
    (6, 'snappy', TRUE),
    (7, 'brotli', TRUE),
    (8, 'deflate', TRUE),
    (9, 'lzo', TRUE),
    (10, 'zip', TRUE)
ON DUPLICATE KEY UPDATE id = id;

INSERT INTO `pt_error_type` (id, name, preloaded) VALUES
    (1, 'File Error', TRUE),
    (2, 'Data Error', TRUE),
    (3, 'Process Error', TRUE)
ON DUPLICATE KEY UPDATE id = id;

INSERT INTO `pt_run_status` (id, name, active, preloaded) VALUES
    (1, 'running', TRUE, TRUE),
    (2, 'completed', FALSE, TRUE),
    (3, 'failed', FALSE, TRUE),
    (4, 'on hold', FALSE, TRUE)
ON DUPLICATE KEY UPDATE id = id;

INSERT INTO `pt_extract_status` (id, name, preloaded) VALUES
    (1, 'initializing', TRUE),
    (2, 'ready', TRUE),
    (3, 'loading', TRUE),
    (4, 'loaded', TRUE),
    (5, 'archived', TRUE),
    (6, 'deleted', TRUE),
    (7, 'error', TRUE)
ON DUPLICATE KEY UPDATE id = id;

-- Processes, with the state of their latest run.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `pt_v1_processes` AS SELECT
    p.id AS process_id,
    p.name AS process_name,
    pt.name AS process_type,
    t.name AS tool,
    f.name AS frequency,
    p.active AS is_active,
    p.latest_run_no AS latest_run_number,
    s.name AS latest_status,
    p.latest_started_at AS latest_started_at,
    p.latest_ended_at AS latest_ended_at,
    CASE WHEN p.latest_ended_at IS NULL THEN l.expires_at END AS latest_lease_expires_at,
    p.failures AS failures_in_a_row,
    p.max_failures AS max_failures,
    p.watermark AS watermark,
    p.records AS records,
    p.inserts AS inserts,
    p.updates AS updates,
    p.deletes AS deletes,
    p.last_completed_at AS last_completed_at,
    p.last_failed_at AS last_failed_at,
    p.last_errored_at AS last_errored_at,
    p.held_at AS held_at,
    h.name AS held_by,
    p.hold_reason AS hold_reason,
    p.created_at AS created_at,
    c.name AS created_by,
    p.changed_at AS changed_at,
    e.name AS changed_by
FROM `pt_process` AS p
LEFT JOIN `pt_process_type` AS pt ON pt.id = p.type_id
LEFT JOIN `pt_tool` AS t ON t.id = p.tool_id
LEFT JOIN `pt_schedule_frequency` AS f ON f.id = p.frequency_id
LEFT JOIN `pt_run_status` AS s ON s.id = p.latest_status_id
LEFT JOIN `pt_run` AS r ON r.process_id = p.id AND r.run_no = p.latest_run_no
LEFT JOIN `pt_run_lease` AS l ON l.run_id = r.id
LEFT JOIN `pt_actor` AS h ON h.id = p.held_by
LEFT JOIN `pt_actor` AS c ON c.id = p.created_by
LEFT JOIN `pt_actor` AS e ON e.id = p.changed_by;

-- Runs.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `pt_v1_runs` AS SELECT
    r.id AS run_id,
    r.process_id AS process_id,
    p.name AS process_name,
    r.run_no AS run_number,
    r.name AS run_name,
    s.name AS status,
    s.active AS is_active,
    a.name AS actor,
    r.started_at AS started_at,
    r.ended_at AS ended_at,
    r.low_at AS low_at,
    r.high_at AS high_at,
    r.records AS records,
    r.inserts AS inserts,
    r.updates AS updates,
    r.deletes AS deletes,
    r.memory AS memory,
    r.processing AS processing,
    CASE WHEN r.ended_at IS NULL THEN l.expires_at END AS lease_expires_at
FROM `pt_run` AS r
JOIN `pt_process` AS p ON p.id = r.process_id
JOIN `pt_run_status` AS s ON s.id = r.status_id
JOIN `pt_actor` AS a ON a.id = r.actor_id
LEFT JOIN `pt_run_lease` AS l ON l.run_id = r.id;

-- Extracts.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `pt_v1_extracts` AS SELECT
    x.id AS extract_id,
    x.name AS extract_name,
    x.location_id AS location_id,
    l.name AS location_name,
    l.path AS location_path,
    lt.name AS location_type,
    s.name AS status,
    x.status_changed_at AS status_changed_at,
    x.registered_at AS registered_at,
    x.registered_by AS registered_by_run_id,
    p.id AS process_id,
    p.name AS process_name,
    x.claimed_by AS claimed_by_run_id,
    ft.name AS file_type,
    ct.name AS compression,
    x.size_bytes AS size_bytes,
    x.checksum AS checksum,
    x.write_count AS write_count,
    x.write_low_at AS write_low_at,
    x.write_high_at AS write_high_at,
    x.load_count AS load_count,
    x.load_low_at AS load_low_at,
    x.load_high_at AS load_high_at,
    x.listed_at AS listed_at
FROM `pt_extract` AS x
JOIN `pt_location` AS l ON l.id = x.location_id
JOIN `pt_location_type` AS lt ON lt.id = l.type_id
JOIN `pt_extract_status` AS s ON s.id = x.status_id
JOIN `pt_run` AS r ON r.id = x.registered_by
JOIN `pt_process` AS p ON p.id = r.process_id
LEFT JOIN `pt_file_type` AS ft ON ft.id = x.file_type_id
LEFT JOIN `pt_compression_type` AS ct ON ct.id = x.compression_type_id;

-- Errors that runs recorded.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `pt_v1_errors` AS SELECT
    e.id AS error_id,
    e.run_id AS run_id,
    r.run_no AS run_number,
    r.process_id AS process_id,
    p.name AS process_name,
    t.name AS error_type,
    e.description AS description,
    e.recorded_at AS recorded_at
FROM `pt_run_error` AS e
JOIN `pt_run` AS r ON r.id = e.run_id
JOIN `pt_process` AS p ON p.id = r.process_id
JOIN `pt_error_type` AS t ON t.id = e.error_type_id;

-- Which run worked on which extract.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `pt_v1_run_extracts` AS SELECT
    re.run_id AS run_id,
    r.run_no AS run_number,
    r.process_id AS process_id,
    p.name AS process_name,
    re.extract_id AS extract_id,
    x.name AS extract_name,
    x.location_id AS location_id,
    l.path AS location_path,
    s.name AS status,
    re.linked_at AS linked_at,
    re.status_changed_at AS status_changed_at
FROM `pt_run_extract` AS re
JOIN `pt_run` AS r ON r.id = re.run_id
JOIN `pt_process` AS p ON p.id = r.process_id
JOIN `pt_extract` AS x ON x.id = re.extract_id
JOIN `pt_location` AS l ON l.id = x.location_id
JOIN `pt_extract_status` AS s ON s.id = re.status_id;

-- Changes of statuses, of processes, runs and extracts, and of watermarks by hand.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `pt_v1_history` AS SELECT
    h.id AS change_id,
    h.changed_at AS changed_at,
    h.process_id AS process_id,
    p.name AS process_name,
    h.run_id AS run_id,
    r.run_no AS run_number,
    h.extract_id AS extract_id,
    x.name AS extract_name,
    l.path AS location_path,
    h.from_status AS from_status,
    h.to_status AS to_status,
    a.name AS actor,
    h.reason AS reason,
    h.from_at AS from_at,
    h.to_at AS to_at
FROM `pt_status_history` AS h
LEFT JOIN `pt_process` AS p ON p.id = h.process_id
LEFT JOIN `pt_run` AS r ON r.id = h.run_id
LEFT JOIN `pt_extract` AS x ON x.id = h.extract_id
LEFT JOIN `pt_location` AS l ON l.id = x.location_id
LEFT JOIN `pt_actor` AS a ON a.id = h.actor_id;

-- Refused starts.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `pt_v1_refusals` AS SELECT
    f.id AS refusal_id,
    f.process_id AS process_id,
    p.name AS process_name,
    f.reason AS reason,
    f.actor AS actor,
    f.run_name AS run_name,
    f.detail AS detail,
    f.times AS times,
    f.first_at AS first_at,
    f.last_at AS last_at
FROM `pt_refusal` AS f
JOIN `pt_process` AS p ON p.id = f.process_id;

-- Dependencies between processes.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `pt_v1_dependencies` AS SELECT
    d.child_id AS child_id,
    child.name AS child_name,
    d.parent_id AS parent_id,
    parent.name AS parent_name,
    d.kind AS kind,
    d.fresh AS is_fresh,
    d.created_at AS created_at,
    c.name AS created_by,
    d.changed_at AS changed_at,
    e.name AS changed_by
FROM `pt_process_dependency` AS d
JOIN `pt_process` AS child ON child.id = d.child_id
JOIN `pt_process` AS parent ON parent.id = d.parent_id
LEFT JOIN `pt_actor` AS c ON c.id = d.created_by
LEFT JOIN `pt_actor` AS e ON e.id = d.changed_by;

-- Leases of active runs.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `pt_v1_leases` AS SELECT
    l.run_id AS run_id,
    r.run_no AS run_number,
    r.process_id AS process_id,
    p.name AS process_name,
    a.name AS actor,
    r.started_at AS started_at,
    l.renewed_at AS renewed_at,
    l.expires_at AS expires_at,
    l.length_ms AS length_milliseconds
FROM `pt_run_lease` AS l
JOIN `pt_run` AS r ON r.id = l.run_id
JOIN `pt_process` AS p ON p.id = r.process_id
JOIN `pt_actor` AS a ON a.id = r.actor_id
WHERE r.ended_at IS NULL;

-- Locations of extracts.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `pt_v1_locations` AS SELECT
    l.id AS location_id,
    l.name AS location_name,
    l.path AS location_path,
    t.name AS location_type,
    l.file_count AS file_count,
    l.listed_at AS listed_at,
    l.created_at AS created_at,
    c.name AS created_by,
    l.changed_at AS changed_at,
    e.name AS changed_by
FROM `pt_location` AS l
JOIN `pt_location_type` AS t ON t.id = l.type_id
LEFT JOIN `pt_actor` AS c ON c.id = l.created_by
LEFT JOIN `pt_actor` AS e ON e.id = l.changed_by;

-- Contacts of processes, and of systems.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `pt_v1_contacts` AS SELECT
    c.id AS contact_id,
    c.name AS contact_name,
    c.email AS email,
    p.id AS process_id,
    p.name AS process_name,
    NULL AS system_id,
    NULL AS system_name
FROM `pt_process_contact` AS pc
JOIN `pt_contact` AS c ON c.id = pc.contact_id
JOIN `pt_process` AS p ON p.id = pc.process_id
UNION ALL SELECT
    c.id,
    c.name,
    c.email,
    NULL,
    NULL,
    s.id,
    s.name
FROM `pt_system_contact` AS sc
JOIN `pt_contact` AS c ON c.id = sc.contact_id
JOIN `pt_data_system` AS s ON s.id = sc.system_id;

