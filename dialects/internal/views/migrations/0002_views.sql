-- Version 2: views for reading, which stay as they are when the tables change: docs/views.md. Written once for all databases.

-- Processes, with the state of their latest run.
CREATE VIEW {v1_processes} AS SELECT
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
FROM {process} AS p
LEFT JOIN {process_type} AS pt ON pt.id = p.type_id
LEFT JOIN {tool} AS t ON t.id = p.tool_id
LEFT JOIN {schedule_frequency} AS f ON f.id = p.frequency_id
LEFT JOIN {run_status} AS s ON s.id = p.latest_status_id
LEFT JOIN {run} AS r ON r.process_id = p.id AND r.run_no = p.latest_run_no
LEFT JOIN {run_lease} AS l ON l.run_id = r.id
LEFT JOIN {actor} AS h ON h.id = p.held_by
LEFT JOIN {actor} AS c ON c.id = p.created_by
LEFT JOIN {actor} AS e ON e.id = p.changed_by;

-- Runs.
CREATE VIEW {v1_runs} AS SELECT
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
FROM {run} AS r
JOIN {process} AS p ON p.id = r.process_id
JOIN {run_status} AS s ON s.id = r.status_id
JOIN {actor} AS a ON a.id = r.actor_id
LEFT JOIN {run_lease} AS l ON l.run_id = r.id;

-- Extracts.
CREATE VIEW {v1_extracts} AS SELECT
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
FROM {extract} AS x
JOIN {location} AS l ON l.id = x.location_id
JOIN {location_type} AS lt ON lt.id = l.type_id
JOIN {extract_status} AS s ON s.id = x.status_id
JOIN {run} AS r ON r.id = x.registered_by
JOIN {process} AS p ON p.id = r.process_id
LEFT JOIN {file_type} AS ft ON ft.id = x.file_type_id
LEFT JOIN {compression_type} AS ct ON ct.id = x.compression_type_id;

-- Errors that runs recorded.
CREATE VIEW {v1_errors} AS SELECT
    e.id AS error_id,
    e.run_id AS run_id,
    r.run_no AS run_number,
    r.process_id AS process_id,
    p.name AS process_name,
    t.name AS error_type,
    e.description AS description,
    e.recorded_at AS recorded_at
FROM {run_error} AS e
JOIN {run} AS r ON r.id = e.run_id
JOIN {process} AS p ON p.id = r.process_id
JOIN {error_type} AS t ON t.id = e.error_type_id;

-- Which run worked on which extract.
CREATE VIEW {v1_run_extracts} AS SELECT
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
FROM {run_extract} AS re
JOIN {run} AS r ON r.id = re.run_id
JOIN {process} AS p ON p.id = r.process_id
JOIN {extract} AS x ON x.id = re.extract_id
JOIN {location} AS l ON l.id = x.location_id
JOIN {extract_status} AS s ON s.id = re.status_id;

-- Changes of statuses, of processes, runs and extracts, and of watermarks by hand.
CREATE VIEW {v1_history} AS SELECT
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
FROM {status_history} AS h
LEFT JOIN {process} AS p ON p.id = h.process_id
LEFT JOIN {run} AS r ON r.id = h.run_id
LEFT JOIN {extract} AS x ON x.id = h.extract_id
LEFT JOIN {location} AS l ON l.id = x.location_id
LEFT JOIN {actor} AS a ON a.id = h.actor_id;

-- Refused starts.
CREATE VIEW {v1_refusals} AS SELECT
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
FROM {refusal} AS f
JOIN {process} AS p ON p.id = f.process_id;

-- Dependencies between processes.
CREATE VIEW {v1_dependencies} AS SELECT
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
FROM {process_dependency} AS d
JOIN {process} AS child ON child.id = d.child_id
JOIN {process} AS parent ON parent.id = d.parent_id
LEFT JOIN {actor} AS c ON c.id = d.created_by
LEFT JOIN {actor} AS e ON e.id = d.changed_by;

-- Leases of active runs.
CREATE VIEW {v1_leases} AS SELECT
    l.run_id AS run_id,
    r.run_no AS run_number,
    r.process_id AS process_id,
    p.name AS process_name,
    a.name AS actor,
    r.started_at AS started_at,
    l.renewed_at AS renewed_at,
    l.expires_at AS expires_at,
    l.length_ms AS length_milliseconds
FROM {run_lease} AS l
JOIN {run} AS r ON r.id = l.run_id
JOIN {process} AS p ON p.id = r.process_id
JOIN {actor} AS a ON a.id = r.actor_id
WHERE r.ended_at IS NULL;

-- Locations of extracts.
CREATE VIEW {v1_locations} AS SELECT
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
FROM {location} AS l
JOIN {location_type} AS t ON t.id = l.type_id
LEFT JOIN {actor} AS c ON c.id = l.created_by
LEFT JOIN {actor} AS e ON e.id = l.changed_by;

-- Contacts of processes, and of systems.
CREATE VIEW {v1_contacts} AS SELECT
    c.id AS contact_id,
    c.name AS contact_name,
    c.email AS email,
    p.id AS process_id,
    p.name AS process_name,
    NULL AS system_id,
    NULL AS system_name
FROM {process_contact} AS pc
JOIN {contact} AS c ON c.id = pc.contact_id
JOIN {process} AS p ON p.id = pc.process_id
UNION ALL SELECT
    c.id,
    c.name,
    c.email,
    NULL,
    NULL,
    s.id,
    s.name
FROM {system_contact} AS sc
JOIN {contact} AS c ON c.id = sc.contact_id
JOIN {data_system} AS s ON s.id = sc.system_id;
