// Package flinktest writes Flink's formats a second time, slowly, and compares: the POJO, Kryo, Row and Tuple serializers of
// both lines, from their description alone. It reads schemas and records as JSON and shares no code with the codecs that it
// is to check, nor with the packages that these are made of: the import floors see to it. Tests use it, and nothing else.
//
// What it writes is first compared with what released Flink wrote ([Golden]), then the codecs are compared with it on random
// schemas ([Check]): arrays of arrays, arrays inside themselves, collections that may be null at every depth, unions of
// every kind, and every logical type.
package flinktest

import (
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// errUnsupported is of types that a serializer cannot carry.
var errUnsupported = errors.New("not carried")

// write writes a record as format does, by its name.
func write(format string, root *class, record any) ([]byte, error) {
	old := strings.Contains(format, "-flink1")
	kind, _, _ := strings.Cut(format, "-")
	switch {
	case twoOfOneClass(root):
		return nil, fmt.Errorf("%w: a union has two branches of one class", errUnsupported)
	case kind == "pojo":
		return writePojo(root, record, old)
	case kind == "kryo" && strings.Contains(format, "registered"):
		return writeKryo(root, record, old, root.definitions())
	case kind == "kryo":
		return writeKryo(root, record, old, nil)
	}
	return writeRow(root, record, old, kind == "tuple")
}

// Golden compares with what released Flink wrote: the files called <format>.hex below dir.
func Golden(t *testing.T, dir, format string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", format+".hex"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s.hex below %s: %v", format, dir, err)
	}
	for _, file := range files {
		root, records := load(t, filepath.Dir(file))
		for i, want := range lines(t, file) {
			got, err := write(format, root, parseJSON([]byte(records[i])))
			if err != nil || hex.EncodeToString(got) != want {
				t.Errorf("%s:%d: got %x, error %v, want %s", file, i+1, got, err, want)
			}
		}
	}
}

func load(t *testing.T, dir string) (*class, []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "schema.avsc"))
	if err != nil {
		t.Fatal(err)
	}
	return parseSchema(text), lines(t, filepath.Join(dir, "records.jsonl"))
}

func lines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// Check compares f with what is written here, on random schemas and records: whether the schema is carried, each byte, and
// that the record comes back and can be dissected.
func Check(t *testing.T, f codecs.Format) {
	t.Helper()
	if err := flag.Set("rapid.nofailfile", "true"); err != nil { // the seed says it all
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := drawSchema(t)
		root := parseSchema([]byte(text))
		s, err := schemas.Parse("random.avsc", []byte(text), "")
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		typ, err := access.Of(s)
		if errors.Is(err, schemas.ErrUnsupported) {
			t.Skip("a union's branches share a Go type")
		}
		c, unsupported := f.New(s)
		for range 3 {
			record := drawRecord(t, root)
			want, err := write(f.Name, root, parseJSON(record))
			switch {
			case errors.Is(unsupported, schemas.ErrUnsupported) && (err != nil || strings.Contains(unsupported.Error(), "Kryo 2.24")):
				return
			case unsupported != nil || err != nil:
				t.Fatalf("%s: the codec says %v, this %v", text, unsupported, err)
			}
			if err := compare(c, typ, record, want); err != nil {
				t.Fatalf("schema %s\nrecord %s\n%v", text, record, err)
			}
		}
	})
}

// compare reports how what c makes of a record, in JSON, is not want, or does not give the record back.
func compare(c codecs.Codec, typ *access.Type, record, want []byte) error {
	v, again := typ.New(), typ.New()
	if err := access.Unmarshal(typ, record, v); err != nil {
		return err
	}
	got, err := c.Append(nil, v)
	if err != nil || !bytes.Equal(got, want) {
		return fmt.Errorf("got  %x, error %v\nwant %x", got, err, want)
	}
	if err := c.Decode(got, again); err != nil {
		return fmt.Errorf("%x is not read: %w", got, err)
	}
	if err := dissected(c, got); err != nil {
		return fmt.Errorf("%x is not dissected: %w", got, err)
	}
	a, err := typ.Ref(v)
	if err != nil {
		return err
	}
	b, err := typ.Ref(again)
	if err != nil {
		return err
	}
	if err := access.Diff(typ, a, b); err != nil {
		return fmt.Errorf("%x gives back another record: %w", got, err)
	}
	return nil
}

// dissected reports how the parts that c cuts src into do not make it up.
func dissected(c codecs.Codec, src []byte) error {
	parts, err := c.(codecs.Dissector).Dissect(src)
	if err != nil {
		return err
	}
	at := 0
	for _, p := range parts {
		if p.Begin != at {
			return fmt.Errorf("a part begins at %d, want %d", p.Begin, at)
		}
		at = p.End
	}
	if at != len(src) {
		return fmt.Errorf("the parts end at %d of %d", at, len(src))
	}
	return nil
}
