package sqlserver_test

import (
	"strings"
	"testing"

	"github.com/processtracker/processtracker-go/core/dialect"
	"github.com/processtracker/processtracker-go/dialects/sqlserver"
)

// A schema that gets another owner loses the rights that were granted on its tables.
func TestTheOwnerOfASchemaChangesOnlyIfItDiffers(t *testing.T) {
	t.Parallel()
	d, err := sqlserver.New("it's")
	if err != nil {
		t.Fatal(err)
	}
	all, err := d.Grant("o'hara", []dialect.Right{{Own: true}})
	if err != nil {
		t.Fatal(err)
	}
	want := "IF SCHEMA_ID(N'it''s') IS NULL EXEC(N'CREATE SCHEMA [it''s] AUTHORIZATION [o''hara]') " +
		"ELSE IF NOT EXISTS (SELECT 1 FROM sys.schemas AS s WHERE s.schema_id = SCHEMA_ID(N'it''s') AND s.principal_id = DATABASE_PRINCIPAL_ID(N'o''hara')) " +
		"BEGIN EXEC(N'ALTER AUTHORIZATION ON SCHEMA::[it''s] TO [o''hara]'); PRINT N'"
	last := all[len(all)-1]
	if !strings.HasPrefix(last, want) || !strings.Contains(last, "run the scripts of processtracker grants for runners and readers again") {
		t.Errorf("it is\n%s, want it to begin\n%s\nand to say which scripts to run again", last, want)
	}
}

func TestGrantsThatSQLServerWouldRefuseAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		schema, to string
		right      dialect.Right
		says       string
	}{
		{"dbo", "etl", dialect.Right{Own: true}, "choose another schema"},
		{"DBO", "etl", dialect.Right{Own: true}, "choose another schema"},
		{"etl_meta", "dbo", dialect.Right{Own: true}, "name the user"},
		{"etl_meta", "dbo", dialect.Right{Table: "run", Read: true}, "name the user"},
	} {
		d, err := sqlserver.New(c.schema)
		if err != nil {
			t.Fatal(err)
		}
		if all, err := d.Grant(c.to, []dialect.Right{c.right}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("schema %s to %s: %q, %v, want an error that says %q", c.schema, c.to, all, err, c.says)
		}
	}
	d, err := sqlserver.New("dbo")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Grant("etl", []dialect.Right{{Table: "run", Read: true}}); err != nil {
		t.Errorf("to read tables in dbo: %v", err)
	}
}
