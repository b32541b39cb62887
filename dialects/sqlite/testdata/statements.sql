-- start.turn
UPDATE "pt_process"
  SET turn = ?
  WHERE active = ? AND held_at IS NULL AND name = ? AND NOT EXISTS (SELECT 1
  FROM "pt_schema_version" AS sv
  WHERE sv.version > ?);

-- start.turn
UPDATE "pt_process"
  SET turn = ?
  WHERE active = ? AND held_at IS NULL AND name = ? AND NOT EXISTS (SELECT 1
  FROM "pt_schema_version" AS sv
  WHERE sv.version > ?) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE p.name = ? AND run.name = ? AND run.status_id + 0 = ?) AS w);

-- start.lock_clusters
UPDATE "pt_cluster"
  SET name = name
  WHERE id IN (SELECT pc.cluster_id AS id
  FROM "pt_process" AS p
  JOIN "pt_process_cluster" AS pc ON pc.process_id = p.id
  WHERE p.active = ? AND p.name = ? AND p.turn = ?);

-- start.claim
UPDATE "pt_process"
  SET active = ?, latest_run_no = latest_run_no + 1, latest_status_id = ?, latest_token_digest = ?, latest_started_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), latest_ended_at = ?, latest_memory = ?, latest_processing = ?
  WHERE active = ? AND name = ? AND held_at IS NULL AND (coalesce(max_failures, ?) <= 0 OR failures < coalesce(max_failures, ?)) AND (? = 1 OR definition = ?) AND EXISTS (SELECT 1
  FROM "pt_actor"
  WHERE name = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_run" AS mine
  WHERE mine.token_digest = ?) AND turn = ? AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "pt_process_dependency" AS dep
  JOIN "pt_process" AS child ON child.id = dep.child_id
  JOIN "pt_process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = ? AND (parent.active = ? OR parent.latest_status_id IN (?,?) OR (dep.kind <> ? AND parent.latest_run_no = ?) OR (dep.fresh = ? AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> ?) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "pt_process" AS p
  JOIN "pt_process_cluster" AS pc ON pc.process_id = p.id
  JOIN "pt_cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = ? AND (c.max_memory - ? < (SELECT CASE WHEN coalesce(sum(u.latest_memory >> 32), 0) + (coalesce(sum(u.latest_memory & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_memory >> 32), 0) << 32) + coalesce(sum(u.latest_memory & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?) OR c.max_processing - ? < (SELECT CASE WHEN coalesce(sum(u.latest_processing >> 32), 0) + (coalesce(sum(u.latest_processing & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_processing >> 32), 0) << 32) + coalesce(sum(u.latest_processing & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?))) AS w);

-- start.claim
UPDATE "pt_process"
  SET active = ?, latest_run_no = latest_run_no + 1, latest_status_id = ?, latest_token_digest = ?, latest_started_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), latest_ended_at = ?, latest_memory = ?, latest_processing = ?
  WHERE active = ? AND name = ? AND held_at IS NULL AND (coalesce(max_failures, ?) <= 0 OR failures < coalesce(max_failures, ?)) AND (? = 1 OR definition = ?) AND EXISTS (SELECT 1
  FROM "pt_actor"
  WHERE name = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_run" AS mine
  WHERE mine.token_digest = ?) AND turn = ? AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "pt_process_dependency" AS dep
  JOIN "pt_process" AS child ON child.id = dep.child_id
  JOIN "pt_process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = ? AND (parent.active = ? OR parent.latest_status_id IN (?,?) OR (dep.kind <> ? AND parent.latest_run_no = ?) OR (dep.fresh = ? AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind <> ?) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "pt_process" AS p
  JOIN "pt_process_cluster" AS pc ON pc.process_id = p.id
  JOIN "pt_cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = ? AND (c.max_memory - ? < (SELECT CASE WHEN coalesce(sum(u.latest_memory >> 32), 0) + (coalesce(sum(u.latest_memory & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_memory >> 32), 0) << 32) + coalesce(sum(u.latest_memory & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?) OR c.max_processing - ? < (SELECT CASE WHEN coalesce(sum(u.latest_processing >> 32), 0) + (coalesce(sum(u.latest_processing & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_processing >> 32), 0) << 32) + coalesce(sum(u.latest_processing & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?))) AS w) AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT 1 AS found
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE p.name = ? AND run.name = ? AND run.status_id + 0 = ?) AS w);

-- start.run
INSERT INTO "pt_run" (process_id,run_no,status_id,token_digest,actor_id,started_at,name,memory,processing,low_at)
  SELECT p.id, p.latest_run_no, p.latest_status_id, p.latest_token_digest, coalesce(a.id, 0), p.latest_started_at, ?, p.latest_memory, p.latest_processing, CASE WHEN ? = 1 THEN p.watermark END
  FROM "pt_process" AS p
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE p.latest_token_digest = ? AND p.name = ? AND NOT EXISTS (SELECT 1
  FROM "pt_run" AS x
  WHERE x.token_digest = p.latest_token_digest)
  ON CONFLICT DO NOTHING;

-- start.soft
INSERT INTO "pt_run_soft_dependency" (run_id,parent_id,parent_run_no,parent_status_id)
  SELECT run.id, parent.id, parent.latest_run_no, parent.latest_status_id
  FROM "pt_process_dependency" AS dep
  JOIN "pt_process" AS child ON child.id = dep.child_id
  JOIN "pt_process" AS parent ON parent.id = dep.parent_id
  JOIN "pt_run" AS run ON run.process_id = child.id AND run.token_digest = ?
  WHERE child.name = ? AND (parent.active = ? OR parent.latest_status_id IN (?,?) OR (dep.kind <> ? AND parent.latest_run_no = ?) OR (dep.fresh = ? AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at))) AND dep.kind = ? AND NOT EXISTS (SELECT 1
  FROM "pt_run_soft_dependency" AS x
  WHERE x.run_id = run.id AND x.parent_id = parent.id)
  ON CONFLICT DO NOTHING;

-- start.history
INSERT INTO "pt_status_history" (process_id,run_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, s.name, run.actor_id, run.started_at
  FROM "pt_run" AS run
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  WHERE run.token_digest = ? AND NOT EXISTS (SELECT 1
  FROM "pt_status_history" AS x
  WHERE x.run_id = run.id)
  ON CONFLICT DO NOTHING;

-- start.outcome
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, p.definition, starter.id, p.held_at, holder.name, p.hold_reason, run.token_digest, p.failures, coalesce(p.max_failures, ?), mine.id, (SELECT max(sv.version)
  FROM "pt_schema_version" AS sv), CASE WHEN EXISTS (SELECT 1
  FROM "pt_run_soft_dependency" AS soft
  WHERE soft.run_id = run.id) THEN 1 ELSE 0 END, CASE WHEN EXISTS (SELECT 1
  FROM "pt_process_dependency" AS dep
  WHERE dep.child_id = p.id) OR EXISTS (SELECT 1
  FROM "pt_process_cluster" AS pc
  WHERE pc.process_id = p.id) THEN 1 ELSE 0 END
  FROM "pt_process" AS p
  LEFT JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  LEFT JOIN "pt_run" AS mine ON mine.token_digest = ?
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
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
  WHERE p.name = ? AND run.name = ? AND run.status_id + 0 = ?;

-- start.parents
SELECT parent.name, dep.kind, dep.fresh, parent.latest_run_no, s.name, run.started_at, actor.name, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END
  FROM "pt_process_dependency" AS dep
  JOIN "pt_process" AS child ON child.id = dep.child_id
  JOIN "pt_process" AS parent ON parent.id = dep.parent_id
  LEFT JOIN "pt_run_status" AS s ON s.id = parent.latest_status_id
  LEFT JOIN "pt_run" AS run ON run.process_id = parent.id AND run.run_no = parent.latest_run_no
  LEFT JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  WHERE child.name = ? AND (parent.active = ? OR parent.latest_status_id IN (?,?) OR (dep.kind <> ? AND parent.latest_run_no = ?) OR (dep.fresh = ? AND (parent.last_completed_at IS NULL OR parent.last_completed_at <= child.last_completed_at)))
  ORDER BY parent.name;

-- start.clusters
SELECT c.name, c.max_memory, c.max_processing, (SELECT CASE WHEN coalesce(sum(u.latest_memory >> 32), 0) + (coalesce(sum(u.latest_memory & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_memory >> 32), 0) << 32) + coalesce(sum(u.latest_memory & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?), (SELECT CASE WHEN coalesce(sum(u.latest_processing >> 32), 0) + (coalesce(sum(u.latest_processing & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_processing >> 32), 0) << 32) + coalesce(sum(u.latest_processing & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?)
  FROM "pt_process" AS p
  JOIN "pt_process_cluster" AS pc ON pc.process_id = p.id
  JOIN "pt_cluster" AS c ON c.id = pc.cluster_id
  WHERE p.name = ? AND (c.max_memory - ? < (SELECT CASE WHEN coalesce(sum(u.latest_memory >> 32), 0) + (coalesce(sum(u.latest_memory & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_memory >> 32), 0) << 32) + coalesce(sum(u.latest_memory & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?) OR c.max_processing - ? < (SELECT CASE WHEN coalesce(sum(u.latest_processing >> 32), 0) + (coalesce(sum(u.latest_processing & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_processing >> 32), 0) << 32) + coalesce(sum(u.latest_processing & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?))
  ORDER BY c.name;

-- start.claim_alone
UPDATE "pt_process"
  SET active = ?, latest_run_no = latest_run_no + 1, latest_status_id = ?, latest_token_digest = ?, latest_started_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), latest_ended_at = ?, latest_memory = ?, latest_processing = ?
  WHERE active = ? AND name = ? AND held_at IS NULL AND (coalesce(max_failures, ?) <= 0 OR failures < coalesce(max_failures, ?)) AND (? = 1 OR definition = ?) AND EXISTS (SELECT 1
  FROM "pt_actor"
  WHERE name = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_run" AS mine
  WHERE mine.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_process_dependency" AS dep
  WHERE dep.child_id = "pt_process".id) AND NOT EXISTS (SELECT 1
  FROM "pt_process_cluster" AS pc
  WHERE pc.process_id = "pt_process".id) AND NOT EXISTS (SELECT 1
  FROM "pt_schema_version" AS sv
  WHERE sv.version > ?);

-- refusal.again
UPDATE "pt_refusal"
  SET times = times + 1, last_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), detail = ?
  WHERE id IN (SELECT f.id AS id
  FROM "pt_refusal" AS f
  WHERE f.process_id = ? AND f.refusal_key = ?
  ORDER BY f.id
  LIMIT 1);

-- refusal.of_process
SELECT f.id, f.slot, f.refusal_key, f.reason, f.actor, f.last_at, strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM "pt_refusal" AS f
  WHERE f.process_id = ?
  ORDER BY f.slot;

-- refusal.first
INSERT INTO "pt_refusal" (process_id,slot,refusal_key,reason,actor,run_name,detail,times,first_at,last_at)
  SELECT r.id, r.n, r.name_key, r.reason, r.actor, r.run_name, r.detail, 1, strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.n' AS n, value ->> '$.name_key' AS name_key, value ->> '$.reason' AS reason, value ->> '$.actor' AS actor, value ->> '$.run_name' AS run_name, value ->> '$.detail' AS detail
  FROM json_each(?)) AS r
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_refusal" AS x
  WHERE x.process_id = r.id AND (x.slot = r.n OR x.refusal_key = r.name_key))
  ON CONFLICT DO NOTHING;

-- refusal.instead
UPDATE "pt_refusal"
  SET refusal_key = ?, reason = ?, actor = ?, run_name = ?, detail = ?, times = ?, first_at = ?, last_at = ?
  WHERE id IN (SELECT f.id AS id
  FROM "pt_refusal" AS f
  WHERE f.id = ? AND f.refusal_key = ?
  ORDER BY f.id
  LIMIT 1);

-- refusal.list
SELECT f.id, p.id, p.name, f.reason, f.actor, f.run_name, f.detail, f.times, f.first_at, f.last_at
  FROM "pt_refusal" AS f
  JOIN "pt_process" AS p ON p.id = f.process_id
  ORDER BY f.first_at DESC, f.id DESC
  LIMIT ?;

-- refusal.list
SELECT f.id, p.id, p.name, f.reason, f.actor, f.run_name, f.detail, f.times, f.first_at, f.last_at
  FROM "pt_refusal" AS f
  JOIN "pt_process" AS p ON p.id = f.process_id
  WHERE p.name = ? AND f.actor = ? AND f.last_at >= ? AND f.first_at < ? AND f.first_at <= ? AND (f.first_at < ? OR f.id < ?)
  ORDER BY f.first_at DESC, f.id DESC
  LIMIT ?;

-- refusal.list
SELECT f.id, p.id, p.name, f.reason, f.actor, f.run_name, f.detail, f.times, f.first_at, f.last_at
  FROM "pt_refusal" AS f
  JOIN "pt_process" AS p ON p.id = f.process_id
  WHERE p.name = ? AND f.first_at >= ? AND (f.first_at > ? OR f.id > ?)
  ORDER BY f.first_at, f.id
  LIMIT ?;

-- lease.insert
INSERT INTO "pt_run_lease" (run_id,expires_at,renewed_at,length_ms)
  SELECT run.id, strftime('%Y-%m-%d %H:%M:%f000', 'now', (? / 1000.0) || ' seconds'), strftime('%Y-%m-%d %H:%M:%f000', 'now'), ?
  FROM "pt_run" AS run
  WHERE run.token_digest = ? AND NOT EXISTS (SELECT 1
  FROM "pt_run_lease" AS x
  WHERE x.run_id = run.id)
  ON CONFLICT DO NOTHING;

-- lease.renew
UPDATE "pt_run_lease"
  SET expires_at = CASE WHEN expires_at > strftime('%Y-%m-%d %H:%M:%f000', 'now', (length_ms / 1000.0) || ' seconds') THEN expires_at ELSE strftime('%Y-%m-%d %H:%M:%f000', 'now', (length_ms / 1000.0) || ' seconds') END, renewed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')
  WHERE renewed_at < expires_at AND run_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- lease.extend
UPDATE "pt_run_lease"
  SET expires_at = CASE WHEN expires_at > strftime('%Y-%m-%d %H:%M:%f000', 'now', (? / 1000.0) || ' seconds') THEN expires_at ELSE strftime('%Y-%m-%d %H:%M:%f000', 'now', (? / 1000.0) || ' seconds') END, renewed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')
  WHERE renewed_at < expires_at AND run_id = ?;

-- lease.taken
SELECT lease.run_id, h.reason, later.run_no, actor.name
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_run_lease" AS lease ON lease.run_id = r.id
  CROSS JOIN "pt_run" AS run ON run.id = lease.run_id
  LEFT JOIN "pt_status_history" AS h ON h.run_id = run.id AND h.extract_id IS NULL AND h.to_status = 'failed'
  LEFT JOIN "pt_run" AS later ON later.process_id = run.process_id AND later.run_no = run.run_no + 1
  LEFT JOIN "pt_actor" AS actor ON actor.id = later.actor_id
  WHERE lease.renewed_at >= lease.expires_at;

-- lease.ended
SELECT run.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_run" AS run ON run.id = r.id
  WHERE run.ended_at IS NOT NULL;

-- lease.lost
SELECT lease.run_id
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = ? AND lease.renewed_at >= lease.expires_at ;

-- lease.end_expired
UPDATE "pt_run_lease"
  SET renewed_at = expires_at
  WHERE run_id = ? AND renewed_at < expires_at AND expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now');

-- lease.end_forced
UPDATE "pt_run_lease"
  SET renewed_at = expires_at
  WHERE run_id = ? AND renewed_at < expires_at;

-- lease.expired
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, run.token_digest
  FROM "pt_process" AS p
  JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = ? AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now')
  ORDER BY run.id;

-- lease.expired_process
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, run.token_digest
  FROM "pt_process" AS p
  JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = ? AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') AND p.name = ?
  ORDER BY run.id;

-- lease.expired_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, run.token_digest
  FROM "pt_process" AS p
  JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = ? AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') AND run.id = ?
  ORDER BY run.id;

-- lease.expired_process_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, run.token_digest
  FROM "pt_process" AS p
  JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = ? AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') AND p.name = ? AND run.id = ?
  ORDER BY run.id;

-- lease.expired_sharing
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, run.token_digest
  FROM "pt_process" AS p
  JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = ? AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') AND p.id IN (SELECT other.process_id
  FROM "pt_process_cluster" AS mine
  JOIN "pt_process_cluster" AS other ON other.cluster_id = mine.cluster_id
  JOIN "pt_process" AS sharer ON sharer.id = mine.process_id
  WHERE sharer.name = ?)
  ORDER BY run.id;

-- lease.any_process
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, run.token_digest
  FROM "pt_process" AS p
  JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = ? AND p.name = ?
  ORDER BY run.id;

-- lease.any_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, run.token_digest
  FROM "pt_process" AS p
  JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = ? AND run.id = ?
  ORDER BY run.id;

-- lease.any_process_run
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, run.token_digest
  FROM "pt_process" AS p
  JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = p.latest_run_no
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  WHERE p.active = ? AND p.name = ? AND run.id = ?
  ORDER BY run.id;

-- end.process
UPDATE "pt_process"
  SET active = ?, latest_status_id = ?, latest_ended_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), failures = ?
  WHERE active = ? AND id = ? AND latest_token_digest = ?;

-- end.last_completed_at
UPDATE "pt_process"
  SET last_completed_at = latest_ended_at, watermark = CASE WHEN watermark >= (SELECT high_at
  FROM "pt_run"
  WHERE id = ?) THEN watermark ELSE coalesce((SELECT high_at
  FROM "pt_run"
  WHERE id = ?), watermark) END
  WHERE active = ? AND id = ? AND latest_status_id = ? AND latest_token_digest = ?;

-- end.failed
UPDATE "pt_process"
  SET active = ?, latest_status_id = ?, latest_ended_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), failures = failures + 1
  WHERE active = ? AND id = ? AND latest_token_digest = ?;

-- end.last_failed_at
UPDATE "pt_process"
  SET last_failed_at = latest_ended_at
  WHERE active = ? AND id = ? AND latest_status_id = ? AND latest_token_digest = ?;

-- end.on_hold
UPDATE "pt_process"
  SET active = ?, latest_status_id = ?, latest_ended_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), failures = ?, hold_reason = CASE WHEN held_at IS NULL THEN ? ELSE hold_reason END, held_by = CASE WHEN held_at IS NULL THEN (SELECT actor_id
  FROM "pt_run"
  WHERE id = ?) ELSE held_by END, held_at = coalesce(held_at, strftime('%Y-%m-%d %H:%M:%f000', 'now'))
  WHERE active = ? AND id = ? AND latest_token_digest = ?;

-- end.continue
UPDATE "pt_process"
  SET active = ?, latest_status_id = ?
  WHERE active = ? AND id = ? AND latest_token_digest = ?;

-- end.history
INSERT INTO "pt_status_history" (process_id,run_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT run.process_id, run.id, old.name, new.name, run.actor_id, ?, coalesce(p.latest_ended_at, strftime('%Y-%m-%d %H:%M:%f000', 'now'))
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN "pt_run_status" AS old ON old.id = run.status_id
  JOIN "pt_run_status" AS new ON new.id = p.latest_status_id
  WHERE new.id = ? AND run.ended_at IS NULL AND run.id = ? AND run.token_digest = ? AND old.id <> new.id;

-- end.history_failed
INSERT INTO "pt_status_history" (process_id,run_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT run.process_id, run.id, old.name, new.name, run.actor_id, (SELECT nullif(substring(e.description, 1, 200), '')
  FROM "pt_run_error" AS e
  WHERE e.id = (SELECT min(id)
  FROM "pt_run_error"
  WHERE run_id = ?)), coalesce(p.latest_ended_at, strftime('%Y-%m-%d %H:%M:%f000', 'now'))
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN "pt_run_status" AS old ON old.id = run.status_id
  JOIN "pt_run_status" AS new ON new.id = p.latest_status_id
  WHERE new.id = ? AND run.ended_at IS NULL AND run.id = ? AND run.token_digest = ? AND old.id <> new.id;

-- end.run
UPDATE "pt_run"
  SET status_id = ?, ended_at = (SELECT p.latest_ended_at
  FROM "pt_process" AS p
  WHERE p.id = ?)
  WHERE ended_at IS NULL AND id = ? AND token_digest = ?;

-- run.state
SELECT run.token_digest, s.id, s.name, run.ended_at
  FROM "pt_run" AS run
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  WHERE run.id = ?;

-- process.lock
SELECT p.id
  FROM "pt_process" AS p
  WHERE p.active = ? AND p.id = ? AND p.latest_token_digest = ? ;

-- end.hold_history
INSERT INTO "pt_status_history" (process_id,from_status,to_status,actor_id,reason,changed_at)
  SELECT p.id, ?, ?, run.actor_id, ?, strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM "pt_process" AS p
  JOIN "pt_run" AS run ON run.id = ?
  WHERE p.active = ? AND p.held_at IS NULL AND p.id = ? AND p.latest_token_digest = ?;

-- error.insert
INSERT INTO "pt_run_error" (run_id,process_id,error_type_id,description,recorded_at)
  SELECT run.id, run.process_id, t.id, ?, strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN "pt_error_type" AS t ON t.id = ?
  WHERE p.active = ? AND run.ended_at IS NULL AND run.id = ? AND run.token_digest = ?;

-- error.insert
INSERT INTO "pt_run_error" (run_id,process_id,error_type_id,description,recorded_at)
  SELECT run.id, run.process_id, t.id, ?, ?
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  JOIN "pt_error_type" AS t ON t.id = ?
  WHERE p.active = ? AND run.ended_at IS NULL AND run.id = ? AND run.token_digest = ?;

-- error.process
UPDATE "pt_process"
  SET last_errored_at = (SELECT e.recorded_at
  FROM "pt_run_error" AS e
  WHERE e.id = (SELECT max(id)
  FROM "pt_run_error"
  WHERE run_id = ?))
  WHERE active = ? AND id = ? AND latest_token_digest = ? AND (last_errored_at IS NULL OR last_errored_at < (SELECT e.recorded_at
  FROM "pt_run_error" AS e
  WHERE e.id = (SELECT max(id)
  FROM "pt_run_error"
  WHERE run_id = ?)));

-- end.process
UPDATE "pt_process"
  SET active = ?, latest_status_id = ?, latest_ended_at = ?, failures = ?
  WHERE active = ? AND id = ? AND latest_token_digest = ?;

-- hold.set
UPDATE "pt_process"
  SET held_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), held_by = ?, hold_reason = ?
  WHERE held_at IS NULL AND id = ?;

-- hold.release
UPDATE "pt_process"
  SET held_at = ?, held_by = ?, hold_reason = ?, failures = ?
  WHERE id = ?;

-- hold.history
INSERT INTO "pt_status_history" (process_id,from_status,to_status,actor_id,reason,changed_at)
  VALUES (?,?,?,?,?,strftime('%Y-%m-%d %H:%M:%f000', 'now'));

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
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
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
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
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
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
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
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
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
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
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
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
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
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
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
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
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
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_error_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.source_type
INSERT INTO "pt_source_type" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_source_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.file_type
INSERT INTO "pt_file_type" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_file_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.compression_type
INSERT INTO "pt_compression_type" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_compression_type" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.data_system
INSERT INTO "pt_data_system" (name,created_by,changed_by)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_data_system" AS x
  WHERE x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- register.link_systems
INSERT INTO "pt_process_system" (process_id,role,system_id)
  SELECT DISTINCT p.id, r.role, sy.id
  FROM (SELECT value ->> '$.role' AS role, value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  CROSS JOIN "pt_data_system" AS sy ON sy.name = r.system
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_process_system" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.system_id = sy.id)
  ON CONFLICT DO NOTHING;

-- register.linked_systems
SELECT count(*)
  FROM (SELECT value ->> '$.role' AS role, value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  CROSS JOIN "pt_data_system" AS sy ON sy.name = r.system
  CROSS JOIN "pt_process_system" AS l ON l.process_id = p.id AND l.role = r.role AND l.system_id = sy.id;

-- register.link_objects
INSERT INTO "pt_process_object" (process_id,role,object_id)
  SELECT DISTINCT p.id, r.role, ob.id
  FROM (SELECT value ->> '$.role' AS role, value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  CROSS JOIN "pt_data_system" AS sy ON sy.name = r.system
  CROSS JOIN "pt_data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_process_object" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.object_id = ob.id)
  ON CONFLICT DO NOTHING;

-- register.linked_objects
SELECT count(*)
  FROM (SELECT value ->> '$.role' AS role, value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  CROSS JOIN "pt_data_system" AS sy ON sy.name = r.system
  CROSS JOIN "pt_data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  CROSS JOIN "pt_process_object" AS l ON l.process_id = p.id AND l.role = r.role AND l.object_id = ob.id;

-- register.link_attributes
INSERT INTO "pt_process_attribute" (process_id,role,attribute_id)
  SELECT DISTINCT p.id, r.role, at.id
  FROM (SELECT value ->> '$.role' AS role, value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  CROSS JOIN "pt_data_system" AS sy ON sy.name = r.system
  CROSS JOIN "pt_data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  CROSS JOIN "pt_data_attribute" AS at ON at.object_id = ob.id AND at.name = r.attribute
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_process_attribute" AS x
  WHERE x.process_id = p.id AND x.role = r.role AND x.attribute_id = at.id)
  ON CONFLICT DO NOTHING;

-- register.linked_attributes
SELECT count(*)
  FROM (SELECT value ->> '$.role' AS role, value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  CROSS JOIN "pt_data_system" AS sy ON sy.name = r.system
  CROSS JOIN "pt_data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  CROSS JOIN "pt_data_attribute" AS at ON at.object_id = ob.id AND at.name = r.attribute
  CROSS JOIN "pt_process_attribute" AS l ON l.process_id = p.id AND l.role = r.role AND l.attribute_id = at.id;

-- register.systems
INSERT INTO "pt_data_system" (name,created_by,changed_by)
  SELECT DISTINCT r.system, coalesce(a.id, 0), coalesce(a.id, 0)
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
  SELECT DISTINCT sy.id, r.object, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT value ->> '$.system' AS system, value ->> '$.object' AS object
  FROM json_each(?)) AS r
  CROSS JOIN "pt_data_system" AS sy ON sy.name = r.system
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE r.object <> ? AND NOT EXISTS (SELECT 1
  FROM "pt_data_object" AS x
  WHERE x.system_id = sy.id AND x.name = r.object)
  ORDER BY sy.id, r.object
  ON CONFLICT DO NOTHING;

-- register.attributes
INSERT INTO "pt_data_attribute" (object_id,name,created_by,changed_by)
  SELECT DISTINCT ob.id, r.attribute, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute
  FROM json_each(?)) AS r
  CROSS JOIN "pt_data_system" AS sy ON sy.name = r.system
  CROSS JOIN "pt_data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE r.attribute <> ? AND NOT EXISTS (SELECT 1
  FROM "pt_data_attribute" AS x
  WHERE x.object_id = ob.id AND x.name = r.attribute)
  ORDER BY ob.id, r.attribute
  ON CONFLICT DO NOTHING;

-- register.link_dataset_types
INSERT INTO "pt_process_dataset_type" (process_id,dataset_type_id)
  SELECT DISTINCT p.id, t.id
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  CROSS JOIN "pt_dataset_type" AS t ON t.name = r.name
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
  WHERE name = ?), frequency_id), definition = ?
  WHERE name = ?;

-- register.changed
UPDATE "pt_process"
  SET changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE name = ?;

-- register.linked_dataset_types
SELECT count(*)
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  CROSS JOIN "pt_dataset_type" AS t ON t.name = r.name
  CROSS JOIN "pt_process_dataset_type" AS l ON l.process_id = p.id AND l.dataset_type_id = t.id;

-- dependency.lock
UPDATE "pt_dependency_lock"
  SET locked_at = locked_at
  WHERE lock_no = ?;

-- dependency.parents
SELECT DISTINCT d.parent_id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_process_dependency" AS d ON d.child_id = r.id
  ORDER BY d.parent_id;

-- dependency.lacking
SELECT r.name
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_process" AS child
  JOIN "pt_process_dependency" AS dep ON dep.child_id = child.id
  JOIN "pt_process" AS parent ON parent.id = dep.parent_id
  WHERE child.name = ? AND parent.name = r.name);

-- dependency.read
SELECT kind, fresh
  FROM "pt_process_dependency"
  WHERE child_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND parent_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?);

-- dependency.add
INSERT INTO "pt_process_dependency" (child_id,parent_id,kind,created_by,changed_by)
  SELECT child.id, parent.id, ?, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM "pt_process" AS child
  JOIN "pt_process" AS parent ON parent.name = ?
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE child.name = ? AND NOT EXISTS (SELECT 1
  FROM "pt_process_dependency" AS x
  WHERE x.child_id = child.id AND x.parent_id = parent.id)
  ON CONFLICT DO NOTHING;

-- dependency.set
UPDATE "pt_process_dependency"
  SET kind = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE child_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND parent_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND kind <> ?;

-- dependency.set_fresh
UPDATE "pt_process_dependency"
  SET fresh = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
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
  SET max_memory = ?, max_processing = ?, memory_unit = ?, processing_unit = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE name = ? AND (coalesce(max_memory, -1) <> ? OR coalesce(max_processing, -1) <> ? OR coalesce(memory_unit, ' ') <> ? OR coalesce(processing_unit, ' ') <> ?);

-- cluster.limits
SELECT max_memory, max_processing, memory_unit, processing_unit
  FROM "pt_cluster"
  WHERE name = ?;

-- cluster.joined
SELECT c.id
  FROM "pt_process_cluster" AS pc
  JOIN "pt_process" AS p ON p.id = pc.process_id
  JOIN "pt_cluster" AS c ON c.id = pc.cluster_id
  WHERE c.name = ? AND p.name = ?;

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
  SET max_failures = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = ?
  WHERE id = ?;

-- process.totals
SELECT watermark, records, inserts, updates, deletes
  FROM "pt_process"
  WHERE name = ?;

-- process.lock_named
SELECT p.id, p.held_at, p.active, p.failures, p.max_failures, p.watermark
  FROM "pt_process" AS p
  WHERE p.name = ? ;

-- watermark.set
UPDATE "pt_process"
  SET watermark = ?
  WHERE id = ?;

-- watermark.history
INSERT INTO "pt_status_history" (process_id,to_status,actor_id,reason,from_at,to_at,changed_at)
  VALUES (?,?,?,?,?,?,strftime('%Y-%m-%d %H:%M:%f000', 'now'));

-- run.widen_low
UPDATE "pt_run"
  SET low_at = CASE WHEN low_at <= ? THEN low_at ELSE ? END
  WHERE ended_at IS NULL AND id = ? AND token_digest = ?;

-- run.widen_high
UPDATE "pt_run"
  SET high_at = CASE WHEN high_at >= ? THEN high_at ELSE ? END
  WHERE ended_at IS NULL AND id = ? AND token_digest = ?;

-- run.widen_low_high
UPDATE "pt_run"
  SET low_at = CASE WHEN low_at <= ? THEN low_at ELSE ? END, high_at = CASE WHEN high_at >= ? THEN high_at ELSE ? END
  WHERE ended_at IS NULL AND id = ? AND token_digest = ?;

-- count.read
SELECT run.records, run.inserts, run.updates, run.deletes, p.records, p.inserts, p.updates, p.deletes
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = ? AND run.ended_at IS NULL AND run.id = ? AND run.token_digest = ?;

-- count.process
UPDATE "pt_process"
  SET records = ?, inserts = ?, updates = ?, deletes = ?
  WHERE active = ? AND id = ? AND latest_token_digest = ?;

-- count.run
UPDATE "pt_run"
  SET records = ?, inserts = ?, updates = ?, deletes = ?
  WHERE ended_at IS NULL AND id = ? AND token_digest = ?;

-- status.run
SELECT id, active
  FROM "pt_run_status"
  WHERE name = ?;

-- status.add_active
INSERT INTO "pt_run_status" (name,created_by,changed_by,active)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0), ?
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_run_status" AS x
  WHERE x.name = r.name)
  ON CONFLICT DO NOTHING;

-- status.add_ended
INSERT INTO "pt_run_status" (name,created_by,changed_by,active)
  SELECT r.name, coalesce(a.id, 0), coalesce(a.id, 0), ?
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_run_status" AS x
  WHERE x.name = r.name)
  ON CONFLICT DO NOTHING;

-- describe.read_system
SELECT sy.id, sy.type_id, (SELECT n.name
  FROM "pt_source_type" AS n
  WHERE n.id = sy.type_id), sy.charset
  FROM "pt_data_system" AS sy
  WHERE sy.name = ? ;

-- describe.system
UPDATE "pt_data_system"
  SET type_id = ?, charset = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- describe.read_object
SELECT ob.id, ob.charset
  FROM "pt_data_object" AS ob
  WHERE ob.system_id = (SELECT sy.id
  FROM "pt_data_system" AS sy
  WHERE sy.name = ?) AND ob.name = ? ;

-- describe.object
UPDATE "pt_data_object"
  SET charset = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- describe.read_attributes
SELECT at.id, at.name, at.data_type, at.length, at.decimals, at.path, at.default_value, at.is_key, at.is_filter, at.is_partition, at.is_pii
  FROM "pt_data_attribute" AS at
  WHERE at.object_id = (SELECT ob.id
  FROM "pt_data_object" AS ob
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  WHERE ob.name = ? AND sy.name = ?)
  ORDER BY at.id ;

-- describe.add_attributes
INSERT INTO "pt_data_attribute" (object_id,name,data_type,length,decimals,path,default_value,created_by,changed_by,is_key,is_filter,is_partition,is_pii)
  SELECT ob.id, r.name, r.data_type, r.length, r.decimals, r.path, r.default_value, coalesce(a.id, 0), coalesce(a.id, 0), ?, ?, ?, ?
  FROM (SELECT value ->> '$.name' AS name, value ->> '$.data_type' AS data_type, value ->> '$.length' AS length, value ->> '$.decimals' AS decimals, value ->> '$.path' AS path, value ->> '$.default_value' AS default_value
  FROM json_each(?)) AS r
  JOIN "pt_data_system" AS sy ON sy.name = ?
  JOIN "pt_data_object" AS ob ON ob.system_id = sy.id AND ob.name = ?
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_data_attribute" AS x
  WHERE x.object_id = ob.id AND x.name = r.name)
  ORDER BY r.name
  ON CONFLICT DO NOTHING;

-- describe.attribute
UPDATE "pt_data_attribute"
  SET data_type = ?, length = ?, decimals = ?, path = ?, default_value = ?, is_key = ?, is_filter = ?, is_partition = ?, is_pii = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- register.link_filters
INSERT INTO "pt_process_filter" (process_id,attribute_id,operator,value,value_key,created_by)
  SELECT p.id, at.id, r.operator, r.value, r.value_key, coalesce(a.id, 0)
  FROM (SELECT value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute, value ->> '$.operator' AS operator, value ->> '$.value' AS value, value ->> '$.value_key' AS value_key
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  CROSS JOIN "pt_data_system" AS sy ON sy.name = r.system
  CROSS JOIN "pt_data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  CROSS JOIN "pt_data_attribute" AS at ON at.object_id = ob.id AND at.name = r.attribute
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_process_filter" AS x
  WHERE x.process_id = p.id AND x.attribute_id = at.id AND x.operator = r.operator AND x.value_key = r.value_key)
  ON CONFLICT DO NOTHING;

-- register.linked_filters
SELECT count(*)
  FROM (SELECT value ->> '$.system' AS system, value ->> '$.object' AS object, value ->> '$.attribute' AS attribute, value ->> '$.operator' AS operator, value ->> '$.value_key' AS value_key
  FROM json_each(?)) AS r
  JOIN "pt_process" AS p ON p.name = ?
  CROSS JOIN "pt_data_system" AS sy ON sy.name = r.system
  CROSS JOIN "pt_data_object" AS ob ON ob.system_id = sy.id AND ob.name = r.object
  CROSS JOIN "pt_data_attribute" AS at ON at.object_id = ob.id AND at.name = r.attribute
  CROSS JOIN "pt_process_filter" AS l ON l.process_id = p.id AND l.attribute_id = at.id AND l.operator = r.operator AND l.value_key = r.value_key;

-- contact.add
INSERT INTO "pt_contact" (name,email,created_by,changed_by)
  SELECT r.name, r.email, coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT value ->> '$.name' AS name, value ->> '$.email' AS email
  FROM json_each(?)) AS r
  LEFT JOIN "pt_actor" AS a ON a.name = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_contact" AS x
  WHERE x.name = r.name AND x.email = r.email)
  ON CONFLICT DO NOTHING;

-- contacts.list
SELECT c.name, c.email, '' AS of_system, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM "pt_process_contact" AS pc
  JOIN "pt_contact" AS c ON c.id = pc.contact_id
  LEFT JOIN "pt_actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = c.changed_by
  WHERE pc.process_id = ?
  UNION ALL
  SELECT c.name, c.email, sy.name, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM (SELECT l.process_id, l.system_id
  FROM "pt_process_system" AS l
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_object" AS l
  JOIN "pt_data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_attribute" AS l
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  JOIN "pt_data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = ?) AS d
  JOIN "pt_data_system" AS sy ON sy.id = d.system_id
  JOIN "pt_system_contact" AS sc ON sc.system_id = d.system_id
  JOIN "pt_contact" AS c ON c.id = sc.contact_id
  LEFT JOIN "pt_actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = c.changed_by
  WHERE d.process_id = ?;

-- contact.link_process
INSERT INTO "pt_process_contact" (process_id,contact_id)
  SELECT o.id, c.id
  FROM "pt_process" AS o
  JOIN "pt_contact" AS c ON c.name = ? AND c.email = ?
  WHERE o.name = ? AND NOT EXISTS (SELECT 1
  FROM "pt_process_contact" AS x
  WHERE x.process_id = o.id AND x.contact_id = c.id)
  ON CONFLICT DO NOTHING;

-- contact.link_data_system
INSERT INTO "pt_system_contact" (system_id,contact_id)
  SELECT o.id, c.id
  FROM "pt_data_system" AS o
  JOIN "pt_contact" AS c ON c.name = ? AND c.email = ?
  WHERE o.name = ? AND NOT EXISTS (SELECT 1
  FROM "pt_system_contact" AS x
  WHERE x.system_id = o.id AND x.contact_id = c.id)
  ON CONFLICT DO NOTHING;

-- contact.linked_process
SELECT c.id
  FROM "pt_process_contact" AS l
  JOIN "pt_process" AS o ON o.id = l.process_id
  JOIN "pt_contact" AS c ON c.id = l.contact_id
  WHERE c.email = ? AND c.name = ? AND o.name = ?;

-- contact.linked_data_system
SELECT c.id
  FROM "pt_system_contact" AS l
  JOIN "pt_data_system" AS o ON o.id = l.system_id
  JOIN "pt_contact" AS c ON c.id = l.contact_id
  WHERE c.email = ? AND c.name = ? AND o.name = ?;

-- contact.unlink_process
DELETE
  FROM "pt_process_contact"
  WHERE process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND contact_id = (SELECT id
  FROM "pt_contact"
  WHERE email = ? AND name = ?);

-- contact.unlink_data_system
DELETE
  FROM "pt_system_contact"
  WHERE system_id = (SELECT id
  FROM "pt_data_system"
  WHERE name = ?) AND contact_id = (SELECT id
  FROM "pt_contact"
  WHERE email = ? AND name = ?);

-- contacts.all
SELECT c.id, c.name, c.email, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM "pt_contact" AS c
  LEFT JOIN "pt_actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = c.changed_by
  WHERE c.id > ?
  ORDER BY c.id
  LIMIT ?;

-- contacts.all
SELECT c.id, c.name, c.email, c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM "pt_contact" AS c
  LEFT JOIN "pt_actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = c.changed_by
  WHERE c.id > ? AND c.name = ?
  ORDER BY c.id
  LIMIT ?;

-- contacts.owners_process
SELECT r.id, o.name
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_process_contact" AS l ON l.contact_id = r.id
  JOIN "pt_process" AS o ON o.id = l.process_id
  ORDER BY r.id, o.name;

-- contacts.owners_data_system
SELECT r.id, o.name
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_system_contact" AS l ON l.contact_id = r.id
  JOIN "pt_data_system" AS o ON o.id = l.system_id
  ORDER BY r.id, o.name;

-- contact.read
SELECT c.id
  FROM "pt_contact" AS c
  WHERE c.email = ? AND c.name = ? ;

-- contact.change
UPDATE "pt_contact"
  SET name = ?, email = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- contact.delete
DELETE
  FROM "pt_contact"
  WHERE id = ?;

-- lookup.uses_process_contact_contact_id
SELECT count(*) OVER (), p.name, 0
  FROM "pt_process_contact" AS x
  JOIN "pt_process" AS p ON p.id = x.process_id
  WHERE x.contact_id = ?
  ORDER BY p.name
  LIMIT 3;

-- lookup.uses_system_contact_contact_id
SELECT count(*) OVER (), sy.name, 0
  FROM "pt_system_contact" AS x
  JOIN "pt_data_system" AS sy ON sy.id = x.system_id
  WHERE x.contact_id = ?
  ORDER BY sy.name
  LIMIT 3;

-- actors.list
SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_actor" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- actors.list
SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_actor" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ? AND l.name = ?
  ORDER BY l.id
  LIMIT ?;

-- clusters.list
SELECT c.id, c.name, c.max_memory, c.max_processing, c.memory_unit, c.processing_unit, (SELECT CASE WHEN coalesce(sum(u.latest_memory >> 32), 0) + (coalesce(sum(u.latest_memory & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_memory >> 32), 0) << 32) + coalesce(sum(u.latest_memory & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?), (SELECT CASE WHEN coalesce(sum(u.latest_processing >> 32), 0) + (coalesce(sum(u.latest_processing & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_processing >> 32), 0) << 32) + coalesce(sum(u.latest_processing & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?), c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM "pt_cluster" AS c
  LEFT JOIN "pt_actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = c.changed_by
  WHERE c.id > ?
  ORDER BY c.id
  LIMIT ?;

-- clusters.list
SELECT c.id, c.name, c.max_memory, c.max_processing, c.memory_unit, c.processing_unit, (SELECT CASE WHEN coalesce(sum(u.latest_memory >> 32), 0) + (coalesce(sum(u.latest_memory & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_memory >> 32), 0) << 32) + coalesce(sum(u.latest_memory & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?), (SELECT CASE WHEN coalesce(sum(u.latest_processing >> 32), 0) + (coalesce(sum(u.latest_processing & 4294967295), 0) >> 32) > 2147483647 THEN 9223372036854775807 ELSE (coalesce(sum(u.latest_processing >> 32), 0) << 32) + coalesce(sum(u.latest_processing & 4294967295), 0) END
  FROM "pt_process_cluster" AS uc
  JOIN "pt_process" AS u ON u.id = uc.process_id
  WHERE uc.cluster_id = c.id AND u.active = ?), c.created_at, creator.name AS creator_name, c.changed_at, changer.name AS changer_name
  FROM "pt_cluster" AS c
  LEFT JOIN "pt_actor" AS creator ON creator.id = c.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = c.changed_by
  WHERE c.id > ? AND c.name = ?
  ORDER BY c.id
  LIMIT ?;

-- clusters.processes
SELECT r.id, p.name
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_process_cluster" AS l ON l.cluster_id = r.id
  JOIN "pt_process" AS p ON p.id = l.process_id
  ORDER BY r.id, p.name;

-- locations.list
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "pt_location" AS l
  JOIN "pt_location_type" AS t ON t.id = l.type_id
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- locations.list
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "pt_location" AS l
  JOIN "pt_location_type" AS t ON t.id = l.type_id
  WHERE l.id > ? AND l.name = ?
  ORDER BY l.id
  LIMIT ?;

-- process_attribute.read
SELECT l.process_id, l.attribute_id, l.alias, l.expression
  FROM "pt_process_attribute" AS l
  WHERE l.process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND l.role = ? AND l.attribute_id = (SELECT at.id
  FROM "pt_data_attribute" AS at
  WHERE at.name = ? AND at.object_id = (SELECT ob.id
  FROM "pt_data_object" AS ob
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  WHERE ob.name = ? AND sy.name = ?)) ;

-- process_attribute.describe
UPDATE "pt_process_attribute"
  SET alias = ?, expression = ?
  WHERE attribute_id = ? AND process_id = ? AND role = ?;

-- undefine.system
DELETE
  FROM "pt_process_system"
  WHERE process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND role = ? AND system_id = (SELECT sy.id
  FROM "pt_data_system" AS sy
  WHERE sy.name = ?);

-- undefine.object
DELETE
  FROM "pt_process_object"
  WHERE process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND role = ? AND object_id = (SELECT ob.id
  FROM "pt_data_object" AS ob
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  WHERE ob.name = ? AND sy.name = ?);

-- undefine.attribute
DELETE
  FROM "pt_process_attribute"
  WHERE process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND role = ? AND attribute_id = (SELECT at.id
  FROM "pt_data_attribute" AS at
  WHERE at.name = ? AND at.object_id = (SELECT ob.id
  FROM "pt_data_object" AS ob
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  WHERE ob.name = ? AND sy.name = ?));

-- undefine.dataset_type
DELETE
  FROM "pt_process_dataset_type"
  WHERE process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND dataset_type_id = (SELECT id
  FROM "pt_dataset_type"
  WHERE name = ?);

-- undefine.filter
DELETE
  FROM "pt_process_filter"
  WHERE process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND operator = ? AND value_key = ? AND attribute_id = (SELECT at.id
  FROM "pt_data_attribute" AS at
  WHERE at.name = ? AND at.object_id = (SELECT ob.id
  FROM "pt_data_object" AS ob
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  WHERE ob.name = ? AND sy.name = ?));

-- undefine.process
UPDATE "pt_process"
  SET definition = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = ?
  WHERE id = ?;

-- process_attribute.list
SELECT l.role, sy.name, ob.name, l.alias, l.expression, at.id, at.name, at.data_type, at.length, at.decimals, at.path, at.default_value, at.is_key, at.is_filter, at.is_partition, at.is_pii
  FROM "pt_process_attribute" AS l
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  JOIN "pt_data_object" AS ob ON ob.id = at.object_id
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  WHERE l.process_id = ?
  ORDER BY l.role, sy.name, ob.name, at.name;

-- file_type.format
UPDATE "pt_file_type"
  SET delimiter_char = ?, quote_char = ?, escape_char = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE name = ?;

-- process.forget_definitions
UPDATE "pt_process"
  SET definition = ?
  WHERE definition IS NOT NULL AND id > 0;

-- status.run_status
SELECT id
  FROM "pt_run_status"
  WHERE name = ?;

-- lookup.read_run_status
SELECT l.id, l.name, l.preloaded, l.active, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_run_status" AS l
  WHERE l.name = ? ;

-- lookup.rename_run_status
UPDATE "pt_run_status"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.list_run_status
SELECT l.id, l.name, l.preloaded, l.active, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_run_status" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- lookup.delete_run_status
DELETE
  FROM "pt_run_status"
  WHERE id = ?;

-- lookup.uses_process_latest_status_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_process" AS x
  WHERE x.latest_status_id = ?
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_run_status_id
SELECT count(*) OVER (), p.name, x.run_no
  FROM "pt_run" AS x
  JOIN "pt_process" AS p ON p.id = x.process_id
  WHERE x.status_id = ?
  ORDER BY p.name, x.run_no
  LIMIT 3;

-- lookup.uses_run_soft_dependency_parent_status_id
SELECT count(*) OVER (), p.name, run.run_no
  FROM "pt_run_soft_dependency" AS x
  JOIN "pt_run" AS run ON run.id = x.run_id
  JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE x.parent_status_id = ?
  ORDER BY p.name, run.run_no
  LIMIT 3;

-- status.extract_status
SELECT id
  FROM "pt_extract_status"
  WHERE name = ?;

-- lookup.read_extract_status
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_extract_status" AS l
  WHERE l.name = ? ;

-- lookup.rename_extract_status
UPDATE "pt_extract_status"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.list_extract_status
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_extract_status" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- lookup.delete_extract_status
DELETE
  FROM "pt_extract_status"
  WHERE id = ?;

-- lookup.uses_extract_status_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_extract" AS x
  WHERE x.status_id = ?
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_extract_claim_return_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_extract" AS x
  WHERE x.claim_return_id = ?
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_run_extract_status_id
SELECT count(*) OVER (), e.name, 0
  FROM "pt_run_extract" AS x
  JOIN "pt_extract" AS e ON e.id = x.extract_id
  WHERE x.status_id = ?
  ORDER BY e.name
  LIMIT 3;

-- status.error_type
SELECT id
  FROM "pt_error_type"
  WHERE name = ?;

-- lookup.read_error_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_error_type" AS l
  WHERE l.name = ? ;

-- lookup.rename_error_type
UPDATE "pt_error_type"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.list_error_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_error_type" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- lookup.delete_error_type
DELETE
  FROM "pt_error_type"
  WHERE id = ?;

-- lookup.uses_run_error_error_type_id
SELECT count(*) OVER (), p.name, run.run_no
  FROM "pt_run_error" AS x
  JOIN "pt_run" AS run ON run.id = x.run_id
  JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE x.error_type_id = ?
  ORDER BY p.name, run.run_no
  LIMIT 3;

-- status.process_type
SELECT id
  FROM "pt_process_type"
  WHERE name = ?;

-- lookup.read_process_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_process_type" AS l
  WHERE l.name = ? ;

-- lookup.rename_process_type
UPDATE "pt_process_type"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.list_process_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_process_type" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- lookup.delete_process_type
DELETE
  FROM "pt_process_type"
  WHERE id = ?;

-- lookup.uses_process_type_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_process" AS x
  WHERE x.type_id = ?
  ORDER BY x.name
  LIMIT 3;

-- status.schedule_frequency
SELECT id
  FROM "pt_schedule_frequency"
  WHERE name = ?;

-- lookup.read_schedule_frequency
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_schedule_frequency" AS l
  WHERE l.name = ? ;

-- lookup.rename_schedule_frequency
UPDATE "pt_schedule_frequency"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.list_schedule_frequency
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_schedule_frequency" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- lookup.delete_schedule_frequency
DELETE
  FROM "pt_schedule_frequency"
  WHERE id = ?;

-- lookup.uses_process_frequency_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_process" AS x
  WHERE x.frequency_id = ?
  ORDER BY x.name
  LIMIT 3;

-- status.location_type
SELECT id
  FROM "pt_location_type"
  WHERE name = ?;

-- lookup.read_location_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_location_type" AS l
  WHERE l.name = ? ;

-- lookup.rename_location_type
UPDATE "pt_location_type"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.list_location_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_location_type" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- lookup.delete_location_type
DELETE
  FROM "pt_location_type"
  WHERE id = ?;

-- lookup.uses_location_type_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_location" AS x
  WHERE x.type_id = ?
  ORDER BY x.name
  LIMIT 3;

-- status.file_type
SELECT id
  FROM "pt_file_type"
  WHERE name = ?;

-- lookup.read_file_type
SELECT l.id, l.name, l.preloaded, l.delimiter_char, l.quote_char, l.escape_char, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_file_type" AS l
  WHERE l.name = ? ;

-- lookup.rename_file_type
UPDATE "pt_file_type"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.list_file_type
SELECT l.id, l.name, l.preloaded, l.delimiter_char, l.quote_char, l.escape_char, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_file_type" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- lookup.delete_file_type
DELETE
  FROM "pt_file_type"
  WHERE id = ?;

-- lookup.uses_extract_file_type_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_extract" AS x
  WHERE x.file_type_id = ?
  ORDER BY x.name
  LIMIT 3;

-- status.compression_type
SELECT id
  FROM "pt_compression_type"
  WHERE name = ?;

-- lookup.read_compression_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_compression_type" AS l
  WHERE l.name = ? ;

-- lookup.rename_compression_type
UPDATE "pt_compression_type"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.list_compression_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_compression_type" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- lookup.delete_compression_type
DELETE
  FROM "pt_compression_type"
  WHERE id = ?;

-- lookup.uses_extract_compression_type_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_extract" AS x
  WHERE x.compression_type_id = ?
  ORDER BY x.name
  LIMIT 3;

-- status.source_type
SELECT id
  FROM "pt_source_type"
  WHERE name = ?;

-- lookup.read_source_type
SELECT l.id, l.name, l.preloaded, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_source_type" AS l
  WHERE l.name = ? ;

-- lookup.rename_source_type
UPDATE "pt_source_type"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.list_source_type
SELECT l.id, l.name, l.preloaded, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_source_type" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- lookup.delete_source_type
DELETE
  FROM "pt_source_type"
  WHERE id = ?;

-- lookup.uses_data_system_type_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_data_system" AS x
  WHERE x.type_id = ?
  ORDER BY x.name
  LIMIT 3;

-- status.tool
SELECT id
  FROM "pt_tool"
  WHERE name = ?;

-- lookup.read_tool
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_tool" AS l
  WHERE l.name = ? ;

-- lookup.rename_tool
UPDATE "pt_tool"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.list_tool
SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_tool" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- lookup.delete_tool
DELETE
  FROM "pt_tool"
  WHERE id = ?;

-- lookup.uses_process_tool_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_process" AS x
  WHERE x.tool_id = ?
  ORDER BY x.name
  LIMIT 3;

-- status.dataset_type
SELECT id
  FROM "pt_dataset_type"
  WHERE name = ?;

-- lookup.read_dataset_type
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_dataset_type" AS l
  WHERE l.name = ? ;

-- lookup.rename_dataset_type
UPDATE "pt_dataset_type"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.list_dataset_type
SELECT l.id, l.name, l.created_at, creator.name AS creator_name, l.changed_at, changer.name AS changer_name
  FROM "pt_dataset_type" AS l
  LEFT JOIN "pt_actor" AS creator ON creator.id = l.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = l.changed_by
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- lookup.delete_dataset_type
DELETE
  FROM "pt_dataset_type"
  WHERE id = ?;

-- lookup.uses_process_dataset_type_dataset_type_id
SELECT count(*) OVER (), p.name, 0
  FROM "pt_process_dataset_type" AS x
  JOIN "pt_process" AS p ON p.id = x.process_id
  WHERE x.dataset_type_id = ?
  ORDER BY p.name
  LIMIT 3;

-- status.actor
SELECT id
  FROM "pt_actor"
  WHERE name = ?;

-- lookup.read_actor
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_actor" AS l
  WHERE l.name = ? ;

-- lookup.rename_actor
UPDATE "pt_actor"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = ?
  WHERE id = ?;

-- lookup.delete_actor
DELETE
  FROM "pt_actor"
  WHERE id = ?;

-- lookup.uses_run_actor_id
SELECT count(*) OVER (), p.name, x.run_no
  FROM "pt_run" AS x
  JOIN "pt_process" AS p ON p.id = x.process_id
  WHERE x.actor_id = ?
  ORDER BY p.name, x.run_no
  LIMIT 3;

-- lookup.uses_process_created_by
SELECT count(*) OVER (), x.name, 0
  FROM "pt_process" AS x
  WHERE x.created_by = ?
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_process_changed_by
SELECT count(*) OVER (), x.name, 0
  FROM "pt_process" AS x
  WHERE x.changed_by = ?
  ORDER BY x.name
  LIMIT 3;

-- status.cluster
SELECT id
  FROM "pt_cluster"
  WHERE name = ?;

-- lookup.read_cluster
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_cluster" AS l
  WHERE l.name = ? ;

-- lookup.rename_cluster
UPDATE "pt_cluster"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.delete_cluster
DELETE
  FROM "pt_cluster"
  WHERE id = ?;

-- lookup.uses_process_cluster_cluster_id
SELECT count(*) OVER (), p.name, 0
  FROM "pt_process_cluster" AS x
  JOIN "pt_process" AS p ON p.id = x.process_id
  WHERE x.cluster_id = ?
  ORDER BY p.name
  LIMIT 3;

-- status.data_system
SELECT id
  FROM "pt_data_system"
  WHERE name = ?;

-- lookup.read_data_system
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_data_system" AS l
  WHERE l.name = ? ;

-- lookup.rename_data_system
UPDATE "pt_data_system"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.delete_data_system
DELETE
  FROM "pt_data_system"
  WHERE id = ?;

-- lookup.uses_data_object_system_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_data_object" AS x
  WHERE x.system_id = ?
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_process_system_system_id
SELECT count(*) OVER (), p.name, 0
  FROM "pt_process_system" AS x
  JOIN "pt_process" AS p ON p.id = x.process_id
  WHERE x.system_id = ?
  ORDER BY p.name
  LIMIT 3;

-- lookup.uses_system_contact_system_id
SELECT count(*) OVER (), c.name, 0
  FROM "pt_system_contact" AS x
  JOIN "pt_contact" AS c ON c.id = x.contact_id
  WHERE x.system_id = ?
  ORDER BY c.name
  LIMIT 3;

-- lookup.uses_extract_system_system_id
SELECT count(*) OVER (), e.name, 0
  FROM "pt_extract_system" AS x
  JOIN "pt_extract" AS e ON e.id = x.extract_id
  WHERE x.system_id = ?
  ORDER BY e.name
  LIMIT 3;

-- lookup.uses_location_system_system_id
SELECT count(*) OVER (), l.name, 0
  FROM "pt_location_system" AS x
  JOIN "pt_location" AS l ON l.id = x.location_id
  WHERE x.system_id = ?
  ORDER BY l.name
  LIMIT 3;

-- status.location
SELECT id
  FROM "pt_location"
  WHERE name = ?;

-- lookup.read_location
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_location" AS l
  WHERE l.name = ? ;

-- lookup.rename_location
UPDATE "pt_location"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

-- lookup.delete_location
DELETE
  FROM "pt_location"
  WHERE id = ?;

-- lookup.uses_extract_location_id
SELECT count(*) OVER (), x.name, 0
  FROM "pt_extract" AS x
  WHERE x.location_id = ?
  ORDER BY x.name
  LIMIT 3;

-- lookup.uses_location_system_location_id
SELECT count(*) OVER (), sy.name, 0
  FROM "pt_location_system" AS x
  JOIN "pt_data_system" AS sy ON sy.id = x.system_id
  WHERE x.location_id = ?
  ORDER BY sy.name
  LIMIT 3;

-- status.process
SELECT id
  FROM "pt_process"
  WHERE name = ?;

-- lookup.read_process
SELECT l.id, l.name, l.created_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.created_by), l.changed_at, (SELECT n.name
  FROM "pt_actor" AS n
  WHERE n.id = l.changed_by)
  FROM "pt_process" AS l
  WHERE l.name = ? ;

-- lookup.rename_process
UPDATE "pt_process"
  SET name = ?, changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), changed_by = coalesce((SELECT id
  FROM "pt_actor"
  WHERE name = ?), 0)
  WHERE id = ?;

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
  SELECT r.path, r.path_key, r.name, coalesce(t.id, 0), coalesce(a.id, 0), coalesce(a.id, 0)
  FROM (SELECT value ->> '$.path' AS path, value ->> '$.path_key' AS path_key, value ->> '$.name' AS name, value ->> '$.type' AS type
  FROM json_each(?)) AS r
  LEFT JOIN "pt_location_type" AS t ON t.name = r.type
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
SELECT run.token_digest, run.status_id, (SELECT n.name
  FROM "pt_run_status" AS n
  WHERE n.id = run.status_id), run.ended_at
  FROM "pt_run" AS run
  WHERE run.id = ? ;

-- extract.insert
INSERT INTO "pt_extract" (location_id,name,name_key,status_id,file_type_id,compression_type_id,size_bytes,checksum,registered_by,process_id,registered_at,status_changed_at,claimed_by,claim_return_id,listed_at)
  SELECT r.id, r.name, r.name_key, s.id, r.file_type_id, r.compression_type_id, r.size_bytes, r.checksum, run.id, run.process_id, strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now'), CASE WHEN s.id = 3 THEN run.id END, CASE WHEN s.id = 3 THEN 2 END, ?
  FROM (SELECT value ->> '$.n' AS n, value ->> '$.id' AS id, value ->> '$.name' AS name, value ->> '$.name_key' AS name_key, value ->> '$.status' AS status, value ->> '$.file_type_id' AS file_type_id, value ->> '$.compression_type_id' AS compression_type_id, value ->> '$.size_bytes' AS size_bytes, value ->> '$.checksum' AS checksum
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract_status" AS s ON s.id = r.status
  JOIN "pt_run" AS run ON run.id = ?
  WHERE EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_extract" AS x
  WHERE x.location_id = r.id AND x.name_key = r.name_key)
  ORDER BY r.n
  ON CONFLICT DO NOTHING;

-- extract.link
INSERT INTO "pt_run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  WHERE EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id)
  ORDER BY e.id
  ON CONFLICT DO NOTHING;

-- extract.first_history
INSERT INTO "pt_status_history" (process_id,run_id,extract_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, s.name, run.actor_id, e.registered_at
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key, value ->> '$.n' AS n
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  JOIN "pt_extract_status" AS s ON s.id = e.status_id
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_status_history" AS x
  WHERE x.extract_id = e.id)
  ORDER BY r.n
  ON CONFLICT DO NOTHING;

-- run.sources
SELECT CASE WHEN EXISTS (SELECT 1
  FROM "pt_process_system" AS ps
  WHERE ps.process_id = ? AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM "pt_process_object" AS ps
  WHERE ps.process_id = ? AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM "pt_process_attribute" AS ps
  WHERE ps.process_id = ? AND ps.role = 'source') THEN 1 ELSE 0 END
  FROM "pt_run" AS run
  WHERE run.id = ?;

-- extract.link_systems
INSERT INTO "pt_extract_system" (extract_id,system_id)
  SELECT DISTINCT e.id, ps.system_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_extract_system" AS x
  WHERE x.extract_id = e.id AND x.system_id = ps.system_id)
  ORDER BY e.id, ps.system_id
  ON CONFLICT DO NOTHING;

-- extract.link_objects
INSERT INTO "pt_extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, po.object_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = po.object_id)
  ORDER BY e.id, po.object_id
  ON CONFLICT DO NOTHING;

-- extract.link_objects_of_attributes
INSERT INTO "pt_extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, at.object_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  CROSS JOIN "pt_data_attribute" AS at ON at.id = pa.attribute_id
  WHERE EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = at.object_id)
  ORDER BY e.id, at.object_id
  ON CONFLICT DO NOTHING;

-- location.link_systems
INSERT INTO "pt_location_system" (location_id,system_id)
  SELECT DISTINCT e.location_id, ps.system_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_location_system" AS x
  WHERE x.location_id = e.location_id AND x.system_id = ps.system_id)
  ORDER BY e.location_id, ps.system_id
  ON CONFLICT DO NOTHING;

-- location.link_objects
INSERT INTO "pt_location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, po.object_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_location_object" AS x
  WHERE x.location_id = e.location_id AND x.object_id = po.object_id)
  ORDER BY e.location_id, po.object_id
  ON CONFLICT DO NOTHING;

-- location.link_objects_of_attributes
INSERT INTO "pt_location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, at.object_id
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  CROSS JOIN "pt_data_attribute" AS at ON at.id = pa.attribute_id
  WHERE EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
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
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = ? AND run.ended_at IS NULL AND run.id = ? AND run.token_digest = ?));

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
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = ? AND run.ended_at IS NULL AND run.id = ? AND run.token_digest = ?)
  ORDER BY e.id;

-- unclaim.give_back
UPDATE "pt_extract"
  SET status_id = claim_return_id, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), claimed_by = ?, claim_return_id = ?
  WHERE claimed_by = ? AND status_id = ? AND EXISTS (SELECT 1
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id AND p.latest_token_digest = run.token_digest
  WHERE p.active = ? AND run.ended_at IS NULL AND run.id = ? AND run.token_digest = ?);

-- claim.select
SELECT e.id
  FROM "pt_extract" AS e
  WHERE e.status_id = 2 AND coalesce((SELECT 1
  FROM "pt_extract_dependency" AS ed
  CROSS JOIN "pt_extract" AS parent ON parent.id = ed.parent_id
  WHERE ed.child_id = e.id AND parent.status_id NOT IN (?,?)
  ORDER BY ed.child_id, ed.parent_id
  LIMIT 1), 0) <> 1
  ORDER BY e.registered_at, e.id
  LIMIT ?;

-- claim.select
SELECT e.id
  FROM "pt_extract" AS e
  WHERE e.status_id = 2 AND e.location_id = (SELECT id
  FROM "pt_location"
  WHERE path_key = ?) AND e.location_id = (SELECT id
  FROM "pt_location"
  WHERE name = ?) AND e.location_id > 0 AND e.process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND instr(e.name, ?) > 0 AND e.name GLOB ? AND coalesce((SELECT 1
  FROM "pt_extract_dependency" AS ed
  CROSS JOIN "pt_extract" AS parent ON parent.id = ed.parent_id
  WHERE ed.child_id = e.id AND parent.status_id NOT IN (?,?)
  ORDER BY ed.child_id, ed.parent_id
  LIMIT 1), 0) <> 1
  ORDER BY e.registered_at, e.id
  LIMIT ?;

-- claim.time
SELECT strftime('%Y-%m-%d %H:%M:%f000', 'now');

-- claim.take
UPDATE "pt_extract"
  SET status_id = ?, status_changed_at = ?, claimed_by = ?, claim_return_id = ?
  WHERE status_id + 0 = ? AND id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- claim.touch_run
UPDATE "pt_run"
  SET memory = memory
  WHERE id = ? AND token_digest = ?;

-- claim.history
INSERT INTO "pt_status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, e.status_changed_at
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_extract_status" AS old ON old.id = ?
  JOIN "pt_extract_status" AS new ON new.id = e.status_id
  WHERE EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND e.claimed_by = ? AND e.status_id = ?
  ORDER BY e.id;

-- claim.read
SELECT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  WHERE e.claimed_by = ? AND e.status_id = ?
  ORDER BY e.registered_at, e.id;

-- extract.add_parents
INSERT INTO "pt_extract_dependency" (child_id,parent_id)
  SELECT child.id, parent.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS parent ON parent.id = r.id
  JOIN "pt_extract" AS child ON child.id = ?
  WHERE NOT EXISTS (SELECT 1
  FROM "pt_extract_dependency" AS x
  WHERE x.child_id = child.id AND x.parent_id = parent.id)
  ON CONFLICT DO NOTHING;

-- extract.count_parents
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract_dependency" AS ed ON ed.parent_id = r.id AND ed.child_id = ?;

-- extract.parents_outside
SELECT DISTINCT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract_dependency" AS ed ON ed.child_id = r.id
  CROSS JOIN "pt_extract" AS e ON e.id = ed.parent_id
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  WHERE e.status_id NOT IN (?,?) AND e.id NOT IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  WHERE r.id IS NOT NULL)
  ORDER BY e.registered_at, e.id;

-- extract.registered
SELECT r.n, e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM (SELECT value ->> '$.n' AS n, value ->> '$.id' AS id, value ->> '$.name_key' AS name_key
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.location_id = r.id AND e.name_key = r.name_key
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  ORDER BY r.n;

-- extract.lock
SELECT e.id, e.status_id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  ORDER BY e.id ;

-- extract.move_history
INSERT INTO "pt_status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_extract_status" AS old ON old.id = e.status_id
  JOIN "pt_extract_status" AS new ON new.id = ?
  WHERE EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND old.id <> new.id
  ORDER BY e.id;

-- extract.move
UPDATE "pt_extract"
  SET status_id = ?, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), claimed_by = ?, claim_return_id = ?
  WHERE status_id <> ? AND EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- extract.load
UPDATE "pt_extract"
  SET claim_return_id = status_id, claimed_by = ?, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), status_id = ?
  WHERE status_id <> ? AND id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- extract.take_over
UPDATE "pt_extract"
  SET claim_return_id = coalesce(claim_return_id, 2), claimed_by = ?
  WHERE status_id + 0 = ? AND NOT EXISTS (SELECT 1
  FROM "pt_run" AS holder
  WHERE holder.id = claimed_by AND holder.ended_at IS NULL) AND id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- release.lock
SELECT e.id, coalesce(e.claimed_by, 0)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  WHERE e.status_id = ? AND NOT EXISTS (SELECT 1
  FROM "pt_run" AS holder
  WHERE holder.id = e.claimed_by AND holder.ended_at IS NULL)
  ORDER BY e.id ;

-- release.history
INSERT INTO "pt_status_history" (run_id,extract_id,from_status,to_status,actor_id,process_id,reason,changed_at)
  SELECT e.claimed_by, e.id, old.name, new.name, a.id, coalesce((SELECT holder.process_id
  FROM "pt_run" AS holder
  WHERE holder.id = e.claimed_by), e.process_id), ?, strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  JOIN "pt_extract_status" AS old ON old.id = e.status_id
  JOIN "pt_extract_status" AS new ON new.id = coalesce(nullif(?, 0), e.claim_return_id, 2)
  JOIN "pt_actor" AS a ON a.id = ?
  ORDER BY e.id;

-- release.links
UPDATE "pt_run_extract"
  SET status_id = (SELECT coalesce(nullif(?, 0), e.claim_return_id, 2)
  FROM "pt_extract" AS e
  WHERE e.id = extract_id), status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')
  WHERE run_id = ? AND extract_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- release.extracts
UPDATE "pt_extract"
  SET status_id = coalesce(nullif(?, 0), claim_return_id, 2), status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), claimed_by = ?, claim_return_id = ?
  WHERE id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- release.read
SELECT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  ORDER BY e.registered_at, e.id;

-- extract.link_moved
INSERT INTO "pt_run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  JOIN "pt_run" AS run ON run.id = ?
  WHERE EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id)
  ORDER BY e.id
  ON CONFLICT DO NOTHING;

-- extract.move_links
UPDATE "pt_run_extract"
  SET status_id = ?, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')
  WHERE status_id <> ? AND EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND run_id = ? AND extract_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- extract.insert_one
INSERT INTO "pt_extract" (location_id,name,name_key,status_id,file_type_id,compression_type_id,size_bytes,checksum,registered_by,process_id,registered_at,status_changed_at,claimed_by,claim_return_id)
  SELECT l.id, ?, ?, s.id, ?, ?, ?, ?, run.id, run.process_id, strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now'), CASE WHEN s.id = 3 THEN run.id END, CASE WHEN s.id = 3 THEN 2 END
  FROM "pt_run" AS run
  JOIN "pt_location" AS l ON l.path_key = ?
  JOIN "pt_extract_status" AS s ON s.id = ?
  WHERE run.id = ? AND run.ended_at IS NULL AND run.token_digest = ? AND NOT EXISTS (SELECT 1
  FROM "pt_extract" AS x
  WHERE x.location_id = l.id AND x.name_key = ?)
  ON CONFLICT DO NOTHING;

-- extract.link_one
INSERT INTO "pt_run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM "pt_location" AS l
  JOIN "pt_extract" AS e ON e.location_id = l.id
  JOIN "pt_run" AS run ON run.id = ?
  WHERE e.name_key = ? AND l.path_key = ? AND run.ended_at IS NULL AND run.token_digest = ? AND NOT EXISTS (SELECT 1
  FROM "pt_run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id)
  ON CONFLICT DO NOTHING;

-- extract.first_history_one
INSERT INTO "pt_status_history" (process_id,run_id,extract_id,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, s.name, run.actor_id, e.registered_at
  FROM "pt_location" AS l
  JOIN "pt_extract" AS e ON e.location_id = l.id
  JOIN "pt_run" AS run ON run.id = e.registered_by
  JOIN "pt_extract_status" AS s ON s.id = e.status_id
  WHERE e.name_key = ? AND l.path_key = ? AND NOT EXISTS (SELECT 1
  FROM "pt_status_history" AS x
  WHERE x.extract_id = e.id)
  ON CONFLICT DO NOTHING;

-- extract.registered_one
SELECT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at, CASE WHEN own.run_id IS NULL THEN 0 ELSE 1 END, CASE WHEN EXISTS (SELECT 1
  FROM "pt_process_system" AS ps
  WHERE ps.process_id = ? AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM "pt_process_object" AS ps
  WHERE ps.process_id = ? AND ps.role = 'source') OR EXISTS (SELECT 1
  FROM "pt_process_attribute" AS ps
  WHERE ps.process_id = ? AND ps.role = 'source') THEN 1 ELSE 0 END
  FROM "pt_location" AS l
  JOIN "pt_extract" AS e ON e.location_id = l.id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  LEFT JOIN "pt_run_extract" AS own ON own.run_id = ? AND own.extract_id = e.id
  WHERE e.name_key = ? AND l.path_key = ?;

-- extract.lock
SELECT e.id, e.status_id
  FROM "pt_extract" AS e
  WHERE e.id = ? ;

-- extract.move_history
INSERT INTO "pt_status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM "pt_extract" AS e
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_extract_status" AS old ON old.id = e.status_id
  JOIN "pt_extract_status" AS new ON new.id = ?
  WHERE e.id = ? AND run.ended_at IS NULL AND run.token_digest = ? AND old.id <> new.id;

-- extract.move
UPDATE "pt_extract"
  SET status_id = ?, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), claimed_by = ?, claim_return_id = ?
  WHERE status_id <> ? AND EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND id = ?;

-- extract.load
UPDATE "pt_extract"
  SET claim_return_id = status_id, claimed_by = ?, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), status_id = ?
  WHERE status_id <> ? AND id = ?;

-- extract.take_over
UPDATE "pt_extract"
  SET claim_return_id = coalesce(claim_return_id, 2), claimed_by = ?
  WHERE status_id + 0 = ? AND NOT EXISTS (SELECT 1
  FROM "pt_run" AS holder
  WHERE holder.id = claimed_by AND holder.ended_at IS NULL) AND id = ?;

-- extract.link_moved
INSERT INTO "pt_run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, e.status_id, strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM "pt_extract" AS e
  JOIN "pt_run" AS run ON run.id = ?
  WHERE e.id = ? AND run.ended_at IS NULL AND run.token_digest = ? AND NOT EXISTS (SELECT 1
  FROM "pt_run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id)
  ON CONFLICT DO NOTHING;

-- extract.move_links
UPDATE "pt_run_extract"
  SET status_id = ?, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')
  WHERE status_id <> ? AND EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND run_id = ? AND extract_id = ?;

-- extract.parents_outside
SELECT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "pt_extract_dependency" AS ed
  CROSS JOIN "pt_extract" AS e ON e.id = ed.parent_id
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  WHERE ed.child_id = ? AND e.status_id NOT IN (?,?)
  ORDER BY e.registered_at, e.id;

-- claim.take
UPDATE "pt_extract"
  SET status_id = ?, status_changed_at = ?, claimed_by = ?, claim_return_id = ?
  WHERE status_id + 0 = ? AND id = ?;

-- claim.history
INSERT INTO "pt_status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, e.status_changed_at
  FROM "pt_extract" AS e
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_extract_status" AS old ON old.id = ?
  JOIN "pt_extract_status" AS new ON new.id = e.status_id
  WHERE e.id = ? AND run.ended_at IS NULL AND run.token_digest = ? AND e.claimed_by = ? AND e.status_id = ?;

-- claim.read
SELECT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "pt_extract" AS e
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  WHERE e.id = ? AND e.claimed_by = ? AND e.status_id = ?;

-- extract.link_systems_one
INSERT INTO "pt_extract_system" (extract_id,system_id)
  SELECT DISTINCT e.id, ps.system_id
  FROM "pt_location" AS l
  JOIN "pt_extract" AS e ON e.location_id = l.id
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE e.name_key = ? AND l.path_key = ? AND EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_extract_system" AS x
  WHERE x.extract_id = e.id AND x.system_id = ps.system_id)
  ORDER BY e.id, ps.system_id
  ON CONFLICT DO NOTHING;

-- extract.link_objects_one
INSERT INTO "pt_extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, po.object_id
  FROM "pt_location" AS l
  JOIN "pt_extract" AS e ON e.location_id = l.id
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE e.name_key = ? AND l.path_key = ? AND EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = po.object_id)
  ORDER BY e.id, po.object_id
  ON CONFLICT DO NOTHING;

-- extract.link_objects_of_attributes_one
INSERT INTO "pt_extract_object" (extract_id,object_id)
  SELECT DISTINCT e.id, at.object_id
  FROM "pt_location" AS l
  JOIN "pt_extract" AS e ON e.location_id = l.id
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  CROSS JOIN "pt_data_attribute" AS at ON at.id = pa.attribute_id
  WHERE e.name_key = ? AND l.path_key = ? AND EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_extract_object" AS x
  WHERE x.extract_id = e.id AND x.object_id = at.object_id)
  ORDER BY e.id, at.object_id
  ON CONFLICT DO NOTHING;

-- location.link_systems_one
INSERT INTO "pt_location_system" (location_id,system_id)
  SELECT DISTINCT e.location_id, ps.system_id
  FROM "pt_location" AS l
  JOIN "pt_extract" AS e ON e.location_id = l.id
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_system" AS ps ON ps.process_id = run.process_id AND ps.role = 'source'
  WHERE e.name_key = ? AND l.path_key = ? AND EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_location_system" AS x
  WHERE x.location_id = e.location_id AND x.system_id = ps.system_id)
  ORDER BY e.location_id, ps.system_id
  ON CONFLICT DO NOTHING;

-- location.link_objects_one
INSERT INTO "pt_location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, po.object_id
  FROM "pt_location" AS l
  JOIN "pt_extract" AS e ON e.location_id = l.id
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_object" AS po ON po.process_id = run.process_id AND po.role = 'source'
  WHERE e.name_key = ? AND l.path_key = ? AND EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_location_object" AS x
  WHERE x.location_id = e.location_id AND x.object_id = po.object_id)
  ORDER BY e.location_id, po.object_id
  ON CONFLICT DO NOTHING;

-- location.link_objects_of_attributes_one
INSERT INTO "pt_location_object" (location_id,object_id)
  SELECT DISTINCT e.location_id, at.object_id
  FROM "pt_location" AS l
  JOIN "pt_extract" AS e ON e.location_id = l.id
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_process_attribute" AS pa ON pa.process_id = run.process_id AND pa.role = 'source'
  CROSS JOIN "pt_data_attribute" AS at ON at.id = pa.attribute_id
  WHERE e.name_key = ? AND l.path_key = ? AND EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?) AND NOT EXISTS (SELECT 1
  FROM "pt_location_object" AS x
  WHERE x.location_id = e.location_id AND x.object_id = at.object_id)
  ORDER BY e.location_id, at.object_id
  ON CONFLICT DO NOTHING;

-- extract.reserve
UPDATE "pt_extract"
  SET claimed_by = ?
  WHERE id = ? AND status_id <> ? AND NOT EXISTS (SELECT 1
  FROM (SELECT DISTINCT ed.parent_id
  FROM "pt_extract_dependency" AS ed
  CROSS JOIN "pt_extract" AS parent ON parent.id = ed.parent_id
  WHERE ed.child_id = ? AND parent.status_id NOT IN (?,?)) AS w) AND EXISTS (SELECT 1
  FROM "pt_run" AS own
  WHERE own.ended_at IS NULL AND own.id = ? AND own.token_digest = ?);

-- extract.reserved_history
INSERT INTO "pt_status_history" (process_id,run_id,extract_id,from_status,to_status,actor_id,changed_at)
  SELECT run.process_id, run.id, e.id, old.name, new.name, run.actor_id, strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM "pt_extract" AS e
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_extract_status" AS old ON old.id = e.status_id
  JOIN "pt_extract_status" AS new ON new.id = ?
  WHERE e.id = ? AND run.ended_at IS NULL AND run.token_digest = ? AND (e.claimed_by = ? AND e.status_id <> ?);

-- extract.link_reserved
INSERT INTO "pt_run_extract" (run_id,extract_id,status_id,linked_at,status_changed_at)
  SELECT run.id, e.id, s.id, strftime('%Y-%m-%d %H:%M:%f000', 'now'), strftime('%Y-%m-%d %H:%M:%f000', 'now')
  FROM "pt_extract" AS e
  JOIN "pt_run" AS run ON run.id = ?
  JOIN "pt_extract_status" AS s ON s.id = ?
  WHERE e.id = ? AND run.ended_at IS NULL AND run.token_digest = ? AND (e.claimed_by = ? AND e.status_id <> ?) AND NOT EXISTS (SELECT 1
  FROM "pt_run_extract" AS x
  WHERE x.run_id = run.id AND x.extract_id = e.id)
  ON CONFLICT DO NOTHING;

-- extract.move_reserved_link
UPDATE "pt_run_extract"
  SET status_id = ?, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')
  WHERE extract_id = ? AND run_id = ? AND status_id <> ? AND EXISTS (SELECT 1
  FROM "pt_extract" AS e
  WHERE e.id = ? AND (e.claimed_by = ? AND e.status_id <> ?));

-- extract.load_reserved
UPDATE "pt_extract"
  SET claim_return_id = status_id, status_changed_at = strftime('%Y-%m-%d %H:%M:%f000', 'now'), status_id = ?
  WHERE id = ? AND (claimed_by = ? AND status_id <> ?);

-- file.file_type
SELECT t.id, t.name
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  CROSS JOIN "pt_file_type" AS t ON t.name = r.name;

-- file.compression_type
SELECT t.id, t.name
  FROM (SELECT value ->> '$.name' AS name
  FROM json_each(?)) AS r
  CROSS JOIN "pt_compression_type" AS t ON t.name = r.name;

-- file.fill
UPDATE "pt_extract" AS x
  SET file_type_id = coalesce(x.file_type_id, r.file_type_id), compression_type_id = coalesce(x.compression_type_id, r.compression_type_id), size_bytes = coalesce(x.size_bytes, r.size_bytes), checksum = coalesce(x.checksum, r.checksum)
  FROM (SELECT value ->> '$.file_type_id' AS file_type_id, value ->> '$.compression_type_id' AS compression_type_id, value ->> '$.size_bytes' AS size_bytes, value ->> '$.checksum' AS checksum, value ->> '$.id' AS id
  FROM json_each(?)) AS r
  WHERE x.id = r.id;

-- file.of_extracts
SELECT e.id, ft.name, ct.name, e.size_bytes, e.checksum
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  LEFT JOIN "pt_file_type" AS ft ON ft.id = e.file_type_id
  LEFT JOIN "pt_compression_type" AS ct ON ct.id = e.compression_type_id;

-- file.set
UPDATE "pt_extract" AS x
  SET file_type_id = r.file_type_id, compression_type_id = r.compression_type_id, size_bytes = r.size_bytes, checksum = r.checksum
  FROM (SELECT value ->> '$.file_type_id' AS file_type_id, value ->> '$.compression_type_id' AS compression_type_id, value ->> '$.size_bytes' AS size_bytes, value ->> '$.checksum' AS checksum, value ->> '$.id' AS id
  FROM json_each(?)) AS r
  WHERE x.id = r.id;

-- extract.measure
UPDATE "pt_extract" AS x
  SET write_count = coalesce(r.write_count, x.write_count), write_low_at = CASE WHEN x.write_low_at <= r.write_low_at THEN x.write_low_at ELSE coalesce(r.write_low_at, x.write_low_at) END, write_high_at = CASE WHEN x.write_high_at >= r.write_high_at THEN x.write_high_at ELSE coalesce(r.write_high_at, x.write_high_at) END, load_count = coalesce(r.load_count, x.load_count), load_low_at = CASE WHEN x.load_low_at <= r.load_low_at THEN x.load_low_at ELSE coalesce(r.load_low_at, x.load_low_at) END, load_high_at = CASE WHEN x.load_high_at >= r.load_high_at THEN x.load_high_at ELSE coalesce(r.load_high_at, x.load_high_at) END
  FROM (SELECT value ->> '$.id' AS id, value ->> '$.write_count' AS write_count, value ->> '$.write_low_at' AS write_low_at, value ->> '$.write_high_at' AS write_high_at, value ->> '$.load_count' AS load_count, value ->> '$.load_low_at' AS load_low_at, value ->> '$.load_high_at' AS load_high_at
  FROM json_each(?)) AS r
  WHERE x.id = r.id;

-- listing.begin
SELECT strftime('%Y-%m-%d %H:%M:%f000', 'now');

-- listing.mark
UPDATE "pt_extract"
  SET listed_at = ?
  WHERE (listed_at IS NULL OR listed_at < ?) AND id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- listing.gone
SELECT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "pt_extract" AS e
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  WHERE e.location_id = ? AND e.name_key > ? AND e.status_id NOT IN (?,?) AND e.status_changed_at < ? AND (e.listed_at < ? OR (e.listed_at IS NULL AND e.status_id <> ?))
  ORDER BY e.name_key
  LIMIT ?;

-- listing.lock_gone
SELECT e.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  WHERE e.status_id NOT IN (?,?) AND e.status_changed_at < ? AND (e.listed_at < ? OR (e.listed_at IS NULL AND e.status_id <> ?))
  ORDER BY e.id ;

-- listing.moved
SELECT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  ORDER BY e.name_key;

-- listing.end
UPDATE "pt_location"
  SET file_count = ?, listed_at = ?
  WHERE id = ? AND (listed_at IS NULL OR listed_at <= ?);

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now')) THEN 1 ELSE 0 END
  FROM "pt_run" AS run
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  CROSS JOIN "pt_run_status" AS s ON s.id = run.status_id
  CROSS JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  ORDER BY run.id DESC
  LIMIT ?;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now')) THEN 1 ELSE 0 END
  FROM "pt_run" AS run
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  CROSS JOIN "pt_run_status" AS s ON s.id = run.status_id
  CROSS JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  WHERE run.id = ? AND run.status_id = 2 AND run.ended_at IS NULL AND run.id < ?
  ORDER BY run.ended_at DESC, run.id DESC
  LIMIT ?;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now')) THEN 1 ELSE 0 END
  FROM "pt_run" AS run
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  CROSS JOIN "pt_run_status" AS s ON s.id = run.status_id
  CROSS JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  WHERE run.started_at >= ? AND run.started_at < ? AND run.id > ?
  ORDER BY run.id
  LIMIT ?;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now')) THEN 1 ELSE 0 END
  FROM "pt_run" AS run
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  CROSS JOIN "pt_run_status" AS s ON s.id = run.status_id
  CROSS JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  WHERE run.process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?)
  ORDER BY run.run_no DESC
  LIMIT ?;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now')) THEN 1 ELSE 0 END
  FROM "pt_run" AS run
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  CROSS JOIN "pt_run_status" AS s ON s.id = run.status_id
  CROSS JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  WHERE run.id = ? AND run.status_id = 2 AND run.ended_at IS NULL AND run.process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND run.run_no = (SELECT latest_run_no
  FROM "pt_process"
  WHERE name = ?) AND run.run_no < ?
  ORDER BY run.run_no DESC
  LIMIT ?;

-- runs.list
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN (SELECT lease.expires_at
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id) END, CASE WHEN run.ended_at IS NULL AND EXISTS (SELECT 1
  FROM "pt_run_lease" AS lease
  WHERE lease.run_id = run.id AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now')) THEN 1 ELSE 0 END
  FROM "pt_run" AS run
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  CROSS JOIN "pt_run_status" AS s ON s.id = run.status_id
  CROSS JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  WHERE run.started_at >= ? AND run.process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND run.run_no > ?
  ORDER BY run.run_no
  LIMIT ?;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM "pt_run_error" AS e
  CROSS JOIN "pt_run" AS run ON run.id = e.run_id
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  CROSS JOIN "pt_error_type" AS t ON t.id = e.error_type_id
  ORDER BY e.id DESC
  LIMIT ?;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM "pt_run_error" AS e
  CROSS JOIN "pt_run" AS run ON run.id = e.run_id
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  CROSS JOIN "pt_error_type" AS t ON t.id = e.error_type_id
  WHERE e.run_id = ? AND e.process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND e.id < ?
  ORDER BY e.id DESC
  LIMIT ?;

-- errors.list
SELECT e.id, run.id, p.name, run.run_no, t.name, e.description, e.recorded_at
  FROM "pt_run_error" AS e
  CROSS JOIN "pt_run" AS run ON run.id = e.run_id
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  CROSS JOIN "pt_error_type" AS t ON t.id = e.error_type_id
  WHERE e.process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND e.recorded_at >= ? AND e.recorded_at < ? AND e.id > ?
  ORDER BY e.id
  LIMIT ?;

-- runs.soft_dependencies
SELECT p.name, 'soft', dep.fresh, d.parent_run_no, s.name, r.started_at, a.name, 0
  FROM "pt_run_soft_dependency" AS d
  JOIN "pt_process" AS p ON p.id = d.parent_id
  JOIN "pt_run" AS own ON own.id = d.run_id
  LEFT JOIN "pt_process_dependency" AS dep ON dep.child_id = own.process_id AND dep.parent_id = d.parent_id
  LEFT JOIN "pt_run_status" AS s ON s.id = d.parent_status_id
  LEFT JOIN "pt_run" AS r ON r.process_id = d.parent_id AND r.run_no = d.parent_run_no
  LEFT JOIN "pt_actor" AS a ON a.id = r.actor_id
  WHERE d.run_id = ?
  ORDER BY p.name;

-- run.resume
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, run.token_digest, lease.length_ms
  FROM "pt_run" AS run
  JOIN "pt_process" AS p ON p.id = run.process_id
  JOIN "pt_run_status" AS s ON s.id = run.status_id
  JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  WHERE run.id = ?;

-- process.definition
SELECT 'process' AS what, coalesce(t.name, '') AS a, coalesce(o.name, '') AS b, coalesce(f.name, '') AS c, '' AS op, '' AS value
  FROM "pt_process" AS p
  LEFT JOIN "pt_process_type" AS t ON t.id = p.type_id
  LEFT JOIN "pt_tool" AS o ON o.id = p.tool_id
  LEFT JOIN "pt_schedule_frequency" AS f ON f.id = p.frequency_id
  WHERE p.name = ?
  UNION ALL
  SELECT 'dataset type', t.name, '', '', '', ''
  FROM "pt_process" AS p
  JOIN "pt_process_dataset_type" AS l ON l.process_id = p.id
  JOIN "pt_dataset_type" AS t ON t.id = l.dataset_type_id
  WHERE p.name = ?
  UNION ALL
  SELECT l.role, sy.name, '', '', '', ''
  FROM "pt_process" AS p
  JOIN "pt_process_system" AS l ON l.process_id = p.id
  JOIN "pt_data_system" AS sy ON sy.id = l.system_id
  WHERE p.name = ?
  UNION ALL
  SELECT l.role, sy.name, ob.name, '', '', ''
  FROM "pt_process" AS p
  JOIN "pt_process_object" AS l ON l.process_id = p.id
  JOIN "pt_data_object" AS ob ON ob.id = l.object_id
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  WHERE p.name = ?
  UNION ALL
  SELECT l.role, sy.name, ob.name, at.name, '', ''
  FROM "pt_process" AS p
  JOIN "pt_process_attribute" AS l ON l.process_id = p.id
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  JOIN "pt_data_object" AS ob ON ob.id = at.object_id
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  WHERE p.name = ?
  UNION ALL
  SELECT 'filter', sy.name, ob.name, at.name, l.operator, l.value
  FROM "pt_process" AS p
  JOIN "pt_process_filter" AS l ON l.process_id = p.id
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  JOIN "pt_data_object" AS ob ON ob.id = at.object_id
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  WHERE p.name = ?;

-- dependency.list
SELECT dep.child_id, child.name, parent.name, dep.kind, dep.fresh, dep.created_at, creator.name AS creator_name, dep.changed_at, changer.name AS changer_name
  FROM "pt_process_dependency" AS dep
  JOIN "pt_process" AS child ON child.id = dep.child_id
  JOIN "pt_process" AS parent ON parent.id = dep.parent_id
  LEFT JOIN "pt_actor" AS creator ON creator.id = dep.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = dep.changed_by
  WHERE (dep.child_id = ? OR dep.parent_id = ?)
  ORDER BY child.name, parent.name;

-- processes.list
SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM "pt_process" AS p
  LEFT JOIN "pt_process_type" AS t ON t.id = p.type_id
  LEFT JOIN "pt_tool" AS o ON o.id = p.tool_id
  LEFT JOIN "pt_schedule_frequency" AS f ON f.id = p.frequency_id
  LEFT JOIN "pt_run_status" AS s ON s.id = p.latest_status_id
  LEFT JOIN "pt_actor" AS holder ON holder.id = p.held_by
  LEFT JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  LEFT JOIN "pt_actor" AS creator ON creator.id = p.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = p.changed_by
  WHERE p.id > ?
  ORDER BY p.id
  LIMIT ?;

-- processes.list
SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM "pt_process" AS p
  LEFT JOIN "pt_process_type" AS t ON t.id = p.type_id
  LEFT JOIN "pt_tool" AS o ON o.id = p.tool_id
  LEFT JOIN "pt_schedule_frequency" AS f ON f.id = p.frequency_id
  LEFT JOIN "pt_run_status" AS s ON s.id = p.latest_status_id
  LEFT JOIN "pt_actor" AS holder ON holder.id = p.held_by
  LEFT JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  LEFT JOIN "pt_actor" AS creator ON creator.id = p.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = p.changed_by
  WHERE p.id > ? AND p.name = ? AND t.name = ? AND o.name = ? AND f.name = ? AND s.name = ? AND p.id IN (SELECT d.process_id
  FROM (SELECT l.process_id, l.system_id
  FROM "pt_process_system" AS l
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_object" AS l
  JOIN "pt_data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_attribute" AS l
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  JOIN "pt_data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = ?) AS d
  JOIN "pt_data_system" AS sy ON sy.id = d.system_id
  WHERE sy.name = ?) AND p.id IN (SELECT d.process_id
  FROM (SELECT l.process_id, l.system_id
  FROM "pt_process_system" AS l
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_object" AS l
  JOIN "pt_data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_attribute" AS l
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  JOIN "pt_data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = ?) AS d
  JOIN "pt_data_system" AS sy ON sy.id = d.system_id
  WHERE sy.name = ?) AND p.id IN (SELECT pd.process_id
  FROM "pt_process_dataset_type" AS pd
  JOIN "pt_dataset_type" AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = ?) AND p.id IN (SELECT pc.process_id
  FROM "pt_process_contact" AS pc
  JOIN "pt_contact" AS c ON c.id = pc.contact_id
  WHERE c.name = ? UNION
  SELECT d.process_id
  FROM (SELECT l.process_id, l.system_id
  FROM "pt_process_system" AS l
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_object" AS l
  JOIN "pt_data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_attribute" AS l
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  JOIN "pt_data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = ?) AS d
  JOIN "pt_system_contact" AS sc ON sc.system_id = d.system_id
  JOIN "pt_contact" AS c ON c.id = sc.contact_id
  WHERE c.name = ?) AND p.held_at IS NOT NULL
  ORDER BY p.id
  LIMIT ?;

-- processes.list
SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM "pt_process" AS p
  LEFT JOIN "pt_process_type" AS t ON t.id = p.type_id
  LEFT JOIN "pt_tool" AS o ON o.id = p.tool_id
  LEFT JOIN "pt_schedule_frequency" AS f ON f.id = p.frequency_id
  LEFT JOIN "pt_run_status" AS s ON s.id = p.latest_status_id
  LEFT JOIN "pt_actor" AS holder ON holder.id = p.held_by
  LEFT JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  LEFT JOIN "pt_actor" AS creator ON creator.id = p.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = p.changed_by
  ORDER BY p.id DESC
  LIMIT ?;

-- processes.list
SELECT p.id, p.name, t.name, o.name, f.name, p.latest_run_no, s.name, p.active, p.latest_started_at, p.latest_ended_at, p.failures, p.max_failures, p.watermark, p.records, p.inserts, p.updates, p.deletes, p.last_completed_at, p.last_failed_at, p.last_errored_at, p.held_at, holder.name, p.hold_reason, CASE WHEN run.ended_at IS NULL THEN lease.expires_at END, CASE WHEN run.ended_at IS NULL AND lease.expires_at <= strftime('%Y-%m-%d %H:%M:%f000', 'now') THEN 1 ELSE 0 END, p.created_at, creator.name AS creator_name, p.changed_at, changer.name AS changer_name
  FROM "pt_process" AS p
  LEFT JOIN "pt_process_type" AS t ON t.id = p.type_id
  LEFT JOIN "pt_tool" AS o ON o.id = p.tool_id
  LEFT JOIN "pt_schedule_frequency" AS f ON f.id = p.frequency_id
  LEFT JOIN "pt_run_status" AS s ON s.id = p.latest_status_id
  LEFT JOIN "pt_actor" AS holder ON holder.id = p.held_by
  LEFT JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no = CASE WHEN p.latest_ended_at IS NULL THEN p.latest_run_no END
  LEFT JOIN "pt_run_lease" AS lease ON lease.run_id = run.id
  LEFT JOIN "pt_actor" AS creator ON creator.id = p.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = p.changed_by
  WHERE p.id < ?
  ORDER BY p.id DESC
  LIMIT ?;

-- systems.list
SELECT sy.id, sy.name, t.name, sy.charset, sy.created_at, creator.name AS creator_name, sy.changed_at, changer.name AS changer_name
  FROM "pt_data_system" AS sy
  LEFT JOIN "pt_source_type" AS t ON t.id = sy.type_id
  LEFT JOIN "pt_actor" AS creator ON creator.id = sy.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = sy.changed_by
  WHERE sy.id > ?
  ORDER BY sy.id
  LIMIT ?;

-- systems.list
SELECT sy.id, sy.name, t.name, sy.charset, sy.created_at, creator.name AS creator_name, sy.changed_at, changer.name AS changer_name
  FROM "pt_data_system" AS sy
  LEFT JOIN "pt_source_type" AS t ON t.id = sy.type_id
  LEFT JOIN "pt_actor" AS creator ON creator.id = sy.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = sy.changed_by
  WHERE sy.id > ? AND sy.name = ? AND t.name = ? AND sy.id IN (SELECT d.system_id
  FROM (SELECT l.process_id, l.system_id
  FROM "pt_process_system" AS l
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_object" AS l
  JOIN "pt_data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_attribute" AS l
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  JOIN "pt_data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = ?) AS d
  WHERE d.process_id IN (SELECT pd.process_id
  FROM "pt_process_dataset_type" AS pd
  JOIN "pt_dataset_type" AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = ?))
  ORDER BY sy.id
  LIMIT ?;

-- systems.dataset_types
SELECT DISTINCT r.id, t.name
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN (SELECT l.process_id, l.system_id
  FROM "pt_process_system" AS l
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_object" AS l
  JOIN "pt_data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_attribute" AS l
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  JOIN "pt_data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = ?) AS d ON d.system_id = r.id
  JOIN "pt_process_dataset_type" AS pd ON pd.process_id = d.process_id
  JOIN "pt_dataset_type" AS t ON t.id = pd.dataset_type_id
  ORDER BY r.id, t.name;

-- objects.list
SELECT ob.id, sy.name, ob.name, ob.charset, ob.created_at, creator.name AS creator_name, ob.changed_at, changer.name AS changer_name
  FROM "pt_data_object" AS ob
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  LEFT JOIN "pt_actor" AS creator ON creator.id = ob.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = ob.changed_by
  WHERE ob.id > ?
  ORDER BY ob.id
  LIMIT ?;

-- objects.list
SELECT ob.id, sy.name, ob.name, ob.charset, ob.created_at, creator.name AS creator_name, ob.changed_at, changer.name AS changer_name
  FROM "pt_data_object" AS ob
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  LEFT JOIN "pt_actor" AS creator ON creator.id = ob.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = ob.changed_by
  WHERE ob.id > ? AND sy.name = ? AND ob.name = ? AND ob.id IN (SELECT d.object_id
  FROM (SELECT l.process_id, ob.id AS object_id
  FROM "pt_process_system" AS l
  JOIN "pt_data_object" AS ob ON ob.system_id = l.system_id
  WHERE l.role = ? UNION
  SELECT l.process_id, l.object_id
  FROM "pt_process_object" AS l
  WHERE l.role = ? UNION
  SELECT l.process_id, at.object_id
  FROM "pt_process_attribute" AS l
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  WHERE l.role = ?) AS d
  WHERE d.process_id IN (SELECT pd.process_id
  FROM "pt_process_dataset_type" AS pd
  JOIN "pt_dataset_type" AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = ?))
  ORDER BY ob.id
  LIMIT ?;

-- objects.dataset_types
SELECT DISTINCT r.id, t.name
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN (SELECT l.process_id, ob.id AS object_id
  FROM "pt_process_system" AS l
  JOIN "pt_data_object" AS ob ON ob.system_id = l.system_id
  WHERE l.role = ? UNION
  SELECT l.process_id, l.object_id
  FROM "pt_process_object" AS l
  WHERE l.role = ? UNION
  SELECT l.process_id, at.object_id
  FROM "pt_process_attribute" AS l
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  WHERE l.role = ?) AS d ON d.object_id = r.id
  JOIN "pt_process_dataset_type" AS pd ON pd.process_id = d.process_id
  JOIN "pt_dataset_type" AS t ON t.id = pd.dataset_type_id
  ORDER BY r.id, t.name;

-- attributes.list
SELECT at.id, at.name, at.data_type, at.length, at.decimals, at.path, at.default_value, at.is_key, at.is_filter, at.is_partition, at.is_pii, at.created_at, creator.name AS creator_name, at.changed_at, changer.name AS changer_name
  FROM "pt_data_attribute" AS at
  JOIN "pt_data_object" AS ob ON ob.id = at.object_id
  JOIN "pt_data_system" AS sy ON sy.id = ob.system_id
  LEFT JOIN "pt_actor" AS creator ON creator.id = at.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = at.changed_by
  WHERE ob.name = ? AND sy.name = ? AND at.id > ?
  ORDER BY at.id
  LIMIT ?;

-- history.list
SELECT h.id, h.changed_at, (SELECT named.name
  FROM "pt_process" AS named
  WHERE named.id = h.process_id), h.run_id, (SELECT named.run_no
  FROM "pt_run" AS named
  WHERE named.id = h.run_id), h.extract_id, (SELECT named.name
  FROM "pt_extract" AS named
  WHERE named.id = h.extract_id), (SELECT l.path
  FROM "pt_extract" AS e
  JOIN "pt_location" AS l ON l.id = e.location_id
  WHERE e.id = h.extract_id), h.from_status, h.to_status, (SELECT named.name
  FROM "pt_actor" AS named
  WHERE named.id = h.actor_id), h.reason, h.from_at, h.to_at
  FROM "pt_status_history" AS h
  ORDER BY h.changed_at, h.id
  LIMIT ?;

-- history.list
SELECT h.id, h.changed_at, (SELECT named.name
  FROM "pt_process" AS named
  WHERE named.id = h.process_id), h.run_id, (SELECT named.run_no
  FROM "pt_run" AS named
  WHERE named.id = h.run_id), h.extract_id, (SELECT named.name
  FROM "pt_extract" AS named
  WHERE named.id = h.extract_id), (SELECT l.path
  FROM "pt_extract" AS e
  JOIN "pt_location" AS l ON l.id = e.location_id
  WHERE e.id = h.extract_id), h.from_status, h.to_status, (SELECT named.name
  FROM "pt_actor" AS named
  WHERE named.id = h.actor_id), h.reason, h.from_at, h.to_at
  FROM "pt_status_history" AS h
  WHERE h.run_id = ? AND h.extract_id = ? AND h.process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND h.changed_at >= ? AND h.changed_at < ? AND h.changed_at >= ? AND (h.changed_at > ? OR h.id > ?)
  ORDER BY h.changed_at, h.id
  LIMIT ?;

-- history.list
SELECT h.id, h.changed_at, (SELECT named.name
  FROM "pt_process" AS named
  WHERE named.id = h.process_id), h.run_id, (SELECT named.run_no
  FROM "pt_run" AS named
  WHERE named.id = h.run_id), h.extract_id, (SELECT named.name
  FROM "pt_extract" AS named
  WHERE named.id = h.extract_id), (SELECT l.path
  FROM "pt_extract" AS e
  JOIN "pt_location" AS l ON l.id = e.location_id
  WHERE e.id = h.extract_id), h.from_status, h.to_status, (SELECT named.name
  FROM "pt_actor" AS named
  WHERE named.id = h.actor_id), h.reason, h.from_at, h.to_at
  FROM "pt_status_history" AS h
  WHERE h.process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND h.changed_at <= ? AND (h.changed_at < ? OR h.id < ?)
  ORDER BY h.changed_at DESC, h.id DESC
  LIMIT ?;

-- extract.find
SELECT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "pt_extract" AS e
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  ORDER BY e.registered_at, e.id
  LIMIT ?;

-- extract.find
SELECT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "pt_extract" AS e
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  WHERE e.id = ? AND e.name = ? AND e.name_key = ? AND e.status_id = 2 AND e.location_id = (SELECT id
  FROM "pt_location"
  WHERE path_key = ?) AND e.location_id = (SELECT id
  FROM "pt_location"
  WHERE name = ?) AND e.location_id > 0 AND e.process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND e.status_id = 3 AND NOT EXISTS (SELECT 1
  FROM "pt_run" AS holder
  WHERE holder.id = e.claimed_by AND holder.ended_at IS NULL) AND e.process_id IN (SELECT pd.process_id
  FROM "pt_process_dataset_type" AS pd
  JOIN "pt_dataset_type" AS dt ON dt.id = pd.dataset_type_id
  WHERE dt.name = ?) AND instr(e.name, ?) > 0 AND e.name GLOB ? AND e.id IN (SELECT re.extract_id
  FROM "pt_run_extract" AS re
  WHERE re.run_id = ?) AND e.registered_at >= ? AND e.registered_at < ? AND e.registered_at >= ? AND (e.registered_at > ? OR e.id > ?)
  ORDER BY e.registered_at, e.id
  LIMIT ?;

-- extract.find
SELECT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "pt_extract" AS e
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  WHERE e.process_id = (SELECT id
  FROM "pt_process"
  WHERE name = ?) AND e.registered_at <= ? AND (e.registered_at < ? OR e.id < ?)
  ORDER BY e.registered_at DESC, e.id DESC
  LIMIT ?;

-- purge.runs
SELECT run.id, run.ended_at
  FROM "pt_run" AS run
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE run.ended_at < ? AND run.run_no <> p.latest_run_no AND coalesce((SELECT 1
  FROM "pt_extract" AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id
  LIMIT 1), 0) <> 1 AND coalesce((SELECT 1
  FROM "pt_extract" AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id
  LIMIT 1), 0) <> 1 AND (run.name IS NULL OR run.status_id <> ?)
  ORDER BY run.ended_at, run.id
  LIMIT ?;

-- purge.extracts
SELECT e.id, e.registered_at, e.location_id
  FROM "pt_extract" AS e
  WHERE e.status_id = 4 AND CASE WHEN e.claimed_by IS NULL THEN 0 ELSE 1 END <> 1 AND e.registered_at < ? AND e.status_changed_at < ? AND coalesce((SELECT 1
  FROM "pt_extract_dependency" AS ed
  WHERE ed.parent_id = e.id
  ORDER BY ed.parent_id, ed.child_id
  LIMIT 1), 0) <> 1
  ORDER BY e.registered_at, e.id
  LIMIT ?;

-- purge.refusals
SELECT f.id, f.last_at
  FROM "pt_refusal" AS f
  WHERE f.id > ? AND f.last_at < ?
  ORDER BY f.id
  LIMIT ?;

-- purge.named_runs
SELECT run.id, run.ended_at
  FROM "pt_run" AS run
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE run.ended_at < ? AND run.run_no <> p.latest_run_no AND coalesce((SELECT 1
  FROM "pt_extract" AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id
  LIMIT 1), 0) <> 1 AND coalesce((SELECT 1
  FROM "pt_extract" AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id
  LIMIT 1), 0) <> 1
  ORDER BY run.ended_at, run.id
  LIMIT ?;

-- purge.runs
SELECT run.id, run.ended_at
  FROM "pt_run" AS run
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE run.ended_at < ? AND run.run_no <> p.latest_run_no AND run.ended_at >= ? AND (run.ended_at > ? OR run.id > ?) AND coalesce((SELECT 1
  FROM "pt_extract" AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id
  LIMIT 1), 0) <> 1 AND coalesce((SELECT 1
  FROM "pt_extract" AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id
  LIMIT 1), 0) <> 1 AND (run.name IS NULL OR run.status_id <> ?)
  ORDER BY run.ended_at, run.id
  LIMIT ?;

-- purge.extracts
SELECT e.id, e.registered_at, e.location_id
  FROM "pt_extract" AS e
  WHERE e.status_id = 4 AND CASE WHEN e.claimed_by IS NULL THEN 0 ELSE 1 END <> 1 AND e.registered_at < ? AND e.status_changed_at < ? AND coalesce((SELECT 1
  FROM "pt_extract_dependency" AS ed
  WHERE ed.parent_id = e.id
  ORDER BY ed.parent_id, ed.child_id
  LIMIT 1), 0) <> 1 AND e.registered_at >= ? AND (e.registered_at > ? OR e.id > ?)
  ORDER BY e.registered_at, e.id
  LIMIT ?;

-- purge.named_runs
SELECT run.id, run.ended_at
  FROM "pt_run" AS run
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  WHERE run.ended_at < ? AND run.run_no <> p.latest_run_no AND run.ended_at >= ? AND (run.ended_at > ? OR run.id > ?) AND coalesce((SELECT 1
  FROM "pt_extract" AS e
  WHERE e.registered_by = run.id
  ORDER BY e.registered_by, e.id
  LIMIT 1), 0) <> 1 AND coalesce((SELECT 1
  FROM "pt_extract" AS e
  WHERE e.claimed_by = run.id
  ORDER BY e.claimed_by, e.id
  LIMIT 1), 0) <> 1
  ORDER BY run.ended_at, run.id
  LIMIT ?;

-- purge.delete_status_history_by_run_id
DELETE
  FROM "pt_status_history"
  WHERE run_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_status_history_by_run_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_status_history" AS c ON c.run_id = r.id;

-- purge.delete_run_error_by_run_id
DELETE
  FROM "pt_run_error"
  WHERE run_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_run_error_by_run_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_run_error" AS c ON c.run_id = r.id;

-- purge.delete_run_extract_by_run_id
DELETE
  FROM "pt_run_extract"
  WHERE run_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_run_extract_by_run_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_run_extract" AS c ON c.run_id = r.id;

-- purge.delete_run_soft_dependency_by_run_id
DELETE
  FROM "pt_run_soft_dependency"
  WHERE run_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_run_soft_dependency_by_run_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_run_soft_dependency" AS c ON c.run_id = r.id;

-- purge.delete_run_lease_by_run_id
DELETE
  FROM "pt_run_lease"
  WHERE run_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_run_lease_by_run_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_run_lease" AS c ON c.run_id = r.id;

-- purge.delete_run_by_id
DELETE
  FROM "pt_run"
  WHERE id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_run_by_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_run" AS c ON c.id = r.id;

-- purge.delete_status_history_by_extract_id
DELETE
  FROM "pt_status_history"
  WHERE extract_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_status_history_by_extract_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_status_history" AS c ON c.extract_id = r.id;

-- purge.delete_run_extract_by_extract_id
DELETE
  FROM "pt_run_extract"
  WHERE extract_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_run_extract_by_extract_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_run_extract" AS c ON c.extract_id = r.id;

-- purge.delete_extract_dependency_by_child_id
DELETE
  FROM "pt_extract_dependency"
  WHERE child_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_extract_dependency_by_child_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract_dependency" AS c ON c.child_id = r.id;

-- purge.delete_extract_system_by_extract_id
DELETE
  FROM "pt_extract_system"
  WHERE extract_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_extract_system_by_extract_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract_system" AS c ON c.extract_id = r.id;

-- purge.delete_extract_object_by_extract_id
DELETE
  FROM "pt_extract_object"
  WHERE extract_id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_extract_object_by_extract_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract_object" AS c ON c.extract_id = r.id;

-- purge.delete_extract_by_id
DELETE
  FROM "pt_extract"
  WHERE id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_extract_by_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS c ON c.id = r.id;

-- purge.delete_refusal_by_id
DELETE
  FROM "pt_refusal"
  WHERE id IN (SELECT r.id
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r);

-- purge.count_refusal_by_id
SELECT count(*)
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_refusal" AS c ON c.id = r.id;

-- overview.dependencies
SELECT dep.child_id, dep.parent_id, child.name, parent.name, dep.kind, dep.fresh, dep.created_at, creator.name AS creator_name, dep.changed_at, changer.name AS changer_name
  FROM "pt_process_dependency" AS dep
  JOIN "pt_process" AS child ON child.id = dep.child_id
  JOIN "pt_process" AS parent ON parent.id = dep.parent_id
  LEFT JOIN "pt_actor" AS creator ON creator.id = dep.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = dep.changed_by
  ORDER BY dep.child_id, dep.parent_id
  LIMIT ?;

-- overview.dependencies
SELECT dep.child_id, dep.parent_id, child.name, parent.name, dep.kind, dep.fresh, dep.created_at, creator.name AS creator_name, dep.changed_at, changer.name AS changer_name
  FROM "pt_process_dependency" AS dep
  JOIN "pt_process" AS child ON child.id = dep.child_id
  JOIN "pt_process" AS parent ON parent.id = dep.parent_id
  LEFT JOIN "pt_actor" AS creator ON creator.id = dep.created_by
  LEFT JOIN "pt_actor" AS changer ON changer.id = dep.changed_by
  WHERE dep.child_id >= ? AND (dep.child_id > ? OR dep.parent_id > ?)
  ORDER BY dep.child_id, dep.parent_id
  LIMIT ?;

-- overview.contacts
SELECT p.name, c.name, c.email, '' AS of_system
  FROM "pt_process_contact" AS pc
  JOIN "pt_process" AS p ON p.id = pc.process_id
  JOIN "pt_contact" AS c ON c.id = pc.contact_id
  ORDER BY pc.process_id, pc.contact_id
  LIMIT ?;

-- overview.contacts_of_sources
SELECT p.name, c.name, c.email, sy.name
  FROM (SELECT l.process_id, l.system_id
  FROM "pt_process_system" AS l
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_object" AS l
  JOIN "pt_data_object" AS ob ON ob.id = l.object_id
  WHERE l.role = ? UNION
  SELECT l.process_id, ob.system_id
  FROM "pt_process_attribute" AS l
  JOIN "pt_data_attribute" AS at ON at.id = l.attribute_id
  JOIN "pt_data_object" AS ob ON ob.id = at.object_id
  WHERE l.role = ?) AS d
  JOIN "pt_process" AS p ON p.id = d.process_id
  JOIN "pt_data_system" AS sy ON sy.id = d.system_id
  JOIN "pt_system_contact" AS sc ON sc.system_id = d.system_id
  JOIN "pt_contact" AS c ON c.id = sc.contact_id
  ORDER BY d.process_id, sy.name, c.id
  LIMIT ?;

-- overview.locations
SELECT l.id, l.path, l.path_key, l.name, t.name, l.file_count, l.listed_at
  FROM "pt_location" AS l
  JOIN "pt_location_type" AS t ON t.id = l.type_id
  WHERE l.id > ?
  ORDER BY l.id
  LIMIT ?;

-- overview.runs_during
SELECT run.id, p.id, p.name, run.run_no, s.name, actor.name, run.started_at, run.ended_at, run.name, run.low_at, run.high_at, run.records, run.inserts, run.updates, run.deletes
  FROM "pt_run" AS run
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  CROSS JOIN "pt_run_status" AS s ON s.id = run.status_id
  CROSS JOIN "pt_actor" AS actor ON actor.id = run.actor_id
  WHERE run.ended_at >= ? AND run.ended_at < ? AND run.started_at < ?
  ORDER BY run.ended_at DESC, run.id DESC
  LIMIT ?;

-- overview.durations
SELECT p.name, run.started_at, run.ended_at
  FROM "pt_process" AS p
  CROSS JOIN "pt_run" AS run ON run.process_id = p.id AND run.run_no < p.latest_run_no AND run.run_no >= p.latest_run_no - ?
  WHERE p.active = ? AND run.status_id = 2
  ORDER BY p.id, run.run_no DESC;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT e.location_id, e.registered_at
  FROM "pt_extract" AS e
  WHERE e.status_id = 1
  ORDER BY e.registered_at, e.id
  LIMIT ?) AS w
  JOIN "pt_location" AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT e.location_id, e.registered_at
  FROM "pt_extract" AS e
  WHERE e.status_id = 2
  ORDER BY e.registered_at, e.id
  LIMIT ?) AS w
  JOIN "pt_location" AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT e.location_id, e.registered_at
  FROM "pt_extract" AS e
  WHERE e.status_id = 3
  ORDER BY e.registered_at, e.id
  LIMIT ?) AS w
  JOIN "pt_location" AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.waiting
SELECT l.name, COUNT(*), MIN(w.registered_at)
  FROM (SELECT e.location_id, e.registered_at
  FROM "pt_extract" AS e
  WHERE e.status_id = 7
  ORDER BY e.registered_at, e.id
  LIMIT ?) AS w
  JOIN "pt_location" AS l ON l.id = w.location_id GROUP BY l.id, l.name
  ORDER BY l.id;

-- overview.claimants
SELECT r.id, run.id, p.name, run.run_no
  FROM (SELECT value ->> '$.id' AS id
  FROM json_each(?)) AS r
  CROSS JOIN "pt_extract" AS e ON e.id = r.id
  CROSS JOIN "pt_run" AS run ON run.id = e.claimed_by
  CROSS JOIN "pt_process" AS p ON p.id = run.process_id
  ORDER BY r.id;

-- overview.extracts_named
SELECT e.id, e.name, (SELECT named.name
  FROM "pt_extract_status" AS named
  WHERE named.id = e.status_id), e.registered_at, e.status_changed_at, l.id, l.path, l.path_key, l.name, (SELECT named.name
  FROM "pt_location_type" AS named
  WHERE named.id = l.type_id), l.file_count, l.listed_at, p.name, run.run_no, run.id, (SELECT named.name
  FROM "pt_file_type" AS named
  WHERE named.id = e.file_type_id), (SELECT named.name
  FROM "pt_compression_type" AS named
  WHERE named.id = e.compression_type_id), e.size_bytes, e.checksum, e.write_count, e.write_low_at, e.write_high_at, e.load_count, e.load_low_at, e.load_high_at, e.listed_at
  FROM "pt_extract" AS e
  CROSS JOIN "pt_location" AS l ON l.id = e.location_id
  CROSS JOIN "pt_run" AS run ON run.id = e.registered_by
  CROSS JOIN "pt_process" AS p ON p.id = e.process_id
  WHERE e.name GLOB ?
  ORDER BY e.name, e.id
  LIMIT ?;

-- schema.exists
SELECT count(*)
  FROM sqlite_master
  WHERE type = 'table' AND name = ? COLLATE NOCASE;

-- schema.version
SELECT coalesce(max(version), 0)
  FROM "pt_schema_version";

-- schema.refuse_newer
SELECT (SELECT sv.version
  FROM "pt_schema_version" AS sv
  JOIN (SELECT 1 AS n
  UNION ALL
  SELECT 2 AS n) AS twice ON twice.n > 0
  WHERE sv.version > ?);

-- clock.now
SELECT strftime('%Y-%m-%d %H:%M:%f000', 'now');

