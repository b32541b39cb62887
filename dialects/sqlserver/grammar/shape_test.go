package grammar

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sqlc-dev/teesql/ast"
	"github.com/sqlc-dev/teesql/parser"

	"github.com/processtracker/processtracker-go/core/statements"
	"github.com/processtracker/processtracker-go/dialects/sqlserver"
)

// shape refuses queries that follow the grammar and that SQL Server rejects all the same,
// by these errors. Other databases accept them.
func shape(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		var err error
		switch q := v.Interface().(type) {
		case *ast.QueryDerivedTable:
			if err = named(q.QueryExpression); err == nil {
				err = unordered(q.QueryExpression)
			}
		case *ast.ScalarSubquery:
			err = unordered(q.QueryExpression)
		case *ast.ExistsPredicate:
			err = unordered(q.Subquery)
		case *ast.CreateViewStatement:
			if err = named(q.SelectStatement.QueryExpression); err == nil {
				err = unordered(q.SelectStatement.QueryExpression)
			}
		case *ast.QuerySpecification:
			err = distinct(q)
		}
		if err != nil {
			return err
		}
		return shape(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if err := shape(v.Field(i)); err != nil {
				return err
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := shape(v.Index(i)); err != nil {
				return err
			}
		}
	default:
	}
	return nil
}

// first returns the first select of a union, which names its columns.
func first(q ast.QueryExpression) *ast.QuerySpecification {
	switch q := q.(type) {
	case *ast.BinaryQueryExpression:
		return first(q.FirstQueryExpression)
	case *ast.QueryParenthesisExpression:
		return first(q.QueryExpression)
	case *ast.QuerySpecification:
		return q
	default:
		return nil
	}
}

// named refuses a derived table or a view with columns without names, or two of one name.
func named(q ast.QueryExpression) error {
	spec := first(q)
	if spec == nil {
		return fmt.Errorf("a derived table of an unknown kind: %T", q)
	}
	var names []string
	for i, e := range spec.SelectElements {
		_, name := returns(e)
		switch {
		case name == "":
			return fmt.Errorf("8155: no name for column %d of a derived table", i+1)
		case slices.Contains(names, strings.ToLower(name)):
			return fmt.Errorf("8156: two columns of a derived table are called %s", name)
		}
		names = append(names, strings.ToLower(name))
	}
	return nil
}

// returns gives the column that an element of a select refers to, if it does, and its name.
func returns(e ast.SelectElement) (reference, name string) {
	s, ok := e.(*ast.SelectScalarExpression)
	if !ok {
		return "", ""
	}
	reference = referenced(s.Expression)
	if name = reference[strings.LastIndex(reference, ".")+1:]; s.ColumnName != nil {
		if name = s.ColumnName.Value; s.ColumnName.Identifier != nil {
			name = s.ColumnName.Identifier.Value
		}
	}
	return reference, name
}

// referenced returns the column that an expression is, with what stands before it.
func referenced(e ast.ScalarExpression) string {
	c, ok := e.(*ast.ColumnReferenceExpression)
	if !ok || c.MultiPartIdentifier == nil {
		return ""
	}
	var parts []string
	for _, part := range c.MultiPartIdentifier.Identifiers {
		parts = append(parts, part.Value)
	}
	return strings.Join(parts, ".")
}

// unordered refuses a subquery that is sorted and returns all of its rows.
func unordered(q ast.QueryExpression) error {
	spec, ok := q.(*ast.QuerySpecification)
	if ok && spec.OrderByClause != nil && spec.OffsetClause == nil && spec.TopRowFilter == nil {
		return fmt.Errorf("1033: a subquery has ORDER BY without OFFSET or TOP")
	}
	if union, ok := q.(*ast.BinaryQueryExpression); ok && union.OrderByClause != nil {
		return fmt.Errorf("1033: a union in a subquery has ORDER BY")
	}
	return nil
}

// distinct refuses a SELECT DISTINCT that is sorted by what it does not return.
func distinct(q *ast.QuerySpecification) error {
	if q.UniqueRowFilter != "Distinct" || q.OrderByClause == nil {
		return nil
	}
	var returned []string
	for _, e := range q.SelectElements {
		reference, name := returns(e)
		returned = append(returned, reference, name)
	}
	for _, by := range q.OrderByClause.OrderByElements {
		if c := referenced(by.Expression); c == "" || !slices.Contains(returned, c) {
			return fmt.Errorf("145: SELECT DISTINCT is sorted by %q, which it does not return", c)
		}
	}
	return nil
}

func shapeOf(text string) error {
	script, err := parser.Parse(context.Background(), strings.NewReader(text))
	if err != nil {
		return err
	}
	return shape(reflect.ValueOf(script))
}

func TestQueriesHaveAShapeThatSQLServerAccepts(t *testing.T) {
	t.Parallel()
	d, err := sqlserver.New("")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(statements.All(d), d.Catalogue()...) {
		if err := shapeOf(s.SQL); err != nil {
			t.Errorf("%s: %v\n%s", s.Name, err, s.SQL)
		}
	}
	for _, m := range d.Migrations() {
		for _, text := range m.Statements {
			if err := shapeOf(text); err != nil {
				t.Errorf("migration %d: %v\n%s", m.Version, err, text)
			}
		}
	}
}

func TestAWrongShapeIsFound(t *testing.T) {
	t.Parallel()
	for text, number := range map[string]string{
		"SELECT d.n FROM (SELECT count(*) FROM run) AS d":                                          "8155",
		"SELECT 1 FROM (SELECT run.id, p.id FROM run JOIN process AS p ON p.id = run.x) AS d":      "8156",
		"SELECT 1 FROM (SELECT 1 UNION ALL SELECT 2 AS n) AS d":                                    "8155",
		"SELECT d.id FROM (SELECT id FROM run ORDER BY id) AS d":                                   "1033",
		"SELECT 1 WHERE EXISTS (SELECT id FROM run ORDER BY id)":                                   "1033",
		"SELECT (SELECT id FROM run ORDER BY id)":                                                  "1033",
		"SELECT DISTINCT r.name FROM run AS r ORDER BY r.id":                                       "145",
		"INSERT INTO t (a) SELECT DISTINCT r.name FROM run AS r ORDER BY r.id":                     "145",
		"UPDATE t SET a = 1 FROM (SELECT r.id, s.id FROM r JOIN s ON s.x = r.x) AS w WHERE w.id=1": "8156",
		"CREATE VIEW v AS SELECT r.id, s.id FROM r JOIN s ON s.x = r.x":                            "8156",
		"CREATE VIEW v AS SELECT r.id + 1 FROM r":                                                  "8155",
	} {
		if err := shapeOf(text); err == nil || !strings.HasPrefix(err.Error(), number) {
			t.Errorf("%s: %v, want %s", text, err, number)
		}
	}
	for _, text := range []string{
		"SELECT d.id FROM (SELECT id FROM run ORDER BY id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY) AS d",
		"SELECT DISTINCT r.name, r.id FROM run AS r ORDER BY r.id, r.name",
		"SELECT count(*), count(*) FROM run ORDER BY 1",
	} {
		if err := shapeOf(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
