package all

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"pgregory.net/rapid"
)

// Sizes of Flink's formats for a flat record without nulls, as a cost model computes them: from the number of fields and
// the bytes of each, never from an encoder.
var formulas = map[string]func(flat) int{
	"pojo":                   func(f flat) int { return 1 + f.fields + f.data },
	"pojo-flink1":            func(f flat) int { return 1 + f.fields + f.data },
	"row":                    func(f flat) int { return (f.fields+2+7)/8 + f.data },
	"row-flink1":             func(f flat) int { return (f.fields+2+7)/8 + f.data },
	"tuple":                  func(f flat) int { return f.data },
	"tuple-flink1":           func(f flat) int { return f.data },
	"rowdata":                func(f flat) int { return 4 + (f.fields+8+63)/64*8 + 8*f.fields + f.out },
	"flink-avro":             func(f flat) int { return f.data + 3*f.strings }, // a length of 4 bytes, where Flink's String has 1
	"kryo":                   func(f flat) int { return 2 + f.kryo },
	"kryo-registered":        func(f flat) int { return 2 + f.kryo },
	"kryo-flink1-registered": func(f flat) int { return 2 + f.kryo1 },
	"kryo-flink1":            func(f flat) int { return 2 + f.kryo1 },
}

// A flat is what the formulas need of a record. Its strings are ASCII of at most 126 characters.
type flat struct {
	fields, strings int
	data            int // bytes of the values in Flink's own serializers
	out             int // bytes of a BinaryRow's variable part
	kryo, kryo1     int // bytes of the values in Kryo 5.6 and 2.24
}

func (f *flat) add(v reflect.Value) {
	f.fields++
	switch v.Kind() {
	case reflect.Bool:
		f.fixed(1)
	case reflect.Float32:
		f.fixed(4)
	case reflect.Float64:
		f.fixed(8)
	case reflect.Int32:
		f.data += 4
		f.varint(varint(uint64(uint32(int32(v.Int())<<1^int32(v.Int())>>31)), 5))
	case reflect.Int64:
		f.data += 8
		f.varint(varint(uint64(v.Int()<<1^v.Int()>>63), 9))
	case reflect.String:
		f.text(v.Len())
	}
}

func (f *flat) fixed(n int) {
	f.data += n
	f.kryo += n
	f.kryo1 += n
}

func (f *flat) varint(n int) {
	f.kryo += n
	f.kryo1 += n
}

// text adds a string: its reference mark, and in Kryo a length unless it is short ASCII.
func (f *flat) text(n int) {
	f.strings++
	f.data += 1 + n
	if n > 7 { // shorter ones are in their slot
		f.out += (n + 7) / 8 * 8
	}
	f.kryo += 1 + kryoText(n, 32)
	f.kryo1 += 1 + kryoText(n, 63)
}

func kryoText(n, shortest int) int {
	switch {
	case n >= 2 && n <= shortest:
		return n
	case n+1 < 64:
		return 1 + n
	}
	return 2 + n
}

// varint returns the bytes of v, 7 bits each, of which the last of most takes 8.
func varint(v uint64, most int) int {
	n := 1
	for v >= 0x80 && n < most {
		v >>= 7
		n++
	}
	return n
}

func TestFormulas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := flatSchema(t)
		plan, err := records.Compile(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		gen := plan.Generator(rapid.Uint64().Draw(t, "seed"))
		for i := range uint64(3) {
			record := gen.New(i)
			var f flat
			for v, n := reflect.ValueOf(record).Elem(), 0; n < v.NumField(); n++ {
				f.add(v.Field(n))
			}
			for _, format := range Formats {
				if formula := formulas[format.Name]; formula != nil {
					if got, want := encodedSize(t, format, s, record), formula(f); got != want {
						t.Fatalf("%s: %d bytes, by the formula %d: %+v of %+v", format.Name, got, want, f, record)
					}
				}
			}
		}
	})
}

func flatSchema(t *rapid.T) *schemas.Schema {
	types := rapid.SliceOfN(rapid.SampledFrom([]string{
		`"boolean"`, `"int"`, `"long"`, `"float"`, `"double"`, `"string"`,
		`{"type": "string", "profile": {"len": {"min": 0, "max": 126}}}`, `{"type": "int", "profile": {"min": -2147483648, "max": 2147483647}}`,
		`{"type": "long", "profile": {"min": -9223372036854775808, "max": 9223372036854775807}}`,
	}), 1, 25).Draw(t, "types")
	fields := make([]string, len(types))
	for i, typ := range types {
		fields[i] = fmt.Sprintf(`{"name": "f%d", "type": %s}`, i, typ)
	}
	s, err := schemas.Parse("flat.avsc", []byte(`{"type": "record", "name": "Flat", "fields": [`+strings.Join(fields, ", ")+`]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func encodedSize(t *rapid.T, f codecs.Format, s *schemas.Schema, record any) int {
	c, err := f.New(s)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	b, err := c.Append(nil, record)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return len(b)
}
