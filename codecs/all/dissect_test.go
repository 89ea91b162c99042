package all

import (
	"errors"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
)

const logicalSchema = `{"type": "record", "name": "R", "fields": [
	{"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
	{"name": "fixed", "type": {"type": "fixed", "name": "F", "size": 4, "logicalType": "decimal", "precision": 9, "scale": 2}},
	{"name": "day", "type": {"type": "int", "logicalType": "date"}},
	{"name": "maybe", "type": ["null", {"type": "int", "logicalType": "date"}]},
	{"name": "time", "type": {"type": "int", "logicalType": "time-millis"}},
	{"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
	{"name": "micros", "type": {"type": "long", "logicalType": "timestamp-micros"}},
	{"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},
	{"name": "plain", "type": "long"}]}`

const logicalRecord = `{"price": "\u0004\u00d2", "fixed": "\u0000\u0000\u0004\u00d3", "day": 20454, "maybe": {"int": -1}, "time": 3661001, "at": 1767225600019, "micros": -1, "local": 1500, "plain": 20454}`

// Decimals, dates and times are shown as what they mean, by every codec.
func TestDissectLogical(t *testing.T) {
	want := map[string]string{
		"price": "12.34", "fixed": "12.35", "day": "2026-01-01", "maybe": "1969-12-31", "time": "01:01:01.001", "at": "2026-01-01T00:00:00.019Z",
		"micros": "1969-12-31T23:59:59.999999Z", "local": "1970-01-01T00:00:01.5", "plain": "20454",
	}
	s, err := schemas.Parse("r.avsc", []byte(logicalSchema), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats {
		p, err := codecs.Open(f, s)
		if errors.Is(err, schemas.ErrUnsupported) {
			continue // it needs generated code
		}
		if err != nil {
			t.Fatal(err)
		}
		record, err := p.FromJSON([]byte(logicalRecord))
		if err != nil {
			t.Fatal(err)
		}
		encoded, err := p.Encode(record)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		parts, err := p.Codec.(codecs.Dissector).Dissect(encoded)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		said := map[string]string{}
		for _, part := range parts {
			if part.Role == codecs.Value {
				said[part.Path] += part.Text + "\n"
			}
		}
		if day := said["local.date"]; day != "" { // Kryo 2.24 writes a day and a time, one behind the other
			said["local"] = strings.TrimSpace(day) + "T" + said["local.time"]
		}
		for path, text := range want {
			if !strings.Contains("\n"+said[path], "\n"+text+"\n") {
				t.Errorf("%s: %s: got %q, want %s", f.Name, path, said[path], text)
			}
		}
	}
}
