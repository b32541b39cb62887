package mysql

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"

	"github.com/processtracker/processtracker-go/core/dialect"
)

//go:embed catalogue.txt
var expected string

// Expected implements [dialect.Upkeep]: the same for MySQL and MariaDB.
func (d Dialect) Expected() string { return expected }

// mine is the condition that the table t is in the connection's database and has the
// prefix.
const mine = `t.table_schema = DATABASE() AND SUBSTR(t.table_name, 1, CHAR_LENGTH(?)) = ?
	AND (@@lower_case_table_names > 0 OR CAST(SUBSTR(t.table_name, 1, CHAR_LENGTH(?)) AS BINARY) = CAST(? AS BINARY))`

// tab is the table's name without the prefix.
const tab = `CAST(SUBSTR(t.table_name, CHAR_LENGTH(?) + 1) AS CHAR)`

// all is a limit that overrides sql_select_limit.
const all = ` LIMIT 1000000`

// Catalogue implements [dialect.Upkeep]. For parts with several columns it returns one
// row per column, in order, because GROUP_CONCAT cuts texts at a session limit. MariaDB
// shows the width of integers, as in bigint(20); MySQL no longer does. Comments that
// only MariaDB executes contain columns that MySQL lacks.
func (d Dialect) Catalogue() []dialect.Stmt {
	return []dialect.Stmt{
		{Name: "setup.database", SQL: "SELECT 'setting', 'database', '', CAST(coalesce(DATABASE(), '') AS CHAR)" + all},
		d.about("setup.tables", `SELECT 'table', `+tab+`, '', CAST(coalesce(t.engine, 'unknown') AS CHAR)
FROM information_schema.tables AS t WHERE t.table_type <> 'VIEW' AND `+mine+all),
		d.about("setup.views", `SELECT 'view', `+tab+`, CAST(t.security_type AS CHAR), CAST(t.view_definition AS CHAR)
FROM information_schema.views AS t WHERE `+mine+all),
		d.about("setup.columns", `SELECT 'column', `+tab+`, CAST(t.column_name AS CHAR), CAST(CONCAT(
	IF(t.data_type LIKE '%int', CONCAT(t.data_type, IF(t.column_type LIKE '%unsigned%', ' unsigned', '')), t.column_type),
	IF(t.collation_name IS NULL, '', CONCAT(' collate ', t.collation_name)), IF(coalesce(t.generation_expression, '') = '', '', ' generated'),
	IF(t.is_nullable = 'NO', ' not null', '')) AS CHAR)
FROM information_schema.columns AS t WHERE `+mine+all),
		d.about("setup.defaults", `SELECT 'default', `+tab+`, CAST(t.column_name AS CHAR), CAST(t.column_default AS CHAR)
FROM information_schema.columns AS t WHERE t.column_default IS NOT NULL AND `+mine+all),
		d.about("setup.identities", `SELECT 'identity', `+tab+`, CAST(t.column_name AS CHAR), ''
FROM information_schema.columns AS t WHERE t.extra LIKE '%auto_increment%' AND `+mine+all),
		d.about("setup.indexes", `SELECT CASE WHEN t.index_name = 'PRIMARY' THEN 'key' WHEN t.non_unique = 0 THEN 'unique' ELSE 'index' END, `+tab+`,
	CAST(t.index_name AS CHAR), CAST(CONCAT(coalesce(t.column_name, '(an expression)'), coalesce(CONCAT('(', t.sub_part, ')'), '')) AS CHAR)
FROM information_schema.statistics AS t WHERE `+mine+` ORDER BY t.table_name, t.index_name, t.seq_in_index`+all),
		d.about("setup.foreign_keys", `SELECT 'foreign key', `+tab+`, CAST(CONCAT(t.constraint_name, '/', t.column_name) AS CHAR),
	CAST(CONCAT(IF(t.referenced_table_schema = DATABASE(), '', CONCAT(t.referenced_table_schema, '.')), t.referenced_table_name, '/', t.referenced_column_name, '/',
		IF(coalesce(r.delete_rule, 'RESTRICT') IN ('RESTRICT', 'NO ACTION'), '', CONCAT(' on delete ', LOWER(r.delete_rule))),
		IF(coalesce(r.update_rule, 'RESTRICT') IN ('RESTRICT', 'NO ACTION'), '', CONCAT(' on update ', LOWER(r.update_rule)))) AS CHAR)
FROM information_schema.key_column_usage AS t LEFT JOIN information_schema.referential_constraints AS r
	ON r.constraint_schema = t.table_schema AND r.table_name = t.table_name AND r.constraint_name = t.constraint_name
WHERE t.referenced_table_name IS NOT NULL AND `+mine+` ORDER BY t.table_name, t.constraint_name, t.ordinal_position`+all),
		d.about("setup.checks", `SELECT 'check', `+tab+`, '', CAST(c.check_clause AS CHAR)
FROM information_schema.table_constraints AS t JOIN information_schema.check_constraints AS c
	ON c.constraint_schema = t.table_schema AND c.constraint_name = t.constraint_name /*M! AND c.table_name = t.table_name */
WHERE `+mine+all),
		d.about("setup.constraints", `SELECT 'setting', 'constraints', '', CAST(count(*) AS CHAR)
FROM information_schema.table_constraints AS t WHERE `+mine+all),
		d.about("setup.checked", `SELECT 'setting', 'checks', '', CAST(count(*) AS CHAR)
FROM information_schema.table_constraints AS t WHERE t.constraint_type = 'CHECK' AND `+mine+all),
	}
}

// about is a query with the prefix as the argument of every placeholder.
func (d Dialect) about(name, query string) dialect.Stmt {
	args := make([]any, strings.Count(query, "?"))
	for i := range args {
		args[i] = d.prefix
	}
	return dialect.Stmt{Name: name, SQL: query, Args: args}
}

// Parts implements [dialect.Upkeep]. MariaDB shows constraints only to users who may
// change the tables and, since 11, the conditions of checks only to users who may do so
// in the whole database. Both databases show a view's definition only to users with a
// privilege for that.
func (d Dialect) Parts(rows []dialect.Part) []dialect.Part {
	settings, tables, checks, views := map[string]string{}, 0, 0, map[string]bool{}
	for _, p := range rows {
		switch p.Kind {
		case "setting":
			settings[p.Table] = p.Is
		case dialect.KindTable:
			tables++
		case dialect.KindCheck:
			checks++
		case dialect.KindView:
			views[p.Table] = true
		}
	}
	var parts []dialect.Part
	hidden := false
	add := adder{at: map[dialect.Part]int{}}
	for _, p := range rows {
		switch p.Kind {
		case "setting":
		case dialect.KindView:
			hidden = hidden || p.Is == ""
			parts = append(parts, dialect.Part{Kind: p.Kind, Table: p.Table, Is: strings.ToLower(p.Name) + " " + d.plain(p.Is, settings["database"])})
		case dialect.KindKey, dialect.KindUnique, dialect.KindIndex, dialect.KindForeignKey:
			add.column(p, d.prefix)
		case dialect.KindDefault:
			if p.Is != "NULL" && !views[p.Table] { // as MariaDB shows that there is none
				p.Is = value(p.Is)
				parts = append(parts, p)
			}
		case dialect.KindCheck:
			p.Is = condition(p.Is)
			parts = append(parts, p)
		default:
			if !views[p.Table] {
				parts = append(parts, p)
			}
		}
	}
	if hidden {
		parts = append(parts, dialect.Part{Kind: dialect.KindUnseen, Is: "views"})
	}
	if tables > 0 && (settings["constraints"] == "0" || settings["checks"] != strconv.Itoa(checks)) {
		parts = append(parts, dialect.Part{Kind: dialect.KindUnseen, Is: "checks"})
	}
	return append(parts, add.parts...)
}

// plain returns a view's definition without the parts that depend on the version, the
// database or the session's sql_mode: quotes, parentheses, and the name of the
// database.
func (d Dialect) plain(definition, database string) string {
	definition, database = strings.ToLower(definition), strings.ToLower(database) // the case of tables' names may not count
	prefix := strings.ToLower(d.prefix)
	for _, quote := range []string{"`", `"`, ""} {
		q := func(name string) string { return quote + strings.ReplaceAll(name, quote, quote+quote) }
		if quote == "" {
			q = func(name string) string { return name }
		}
		definition = strings.ReplaceAll(definition, q(database)+quote+"."+q(prefix), quote)
	}
	definition = strings.NewReplacer("`", "", `"`, "", "(", " ", ")", " ").Replace(definition)
	return strings.NewReplacer(", ", ",", " ,", ",").Replace(strings.Join(strings.Fields(definition), " "))
}

var charset = regexp.MustCompile(`_[a-z0-9]+(\\?')`)

// condition returns a check in a form that both databases accept.
func condition(clause string) string {
	clause = strings.ReplaceAll(charset.ReplaceAllString(clause, "$1"), `\'`, `'`)
	if strings.HasPrefix(clause, "(") && strings.HasSuffix(clause, ")") {
		clause = clause[1 : len(clause)-1]
	}
	return strings.NewReplacer("`", "", `"`, "").Replace(clause) // ANSI_QUOTES, a setting of the session's, makes it these
}

// value is a default: MySQL shows a text without its quotes.
func value(is string) string {
	if is == "" {
		return "''"
	}
	return strings.ToLower(is)
}

// An adder puts the columns of keys and indexes together.
type adder struct {
	parts []dialect.Part
	at    map[dialect.Part]int
}

func (a *adder) column(p dialect.Part, prefix string) {
	of, column := dialect.Part{Kind: p.Kind, Table: p.Table, Name: p.Name}, p.Is
	var other []string
	if p.Kind == dialect.KindForeignKey {
		i := strings.LastIndex(p.Name, "/")
		of.Name, column = p.Name[:i], p.Name[i+1:]
		other = strings.SplitN(strings.TrimPrefix(p.Is, prefix), "/", 3)
	}
	i, ok := a.at[of]
	if !ok {
		i = len(a.parts)
		a.at[of] = i
		first := dialect.Part{Kind: p.Kind, Table: p.Table}
		switch {
		case other != nil:
			first.Name, first.Is = column, other[0]+" ("+other[1]+")"+other[2]
		case p.Kind == dialect.KindIndex, p.Kind == dialect.KindUnique:
			first.Name, first.Is = p.Name, column
		default:
			first.Is = column
		}
		a.parts = append(a.parts, first)
		return
	}
	part := &a.parts[i]
	if other == nil {
		part.Is += "," + column
		return
	}
	part.Name += "," + column
	part.Is = strings.Replace(part.Is, ")", ","+other[1]+")", 1)
}

// Counters implements [dialect.Upkeep]: InnoDB moves a counter past what is inserted.
func (d Dialect) Counters([]string) dialect.Stmt { return dialect.Stmt{} }
