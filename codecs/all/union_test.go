package all

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Branches of a union that Go has one type for, two enums or two fixed of one size, come back from every codec, or the
// codec refuses the schema. Who refuses is listed, with the reason.
func TestAlike(t *testing.T) {
	const (
		enums = `{"type": "enum", "name": "Hue", "symbols": ["RED", "BLUE"]}, {"type": "enum", "name": "Fit", "symbols": ["TIGHT", "RED"]}`
		fixed = `{"type": "fixed", "name": "Zip", "size": 2}, {"type": "fixed", "name": "Pin", "size": 2}`
	)
	static := []string{"protobuf", "protobuf-vt", "msgpack-msgp"} // of generated code alone
	flink := []string{"pojo*", "kryo*", "row", "row-flink1", "tuple*"}
	for _, tt := range []struct {
		field   string
		values  []string
		refused map[string][]string // by what the error says
	}{
		{`[` + enums + `]`, []string{`{"Fit": "RED"}`, `{"Hue": "RED"}`, `{"Hue": "BLUE"}`},
			map[string][]string{"": static, "a general union has no SQL type": {"rowdata"}}},
		{`["null", "string", ` + fixed + `]`, []string{`{"Pin": "ab"}`, `{"Zip": "ab"}`, `{"string": "ab"}`, `null`},
			map[string][]string{"": static, "the library writes no other": {"msgpack", "msgpack-array"}, "which are both byte[] in Java": flink, "a general union has no SQL type": {"rowdata"}}},
		{`{"type": "array", "items": [` + fixed + `, ` + enums + `, "int"]}`, []string{`[{"Pin": "ab"}, {"Fit": "RED"}, {"int": 7}]`, `[]`},
			map[string][]string{"": static, "the library writes no other": {"msgpack", "msgpack-array"}, "which are both byte[] in Java": flink, "a general union has no SQL type": {"rowdata"}}},
		{`{"type": "record", "name": "S", "fields": [{"name": "a", "type": [` + fixed + `]}, {"name": "b", "type": ["Pin", "int", "Zip"]}]}`,
			[]string{`{"a": {"Pin": "ab"}, "b": {"Pin": "ab"}}`, `{"a": {"Zip": "cd"}, "b": {"Zip": "ab"}}`},
			map[string][]string{"": static, "the library writes no other": {"msgpack", "msgpack-array"}, "which are both byte[] in Java": flink, "a general union has no SQL type": {"rowdata"}}},
	} {
		s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "f", "type": `+tt.field+`}]}`), "")
		if err != nil {
			t.Fatal(err)
		}
		reasons := map[string]string{}
		for reason, list := range tt.refused {
			for _, f := range named(t, list) {
				reasons[f.Name] = reason
			}
		}
		for _, f := range Formats {
			reason, refused := reasons[f.Name]
			c, err := f.New(s)
			switch {
			case refused != errors.Is(err, schemas.ErrUnsupported) || refused && !strings.Contains(err.Error(), reason):
				t.Errorf("%s: %s: got error %v, want refused %v, %s", tt.field, f.Name, err, refused, reason)
			case err == nil:
				for _, value := range tt.values {
					if err := comesBack(f, c, s, `{"f": `+value+`}`); err != nil {
						t.Errorf("%s: %s: %s: %v", tt.field, f.Name, value, err)
					}
				}
			}
		}
	}
}

// A union without branches, which Java reads, has no value. An array or a map of it is empty, and comes back from every
// codec that does not refuse it.
func TestNoBranches(t *testing.T) {
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "a", "type": {"type": "array", "items": []}}, {"name": "i", "type": "int"},
		{"name": "m", "type": ["null", {"type": "map", "values": []}]}, {"name": "s", "type": {"type": "array", "items": {"type": "record", "name": "S", "fields": [{"name": "never", "type": []}]}}}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	carried := 0
	for _, f := range Formats {
		c, err := f.New(s)
		if errors.Is(err, schemas.ErrUnsupported) {
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		carried++
		for _, text := range []string{`{"a": [], "i": 7, "m": null, "s": []}`, `{"a": [], "i": 0, "m": {}, "s": []}`} {
			if err := comesBack(f, c, s, text); err != nil {
				t.Errorf("%s: %s: %v", f.Name, text, err)
			}
		}
		for _, src := range []string{"", "\x00", "\x02\x00\x00\x00", "\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"} {
			c.Decode([]byte(src), codecs.NewRecord(c, typ)) // whatever it says, it does not panic
		}
	}
	if carried < 10 {
		t.Errorf("%d codecs carry it, want ten and more", carried)
	}
}

// named returns the formats that the globs in list name.
func named(t *testing.T, list []string) []codecs.Format {
	t.Helper()
	found, err := Find(strings.Join(list, ","))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// comesBack reports how a record differs from what c makes of its bytes, but for what f loses.
func comesBack(f codecs.Format, c codecs.Codec, s *schemas.Schema, text string) error {
	typ, err := access.Of(s)
	if err != nil {
		return err
	}
	record, back := typ.New(), codecs.NewRecord(c, typ)
	if err := access.Unmarshal(typ, []byte(text), record); err != nil {
		return err
	}
	native := record
	conv, converts := c.(codecs.Converter)
	if converts {
		native = conv.NewRecord()
		if err := conv.FromStruct(native, record); err != nil {
			return err
		}
	}
	b, err := c.Append(nil, native)
	if err != nil {
		return err
	}
	if err := c.Decode(slices.Clone(b), back); err != nil {
		return fmt.Errorf("decoding %x: %w", b, err)
	}
	got := back
	if converts {
		got = typ.New()
		if err := conv.ToStruct(got, back); err != nil {
			return err
		}
	}
	want, err := typ.Ref(record)
	if err != nil {
		return err
	}
	r, err := typ.Ref(got)
	if err != nil {
		return err
	}
	return access.Diff(typ, want, r, f.Loses...)
}
