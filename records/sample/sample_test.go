package sample

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/twmb/avro"
	"github.com/twmb/avro/ocf"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

const orderText = `{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"},
	{"name": "note", "type": ["null", "string"]}, {"name": "n", "type": "int", "default": 7}]}`

func parse(t testing.TB, text string) *schemas.Schema {
	t.Helper()
	s, err := schemas.Parse("order.avsc", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// readAll returns the records of in as JSON, one a line, and the error that ends them, if it is not io.EOF.
func readAll(t testing.TB, in io.Reader, cfg Config) (string, *Reader, error) {
	t.Helper()
	r, err := NewReader(in, cfg)
	if err != nil {
		return "", nil, err
	}
	var got strings.Builder
	for v := r.Type.New(); ; {
		err := r.Next(v)
		if err == io.EOF {
			return got.String(), r, nil
		}
		if err != nil {
			return got.String(), r, err
		}
		text, err := access.Marshal(r.Type, v)
		if err != nil {
			t.Fatal(err)
		}
		got.Write(append(text, '\n'))
	}
}

// frame returns b behind its length.
func frame(b ...byte) string {
	return string(append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...))
}

func TestForms(t *testing.T) {
	s := parse(t, orderText)
	const want = `{"id":1,"note":{"string":"a"},"n":2}` + "\n" + `{"id":2,"note":null,"n":7}` + "\n"
	for _, tt := range []struct{ name, in, form string }{
		{"Avro JSON", want, "JSON lines"},
		{"plain JSON", "\ufeff" + `{"note":"a","id":1,"n":2}` + "\r\n\n" + `{"id":2}`, "JSON lines"},
		{"framed", frame(0, 0, 0, 0, 9, 2, 2, 2, 'a', 4) + frame(0, 0, 0, 0, 9, 4, 0, 14), "framed records"},
	} {
		got, r, err := readAll(t, strings.NewReader(tt.in), Config{Schema: s})
		if err != nil || got != want || r.Form != tt.form || r.Read() != 2 {
			t.Errorf("%s: got %s%s, %v, want %s%s", tt.name, got, r.Form, err, want, tt.form)
		}
	}
}

// written returns a container with a record for each id, so many in each block.
func written(t testing.TB, codec ocf.Codec, block int, ids ...int64) []byte {
	t.Helper()
	s, err := avro.Parse(orderText)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := ocf.NewWriter(&b, s, ocf.WithBlockCount(block), ocf.WithCodec(codec), ocf.WithSyncMarker([16]byte{15: 1}))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if err := w.Encode(map[string]any{"id": id, "note": nil, "n": int32(0)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDraw(t *testing.T) {
	s := parse(t, orderText)
	var in strings.Builder
	for range 1000 {
		in.WriteString(`{"id":1}` + "\n")
	}
	r, err := NewReader(strings.NewReader(in.String()), Config{Schema: s})
	if err != nil {
		t.Fatal(err)
	}
	ring, err := Draw(r, 64, 1<<20, 1)
	if err != nil || len(ring.Records) != 64 || ring.Of != 1000 || ring.Bytes != 64*3 || ring.Cut != 0 {
		t.Errorf("drew %d of %d, %d bytes, cut %d, %v", len(ring.Records), ring.Of, ring.Bytes, ring.Cut, err)
	}
}
