package kryo_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

var formats = []codecs.Format{kryo.Format, kryo.Registered, kryo.Flink1, kryo.Flink1Registered}

func Test(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) { codectest.Run(t, f) })
	}
}

func TestGolden(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) {
			codectest.Hex(t, f, "../testdata/vectors", f.Name+".hex")
			codectest.Golden(t, f, "../testdata/checks")
		})
	}
}

func FuzzKryo(f *testing.F) { codectest.Fuzz(f, kryo.Format) }

func FuzzKryo2(f *testing.F) { codectest.Fuzz(f, kryo.Flink1) }

// A list of nothing but nulls is shorter than its elements are many, which a decoder that trusts nothing has to allow.
func TestNullLists(t *testing.T) {
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "l", "type": {"type": "array", "items": ["null", {"type": "record", "name": "E", "fields": [{"name": "x", "type": "int"}]}]}}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range formats {
		c, err := f.New(s)
		if err != nil {
			t.Fatal(err)
		}
		for n, carried := range map[int]bool{1: true, 2: true, 200: true, 100_000: f.Name == "kryo-flink1" || f.Name == "kryo-flink1-registered"} {
			want, got := typ.New(), typ.New()
			nulls := strings.TrimSuffix(strings.Repeat("null,", n), ",")
			if err := access.Unmarshal(typ, []byte(`{"l": [`+nulls+`]}`), want); err != nil {
				t.Fatal(err)
			}
			enc, err := c.Append(nil, want)
			if err != nil {
				t.Fatal(err)
			}
			err = c.Decode(enc, got)
			if (err == nil) != carried {
				t.Errorf("%s: %d nulls in %d bytes: error %v", f.Name, n, len(enc), err)
			}
			if diff := cmp.Diff(want, got); err == nil && diff != "" {
				t.Errorf("%s: %d nulls (-want +got):\n%s", f.Name, n, diff)
			}
		}
	}
}
