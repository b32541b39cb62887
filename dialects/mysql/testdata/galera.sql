-- dependency.certify_away
UPDATE `pt_dependency_lock` SET locked_at = locked_at + INTERVAL 1 MICROSECOND WHERE lock_no = ?;

-- dependency.certify_back
UPDATE `pt_dependency_lock` SET locked_at = locked_at - INTERVAL 1 MICROSECOND WHERE lock_no = ?;

-- start.certify_clusters_away
UPDATE (SELECT pc.cluster_id AS id FROM `pt_process` AS p JOIN `pt_process_cluster` AS pc ON pc.process_id = p.id WHERE p.active = ? AND p.name = ? AND p.turn = ?) AS w STRAIGHT_JOIN `pt_cluster` FORCE INDEX (`PRIMARY`) ON `pt_cluster`.id = w.id SET created_at = created_at + INTERVAL 1 MICROSECOND;

-- start.certify_clusters_back
UPDATE (SELECT pc.cluster_id AS id FROM `pt_process` AS p JOIN `pt_process_cluster` AS pc ON pc.process_id = p.id WHERE p.active = ? AND p.name = ? AND p.turn = ?) AS w STRAIGHT_JOIN `pt_cluster` FORCE INDEX (`PRIMARY`) ON `pt_cluster`.id = w.id SET created_at = created_at - INTERVAL 1 MICROSECOND;

-- run.certify_away
UPDATE `pt_run` SET started_at = started_at + INTERVAL 1 MICROSECOND WHERE id = ? AND token_digest = ?;

-- run.certify_back
UPDATE `pt_run` SET started_at = started_at - INTERVAL 1 MICROSECOND WHERE id = ? AND token_digest = ?;

