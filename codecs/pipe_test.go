package codecs_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/avro"
	"github.com/wirecost/wirecost/codecs/json"
	"github.com/wirecost/wirecost/codecs/memcpy"
	"github.com/wirecost/wirecost/codecs/msgpack"
	"github.com/wirecost/wirecost/codecs/protobuf"
	"github.com/wirecost/wirecost/schemas"
)

func open(t *testing.T, f codecs.Format, schema string) *codecs.Pipe {
	t.Helper()
	s, err := schemas.Parse("r.avsc", []byte(schema), "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := codecs.Open(f, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// through sends a line of JSON through p: to a struct, to bytes and back.
func through(p *codecs.Pipe, text string) (encoded, back string, err error) {
	record, err := p.FromJSON([]byte(text))
	if err != nil {
		return "", "", err
	}
	b, err := p.Encode(record)
	if err != nil {
		return "", "", err
	}
	encoded = fmt.Sprintf("%x", b)
	if record, err = p.Decode(b); err != nil {
		return encoded, "", err
	}
	again, err := p.ToJSON(record)
	return encoded, string(again), err
}

func TestPipe(t *testing.T) {
	const schema = `{"type": "record", "name": "R", "fields": [{"name": "id", "type": "int"}, {"name": "note", "type": ["null", "string"]}]}`
	for _, tt := range []struct {
		format      codecs.Format
		text, bytes string
	}{
		{avro.Format, `{"id":1,"note":{"string":"first"}}`, "02020a6669727374"},
		{avro.Format, `{"id":-2,"note":null}`, "0300"},
		{memcpy.Format, `{"id":1,"note":null}`, "0100000000"}, // of a record that is no struct, as the next
		{protobuf.Dynamic, `{"id":1,"note":{"string":"x"}}`, "0801120178"},
		{json.Format, `{"id":1,"note":{"string":"x"}}`, fmt.Sprintf("%x", `{"id":1,"note":"x"}`)},
	} {
		p := open(t, tt.format, schema)
		encoded, back, err := through(p, tt.text)
		if encoded != tt.bytes || back != tt.text || err != nil {
			t.Errorf("%s: %s: got %s and %s, error %v, want %s and the same record", tt.format.Name, tt.text, encoded, back, err, tt.bytes)
		}
	}
}

// A format that loses branches gives back what has no tag.
func TestPipeBare(t *testing.T) {
	const schema = `{"type": "record", "name": "R", "fields": [{"name": "u", "type": ["null", "int", "string"]}]}`
	for _, tt := range []struct {
		format codecs.Format
		want   string
	}{
		{avro.Format, `{"u":{"int":7}}`},
		{json.Format, `{"u":7.0}`},
		{msgpack.Format, `{"u":{"int":7}}`},
	} {
		_, got, err := through(open(t, tt.format, schema), `{"u":{"int":7}}`)
		if got != tt.want || err != nil {
			t.Errorf("%s: got %s, error %v, want %s", tt.format.Name, got, err, tt.want)
		}
	}
}

func TestPipeRefuses(t *testing.T) {
	const recursive = `{"type": "record", "name": "R", "fields": [{"name": "next", "type": ["null", "R"]}]}`
	s, err := schemas.Parse("r.avsc", []byte(recursive), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := codecs.Open(avro.Format, s); !errors.Is(err, schemas.ErrUnsupported) || !strings.HasPrefix(err.Error(), "codec avro: ") {
		t.Errorf("a recursive schema: got error %v, want one of codec avro that wraps %v", err, schemas.ErrUnsupported)
	}
	p := open(t, avro.Format, `{"type": "record", "name": "R", "fields": [{"name": "id", "type": "int"}]}`)
	if _, err := p.Decode([]byte{2, 2}); err == nil {
		t.Error("a byte behind the record: got no error")
	}
	if _, err := p.FromJSON([]byte(`{"id":"one"}`)); err == nil {
		t.Error("a string for an int: got no error")
	}
}
