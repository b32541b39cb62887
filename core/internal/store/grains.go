package store

import "github.com/Masterminds/squirrel"

// The data of a process may be given at three grains (rule S1.4). The selects below bring all of it to one grain.

// systemsOf selects process_id and system_id: the systems that processes have as
// sources or targets, whole or in part.
func (q sql) systemsOf(role string) squirrel.Sqlizer {
	systems := squirrel.Select("l.process_id", "l.system_id").From(q.as("process_system", "l"))
	objects := squirrel.Select("l.process_id", "ob.system_id").From(q.as("process_object", "l")).
		Join(q.as(tObject, "ob") + " ON ob.id = l.object_id")
	attributes := squirrel.Select("l.process_id", "ob.system_id").From(q.as("process_attribute", "l")).
		Join(q.as(tAttribute, "at") + " ON at.id = l.attribute_id").
		Join(q.as(tObject, "ob") + " ON ob.id = at.object_id")
	return union(role, systems, objects, attributes)
}

// objectsOf selects process_id and object_id: the objects that processes have as
// sources or targets, with their system, by themselves or in part.
func (q sql) objectsOf(role string) squirrel.Sqlizer {
	systems := squirrel.Select("l.process_id", "ob.id AS object_id").From(q.as("process_system", "l")).
		Join(q.as(tObject, "ob") + " ON ob.system_id = l.system_id")
	objects := squirrel.Select("l.process_id", "l.object_id").From(q.as("process_object", "l"))
	attributes := squirrel.Select("l.process_id", "at.object_id").From(q.as("process_attribute", "l")).
		Join(q.as(tAttribute, "at") + " ON at.id = l.attribute_id")
	return union(role, systems, objects, attributes)
}

func union(role string, systems, objects, attributes squirrel.SelectBuilder) squirrel.Sqlizer {
	is := squirrel.Eq{"l.role": fixed{role}}
	return squirrel.Expr("? UNION ? UNION ?", systems.Where(is), objects.Where(is), attributes.Where(is))
}

// processesWith selects the processes that have a system as source or target.
func (q sql) processesWith(role string, system any) squirrel.SelectBuilder {
	return squirrel.Select("d.process_id").
		JoinClause(squirrel.Expr("FROM (?) AS d", q.systemsOf(role))).
		Join(q.as(tSystem, "sy") + " ON sy.id = d.system_id").
		Where(squirrel.Eq{"sy.name": system})
}

// processesOnDatasetType selects the processes that work on a dataset type.
func (q sql) processesOnDatasetType(datasetType any) squirrel.SelectBuilder {
	return squirrel.Select("pd.process_id").From(q.as(tProcessData, "pd")).
		Join(q.as(tDatasetType, "dt") + " ON dt.id = pd.dataset_type_id").
		Where(squirrel.Eq{"dt.name": datasetType})
}
