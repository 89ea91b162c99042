package harness

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/avro"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/codecs/memcpy"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/schemas"
)

func cellOf(codec string, op Op) results.Cell {
	return results.Cell{Schema: "Order", Codec: codec, Runtime: Go.Name, Op: string(op), Procs: 1}
}

// Each op handles what the set says, record by record, however often its loop runs.
func TestOpen(t *testing.T) {
	for _, tt := range []struct {
		cell results.Cell
		wire int64 // beside the records
	}{
		{cellOf("avro", Encode), 0}, {cellOf("avro", Decode), 0}, {cellOf("avro", DecodeReuse), 0},
		{cellOf("memcpy", Convert), 0},
		{results.Cell{Schema: "Order", Codec: "avro", Runtime: Go.Name, Exchange: "local", Keybys: 2, Op: "move", Procs: 1}, 13 * 24},
	} {
		task, err := testLab.Open(measure.Request{Cell: tt.cell, Data: testData()})
		if err != nil {
			t.Fatalf("%s: %v", tt.cell, err)
		}
		if err := task.Prove(); err != nil {
			t.Errorf("%s: %v", tt.cell, err)
		}
		if got, err := task.Work(24); err != nil || got != 3*task.Set {
			t.Errorf("%s: 3 rings came to %d bytes, error %v, want %d", tt.cell, got, err, 3*task.Set)
		}
		if task.Wire != nil && task.Wire() != 3*task.Set+tt.wire {
			t.Errorf("%s: %d bytes on the wire, want %d", tt.cell, task.Wire(), 3*task.Set+tt.wire)
		}
		if task.Close != nil {
			task.Close()
		}
	}
}

// The op hash sends each record where an exchange does.
func TestOpenHash(t *testing.T) {
	for _, tt := range []struct {
		parallelism, max int
		most             int64 // channel
	}{{2, 128, 1}, {0, 0, 1}, {1, 128, 0}, {100, 200, 99}} {
		d := testData()
		d.Records, d.Parallelism, d.MaxParallelism = 64, tt.parallelism, tt.max
		task, err := testLab.Open(measure.Request{Cell: cellOf(results.NoCodec, Hash), Data: d})
		if err != nil {
			t.Fatal(err)
		}
		s, err := testLab.Subject(d)
		if err != nil {
			t.Fatal(err)
		}
		want := int64(0)
		for i := range s.Records {
			id := reflect.ValueOf(s.Records[i]).Elem().Field(0).Int()
			group := keygroup.Group(keygroup.Long(id), cmp.Or(tt.max, 128))
			want += int64(keygroup.Channel(group, cmp.Or(tt.parallelism, 2), cmp.Or(tt.max, 128)))
		}
		if got, err := task.Work(2 * 64); err != nil || task.Set != want || got != 2*want || want > 64*tt.most {
			t.Errorf("parallelism %d of %d: channels of a ring come to %d, of two rings to %d, error %v, want %d",
				tt.parallelism, tt.max, task.Set, got, err, want)
		}
		if !task.NoBytes || testing.AllocsPerRun(10, func() { task.Work(64) }) > 0 {
			t.Errorf("parallelism %d: channels are taken for bytes, or finding them allocates", tt.parallelism)
		}
	}
}

// A key that may be null by the schema is null in no record. Nothing else of the records is another.
func TestNullableKey(t *testing.T) {
	d := testData()
	d.Records = 64
	plain, err := testLab.Subject(d)
	if err != nil {
		t.Fatal(err)
	}
	d.Key = []string{"note"}
	keyed, err := testLab.Subject(d)
	if err != nil {
		t.Fatal(err)
	}
	nulls := 0
	for i := range plain.Records {
		a, b := reflect.ValueOf(plain.Records[i]).Elem(), reflect.ValueOf(keyed.Records[i]).Elem()
		for j := range a.NumField() {
			name := keyed.Type.Fields[j].Name
			if name == "note" && a.Field(j).IsNil() && !b.Field(j).IsNil() {
				nulls++
			} else if !reflect.DeepEqual(a.Field(j).Interface(), b.Field(j).Interface()) {
				t.Errorf("record %d: %s is %v with the key, %v without", i, name, b.Field(j), a.Field(j))
			}
		}
	}
	if nulls == 0 {
		t.Error("note is null in no record without the key either")
	}
	if _, err := testLab.Open(measure.Request{Cell: cellOf(results.NoCodec, Hash), Data: d}); err != nil {
		t.Errorf("finding channels by note: %v", err)
	}
	d.Key = []string{"nope"}
	if _, err := testLab.Subject(d); err == nil || !strings.Contains(err.Error(), `no field "nope"`) {
		t.Errorf("a key that is no field: got error %v", err)
	}
}

func TestOpenFails(t *testing.T) {
	for _, tt := range []struct {
		cell       results.Cell
		want       string
		notCarried bool
	}{
		{cellOf("picky", Encode), "any schema: not supported", true},
		{cellOf("avro", Convert), "nothing to convert", true},
		{cellOf("avro", "fly"), `op "fly"`, false},
		{cellOf("nope", Encode), `codec "nope" is unknown`, false},
		{results.Cell{Codec: "avro", Exchange: "kafka", Op: "move"}, `exchange "kafka"`, false},
	} {
		_, err := testLab.Open(measure.Request{Cell: tt.cell, Data: testData()})
		if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, measure.ErrNotCarried) != tt.notCarried {
			t.Errorf("%s: got error %v, want %q, not carried: %v", tt.cell, err, tt.want, tt.notCarried)
		}
	}
}

// A loss that the format does not state fails the proof, with record and field.
func TestProve(t *testing.T) {
	task, err := testLab.Open(measure.Request{Cell: cellOf("lossy", Encode), Data: testData()})
	if err != nil {
		t.Fatal(err)
	}
	if err := task.Prove(); err == nil || !strings.Contains(err.Error(), ": id: got 0") {
		t.Errorf("got %v, want an error about field id", err)
	}
}

func TestKey(t *testing.T) {
	if got, err := testLab.DefaultKey(testData()); err != nil || len(got) != 1 || got[0] != "id" {
		t.Errorf("default key: got %v, error %v, want id", got, err)
	}
	s, err := schemas.Parse("order", []byte(order), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckKey(s, []string{"nope"}); err == nil {
		t.Error("field nope is taken for a key")
	}
}

// empty is a codec that does nothing: what is left of a loop is the harness.
type empty struct{}

func (empty) Append(dst []byte, _ any) ([]byte, error) { return dst, nil }
func (empty) Decode([]byte, any) error                 { return nil }

// The loops of the harness beside bare ones over the same calls: the difference is what every figure of a run contains,
// and should stay below 1 ns.
func BenchmarkOverhead(b *testing.B) {
	data := testData()
	data.Records = DefaultRecords
	s, err := testLab.Subject(data)
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range []codecs.Format{
		memcpy.Format, {Name: "empty", New: func(*schemas.Schema) (codecs.Codec, error) { return empty{}, nil }},
	} {
		bound, err := Bind(f, s)
		if err != nil {
			b.Fatal(err)
		}
		used, buf := bound.newRecord(), bound.buf
		for _, loop := range []struct {
			name string
			run  func(n int) error
		}{
			{"op=encode/loop=bare", func(n int) error {
				for i := range n {
					if _, err := bound.timed.Append(buf, bound.Natives[i&1023]); err != nil {
						return err
					}
				}
				return nil
			}},
			{"op=encode/loop=harness", func(n int) error { _, err := bound.encodes(n); return err }},
			{"op=decode-reuse/loop=bare", func(n int) error {
				for i := range n {
					if err := bound.timed.Decode(bound.Encoded[i&1023], used); err != nil {
						return err
					}
				}
				return nil
			}},
			{"op=decode-reuse/loop=harness", func(n int) error { _, err := bound.decodesReuse(n); return err }},
		} {
			b.Run("codec="+f.Name+"/"+loop.name, func(b *testing.B) {
				if err := loop.run(b.N); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

// The default key is the first that Flink takes: of those that a schema names, which may be for other engines, and then of
// the fields, also in records within, those first that are never null.
func TestDefaultKey(t *testing.T) {
	const in = `{"type": "record", "name": "In", "fields": [{"name": "n", "type": ["null", "long"]}, {"name": "i", "type": "string"}]}`
	for _, tt := range []struct{ profile, fields, want string }{
		{`"profile": {"keyBy": [["trace"], ["name"]]}, `, `{"name": "trace", "type": "bytes"}, {"name": "id", "type": "int"}, {"name": "name", "type": "string"}`, "[name]"},
		{`"profile": {"keyBy": [["trace"]]}, `, `{"name": "trace", "type": "bytes"}, {"name": "name", "type": "string"}`, "[name]"},
		{`"profile": {"keyBy": [["a", "b"]]}, `, `{"name": "b", "type": "int"}, {"name": "a", "type": ["null", "int"]}`, "[a b]"},
		{"", `{"name": "a", "type": ["null", "int"]}, {"name": "b", "type": "boolean"}`, "[b]"},
		{"", `{"name": "a", "type": ["null", "int"]}, {"name": "in", "type": ` + in + `}`, "[in.i]"},
		{"", `{"name": "in", "type": ["null", ` + in + `]}, {"name": "a", "type": ["null", "int"]}`, "[a]"},
		{"", `{"name": "in", "type": ["null", ` + in + `]}, {"name": "a", "type": "bytes"}`, "[in.n]"},
		{"", `{"name": "a", "type": {"type": "array", "items": ` + in + `}}, {"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["A"]}}`, ""},
	} {
		d := testData()
		d.Text, d.Key = `{"type": "record", "name": "R", `+tt.profile+`"fields": [`+tt.fields+`]}`, nil
		got, err := testLab.DefaultKey(d)
		if tt.want == "" {
			if !errors.Is(err, ErrNoKey) {
				t.Errorf("%s: got key %v, error %v, want %v", tt.fields, got, err, ErrNoKey)
			}
			continue
		}
		if err != nil || fmt.Sprint(got) != tt.want {
			t.Errorf("%s %s: got key %v, error %v, want %s", tt.profile, tt.fields, got, err, tt.want)
		}
	}
}

// A loop starts with nothing of its own: with a ring of one record, the buffer of encode and the record of decode-reuse
// would be a good part of what an operation allocates.
func TestLoopAllocatesNothing(t *testing.T) {
	d := testData()
	d.Records = 1
	for _, tt := range []struct {
		codec string
		op    Op
	}{{"avro", Encode}, {"memcpy", Encode}, {"memcpy", DecodeReuse}} {
		task, err := testLab.Open(measure.Request{Cell: cellOf(tt.codec, tt.op), Data: d})
		if err != nil {
			t.Fatal(err)
		}
		work := func() {
			if _, err := task.Work(20); err != nil {
				t.Fatal(err)
			}
		}
		work() // warm
		if got := testing.AllocsPerRun(10, work); got > 0 {
			t.Errorf("%s %s: 20 operations allocate %v times, want none", tt.codec, tt.op, got)
		}
	}
}

// A codec that writes into the bytes it decodes, when it has read them, would decode others from then on.
func TestProveBytes(t *testing.T) {
	s, err := testLab.Subject(testData())
	if err != nil {
		t.Fatal(err)
	}
	b, err := Bind(avro.Format, s)
	if err != nil {
		t.Fatal(err)
	}
	b.Codec = &scribbler{Codec: b.Codec}
	if err := b.Prove(); err == nil || !strings.Contains(err.Error(), "changes the bytes") {
		t.Errorf("got %v, want an error about the bytes", err)
	}
}

// A scribbler is a codec whose every second decode ends with a stroke through the source.
type scribbler struct {
	codecs.Codec
	calls int
}

func (c *scribbler) Decode(src []byte, v any) error {
	err := c.Codec.Decode(src, v)
	if c.calls++; c.calls%2 == 0 {
		src[0]++
	}
	return err
}
