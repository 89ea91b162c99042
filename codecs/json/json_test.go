package json_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/json"
)

func TestJSON(t *testing.T) { codectest.Run(t, json.Format) }

func FuzzJSON(f *testing.F) { codectest.Fuzz(f, json.Format) }

func TestGolden(t *testing.T) { codectest.Golden(t, json.Format, "../testdata/checks") }

// Null is null wherever it stands, and longs have all their digits.
func TestText(t *testing.T) {
	const nulls = `{"type": "record", "name": "Gap", "fields": [{"name": "none", "type": "null"}, {"name": "n", "type": "int"},
		{"name": "list", "type": {"type": "array", "items": "null"}}, {"name": "map", "type": {"type": "map", "values": "null"}}]}`
	const longs = `{"type": "record", "name": "Ticket", "fields": [{"name": "id", "type": "int"}, {"name": "ref", "type": ["long", "string"]}]}`
	for _, tt := range []struct{ schema, record, want string }{
		{nulls, `{"none": null, "n": 1, "list": [null], "map": {"k": null}}`, `{"none":null,"n":1,"list":[null],"map":{"k":null}}`},
		{longs, `{"id": 1, "ref": {"long": 9007199254740993}}`, `{"id":1,"ref":9007199254740993}`},
	} {
		if got := string(codectest.Bytes(t, json.Format, tt.schema, tt.record)); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.record, got, tt.want)
		}
	}
}

// What stands for null is null.
func TestNotNull(t *testing.T) {
	c, typ := codectest.Open(t, json.Format, `{"type": "record", "name": "Gap", "fields": [{"name": "none", "type": "null"}]}`)
	for src, want := range map[string]bool{`{"none":null}`: true, `{}`: true, `{"none":{}}`: false, `{"none":0}`: false} {
		if err := c.Decode([]byte(src), typ.New()); (err == nil) != want {
			t.Errorf("%s: got error %v, want it read: %v", src, err, want)
		}
	}
}

func TestDissect(t *testing.T) { codectest.DissectGolden(t, json.Format, "testdata/dissect") }

func FuzzDissect(f *testing.F) { codectest.FuzzDissect(f, json.Format) }
