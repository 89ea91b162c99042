package avro_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/avro"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

func TestAvro(t *testing.T)      { codectest.Run(t, avro.Format) }
func TestBlockSize(t *testing.T) { codectest.Run(t, avro.BlockSize) }
func TestTwmb(t *testing.T)      { codectest.Run(t, avro.Twmb) }
func TestGeneric(t *testing.T)   { codectest.Run(t, avro.Generic) }

func FuzzAvro(f *testing.F)      { codectest.Fuzz(f, avro.Format) }
func FuzzBlockSize(f *testing.F) { codectest.Fuzz(f, avro.BlockSize) }
func FuzzTwmb(f *testing.F)      { codectest.Fuzz(f, avro.Twmb) }
func FuzzGeneric(f *testing.F)   { codectest.Fuzz(f, avro.Generic) }

func TestDissect(t *testing.T) {
	for _, f := range []codecs.Format{avro.Format, avro.BlockSize, avro.Twmb, avro.Generic} {
		t.Run(f.Name, func(t *testing.T) { codectest.DissectGolden(t, f, "testdata/dissect") })
	}
}

func FuzzDissect(f *testing.F)          { codectest.FuzzDissect(f, avro.Format) }
func FuzzDissectBlockSize(f *testing.F) { codectest.FuzzDissect(f, avro.BlockSize) }
func FuzzDissectTwmb(f *testing.F)      { codectest.FuzzDissect(f, avro.Twmb) }

// carry checks that f writes the records of schema text as Avro has them, and reads them again.
func carry(t *testing.T, f codecs.Format, text string, records ...string) {
	t.Helper()
	s, err := schemas.Parse("test.avsc", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	c, err := f.New(s)
	if err != nil {
		t.Errorf("%s: %v", f.Name, err)
		return
	}
	for _, record := range records {
		if err := carried(c, typ, record); err != nil {
			t.Errorf("%s: %s: %v", f.Name, record, err)
		}
	}
}

func carried(c codecs.Codec, typ *access.Type, text string) error {
	record := typ.New()
	if err := access.Unmarshal(typ, []byte(text), record); err != nil {
		return err
	}
	r, err := typ.Ref(record)
	if err != nil {
		return err
	}
	want, err := access.AppendAvro(nil, typ, r)
	if err != nil {
		return err
	}
	conv, converts := c.(codecs.Converter)
	native := record
	if converts {
		native = conv.NewRecord()
		if err := conv.FromStruct(native, record); err != nil {
			return err
		}
	}
	got, err := c.Append(nil, native)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("got bytes %x, want %x", got, want)
	}
	decoded := codecs.NewRecord(c, typ)
	if err := c.Decode(got, decoded); err != nil {
		return err
	}
	back := decoded
	if converts {
		back = typ.New()
		if err := conv.ToStruct(back, decoded); err != nil {
			return err
		}
	}
	b, err := typ.Ref(back)
	if err != nil {
		return err
	}
	return access.Diff(typ, r, b)
}

// A type without a namespace in a record that has one is told from one of that namespace, by name and by reference.
func TestNoNamespace(t *testing.T) {
	const door = `{"type": "record", "name": "Door", "namespace": "", "fields": [{"name": "n", "type": "int"}]}`
	for _, tt := range []struct {
		text    string
		records []string
	}{
		{`{"type": "record", "name": "Parcel", "namespace": "post", "fields": [{"name": "to", "type": ["int", ` + door + `]}]}`,
			[]string{`{"to": {"Door": {"n": 5}}}`, `{"to": {"int": 5}}`}},
		{`{"type": "record", "name": "Parcel", "namespace": "post", "fields": [{"name": "a", "type": ` + door + `},
			{"name": "b", "type": {"type": "record", "name": "none.Door", "fields": [{"name": "s", "type": "string"}]}},
			{"name": "c", "type": ["null", "Door", "none.Door"]}]}`,
			[]string{`{"a": {"n": 1}, "b": {"s": "x"}, "c": {"none.Door": {"s": "y"}}}`, `{"a": {"n": 1}, "b": {"s": ""}, "c": {"Door": {"n": 7}}}`, `{"a": {"n": 1}, "b": {"s": ""}, "c": null}`}},
		{`{"type": "record", "name": "Root", "fields": [{"name": "e", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
			{"name": "sub", "type": {"type": "record", "name": "Sub", "namespace": "post", "fields": [{"name": "k", "type": "Kind"},
			{"name": "u", "type": ["null", "Kind", {"type": "fixed", "name": "Kind", "size": 1}, "string"]}]}}]}`,
			[]string{`{"e": "B", "sub": {"k": "B", "u": null}}`, `{"e": "B", "sub": {"k": "A", "u": {"Kind": "B"}}}`, `{"e": "B", "sub": {"k": "A", "u": {"post.Kind": "B"}}}`}},
		{`{"type": "record", "name": "post.A", "fields": [{"name": "u", "type": [{"type": "enum", "name": "Kind", "namespace": "", "symbols": ["A"]}, {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}]}]}`,
			[]string{`{"u": {"Kind": "A"}}`, `{"u": {"post.Kind": "A"}}`, `{"u": {"post.Kind": "B"}}`}},
		{`{"type": "record", "name": "a.A", "fields": [{"name": "z", "type": ["null", {"type": "fixed", "name": "Zip", "namespace": "", "size": 2}]},
			{"name": "f", "type": ["Zip", {"type": "fixed", "name": "Far", "size": 3}]}]}`,
			[]string{`{"z": {"Zip": "ab"}, "f": {"a.Far": "cde"}}`, `{"z": null, "f": {"Zip": "fg"}}`}},
	} {
		for _, f := range []codecs.Format{avro.Format, avro.BlockSize, avro.Twmb, avro.Generic} {
			carry(t, f, tt.text, tt.records...)
		}
	}
}

// Branches that Go has one type for are told apart by the types that an any holds them in.
func TestAlike(t *testing.T) {
	const hue = `{"type": "enum", "name": "Hue", "symbols": ["RED", "BLUE"]}`
	const zip = `{"type": "fixed", "name": "Zip", "size": 2}, {"type": "fixed", "name": "Pin", "size": 2}`
	text := `{"type": "record", "name": "Pick", "fields": [
		{"name": "a", "type": ["null", ` + hue + `, {"type": "enum", "name": "Fit", "symbols": ["RED", "LOOSE"]}, "string", ` + zip + `]},
		{"name": "b", "type": ["Pin", "Fit", "Zip", "Hue"]}, {"name": "c", "type": ["Fit", "null"]}]}`
	for _, f := range []codecs.Format{avro.Format, avro.BlockSize, avro.Twmb, avro.Generic} {
		carry(t, f, text, `{"a": {"Fit": "LOOSE"}, "b": {"Zip": "xy"}, "c": {"Fit": "RED"}}`, `{"a": {"Pin": "xy"}, "b": {"Hue": "RED"}, "c": null}`,
			`{"a": {"Zip": "xy"}, "b": {"Fit": "RED"}, "c": null}`, `{"a": {"Hue": "RED"}, "b": {"Pin": "xy"}, "c": null}`, `{"a": {"string": "RED"}, "b": {"Pin": "ab"}, "c": null}`)
	}
}
