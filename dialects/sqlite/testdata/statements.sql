-- start.lock_clusters
UPDATE "pt_cluster"
  SET name = name
  WHERE id IN (SELECT pc.cluster_id AS id
  FROM "pt_process" AS p
  JOIN "pt_process_cluster" AS pc ON pc.process_id = p.id
  WHERE (p.active = ? AND p.held_at IS NULL AND p.name = ? AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE p.name = ? AND run.name = ? AND run.status_id = ?) AS w)));

-- start.turn
UPDATE "pt_process"
  SET turn = ?
  WHERE (active = ? AND held_at IS NULL AND name = ? AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE p.name = ? AND run.name = ? AND run.status_id = ?) AS w));

-- start.claim
UPDATE "pt_process"
  SET active = ?, latest_run_no = latest_run_no + 1, latest_status_id = ?, latest_token = ?, latest_started_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), latest_ended_at = ?, latest_memory = ?, latest_processing = ?
  WHERE active = ? AND name = ? AND turn = ? AND held_at IS NULL AND (coalesce(max_failures, ?) <= 0 OR failures < coalesce(max_failures, ?)) AND (? = '' OR definition = ?) AND EXISTS (SELECT 1
  FROM "pt_actor"
  WHERE name = ?) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE p.name = ? AND run.name = ? AND run.status_id = ?) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "pt_process_dependency" AS dep
  JOIN "pt_process" AS child ON child.id = dep.child_id
  JOIN "pt_process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = ? AND (parent.active = ? OR parent.latest_status_id IN (?,?) OR (dep.kind <> ? AND parent.latest_run_no = ?) OR (dep.fresh = ? AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> ?) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "pt_process" AS p
  JOIN "pt_process_cluster" AS pc ON pc.process_id = p.id
  JOIN "pt_cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = ? AND (c.max_memory < ? + (SELECT coalesce(sum(u.latest_memory), 0)
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?) OR c.max_processing < ? + (SELECT coalesce(sum(u.latest_processing), 0)
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?))) AS w);

-- start.run
INSERT INTO "pt_run" (process_id,run_no,status_id,token,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token, a.id, p.latest_started_at, nullif(?, ''), p.latest_memory, p.latest_processing, CASE WHEN ? = 1 THEN p.watermark END
  FROM "pt_process" AS p
  JOIN "pt_actor" AS a ON a.name = ?
  WHERE p.latest_token = ? AND p.name = ? AND NOT EXISTS (SELECT 1
  FROM "pt_run" AS x
  WHERE x.token = p.latest_token);

-- start.soft
INSERT INTO "pt_run_soft_dependency" (run_id,parent_id,parent_run_no,parent_status_id)
  SELECT run.id, parent.id, parent.latest_run_no, parent.latest_status_id
  FROM "pt_process_dependency" AS dep
  JOIN "pt_process" AS child ON child.id = dep.child_id
  JOIN "pt_process" AS parent ON parent.id = dep.parent_id
  JOIN "pt_run" AS run ON run.process_id = child.id AND run.token = ?
  WHERE child.name = ? AND (parent.active = ? OR parent.latest_status_id IN (?,?) OR (dep.kind <> ? AND parent.latest_run_no = ?) OR (dep.fresh = ? AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind = ? AND NOT EXISTS (SELECT 1
  FROM "pt_run_soft_dependency" AS x
  WHERE x.run_id = run.id AND x.parent_id = parent.id);

-- start.history
INSERT INTO "pt_status_history" (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM "pt_run" AS run
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  WHERE run.token = ? AND NOT EXISTS (SELECT 1
  FROM "pt_status_history" AS x
  WHERE x.run_id = run.id);

-- start.outcome
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, p.definition, starter.id, p.held_at, holder.name, p.hold_reason, run.token, p.failures, coalesce(p.max_failures, ?)
  FROM "pt_process" AS p
  LEFT JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  LEFT JOIN "pt_run_status" AS s ON s.id = run.status_id
  LEFT JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "pt_actor" AS starter ON starter.name = ?
  LEFT JOIN "pt_actor" AS holder ON holder.id = p.held_by
  WHERE p.name = ?;

-- start.done
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  WHERE p.name = ? AND run.name = ? AND run.status_id = ?;

-- start.parents
SELECT parent.name, dep.kind, dep.fresh, parent.latest_run_no, s.name, run.started_at, actor.name
  FROM "pt_process_dependency" AS dep
  JOIN "pt_process" AS child ON child.id = dep.child_id
  JOIN "pt_process" AS parent ON parent.id = dep.parent_id
  LEFT JOIN "pt_run_status" AS s ON s.id = parent.latest_status_id
  LEFT JOIN "pt_run" AS run ON run.process_id = parent.id AND run.run_no = parent.latest_run_no
  LEFT JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  WHERE child.name = ? AND (parent.active = ? OR parent.latest_status_id IN (?,?) OR (dep.kind <> ? AND parent.latest_run_no = ?) OR (dep.fresh = ? AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at)))
  ORDER BY parent.name;

-- start.clusters
SELECT c.name, c.max_memory, c.max_processing, (SELECT coalesce(sum(u.latest_memory), 0)
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?), (SELECT coalesce(sum(u.latest_processing), 0)
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?)
  FROM "pt_process" AS p
  JOIN "pt_process_cluster" AS pc ON pc.process_id = p.id
  JOIN "pt_cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = ? AND (c.max_memory < ? + (SELECT coalesce(sum(u.latest_memory), 0)
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?) OR c.max_processing < ? + (SELECT coalesce(sum(u.latest_processing), 0)
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?))
  ORDER BY c.name;

-- end.completed
UPDATE "pt_process"
  SET active = ?, latest_status_id = ?, latest_ended_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), failures = ?, watermark = coalesce((SELECT high_at
  FROM "pt_run"
  WHERE id = ?), watermark)
  WHERE active = ? AND id = ? AND latest_token = ?;

-- end.last_completed_at
UPDATE "pt_process"
  SET last_completed_at = latest_ended_at
  WHERE active = ? AND id = ? AND latest_status_id = ? AND latest_token = ?;

-- end.failed
UPDATE "pt_process"
  SET active = ?, latest_status_id = ?, latest_ended_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), failures = failures + 1
  WHERE active = ? AND id = ? AND latest_token = ?;

-- end.last_failed_at
UPDATE "pt_process"
  SET last_failed_at = latest_ended_at
  WHERE active = ? AND id = ? AND latest_status_id = ? AND latest_token = ?;

-- end.on_hold
UPDATE "pt_process"
  SET active = ?, latest_status_id = ?, latest_ended_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), failures = ?, held_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), hold_reason = ?, held_by = (SELECT actor_id
  FROM "pt_run"
  WHERE id = ?)
  WHERE active = ? AND id = ? AND latest_token = ?;

-- end.process
UPDATE "pt_process"
  SET active = ?, latest_status_id = ?, latest_ended_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), failures = ?
  WHERE active = ? AND id = ? AND latest_token = ?;

-- end.continue
UPDATE "pt_process"
  SET active = ?, latest_status_id = ?
  WHERE active = ? AND id = ? AND latest_token = ?;

-- end.history
INSERT INTO "pt_status_history" (process_id,run_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, old.name, new.name, run.actor_id, coalesce(p.latest_ended_at, strftime('%Y-%m-%d %H:%M:%f000', 'now'))
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token = run.token
  JOIN "pt_run_status" AS old ON old.id = run.status_id
  JOIN "pt_run_status" AS new ON new.id = p.latest_status_id
  WHERE new.id = ? AND run.ended_at IS NULL AND run.id = ? AND run.token = ? AND old.id <> new.id;

-- end.run
UPDATE "pt_run"
  SET status_id = ?, ended_at = (SELECT p.latest_ended_at
  FROM "pt_process" AS p
  WHERE p.id = ?)
  WHERE ended_at IS NULL AND id = ? AND token = ?;

-- run.state
SELECT run.token, s.id, s.name, run.ended_at
  FROM "pt_run" AS run
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  WHERE run.id = ?;

-- error.process
UPDATE "pt_process"
  SET last_errored_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')
  WHERE active = ? AND id = ? AND latest_token = ?;

-- error.process
UPDATE "pt_process"
  SET last_errored_at = ?
  WHERE active = ? AND id = ? AND latest_token = ?;

-- error.insert
INSERT INTO "pt_run_error" (run_id,error_type_id,description,recorded_at)
  SELECT run.id, t.id, ?, p.last_errored_at
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token = run.token
  JOIN "pt_error_type" AS t ON t.id = ?
  WHERE run.ended_at IS NULL AND run.id = ? AND run.token = ?;

-- end.completed
UPDATE "pt_process"
  SET active = ?, latest_status_id = ?, latest_ended_at = ?, failures = ?, watermark = coalesce((SELECT high_at
  FROM "pt_run"
  WHERE id = ?), watermark)
  WHERE active = ? AND id = ? AND latest_token = ?;

-- hold.set
UPDATE "pt_process"
  SET held_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), held_by = (SELECT id
  FROM "pt_actor"
  WHERE name = ?), hold_reason = ?
  WHERE held_at IS NULL AND name = ?;

-- hold.failing
UPDATE "pt_process"
  SET held_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), held_by = (SELECT id
  FROM "pt_actor"
  WHERE name = ?), hold_reason = ?
  WHERE active = ? AND failures = ? AND held_at IS NULL AND name = ?;

-- hold.release
UPDATE "pt_process"
  SET held_at = ?, held_by = ?, hold_reason = ?, failures = ?
  WHERE name = ? AND held_at IS NOT NULL;

-- hold.history
INSERT INTO "pt_status_history" (process_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT p.id, ?, ?, (SELECT id
  FROM "pt_actor"
  WHERE name = ?), ?, strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM "pt_process" AS p
  WHERE p.name = ?;

-- register.actor
INSERT INTO "pt_actor" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_actor" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.cluster
INSERT INTO "pt_cluster" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_cluster" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.process_type
INSERT INTO "pt_process_type" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_process_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.tool
INSERT INTO "pt_tool" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_tool" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.schedule_frequency
INSERT INTO "pt_schedule_frequency" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_schedule_frequency" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.dataset_type
INSERT INTO "pt_dataset_type" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_dataset_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.process
INSERT INTO "pt_process" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_process" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.location_type
INSERT INTO "pt_location_type" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_location_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.extract_status
INSERT INTO "pt_extract_status" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_extract_status" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.error_type
INSERT INTO "pt_error_type" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_error_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.systems
INSERT INTO "pt_data_system" (name,created_by,changed_by)
  SELECT DISTINCT r.system, a.id, a.id
  FROM (SELECT value ->> '$.system' AS system
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_data_system" AS x
  WHERE x.name = r.system)
  ORDER BY r.system
  ON CONFLICT DO NOTHING;

-- register.objects
INSERT INTO "pt_data_object" (system_id,name,created_by,changed_by)
  SELECT DISTINCT sy.id, r.object, a.id, a.id
  FROM (SELECT value ->> '$.system' AS system, value ->> '$.object' AS object
  FROM json_each(?)) AS r
  JOIN "pt_data_system" AS sy ON sy.name = r.system
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE r.object <> ? AND NOT EXISTS (SELECT 1
  FROM "pt_data_object" AS x
  WHERE x.system_id = sy.id AND x.name = r.object)
  ORDER BY sy.id, r.object
  ON CONFLICT DO NOTHING;

-- register.attributes
INSERT INTO "pt_data_attribute" (object_id,name,created_by,changed_by)
  SELECT DISTINCT ob.id, r.attribute, a.id, a.id
  FROM (SELECT value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute
  FROM json_each(?)) AS r
  JOIN "pt_data_system" AS sy ON sy.name = r.system
  JOIN "pt_data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE r.attribute <> ? AND NOT EXISTS (SELECT 1
  FROM "pt_data_attribute" AS x
  WHERE x.object_id = ob.id AND x.name = r.attribute)
  ORDER BY ob.id, r.attribute
  ON CONFLICT DO NOTHING;

-- register.link_systems
INSERT INTO "pt_process_system" (process_id,role,system_id)
  SELECT DISTINCT p.id, r.role, sy.id
  FROM (SELECT value ->> '$.role' AS role, value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  JOIN "pt_data_system" AS sy ON sy.name = r.system
  WHERE r.object = ? AND NOT EXISTS (SELECT 1
  FROM "pt_process_system" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.system_id = sy.id)
  ON CONFLICT DO NOTHING;

-- register.link_objects
INSERT INTO "pt_process_object" (process_id,role,object_id)
  SELECT DISTINCT p.id, r.role, ob.id
  FROM (SELECT value ->> '$.role' AS role, value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  JOIN "pt_data_system" AS sy ON sy.name = r.system
  JOIN "pt_data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  WHERE r.attribute = ? AND NOT EXISTS (SELECT 1
  FROM "pt_process_object" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.object_id = ob.id)
  ON CONFLICT DO NOTHING;

-- register.link_attributes
INSERT INTO "pt_process_attribute" (process_id,role,attribute_id)
  SELECT DISTINCT p.id, r.role, at.id
  FROM (SELECT value ->> '$.role' AS role, value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  JOIN "pt_data_system" AS sy ON sy.name = r.system
  JOIN "pt_data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  JOIN "pt_data_attribute" AS at ON at.object_id = ob.id AND at.name = r.attribute
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_process_attribute" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.attribute_id = at.id)
  ON CONFLICT DO NOTHING;

-- register.link_dataset_types
INSERT INTO "pt_process_dataset_type" (process_id,dataset_type_id)
  SELECT DISTINCT p.id, t.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  JOIN "pt_dataset_type" AS t ON t.name = r.name
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_process_dataset_type" AS x
  WHERE x.process_id = p.id AND x.dataset_type_id = t.id)
  ON CONFLICT DO NOTHING;

-- register.stored
SELECT p.definition, (SELECT n.name
  FROM "pt_process_type" AS n
  WHERE n.id = p.type_id), (SELECT n.name
  FROM "pt_tool" AS n
  WHERE n.id = p.tool_id), (SELECT n.name
  FROM "pt_schedule_frequency" AS n
  WHERE n.id = p.frequency_id)
  FROM "pt_process" AS p
  WHERE p.name = ? ;

-- register.define
UPDATE "pt_process"
  SET type_id = coalesce((SELECT id
  FROM "pt_process_type"
  WHERE name = ?), type_id), tool_id = coalesce((SELECT id
  FROM "pt_tool"
  WHERE name = ?), tool_id), frequency_id = coalesce((SELECT id
  FROM "pt_schedule_frequency"
  WHERE name = ?), frequency_id), definition = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = (SELECT id
  FROM "pt_actor"
  WHERE name = ?)
  WHERE name = ?;

-- process.known
SELECT id
  FROM "pt_process"
  WHERE name = ?;

-- dependency.lock
UPDATE "pt_schema_version"
  SET name = name
  WHERE version = ?;

-- dependency.parents
SELECT DISTINCT d.parent_id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  JOIN "pt_process_dependency" AS d ON d.child_id = r.id
  ORDER BY d.parent_id;

-- dependency.add
INSERT INTO "pt_process_dependency" (child_id,parent_id,kind,created_by,changed_by)
  SELECT child.id, parent.id, ?, a.id, a.id
  FROM "pt_process" AS child
  JOIN "pt_process" AS parent ON parent.name = ?
  JOIN "pt_actor" AS a ON a.name = ?
  WHERE child.name = ? AND NOT EXISTS (SELECT 1
  FROM "pt_process_dependency" AS x
  WHERE x.child_id = child.id AND x.parent_id = parent.id)
  ON CONFLICT DO NOTHING;

-- dependency.set
UPDATE "pt_process_dependency"
  SET kind = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = (SELECT id
  FROM "pt_actor"
  WHERE name = ?)
  WHERE child_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND parent_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND kind <> ?;

-- dependency.set_fresh
UPDATE "pt_process_dependency"
  SET fresh = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = (SELECT id
  FROM "pt_actor"
  WHERE name = ?)
  WHERE child_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND parent_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND fresh <> ?;

-- dependency.remove
DELETE
  FROM "pt_process_dependency"
  WHERE child_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND parent_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?);

-- cluster.set
UPDATE "pt_cluster"
  SET max_memory = ?, max_processing = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = (SELECT id
  FROM "pt_actor"
  WHERE name = ?)
  WHERE name = ?;

-- cluster.known
SELECT id
  FROM "pt_cluster"
  WHERE name = ?;

-- cluster.join
INSERT INTO "pt_process_cluster" (process_id,cluster_id)
  SELECT p.id, c.id
  FROM "pt_process" AS p
  JOIN "pt_cluster" AS c ON c.name = ?
  WHERE p.name = ? AND NOT EXISTS (SELECT 1
  FROM "pt_process_cluster" AS x
  WHERE x.process_id = p.id AND x.cluster_id = c.id)
  ON CONFLICT DO NOTHING;

-- cluster.leave
DELETE
  FROM "pt_process_cluster"
  WHERE process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND cluster_id = (SELECT id
  FROM "pt_cluster"
  WHERE name = ?);

-- process.set_max_failures
UPDATE "pt_process"
  SET max_failures = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = (SELECT id
  FROM "pt_actor"
  WHERE name = ?)
  WHERE name = ?;

-- process.totals
SELECT watermark, records, inserts, updates, deletes
  FROM "pt_process"
  WHERE name = ?;

-- run.widen_low
UPDATE "pt_run"
  SET low_at = CASE WHEN low_at <= ? THEN low_at ELSE ? END
  WHERE ended_at IS NULL AND id = ? AND token = ?;

-- run.widen_high
UPDATE "pt_run"
  SET high_at = CASE WHEN high_at >= ? THEN high_at ELSE ? END
  WHERE ended_at IS NULL AND id = ? AND token = ?;

-- run.widen_low_high
UPDATE "pt_run"
  SET low_at = CASE WHEN low_at <= ? THEN low_at ELSE ? END, high_at = CASE WHEN high_at >= ? THEN high_at ELSE ? END
  WHERE ended_at IS NULL AND id = ? AND token = ?;

-- count.lock
SELECT p.id
  FROM "pt_process" AS p
  WHERE p.active = ? AND p.id = ? AND p.latest_token = ? ;

-- count.add_to_process
UPDATE "pt_process"
  SET records = records + ?, inserts = inserts + ?, updates = updates + ?, deletes = deletes + ?
  WHERE active = ? AND id = ? AND latest_token = ?;

-- count.set_process
UPDATE "pt_process"
  SET records = records + ? - (SELECT run.records
  FROM "pt_run" AS run
  WHERE run.id = ?), inserts = inserts + ? - (SELECT run.inserts
  FROM "pt_run" AS run
  WHERE run.id = ?), updates = updates + ? - (SELECT run.updates
  FROM "pt_run" AS run
  WHERE run.id = ?), deletes = deletes + ? - (SELECT run.deletes
  FROM "pt_run" AS run
  WHERE run.id = ?)
  WHERE active = ? AND id = ? AND latest_token = ?;

-- count.add_to_run
UPDATE "pt_run"
  SET records = records + ?, inserts = inserts + ?, updates = updates + ?, deletes = deletes + ?
  WHERE ended_at IS NULL AND id = ? AND token = ?;

-- count.set_run
UPDATE "pt_run"
  SET records = ?, inserts = ?, updates = ?, deletes = ?
  WHERE ended_at IS NULL AND id = ? AND token = ?;

-- status.run
SELECT id, active
  FROM "pt_run_status"
  WHERE name = ?;

-- status.add_active
INSERT INTO "pt_run_status" (name,created_by,changed_by,active)
  SELECT r.name, a.id, a.id, ?
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_run_status" AS x
  WHERE x.name = r.name)
  ON CONFLICT DO NOTHING;

-- status.add_ended
INSERT INTO "pt_run_status" (name,created_by,changed_by,active)
  SELECT r.name, a.id, a.id, ?
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_run_status" AS x
  WHERE x.name = r.name)
  ON CONFLICT DO NOTHING;

-- status.extract_status
SELECT id
  FROM "pt_extract_status"
  WHERE name = ?;

-- status.error_type
SELECT id
  FROM "pt_error_type"
  WHERE name = ?;

-- location.by_path
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "pt_location" AS l
  JOIN "pt_location_type" AS t ON t.id = l.type_id
  WHERE l.path_key = ?;

-- location.by_name
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "pt_location" AS l
  JOIN "pt_location_type" AS t ON t.id = l.type_id
  WHERE l.name = ?;

-- location.add
INSERT INTO "pt_location" (path,path_key,name,type_id,created_by,changed_by)
  SELECT r.path, r.path_key, r.name, t.id, a.id, a.id
  FROM (SELECT value ->> '$.path' AS path, value ->> '$.path_key' AS path_key, value ->> '$.name' AS name, value ->> '$.type' AS type
  FROM json_each(?)) AS r
  JOIN "pt_location_type" AS t ON t.name = r.type
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_location" AS x
  WHERE x.path_key = r.path_key OR x.name = r.name)
  ON CONFLICT DO NOTHING;

-- location.count
UPDATE "pt_location"
  SET file_count = ?, listed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')
  WHERE id = ?;

-- run.lock
SELECT run.token, run.status_id, (SELECT n.name
  FROM "pt_run_status" AS n
  WHERE n.id = run.status_id), run.ended_at
  FROM "pt_run" AS run
  WHERE run.id = ? ;

-- extract.insert
INSERT INTO "pt_extract" (location_id,name,name_key,status_id,registered_by,registered_at,status_changed_at)
  SELECT r.id, r.name, r.name_key, s.id, run.id, strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM (SELECT value ->> '$.n' AS n, value ->> '$.id' AS id, value ->> '$.name' AS name, value ->> '$.name_key' AS name_key, value ->> '$.status' AS status
  FROM json_each(?)) AS r
  JOIN "pt_extract_status" AS s ON s.id = r.status
  JOIN "pt_run" AS run ON run.id = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_extract" AS x
  WHERE x.location_id = r.id AND x.name_key = r.name_key)
  ORDER BY r.n
  ON CONFLICT DO NOTHING;

-- extract.link
INSERT INTO "pt_run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id);

-- extract.first_history
INSERT INTO "pt_status_history" (process_id,run_id,extract_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, s.name, run.actor_id, e.registered_at
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = e.registered_by
  JOIN "pt_extract_status" AS s ON s.id = e.status_id
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_status_history" AS x
  WHERE x.extract_id = e.id);

-- extract.link_systems
INSERT INTO "pt_extract_system" (extract_id,system_id)
  SELECT DISTINCT e.id, ps.system_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_extract_system" AS x
  WHERE x.extract_id = e.id AND x.system_id = ps.system_id)
  ORDER BY e.id, ps.system_id
  ON CONFLICT DO NOTHING;

-- extract.link_objects
INSERT INTO "pt_extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, po.object_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = po.object_id)
  ORDER BY e.id, po.object_id
  ON CONFLICT DO NOTHING;

-- extract.link_objects_of_attributes
INSERT INTO "pt_extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, at.object_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN "pt_data_attribute" AS at ON at.id = pa.attribute_id
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = at.object_id)
  ORDER BY e.id, at.object_id
  ON CONFLICT DO NOTHING;

-- location.link_systems
INSERT INTO "pt_location_system" (location_id,system_id)
  SELECT DISTINCT e.location_id, ps.system_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_location_system" AS x
  WHERE x.location_id = e.location_id AND x.system_id = ps.system_id)
  ORDER BY e.location_id, ps.system_id
  ON CONFLICT DO NOTHING;

-- location.link_objects
INSERT INTO "pt_location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, po.object_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_location_object" AS x
  WHERE x.location_id = e.location_id AND x.object_id = po.object_id)
  ORDER BY e.location_id, po.object_id
  ON CONFLICT DO NOTHING;

-- location.link_objects_of_attributes
INSERT INTO "pt_location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, at.object_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN "pt_data_attribute" AS at ON at.id = pa.attribute_id
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_location_object" AS x
  WHERE x.location_id = e.location_id AND x.object_id = at.object_id)
  ORDER BY e.location_id, at.object_id
  ON CONFLICT DO NOTHING;

-- unclaim.links
UPDATE "pt_run_extract"
  SET status_id = (SELECT e.claim_return_id
  FROM "pt_extract" AS e
  WHERE e.id = extract_id), status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')
  WHERE run_id = ? AND extract_id IN (SELECT e.id AS id
  FROM "pt_extract" AS e
  WHERE e.claimed_by = ? AND e.status_id = ? AND EXISTS (SELECT 1
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token = run.token
  WHERE p.active = ? AND run.ended_at IS NULL AND run.id = ? AND run.token = ?));

-- unclaim.history
INSERT INTO "pt_status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, p.latest_ended_at
  FROM "pt_extract" AS e
  JOIN "pt_run" AS run ON run.id = e.claimed_by
  JOIN "pt_process" AS p ON p.id = run.process_id
  JOIN "pt_extract_status" AS old ON old.id = e.status_id
  JOIN "pt_extract_status" AS new ON new.id = e.claim_return_id
  WHERE e.claimed_by = ? AND e.status_id = ? AND EXISTS (SELECT 1
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token = run.token
  WHERE p.active = ? AND run.ended_at IS NULL AND run.id = ? AND run.token = ?)
  ORDER BY e.id;

-- unclaim.give_back
UPDATE "pt_extract"
  SET status_id = claim_return_id, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), claimed_by = ?
  WHERE claimed_by = ? AND status_id = ? AND EXISTS (SELECT 1
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token = run.token
  WHERE p.active = ? AND run.ended_at IS NULL AND run.id = ? AND run.token = ?);

-- claim.select
SELECT e.id, e.name_key
  FROM "pt_extract" AS e
  WHERE e.status_id = (SELECT id
  FROM "pt_extract_status"
  WHERE name = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_extract_dependency" AS ed
  JOIN "pt_extract" AS parent ON parent.id = ed.parent_id
  WHERE ed.child_id = e.id AND parent.status_id NOT IN (?,?))
  ORDER BY e.registered_at, e.id
  LIMIT ?;

-- claim.select
SELECT e.id, e.name_key
  FROM "pt_extract" AS e
  WHERE e.location_id = (SELECT id
  FROM "pt_location"
  WHERE path_key = ?) AND e.location_id = (SELECT id
  FROM "pt_location"
  WHERE name = ?) AND e.status_id = (SELECT id
  FROM "pt_extract_status"
  WHERE name = ?) AND e.registered_by IN (SELECT w.id
  FROM "pt_run" AS w
  JOIN "pt_process" AS wp ON wp.id = w.process_id
  WHERE wp.name = ?) AND instr(e.name, ?) > 0 AND e.name GLOB ? AND NOT EXISTS (SELECT 1
  FROM "pt_extract_dependency" AS ed
  JOIN "pt_extract" AS parent ON parent.id = ed.parent_id
  WHERE ed.child_id = e.id AND parent.status_id NOT IN (?,?))
  ORDER BY e.registered_at, e.id
  LIMIT ?;

-- claim.take
UPDATE "pt_extract"
  SET status_id = ?, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), claimed_by = ?, claim_return_id = ?
  WHERE status_id = ? AND id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- claim.history
INSERT INTO "pt_status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, e.status_changed_at
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.id = r.id
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_extract_status" AS old ON old.id = ?
  JOIN "pt_extract_status" AS new ON new.id = e.status_id
  WHERE e.claimed_by = ? AND e.status_id = ?
  ORDER BY e.id;

-- claim.read
SELECT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.id = r.id
  JOIN "pt_extract_status" AS s ON s.id = e.status_id
  JOIN "pt_location" AS l ON l.id = e.location_id
  JOIN "pt_location_type" AS t ON t.id = l.type_id
  JOIN "pt_run" AS run ON run.id = e.registered_by
  JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE e.claimed_by = ? AND e.status_id = ?
  ORDER BY e.registered_at, e.id;

-- extract.add_parents
INSERT INTO "pt_extract_dependency" (child_id,parent_id)
  SELECT child.id, parent.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS parent ON parent.id = r.id
  JOIN "pt_extract" AS child ON child.id = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_extract_dependency" AS x
  WHERE x.child_id = child.id AND x.parent_id = parent.id)
  ON CONFLICT DO NOTHING;

-- extract.count_parents
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  JOIN "pt_extract_dependency" AS ed ON ed.parent_id = r.id AND ed.child_id = ?;

-- extract.parents_not_loaded
SELECT DISTINCT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  JOIN "pt_extract_dependency" AS ed ON ed.child_id = r.id
  JOIN "pt_extract" AS e ON e.id = ed.parent_id
  JOIN "pt_extract_status" AS s ON s.id = e.status_id
  JOIN "pt_location" AS l ON l.id = e.location_id
  JOIN "pt_location_type" AS t ON t.id = l.type_id
  JOIN "pt_run" AS run ON run.id = e.registered_by
  JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE e.status_id NOT IN (?,?)
  ORDER BY e.registered_at, e.id;

-- extract.registered
SELECT r.n, e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM (SELECT value ->> '$.n' AS n, value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_extract_status" AS s ON s.id = e.status_id
  JOIN "pt_location" AS l ON l.id = e.location_id
  JOIN "pt_location_type" AS t ON t.id = l.type_id
  JOIN "pt_run" AS run ON run.id = e.registered_by
  JOIN "pt_process" AS p ON p.id = run.process_id
  ORDER BY r.n;

-- extract.lock
SELECT e.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.id = r.id
  ORDER BY e.id ;

-- extract.move_history
INSERT INTO "pt_status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.id = r.id
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_extract_status" AS old ON old.id = e.status_id
  JOIN "pt_extract_status" AS new ON new.id = ?
  WHERE old.id <> new.id
  ORDER BY e.id;

-- extract.move
UPDATE "pt_extract"
  SET status_id = ?, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), claimed_by = ?
  WHERE status_id <> ? AND id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- extract.link_moved
INSERT INTO "pt_run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  JOIN "pt_extract" AS e ON e.id = r.id
  JOIN "pt_run" AS run ON run.id = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id)
  ORDER BY e.id;

-- extract.move_links
UPDATE "pt_run_extract"
  SET status_id = ?, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')
  WHERE run_id = ? AND status_id <> ? AND extract_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  ORDER BY run.id DESC
  LIMIT ?;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  WHERE run.id = ? AND p.name = ? AND s.name = ? AND run.id < ?
  ORDER BY run.id DESC
  LIMIT ?;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM "pt_run_error" AS e
  JOIN "pt_run" AS run ON run.id = e.run_id
  JOIN "pt_process" AS p ON p.id = run.process_id
  JOIN "pt_error_type" AS t ON t.id = e.error_type_id
  ORDER BY e.id DESC
  LIMIT ?;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM "pt_run_error" AS e
  JOIN "pt_run" AS run ON run.id = e.run_id
  JOIN "pt_process" AS p ON p.id = run.process_id
  JOIN "pt_error_type" AS t ON t.id = e.error_type_id
  WHERE e.run_id = ? AND p.name = ? AND e.id < ?
  ORDER BY e.id DESC
  LIMIT ?;

-- runs.soft_dependencies
SELECT p.name, 'soft', dep.fresh, d.parent_run_no, s.name, r.started_at, a.name
  FROM "pt_run_soft_dependency" AS d
  JOIN "pt_process" AS p ON p.id = d.parent_id
  JOIN "pt_run" AS own ON own.id = d.run_id
  LEFT JOIN "pt_process_dependency" AS dep ON dep.child_id = own.process_id AND dep.parent_id = d.parent_id
  LEFT JOIN "pt_run_status" AS s ON s.id = d.parent_status_id
  LEFT JOIN "pt_run" AS r ON r.process_id = d.parent_id AND r.run_no = d.parent_run_no
  LEFT JOIN "pt_actor" AS a ON a.id = r.actor_id
  WHERE d.run_id = ?
  ORDER BY p.name;

-- extract.find
SELECT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM "pt_extract" AS e
  JOIN "pt_extract_status" AS s ON s.id = e.status_id
  JOIN "pt_location" AS l ON l.id = e.location_id
  JOIN "pt_location_type" AS t ON t.id = l.type_id
  JOIN "pt_run" AS run ON run.id = e.registered_by
  JOIN "pt_process" AS p ON p.id = run.process_id
  ORDER BY e.registered_at, e.id
  LIMIT ?;

-- extract.find
SELECT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM "pt_extract" AS e
  JOIN "pt_extract_status" AS s ON s.id = e.status_id
  JOIN "pt_location" AS l ON l.id = e.location_id
  JOIN "pt_location_type" AS t ON t.id = l.type_id
  JOIN "pt_run" AS run ON run.id = e.registered_by
  JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE e.id = ? AND e.name_key = ? AND e.location_id = (SELECT id
  FROM "pt_location"
  WHERE path_key = ?) AND e.location_id = (SELECT id
  FROM "pt_location"
  WHERE name = ?) AND e.status_id = (SELECT id
  FROM "pt_extract_status"
  WHERE name = ?) AND e.registered_by IN (SELECT w.id
  FROM "pt_run" AS w
  JOIN "pt_process" AS wp ON wp.id = w.process_id
  WHERE wp.name = ?) AND instr(e.name, ?) > 0 AND e.name GLOB ? AND e.id IN (SELECT re.extract_id
  FROM "pt_run_extract" AS re
  WHERE re.run_id = ?) AND e.registered_at >= ? AND e.registered_at < ? AND (e.registered_at > ? OR (e.registered_at = ? AND e.id > ?))
  ORDER BY e.registered_at, e.id
  LIMIT ?;

-- schema.exists
SELECT count(*)
  FROM sqlite_master
  WHERE type = 'table' AND name = ? COLLATE NOCASE;

-- schema.version
SELECT coalesce(max(version), 0)
  FROM "pt_schema_version";

