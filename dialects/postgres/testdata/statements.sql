-- start.lock_clusters
UPDATE "processtracker"."cluster"
  SET name = name
  WHERE id IN (SELECT pc.cluster_id AS id
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_cluster" AS pc ON pc.process_id = p.id
  WHERE (p.active = $1 AND p.held_at IS NULL AND p.name = $2 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE p.name = $3 AND run.name = $4 AND run.status_id = $5) AS w)));

-- start.turn
UPDATE "processtracker"."process"
  SET turn = $1
  WHERE (active = $2 AND held_at IS NULL AND name = $3 AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE p.name = $4 AND run.name = $5 AND run.status_id = $6) AS w));

-- start.claim
UPDATE "processtracker"."process"
  SET active = $1, latest_run_no = latest_run_no + 1, latest_status_id = $2, latest_token = $3, latest_started_at = clock_timestamp(), latest_ended_at = $4, latest_memory = $5, latest_processing = $6
  WHERE active = $7 AND name = $8 AND turn = $9 AND held_at IS NULL AND (coalesce(max_failures, $10) <= 0 OR failures < coalesce(max_failures, $11)) AND ($12 = '' OR definition = $13) AND EXISTS (SELECT 1
  FROM "processtracker"."actor"
  WHERE name = $14) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE p.name = $15 AND run.name = $16 AND run.status_id = $17) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = $18 AND (parent.active = $19 OR parent.latest_status_id IN ($20,$21) OR (dep.kind <> $22 AND parent.latest_run_no = $23) OR (dep.fresh = $24 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> $25) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_cluster" AS pc ON pc.process_id = p.id
  JOIN "processtracker"."cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = $26 AND (c.max_memory < $27 + (SELECT coalesce(sum(u.latest_memory), 0)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $28) OR c.max_processing < $29 + (SELECT coalesce(sum(u.latest_processing), 0)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $30))) AS w);

-- start.run
INSERT INTO "processtracker"."run" (process_id,run_no,status_id,token,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token, a.id, p.latest_started_at, nullif($1, ''), p.latest_memory, p.latest_processing, CASE WHEN $2 = 1 THEN p.watermark END
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."actor" AS a ON a.name = $3
  WHERE p.latest_token = $4 AND p.name = $5 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run" AS x
  WHERE x.token = p.latest_token);

-- start.soft
INSERT INTO "processtracker"."run_soft_dependency" (run_id,parent_id,parent_run_no,parent_status_id)
  SELECT run.id, parent.id, parent.latest_run_no, parent.latest_status_id
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  JOIN "processtracker"."run" AS run ON run.process_id = child.id AND run.token = $1
  WHERE child.name = $2 AND (parent.active = $3 OR parent.latest_status_id IN ($4,$5) OR (dep.kind <> $6 AND parent.latest_run_no = $7) OR (dep.fresh = $8 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind = $9 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."run_soft_dependency" AS x
  WHERE x.run_id = run.id AND x.parent_id = parent.id);

-- start.history
INSERT INTO "processtracker"."status_history" (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  WHERE run.token = $1 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."status_history" AS x
  WHERE x.run_id = run.id);

-- start.outcome
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, p.definition, starter.id, p.held_at, holder.name, p.hold_reason, run.token, p.failures, coalesce(p.max_failures, $1)
  FROM "processtracker"."process" AS p
  LEFT JOIN "processtracker"."run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  LEFT JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  LEFT JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "processtracker"."actor" AS starter ON starter.name = $2
  LEFT JOIN "processtracker"."actor" AS holder ON holder.id = p.held_by
  WHERE p.name = $3;

-- start.done
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  WHERE p.name = $1 AND run.name = $2 AND run.status_id = $3;

-- start.parents
SELECT parent.name, dep.kind, dep.fresh, parent.latest_run_no, s.name, run.started_at, actor.name
  FROM "processtracker"."process_dependency" AS dep
  JOIN "processtracker"."process" AS child ON child.id = dep.child_id
  JOIN "processtracker"."process" AS parent ON parent.id = dep.parent_id
  LEFT JOIN "processtracker"."run_status" AS s ON s.id = parent.latest_status_id
  LEFT JOIN "processtracker"."run" AS run ON run.process_id = parent.id AND run.run_no = parent.latest_run_no
  LEFT JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  WHERE child.name = $1 AND (parent.active = $2 OR parent.latest_status_id IN ($3,$4) OR (dep.kind <> $5 AND parent.latest_run_no = $6) OR (dep.fresh = $7 AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at)))
  ORDER BY parent.name;

-- start.clusters
SELECT c.name, c.max_memory, c.max_processing, (SELECT coalesce(sum(u.latest_memory), 0)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $1), (SELECT coalesce(sum(u.latest_processing), 0)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $2)
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."process_cluster" AS pc ON pc.process_id = p.id
  JOIN "processtracker"."cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = $3 AND (c.max_memory < $4 + (SELECT coalesce(sum(u.latest_memory), 0)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $5) OR c.max_processing < $6 + (SELECT coalesce(sum(u.latest_processing), 0)
  FROM "processtracker"."process_cluster" AS uc
  JOIN "processtracker"."process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = $7))
  ORDER BY c.name;

-- end.completed
UPDATE "processtracker"."process"
  SET active = $1, latest_status_id = $2, latest_ended_at = clock_timestamp(), failures = $3, watermark = coalesce((SELECT high_at
  FROM "processtracker"."run"
  WHERE id = $4), watermark)
  WHERE active = $5 AND id = $6 AND latest_token = $7;

-- end.last_completed_at
UPDATE "processtracker"."process"
  SET last_completed_at = latest_ended_at
  WHERE active = $1 AND id = $2 AND latest_status_id = $3 AND latest_token = $4;

-- end.failed
UPDATE "processtracker"."process"
  SET active = $1, latest_status_id = $2, latest_ended_at = clock_timestamp(), failures = failures + 1
  WHERE active = $3 AND id = $4 AND latest_token = $5;

-- end.last_failed_at
UPDATE "processtracker"."process"
  SET last_failed_at = latest_ended_at
  WHERE active = $1 AND id = $2 AND latest_status_id = $3 AND latest_token = $4;

-- end.on_hold
UPDATE "processtracker"."process"
  SET active = $1, latest_status_id = $2, latest_ended_at = clock_timestamp(), failures = $3, held_at = clock_timestamp(), hold_reason = $4, held_by = (SELECT actor_id
  FROM "processtracker"."run"
  WHERE id = $5)
  WHERE active = $6 AND id = $7 AND latest_token = $8;

-- end.process
UPDATE "processtracker"."process"
  SET active = $1, latest_status_id = $2, latest_ended_at = clock_timestamp(), failures = $3
  WHERE active = $4 AND id = $5 AND latest_token = $6;

-- end.continue
UPDATE "processtracker"."process"
  SET active = $1, latest_status_id = $2
  WHERE active = $3 AND id = $4 AND latest_token = $5;

-- end.history
INSERT INTO "processtracker"."status_history" (process_id,run_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, old.name, new.name, run.actor_id, coalesce(p.latest_ended_at, clock_timestamp())
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token = run.token
  JOIN "processtracker"."run_status" AS old ON old.id = run.status_id
  JOIN "processtracker"."run_status" AS new ON new.id = p.latest_status_id
  WHERE new.id = $1 AND run.ended_at IS NULL AND run.id = $2 AND run.token = $3 AND old.id <> new.id;

-- end.run
UPDATE "processtracker"."run"
  SET status_id = $1, ended_at = (SELECT p.latest_ended_at
  FROM "processtracker"."process" AS p
  WHERE p.id = $2)
  WHERE ended_at IS NULL AND id = $3 AND token = $4;

-- run.state
SELECT run.token, s.id, s.name, run.ended_at
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  WHERE run.id = $1;

-- error.process
UPDATE "processtracker"."process"
  SET last_errored_at = clock_timestamp()
  WHERE active = $1 AND id = $2 AND latest_token = $3;

-- error.process
UPDATE "processtracker"."process"
  SET last_errored_at = $1
  WHERE active = $2 AND id = $3 AND latest_token = $4;

-- error.insert
INSERT INTO "processtracker"."run_error" (run_id,error_type_id,description,recorded_at)
  SELECT run.id, t.id, $1, p.last_errored_at
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token = run.token
  JOIN "processtracker"."error_type" AS t ON t.id = $2
  WHERE run.ended_at IS NULL AND run.id = $3 AND run.token = $4;

-- end.completed
UPDATE "processtracker"."process"
  SET active = $1, latest_status_id = $2, latest_ended_at = $3, failures = $4, watermark = coalesce((SELECT high_at
  FROM "processtracker"."run"
  WHERE id = $5), watermark)
  WHERE active = $6 AND id = $7 AND latest_token = $8;

-- hold.set
UPDATE "processtracker"."process"
  SET held_at = clock_timestamp(), held_by = (SELECT id
  FROM "processtracker"."actor"
  WHERE name = $1), hold_reason = $2
  WHERE held_at IS NULL AND name = $3;

-- hold.failing
UPDATE "processtracker"."process"
  SET held_at = clock_timestamp(), held_by = (SELECT id
  FROM "processtracker"."actor"
  WHERE name = $1), hold_reason = $2
  WHERE active = $3 AND failures = $4 AND held_at IS NULL AND name = $5;

-- hold.release
UPDATE "processtracker"."process"
  SET held_at = $1, held_by = $2, hold_reason = $3, failures = $4
  WHERE name = $5 AND held_at IS NOT NULL;

-- hold.history
INSERT INTO "processtracker"."status_history" (process_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT p.id, $1, $2, (SELECT id
  FROM "processtracker"."actor"
  WHERE name = $3), $4, clock_timestamp()
  FROM "processtracker"."process" AS p
  WHERE p.name = $5;

-- register.actor
INSERT INTO "processtracker"."actor" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."actor" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.cluster
INSERT INTO "processtracker"."cluster" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."cluster" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.process_type
INSERT INTO "processtracker"."process_type" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."process_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.tool
INSERT INTO "processtracker"."tool" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."tool" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.schedule_frequency
INSERT INTO "processtracker"."schedule_frequency" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."schedule_frequency" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.dataset_type
INSERT INTO "processtracker"."dataset_type" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."dataset_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.process
INSERT INTO "processtracker"."process" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."process" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.location_type
INSERT INTO "processtracker"."location_type" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."location_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.extract_status
INSERT INTO "processtracker"."extract_status" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."extract_status" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.error_type
INSERT INTO "processtracker"."error_type" (name,created_by,changed_by)
  SELECT r.name, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."error_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.systems
INSERT INTO "processtracker"."data_system" (name,created_by,changed_by)
  SELECT DISTINCT r.system, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(system text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."data_system" AS x
  WHERE x.name = r.system)
  ORDER BY r.system
  ON CONFLICT DO NOTHING;

-- register.objects
INSERT INTO "processtracker"."data_object" (system_id,name,created_by,changed_by)
  SELECT DISTINCT sy.id, r.object, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(system text, object text)
  JOIN "processtracker"."data_system" AS sy ON sy.name = r.system
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE r.object <> $3 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."data_object" AS x
  WHERE x.system_id = sy.id AND x.name = r.object)
  ORDER BY sy.id, r.object
  ON CONFLICT DO NOTHING;

-- register.attributes
INSERT INTO "processtracker"."data_attribute" (object_id,name,created_by,changed_by)
  SELECT DISTINCT ob.id, r.attribute, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(system text, object text, attribute text)
  JOIN "processtracker"."data_system" AS sy ON sy.name = r.system
  JOIN "processtracker"."data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE r.attribute <> $3 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."data_attribute" AS x
  WHERE x.object_id = ob.id AND x.name = r.attribute)
  ORDER BY ob.id, r.attribute
  ON CONFLICT DO NOTHING;

-- register.link_systems
INSERT INTO "processtracker"."process_system" (process_id,role,system_id)
  SELECT DISTINCT p.id, r.role, sy.id
  FROM jsonb_to_recordset($1::jsonb) AS r(role text, system text, object text, attribute text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN "processtracker"."data_system" AS sy ON sy.name = r.system
  WHERE r.object = $3 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."process_system" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.system_id = sy.id)
  ON CONFLICT DO NOTHING;

-- register.link_objects
INSERT INTO "processtracker"."process_object" (process_id,role,object_id)
  SELECT DISTINCT p.id, r.role, ob.id
  FROM jsonb_to_recordset($1::jsonb) AS r(role text, system text, object text, attribute text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN "processtracker"."data_system" AS sy ON sy.name = r.system
  JOIN "processtracker"."data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  WHERE r.attribute = $3 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."process_object" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.object_id = ob.id)
  ON CONFLICT DO NOTHING;

-- register.link_attributes
INSERT INTO "processtracker"."process_attribute" (process_id,role,attribute_id)
  SELECT DISTINCT p.id, r.role, at.id
  FROM jsonb_to_recordset($1::jsonb) AS r(role text, system text, object text, attribute text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN "processtracker"."data_system" AS sy ON sy.name = r.system
  JOIN "processtracker"."data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  JOIN "processtracker"."data_attribute" AS at ON at.object_id = ob.id AND at.name = r.attribute
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."process_attribute" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.attribute_id = at.id)
  ON CONFLICT DO NOTHING;

-- register.link_dataset_types
INSERT INTO "processtracker"."process_dataset_type" (process_id,dataset_type_id)
  SELECT DISTINCT p.id, t.id
  FROM jsonb_to_recordset($1::jsonb) AS r(name text)
  JOIN "processtracker"."process" AS p ON p.name = $2
  JOIN "processtracker"."dataset_type" AS t ON t.name = r.name
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."process_dataset_type" AS x
  WHERE x.process_id = p.id AND x.dataset_type_id = t.id)
  ON CONFLICT DO NOTHING;

-- register.stored
SELECT p.definition, (SELECT n.name
  FROM "processtracker"."process_type" AS n
  WHERE n.id = p.type_id), (SELECT n.name
  FROM "processtracker"."tool" AS n
  WHERE n.id = p.tool_id), (SELECT n.name
  FROM "processtracker"."schedule_frequency" AS n
  WHERE n.id = p.frequency_id)
  FROM "processtracker"."process" AS p
  WHERE p.name = $1
  FOR NO KEY UPDATE OF p;

-- register.define
UPDATE "processtracker"."process"
  SET type_id = coalesce((SELECT id
  FROM "processtracker"."process_type"
  WHERE name = $1), type_id), tool_id = coalesce((SELECT id
  FROM "processtracker"."tool"
  WHERE name = $2), tool_id), frequency_id = coalesce((SELECT id
  FROM "processtracker"."schedule_frequency"
  WHERE name = $3), frequency_id), definition = $4, changed_at = clock_timestamp(), changed_by = (SELECT id
  FROM "processtracker"."actor"
  WHERE name = $5)
  WHERE name = $6;

-- process.known
SELECT id
  FROM "processtracker"."process"
  WHERE name = $1;

-- dependency.lock
UPDATE "processtracker"."schema_version"
  SET name = name
  WHERE version = $1;

-- dependency.parents
SELECT DISTINCT d.parent_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."process_dependency" AS d ON d.child_id = r.id
  ORDER BY d.parent_id;

-- dependency.add
INSERT INTO "processtracker"."process_dependency" (child_id,parent_id,kind,created_by,changed_by)
  SELECT child.id, parent.id, $1, a.id, a.id
  FROM "processtracker"."process" AS child
  JOIN "processtracker"."process" AS parent ON parent.name = $2
  JOIN "processtracker"."actor" AS a ON a.name = $3
  WHERE child.name = $4 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."process_dependency" AS x
  WHERE x.child_id = child.id AND x.parent_id = parent.id)
  ON CONFLICT DO NOTHING;

-- dependency.set
UPDATE "processtracker"."process_dependency"
  SET kind = $1, changed_at = clock_timestamp(), changed_by = (SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2)
  WHERE child_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $3) AND parent_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $4) AND kind <> $5;

-- dependency.set_fresh
UPDATE "processtracker"."process_dependency"
  SET fresh = $1, changed_at = clock_timestamp(), changed_by = (SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2)
  WHERE child_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $3) AND parent_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $4) AND fresh <> $5;

-- dependency.remove
DELETE
  FROM "processtracker"."process_dependency"
  WHERE child_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND parent_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $2);

-- cluster.set
UPDATE "processtracker"."cluster"
  SET max_memory = $1, max_processing = $2, changed_at = clock_timestamp(), changed_by = (SELECT id
  FROM "processtracker"."actor"
  WHERE name = $3)
  WHERE name = $4;

-- cluster.known
SELECT id
  FROM "processtracker"."cluster"
  WHERE name = $1;

-- cluster.join
INSERT INTO "processtracker"."process_cluster" (process_id,cluster_id)
  SELECT p.id, c.id
  FROM "processtracker"."process" AS p
  JOIN "processtracker"."cluster" AS c ON c.name = $1
  WHERE p.name = $2 AND NOT EXISTS (SELECT 1
  FROM "processtracker"."process_cluster" AS x
  WHERE x.process_id = p.id AND x.cluster_id = c.id)
  ON CONFLICT DO NOTHING;

-- cluster.leave
DELETE
  FROM "processtracker"."process_cluster"
  WHERE process_id = (SELECT id
  FROM "processtracker"."process"
  WHERE name = $1) AND cluster_id = (SELECT id
  FROM "processtracker"."cluster"
  WHERE name = $2);

-- process.set_max_failures
UPDATE "processtracker"."process"
  SET max_failures = $1, changed_at = clock_timestamp(), changed_by = (SELECT id
  FROM "processtracker"."actor"
  WHERE name = $2)
  WHERE name = $3;

-- process.totals
SELECT watermark, records, inserts, updates, deletes
  FROM "processtracker"."process"
  WHERE name = $1;

-- run.widen_low
UPDATE "processtracker"."run"
  SET low_at = CASE WHEN low_at <= $1 THEN low_at ELSE $2 END
  WHERE ended_at IS NULL AND id = $3 AND token = $4;

-- run.widen_high
UPDATE "processtracker"."run"
  SET high_at = CASE WHEN high_at >= $1 THEN high_at ELSE $2 END
  WHERE ended_at IS NULL AND id = $3 AND token = $4;

-- run.widen_low_high
UPDATE "processtracker"."run"
  SET low_at = CASE WHEN low_at <= $1 THEN low_at ELSE $2 END, high_at = CASE WHEN high_at >= $3 THEN high_at ELSE $4 END
  WHERE ended_at IS NULL AND id = $5 AND token = $6;

-- count.lock
SELECT p.id
  FROM "processtracker"."process" AS p
  WHERE p.active = $1 AND p.id = $2 AND p.latest_token = $3
  FOR NO KEY UPDATE OF p;

-- count.add_to_process
UPDATE "processtracker"."process"
  SET records = records + $1, inserts = inserts + $2, updates = updates + $3, deletes = deletes + $4
  WHERE active = $5 AND id = $6 AND latest_token = $7;

-- count.set_process
UPDATE "processtracker"."process"
  SET records = records + $1 - (SELECT run.records
  FROM "processtracker"."run" AS run
  WHERE run.id = $2), inserts = inserts + $3 - (SELECT run.inserts
  FROM "processtracker"."run" AS run
  WHERE run.id = $4), updates = updates + $5 - (SELECT run.updates
  FROM "processtracker"."run" AS run
  WHERE run.id = $6), deletes = deletes + $7 - (SELECT run.deletes
  FROM "processtracker"."run" AS run
  WHERE run.id = $8)
  WHERE active = $9 AND id = $10 AND latest_token = $11;

-- count.add_to_run
UPDATE "processtracker"."run"
  SET records = records + $1, inserts = inserts + $2, updates = updates + $3, deletes = deletes + $4
  WHERE ended_at IS NULL AND id = $5 AND token = $6;

-- count.set_run
UPDATE "processtracker"."run"
  SET records = $1, inserts = $2, updates = $3, deletes = $4
  WHERE ended_at IS NULL AND id = $5 AND token = $6;

-- status.run
SELECT id, active
  FROM "processtracker"."run_status"
  WHERE name = $1;

-- status.add_active
INSERT INTO "processtracker"."run_status" (name,created_by,changed_by,active)
  SELECT r.name, a.id, a.id, $1
  FROM jsonb_to_recordset($2::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $3
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."run_status" AS x
  WHERE x.name = r.name)
  ON CONFLICT DO NOTHING;

-- status.add_ended
INSERT INTO "processtracker"."run_status" (name,created_by,changed_by,active)
  SELECT r.name, a.id, a.id, $1
  FROM jsonb_to_recordset($2::jsonb) AS r(name text)
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $3
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."run_status" AS x
  WHERE x.name = r.name)
  ON CONFLICT DO NOTHING;

-- status.extract_status
SELECT id
  FROM "processtracker"."extract_status"
  WHERE name = $1;

-- status.error_type
SELECT id
  FROM "processtracker"."error_type"
  WHERE name = $1;

-- location.by_path
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  WHERE l.path_key = $1;

-- location.by_name
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "processtracker"."location" AS l
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  WHERE l.name = $1;

-- location.add
INSERT INTO "processtracker"."location" (path,path_key,name,type_id,created_by,changed_by)
  SELECT r.path, r.path_key, r.name, t.id, a.id, a.id
  FROM jsonb_to_recordset($1::jsonb) AS r(path text, path_key text, name text, type text)
  JOIN "processtracker"."location_type" AS t ON t.name = r.type
  LEFT JOIN "processtracker"."actor" AS a ON a.name = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."location" AS x
  WHERE x.path_key = r.path_key OR x.name = r.name)
  ON CONFLICT DO NOTHING;

-- location.count
UPDATE "processtracker"."location"
  SET file_count = $1, listed_at = clock_timestamp()
  WHERE id = $2;

-- run.lock
SELECT run.token, run.status_id, (SELECT n.name
  FROM "processtracker"."run_status" AS n
  WHERE n.id = run.status_id), run.ended_at
  FROM "processtracker"."run" AS run
  WHERE run.id = $1
  FOR NO KEY UPDATE OF run;

-- extract.insert
INSERT INTO "processtracker"."extract" (location_id,name,name_key,status_id,registered_by,registered_at,status_changed_at)
  SELECT r.id, r.name, r.name_key, s.id, run.id, clock_timestamp(), clock_timestamp()
  FROM jsonb_to_recordset($1::jsonb) AS r(n bigint, id bigint, name text, name_key text, status bigint)
  JOIN "processtracker"."extract_status" AS s ON s.id = r.status
  JOIN "processtracker"."run" AS run ON run.id = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."extract" AS x
  WHERE x.location_id = r.id AND x.name_key = r.name_key)
  ORDER BY r.n
  ON CONFLICT DO NOTHING;

-- extract.link
INSERT INTO "processtracker"."run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, clock_timestamp(), clock_timestamp()
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN "processtracker"."extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "processtracker"."run" AS run ON run.id = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id);

-- extract.first_history
INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, s.name, run.actor_id, e.registered_at
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN "processtracker"."extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "processtracker"."run" AS run ON run.id = e.registered_by
  JOIN "processtracker"."extract_status" AS s ON s.id = e.status_id
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."status_history" AS x
  WHERE x.extract_id = e.id);

-- extract.link_systems
INSERT INTO "processtracker"."extract_system" (extract_id,system_id)
  SELECT DISTINCT e.id, ps.system_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN "processtracker"."extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."extract_system" AS x
  WHERE x.extract_id = e.id AND x.system_id = ps.system_id)
  ORDER BY e.id, ps.system_id
  ON CONFLICT DO NOTHING;

-- extract.link_objects
INSERT INTO "processtracker"."extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, po.object_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN "processtracker"."extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = po.object_id)
  ORDER BY e.id, po.object_id
  ON CONFLICT DO NOTHING;

-- extract.link_objects_of_attributes
INSERT INTO "processtracker"."extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, at.object_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN "processtracker"."extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN "processtracker"."data_attribute" AS at ON at.id = pa.attribute_id
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = at.object_id)
  ORDER BY e.id, at.object_id
  ON CONFLICT DO NOTHING;

-- location.link_systems
INSERT INTO "processtracker"."location_system" (location_id,system_id)
  SELECT DISTINCT e.location_id, ps.system_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN "processtracker"."extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."location_system" AS x
  WHERE x.location_id = e.location_id AND x.system_id = ps.system_id)
  ORDER BY e.location_id, ps.system_id
  ON CONFLICT DO NOTHING;

-- location.link_objects
INSERT INTO "processtracker"."location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, po.object_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN "processtracker"."extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."location_object" AS x
  WHERE x.location_id = e.location_id AND x.object_id = po.object_id)
  ORDER BY e.location_id, po.object_id
  ON CONFLICT DO NOTHING;

-- location.link_objects_of_attributes
INSERT INTO "processtracker"."location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, at.object_id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint, name_key text)
  JOIN "processtracker"."extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  JOIN "processtracker"."data_attribute" AS at ON at.id = pa.attribute_id
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."location_object" AS x
  WHERE x.location_id = e.location_id AND x.object_id = at.object_id)
  ORDER BY e.location_id, at.object_id
  ON CONFLICT DO NOTHING;

-- unclaim.links
UPDATE "processtracker"."run_extract"
  SET status_id = (SELECT e.claim_return_id
  FROM "processtracker"."extract" AS e
  WHERE e.id = extract_id), status_changed_at = clock_timestamp()
  WHERE run_id = $1 AND extract_id IN (SELECT e.id AS id
  FROM "processtracker"."extract" AS e
  WHERE e.claimed_by = $2 AND e.status_id = $3 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token = run.token
  WHERE p.active = $4 AND run.ended_at IS NULL AND run.id = $5 AND run.token = $6));

-- unclaim.history
INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, p.latest_ended_at
  FROM "processtracker"."extract" AS e
  JOIN "processtracker"."run" AS run ON run.id = e.claimed_by
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  JOIN "processtracker"."extract_status" AS old ON old.id = e.status_id
  JOIN "processtracker"."extract_status" AS new ON new.id = e.claim_return_id
  WHERE e.claimed_by = $1 AND e.status_id = $2 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token = run.token
  WHERE p.active = $3 AND run.ended_at IS NULL AND run.id = $4 AND run.token = $5)
  ORDER BY e.id;

-- unclaim.give_back
UPDATE "processtracker"."extract"
  SET status_id = claim_return_id, status_changed_at = clock_timestamp(), claimed_by = $1
  WHERE claimed_by = $2 AND status_id = $3 AND EXISTS (SELECT 1
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id AND p.latest_token = run.token
  WHERE p.active = $4 AND run.ended_at IS NULL AND run.id = $5 AND run.token = $6);

-- claim.select
SELECT e.id, e.name_key
  FROM "processtracker"."extract" AS e
  WHERE e.status_id = (SELECT id
  FROM "processtracker"."extract_status"
  WHERE name = $1) AND NOT EXISTS (SELECT 1
  FROM "processtracker"."extract_dependency" AS ed
  JOIN "processtracker"."extract" AS parent ON parent.id = ed.parent_id
  WHERE ed.child_id = e.id AND parent.status_id NOT IN ($2,$3))
  ORDER BY e.registered_at, e.id
  LIMIT $4
  FOR NO KEY UPDATE OF e SKIP LOCKED;

-- claim.select
SELECT e.id, e.name_key
  FROM "processtracker"."extract" AS e
  WHERE e.location_id = (SELECT id
  FROM "processtracker"."location"
  WHERE path_key = $1) AND e.location_id = (SELECT id
  FROM "processtracker"."location"
  WHERE name = $2) AND e.status_id = (SELECT id
  FROM "processtracker"."extract_status"
  WHERE name = $3) AND e.registered_by IN (SELECT w.id
  FROM "processtracker"."run" AS w
  JOIN "processtracker"."process" AS wp ON wp.id = w.process_id
  WHERE wp.name = $4) AND strpos(e.name, $5) > 0 AND e.name LIKE $6 ESCAPE '\' AND NOT EXISTS (SELECT 1
  FROM "processtracker"."extract_dependency" AS ed
  JOIN "processtracker"."extract" AS parent ON parent.id = ed.parent_id
  WHERE ed.child_id = e.id AND parent.status_id NOT IN ($7,$8))
  ORDER BY e.registered_at, e.id
  LIMIT $9
  FOR NO KEY UPDATE OF e SKIP LOCKED;

-- claim.take
UPDATE "processtracker"."extract"
  SET status_id = $1, status_changed_at = clock_timestamp(), claimed_by = $2, claim_return_id = $3
  WHERE status_id = $4 AND id IN (SELECT r.id
  FROM jsonb_to_recordset($5::jsonb) AS r(id bigint));

-- claim.history
INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, e.status_changed_at
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."extract" AS e ON e.id = r.id
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."extract_status" AS old ON old.id = $3
  JOIN "processtracker"."extract_status" AS new ON new.id = e.status_id
  WHERE e.claimed_by = $4 AND e.status_id = $5
  ORDER BY e.id;

-- claim.read
SELECT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."extract" AS e ON e.id = r.id
  JOIN "processtracker"."extract_status" AS s ON s.id = e.status_id
  JOIN "processtracker"."location" AS l ON l.id = e.location_id
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  JOIN "processtracker"."run" AS run ON run.id = e.registered_by
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE e.claimed_by = $2 AND e.status_id = $3
  ORDER BY e.registered_at, e.id;

-- extract.add_parents
INSERT INTO "processtracker"."extract_dependency" (child_id,parent_id)
  SELECT child.id, parent.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."extract" AS parent ON parent.id = r.id
  JOIN "processtracker"."extract" AS child ON child.id = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."extract_dependency" AS x
  WHERE x.child_id = child.id AND x.parent_id = parent.id)
  ON CONFLICT DO NOTHING;

-- extract.count_parents
SELECT count(*)
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."extract_dependency" AS ed ON ed.parent_id = r.id AND ed.child_id = $2;

-- extract.parents_not_loaded
SELECT DISTINCT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."extract_dependency" AS ed ON ed.child_id = r.id
  JOIN "processtracker"."extract" AS e ON e.id = ed.parent_id
  JOIN "processtracker"."extract_status" AS s ON s.id = e.status_id
  JOIN "processtracker"."location" AS l ON l.id = e.location_id
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  JOIN "processtracker"."run" AS run ON run.id = e.registered_by
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE e.status_id NOT IN ($2,$3)
  ORDER BY e.registered_at, e.id;

-- extract.registered
SELECT r.n, e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM jsonb_to_recordset($1::jsonb) AS r(n bigint, id bigint, name_key text)
  JOIN "processtracker"."extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "processtracker"."extract_status" AS s ON s.id = e.status_id
  JOIN "processtracker"."location" AS l ON l.id = e.location_id
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  JOIN "processtracker"."run" AS run ON run.id = e.registered_by
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  ORDER BY r.n;

-- extract.lock
SELECT e.id
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."extract" AS e ON e.id = r.id
  ORDER BY e.id
  FOR NO KEY UPDATE OF e;

-- extract.move_history
INSERT INTO "processtracker"."status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, clock_timestamp()
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."extract" AS e ON e.id = r.id
  JOIN "processtracker"."run" AS run ON run.id = $2
  JOIN "processtracker"."extract_status" AS old ON old.id = e.status_id
  JOIN "processtracker"."extract_status" AS new ON new.id = $3
  WHERE old.id <> new.id
  ORDER BY e.id;

-- extract.move
UPDATE "processtracker"."extract"
  SET status_id = $1, status_changed_at = clock_timestamp(), claimed_by = $2
  WHERE status_id <> $3 AND id IN (SELECT r.id
  FROM jsonb_to_recordset($4::jsonb) AS r(id bigint));

-- extract.link_moved
INSERT INTO "processtracker"."run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, clock_timestamp(), clock_timestamp()
  FROM jsonb_to_recordset($1::jsonb) AS r(id bigint)
  JOIN "processtracker"."extract" AS e ON e.id = r.id
  JOIN "processtracker"."run" AS run ON run.id = $2
  WHERE NOT EXISTS (SELECT 1
  FROM "processtracker"."run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id)
  ORDER BY e.id;

-- extract.move_links
UPDATE "processtracker"."run_extract"
  SET status_id = $1, status_changed_at = clock_timestamp()
  WHERE run_id = $2 AND status_id <> $3 AND extract_id IN (SELECT r.id
  FROM jsonb_to_recordset($4::jsonb) AS r(id bigint));

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  ORDER BY run.id DESC
  LIMIT $1;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM "processtracker"."run" AS run
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  JOIN "processtracker"."run_status" AS s ON s.id = run.status_id
  JOIN "processtracker"."actor" AS actor ON actor.id = run.actor_id
  WHERE run.id = $1 AND p.name = $2 AND s.name = $3 AND run.id < $4
  ORDER BY run.id DESC
  LIMIT $5;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM "processtracker"."run_error" AS e
  JOIN "processtracker"."run" AS run ON run.id = e.run_id
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  JOIN "processtracker"."error_type" AS t ON t.id = e.error_type_id
  ORDER BY e.id DESC
  LIMIT $1;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM "processtracker"."run_error" AS e
  JOIN "processtracker"."run" AS run ON run.id = e.run_id
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  JOIN "processtracker"."error_type" AS t ON t.id = e.error_type_id
  WHERE e.run_id = $1 AND p.name = $2 AND e.id < $3
  ORDER BY e.id DESC
  LIMIT $4;

-- runs.soft_dependencies
SELECT p.name, 'soft', dep.fresh, d.parent_run_no, s.name, r.started_at, a.name
  FROM "processtracker"."run_soft_dependency" AS d
  JOIN "processtracker"."process" AS p ON p.id = d.parent_id
  JOIN "processtracker"."run" AS own ON own.id = d.run_id
  LEFT JOIN "processtracker"."process_dependency" AS dep ON dep.child_id = own.process_id AND dep.parent_id = d.parent_id
  LEFT JOIN "processtracker"."run_status" AS s ON s.id = d.parent_status_id
  LEFT JOIN "processtracker"."run" AS r ON r.process_id = d.parent_id AND r.run_no = d.parent_run_no
  LEFT JOIN "processtracker"."actor" AS a ON a.id = r.actor_id
  WHERE d.run_id = $1
  ORDER BY p.name;

-- extract.find
SELECT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM "processtracker"."extract" AS e
  JOIN "processtracker"."extract_status" AS s ON s.id = e.status_id
  JOIN "processtracker"."location" AS l ON l.id = e.location_id
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  JOIN "processtracker"."run" AS run ON run.id = e.registered_by
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  ORDER BY e.registered_at, e.id
  LIMIT $1;

-- extract.find
SELECT e.id, e.name, s.name, e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at, p.name, run.run_no
  FROM "processtracker"."extract" AS e
  JOIN "processtracker"."extract_status" AS s ON s.id = e.status_id
  JOIN "processtracker"."location" AS l ON l.id = e.location_id
  JOIN "processtracker"."location_type" AS t ON t.id = l.type_id
  JOIN "processtracker"."run" AS run ON run.id = e.registered_by
  JOIN "processtracker"."process" AS p ON p.id = run.process_id
  WHERE e.id = $1 AND e.name_key = $2 AND e.location_id = (SELECT id
  FROM "processtracker"."location"
  WHERE path_key = $3) AND e.location_id = (SELECT id
  FROM "processtracker"."location"
  WHERE name = $4) AND e.status_id = (SELECT id
  FROM "processtracker"."extract_status"
  WHERE name = $5) AND e.registered_by IN (SELECT w.id
  FROM "processtracker"."run" AS w
  JOIN "processtracker"."process" AS wp ON wp.id = w.process_id
  WHERE wp.name = $6) AND strpos(e.name, $7) > 0 AND e.name LIKE $8 ESCAPE '\' AND e.id IN (SELECT re.extract_id
  FROM "processtracker"."run_extract" AS re
  WHERE re.run_id = $9) AND e.registered_at >= $10 AND e.registered_at < $11 AND (e.registered_at > $12 OR (e.registered_at = $13 AND e.id > $14))
  ORDER BY e.registered_at, e.id
  LIMIT $15;

-- schema.exists
SELECT count(*)
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2 AND has_schema_privilege(n.oid, 'USAGE');

-- schema.version
SELECT coalesce(max(version), 0)
  FROM "processtracker"."schema_version";

