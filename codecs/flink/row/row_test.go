package row_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/row"
	"github.com/wirecost/wirecost/schemas"
)

var formats = []codecs.Format{row.Format, row.Flink1, row.Tuple, row.TupleFlink1}

const vectors = "../testdata/vectors"

func Test(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) { codectest.Run(t, f) })
	}
}

func TestGolden(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) {
			codectest.Hex(t, f, vectors, f.Name+".hex")
			codectest.Hex(t, f, "../testdata/cases", f.Name+".hex")
		})
	}
}

// Where the bytes of both lines are the same, there is a file of one.
func TestSameInBoth(t *testing.T) {
	for _, tt := range []struct{ of, old codecs.Format }{{row.Format, row.Flink1}, {row.Tuple, row.TupleFlink1}} {
		t.Run(tt.old.Name, func(t *testing.T) {
			dir, n := t.TempDir(), 0
			for _, m := range manifest(t, tt.of.Name) {
				if m.note != "same bytes in 1.20.4" {
					continue
				}
				n++
				if err := os.CopyFS(filepath.Join(dir, m.schema), os.DirFS(filepath.Join(vectors, m.schema))); err != nil {
					t.Fatal(err)
				}
			}
			codectest.Hex(t, tt.old, dir, tt.of.Name+".hex")
			old, err := filepath.Glob(filepath.Join(dir, "*", tt.old.Name+".hex"))
			if err != nil || len(old) > 0 || n == 0 {
				t.Errorf("of %d schemas %s have bytes of their own in 1.20: %v", n, old, err)
			}
		})
	}
}

// What has no vector cannot be carried, for the reason that the manifest gives.
func TestSkipped(t *testing.T) {
	for _, f := range []codecs.Format{row.Format, row.Tuple} {
		for _, m := range manifest(t, f.Name) {
			reason, skipped := strings.CutPrefix(m.note, "skipped: ")
			s, err := schemas.Load(filepath.Join(vectors, m.schema, "schema.avsc"), "")
			if err != nil {
				t.Fatal(err)
			}
			_, err = f.New(s)
			if !skipped && err != nil {
				t.Errorf("%s: %s: got error %v, want none", f.Name, m.schema, err)
			}
			if skipped && (!errors.Is(err, schemas.ErrUnsupported) || !strings.Contains(err.Error(), reason)) {
				t.Errorf("%s: %s: got error %v, want %q", f.Name, m.schema, err, reason)
			}
		}
	}
}

// An entry of the manifest says which bytes there are of a schema.
type entry struct{ schema, note string }

// manifest returns the entries of codec.
func manifest(t *testing.T, codec string) (list []entry) {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(vectors, "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(src)) {
		if col := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); col[1] == codec {
			list = append(list, entry{col[0], col[5]})
		}
	}
	if len(list) == 0 {
		t.Fatalf("no entry of %s", codec)
	}
	return list
}

func TestUnsupported(t *testing.T) {
	for _, tt := range []struct {
		schema string
		lines  []codecs.Format
		want   string
	}{
		{`{"type": "record", "name": "a.T", "fields": [{"name": "t", "type": ["null", "T"]}]}`, formats, "a.T is recursive"},
		{`{"type": "record", "name": "a.T", "fields": [{"name": "t", "type": {"type": "map", "values": {"type": "record", "name": "U", "fields": [{"name": "l", "type": {"type": "array", "items": "T"}}]}}}]}`,
			formats, "a.T is recursive"},
		// In a general union a record is Kryo's, whatever it holds.
		{`{"type": "record", "name": "a.T", "fields": [{"name": "t", "type": ["null", "T", "int"]}, {"name": "l", "type": {"type": "array", "items": ["T", "string"]}}]}`, nil, ""},
		{`{"type": "record", "name": "a.T", "fields": [{"name": "r", "type": {"type": "record", "name": "E", "fields": []}}]}`,
			formats[2:], "a.E has 0 fields, a tuple has 1 to 25"},
		{`{"type": "record", "name": "a.T", "fields": [` + strings.TrimSuffix(strings.Repeat(`{"name": "f#", "type": "int"}, `, 26), ", ") + `]}`,
			formats[2:], "a.T has 26 fields, a tuple has 1 to 25"},
		{`{"type": "record", "name": "a.T", "fields": [{"name": "i", "type": ["int", "null"]}]}`,
			formats[2:], "a tuple field cannot hold null: a.T.i: the serializer of java.lang.Integer has no form for it"},
		{`{"type": "record", "name": "a.T", "fields": [{"name": "t", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}], "java-class": "java.sql.Timestamp"}]}`,
			formats[2:], "a tuple field cannot hold null: a.T.t: the serializer of java.sql.Timestamp has no form for it"},
		{`{"type": "record", "name": "a.T", "fields": [{"name": "l", "type": {"type": "map", "values": {"type": "array", "items": ["null", "long"]}}}]}`,
			[]codecs.Format{row.Flink1, row.TupleFlink1}, "an element of a list cannot hold null: a.T.l{}[]: the serializer of java.lang.Long has no form for it"},
	} {
		for _, f := range formats {
			_, err := f.New(parse(t, numbered(tt.schema)))
			if !listed(tt.lines, f) {
				if err != nil {
					t.Errorf("%s: %s: got error %v, want none", f.Name, tt.schema, err)
				}
				continue
			}
			if !errors.Is(err, schemas.ErrUnsupported) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %s: got error %v, want %q", f.Name, tt.schema, err, tt.want)
			}
		}
	}
}

func listed(list []codecs.Format, f codecs.Format) bool {
	for _, x := range list {
		if x.Name == f.Name {
			return true
		}
	}
	return false
}

// numbered replaces each # by a letter, the first by a.
func numbered(s string) string {
	for c := 'a'; strings.Contains(s, "#"); c++ {
		s = strings.Replace(s, "#", string(c), 1)
	}
	return s
}

func parse(t testing.TB, text string) *schemas.Schema {
	t.Helper()
	s, err := schemas.Parse("test.avsc", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func FuzzRow(f *testing.F) { codectest.Fuzz(f, row.Format) }

func FuzzRow1(f *testing.F) { codectest.Fuzz(f, row.Flink1) }

func FuzzTuple(f *testing.F) { codectest.Fuzz(f, row.Tuple) }

func FuzzTuple1(f *testing.F) { codectest.Fuzz(f, row.TupleFlink1) }
