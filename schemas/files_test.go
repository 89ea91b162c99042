package schemas

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestSources reads schemas as people keep them. The record that is read has the same bytes as what is in the text of one file,
// and so has what is read again from the schema's own text.
func TestSources(t *testing.T) {
	const address = `{"type": "record", "name": "Address", "namespace": "com.acme", "fields": [{"name": "city", "type": "City"}]}`
	const city = `{"type": "record", "name": "City", "namespace": "com.acme", "fields": [{"name": "name", "type": "string"}, {"name": "of", "type": ["null", "Address"]}]}`
	const want = `{"name":"com.acme.Order","type":"record","fields":[{"name":"to","type":{"name":"com.acme.Address","type":"record","fields":[` +
		`{"name":"city","type":{"name":"com.acme.City","type":"record","fields":[{"name":"name","type":"string"},{"name":"of","type":["null","com.acme.Address"]}]}}]}},` +
		`{"name":"from","type":["null","com.acme.Address"]},{"name":"id","type":"long"}]}`
	const order = `{"type": "record", "name": "Order", "namespace": "com.acme", "fields": [{"name": "to", "type": "com.acme.Address"}, {"name": "from", "type": ["null", "Address"]},
		{"name": "id", "type": {"type": "long", "logicalType": "timestamp-millis"}, "profile": {"const": 7}}]}`
	for _, tt := range []struct{ name, files, args, typ, want string }{
		{"files", "-- order.avsc --\n" + order + "\n-- city.avsc --\n" + city + "\n-- address.avsc --\n" + address, "order.avsc city.avsc address.avsc", "", want},
		{"file and folder", "-- order.avsc --\n// the order\n" + order + "\n-- all/b/city.avsc --\n" + city + "\n-- all/address.avsc --\n" + address + "\n-- all/x.txt --\nnot a schema", "order.avsc all", "", want},
		{"folder", "-- all/order.avsc --\n" + order + "\n-- all/city.avsc --\n" + city + "\n-- all/address.avsc --\n" + address, "all", "Order", want},
		{"others are the first's", "-- order.avsc --\n" + order + "\n-- all/city.avsc --\n" + city + "\n-- all/address.avsc --\n" + address, "all order.avsc", "com.acme.Order", want},
		{"one array", "-- a.avsc --\n[" + address + "," + order + "]\n-- b.avsc --\n" + city, "a.avsc b.avsc", "Order", want},
		{"protocol", "-- a.avpr --\n" + `{"protocol": "Shop", "namespace": "com.acme", "types": [` + strings.ReplaceAll(order+","+address+","+city, `"namespace": "com.acme", `, "") + `], "messages": {}}`, "a.avpr", "Order", want},
		{"nested in another", "-- order.avsc --\n" + order + "\n-- x.avsc --\n" + `{"type": "record", "name": "X", "namespace": "com.acme", "fields": [{"name": "a", "type": ` +
			strings.Replace(address, `"City"`, strings.Replace(city, `"namespace": "com.acme", `, "", 1), 1) + `}]}`, "order.avsc x.avsc", "", want},
		{"defined again", "-- order.avsc --\n" + strings.Replace(order, `"com.acme.Address"`, address, 1) + "\n-- all/city.avsc --\n" + strings.Replace(city, `"Address"`, address, 1) + "\n-- all/address.avsc --\n" + address, "order.avsc all", "", want},
		{"registry", "-- a.json --\n" + `{"subject": "orders", "version": 3, "id": 7, "schema": ` + quote(order) + "}\n-- b.json --\n" + `{"schema": ` + quote(address) + "}\n-- c.avsc --\n" + city, "a.json b.json c.avsc", "", want},
		{"no namespace", "-- a.avsc --\n" + `{"type": "record", "name": "n.A", "fields": [{"name": "b", "type": {"type": "array", "items": {"type": "B"}}}]}` + "\n-- b.avsc --\n" + `{"type": "record", "name": "B", "fields": [{"name": "e", "type": "E"}]}` +
			"\n-- e.avsc --\n" + `{"type": "enum", "name": "E", "symbols": ["X"]}`, "a.avsc b.avsc e.avsc", "",
			`{"name":"n.A","type":"record","fields":[{"name":"b","type":{"type":"array","items":{"name":"B","type":"record","fields":[{"name":"e","type":{"name":"E","type":"enum","symbols":["X"]}}]}}}]}`},

		{"missing", "-- order.avsc --\n" + order, "order.avsc", "", `order.avsc:1: $.fields[0].type: unknown type "com.acme.Address": name the file that defines it, too, with another --schema`},
		{"several missing", "-- order.avsc --\n" + strings.Replace(order, `"long"`, `"Id"`, 1), "order.avsc", "",
			`order.avsc:1: $.fields[0].type: unknown types "com.acme.Address", "com.acme.Id": name the files that define them, or their folder, too, with another --schema`},
		{"missing in another", "-- order.avsc --\n" + order + "\n-- address.avsc --\n" + strings.Replace(address, `"City"`, `["City", "x.Town"]`, 1), "order.avsc address.avsc", "",
			`address.avsc:1: $.fields[0].type[0]: unknown types "com.acme.City", "x.Town": name the files that define them, or their folder, too, with another --schema`},
		{"missing references", "-- a.json --\n" + `{"schema": ` + quote(order) + `, "references": [{"name": "com.acme.Address", "subject": "address", "version": 2}]}`, "a.json", "",
			`a.json:1: $.fields[0].type: unknown type "com.acme.Address": name the file that defines it, too, with another --schema; the registry has com.acme.Address (subject address, version 2)`},
		{"other kind", "-- a.json --\n" + `{"schema": "message M {}", "schemaType": "PROTOBUF"}`, "a.json", "", `a.json:1: $.schemaType: the registry's schema is "PROTOBUF", and AVRO is what is read`},
		{"bad in another", "-- order.avsc --\n" + order + "\n-- all/address.avsc --\n{", "order.avsc all", "", `all/address.avsc:2: $: the text ends within a value`},
		{"wrong in another", "-- order.avsc --\n" + order + "\n-- address.avsc --\n" + strings.Replace(address, `"City"`, `"sting"`, 1), "order.avsc address.avsc", "",
			`address.avsc:1: $.fields[0].type: unknown type "com.acme.sting": name the file that defines it, too, with another --schema`},
		{"folder of several", "-- all/city.avsc --\n" + city + "\n-- all/address.avsc --\n" + address, "all", "", `all: it has several records: choose one with --type: com.acme.Address, com.acme.City`},
		{"no such type", "-- all/city.avsc --\n" + city + "\n-- all/address.avsc --\n" + address, "all", "Town", `all: no record is called "Town": there are com.acme.Address, com.acme.City`},
		{"no schemas", "-- all/x.txt --\n", "all", "", `all: no file below it ends in .avsc or .avpr`},
		{"no records", "-- a.avpr --\n" + `{"protocol": "P", "types": []}`, "a.avpr", "", `a.avpr: it defines no record: only a record can be measured`},
		{"default in another", "-- order.avsc --\n" + order + "\n-- address.avsc --\n" + `{"type": "record", "name": "com.acme.Address", "fields": [{"name": "n", "type": "int", "default": "x"}]}`, "order.avsc address.avsc", "",
			`address.avsc:1: $.fields[0].default: default of field n: "x" is no int`},
		{"twice in one", "-- order.avsc --\n" + `{"type": "record", "name": "A", "fields": [{"name": "a", "type": {"type": "fixed", "name": "F", "size": 1}}, {"name": "b", "type": {"type": "fixed", "name": "F", "size": 1}}]}`, "order.avsc order.avsc", "",
			`order.avsc:1: $.fields[1].type.name: F is defined twice, first in line 1`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, f := range txtar.Parse([]byte(tt.files)).Files {
				if err := os.MkdirAll(filepath.Dir(f.Name), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(f.Name, f.Data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			got, s := "", (*Schema)(nil)
			sources, err := ReadSources(strings.Fields(tt.args)...)
			if err == nil {
				s, err = ParseSources(sources, tt.typ)
			}
			if err != nil {
				got = err.Error()
			} else {
				got = s.Canonical()
			}
			if !strings.HasPrefix(got, tt.want) || err == nil && got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if err != nil {
				return
			}
			again, err := Parse("again", []byte(s.Text), s.Name)
			if err != nil {
				t.Fatalf("its text is not read again: %v\n%s", err, s.Text)
			}
			if again.Canonical() != tt.want || len(again.Warnings) > 0 || len(s.Warnings) > 0 {
				t.Errorf("its text is that of another schema, or of warnings %q, %q:\n%s", s.Warnings, again.Warnings, s.Text)
			}
			if id := s.Root.Fields; strings.HasSuffix(s.Name, "Order") && (id[2].Type.Logical != TimestampMillis || again.Root.Fields[2].Profile == nil) {
				t.Errorf("annotations are lost: %s", s.Text)
			}
		})
	}
}

// Where two sources define a type, and not alike, there is a warning.
func TestUnlike(t *testing.T) {
	s, err := ParseSources([]Source{
		{Name: "a.avsc", Text: []byte(`{"type": "record", "name": "A", "fields": [{"name": "b", "type": "B"}]}`)},
		{Name: "b.avsc", Text: []byte(`{"type": "fixed", "name": "B", "size": 1}`)},
		{Name: "c.avsc", Text: []byte(`{"type": "fixed", "name": "B", "size": 2}`)},
		{Name: "d.avsc", Text: []byte(`{"size":1, "type":"fixed", "name": "B"}`)},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	want := "c.avsc:1: $: B is defined here and in b.avsc:1, and not alike: the latter is taken"
	if s.Root.Fields[0].Type.Size != 1 || len(s.Warnings) != 1 || s.Warnings[0] != want {
		t.Errorf("got %s, warnings %q, want %q", s.Canonical(), s.Warnings, want)
	}
}
