package codectest

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Golden checks f against the rows of the .tsv files in dir that name it: columns schema, record, codec, bytes, hex. Record
// n is line n of schema.jsonl, a record of schema.avsc. The bytes must be exactly those, and give the record back.
func Golden(t *testing.T, f codecs.Format, dir string) {
	t.Helper()
	rows := 0
	for _, file := range glob(t, filepath.Join(dir, "*.tsv")) {
		for _, row := range tsv(t, file) {
			if len(row) != 5 || row[2] != f.Name {
				continue
			}
			rows++
			if err := golden(t, f, dir, row); err != nil {
				t.Errorf("%s: %s, record %s: %v", filepath.Base(file), row[0], row[1], err)
			}
		}
	}
	if rows == 0 {
		t.Errorf("no row of %s names %s", dir, f.Name)
	}
}

func golden(t reporter, f codecs.Format, dir string, row []string) error {
	s := load(t, filepath.Join(dir, row[0]+".avsc"), filepath.Join(dir, row[0]+".jsonl"))
	n, err := strconv.Atoi(row[1])
	if err != nil || n < 1 || n > len(s.records) {
		return fmt.Errorf("there are %d records", len(s.records))
	}
	s.records = s.records[n-1 : n]
	want, err := hex.DecodeString(row[4])
	if err != nil {
		return err
	}
	b := bind(t, f, s)
	if b == nil || len(b.encoded) == 0 {
		return fmt.Errorf("%s does not carry it", f.Name)
	}
	if got := b.encoded[0]; !bytes.Equal(got, want) || strconv.Itoa(len(got)) != row[3] {
		return fmt.Errorf("got %d bytes %x, want %s bytes %x", len(got), got, row[3], want)
	}
	return b.reads(b.subject.records[0], want)
}

// reads reports how what src gives differs from record v.
func (b *bound) reads(v any, src []byte) error {
	got, err := b.fresh(src)
	if err != nil {
		return err
	}
	return b.diff(v, got, b.format.Loses...)
}

// Hex checks f against the directories below dir that have a file called name: line i of it is the encoding of line i of
// records.jsonl, by schema.avsc. The bytes must be exactly those; those of a record that has a map with two entries or
// more must have the same length, and give the record back.
func Hex(t *testing.T, f codecs.Format, dir, name string) {
	t.Helper()
	files := glob(t, filepath.Join(dir, "*", name))
	if len(files) == 0 {
		t.Errorf("no %s below %s", name, dir)
	}
	for _, file := range files {
		from := filepath.Dir(file)
		t.Run(filepath.Base(from), func(t *testing.T) {
			s := load(t, filepath.Join(from, "schema.avsc"), filepath.Join(from, "records.jsonl"))
			b := bind(t, f, s)
			if b == nil {
				t.Skipf("%s cannot carry the schema", f.Name)
			}
			if len(b.encoded) != len(s.records) {
				t.Fatalf("%s refuses %d records", f.Name, len(s.records)-len(b.encoded))
			}
			for i, line := range lines(t, file) {
				want, err := hex.DecodeString(line)
				if err == nil {
					err = b.writes(i, want)
				}
				if err != nil {
					t.Errorf("%s:%d: %v", file, i+1, err)
				}
			}
		})
	}
}

// writes reports how the encoding of record i differs from want.
func (b *bound) writes(i int, want []byte) error {
	v := b.subject.records[i]
	if err := b.sameBytes(v, want, b.encoded[i]); err != nil {
		return fmt.Errorf("want bytes %x: %w", want, err)
	}
	return b.reads(v, want)
}

// load returns the subject in two files.
func load(t reporter, schema, records string) subject {
	t.Helper()
	s, err := schemas.Load(schema, "")
	if err != nil {
		t.Fatal(err)
	}
	return subject{s, readRecords(t, s, records)}
}

// readRecords returns the records of s in a file of JSON lines.
func readRecords(t reporter, s *schemas.Schema, file string) []any {
	t.Helper()
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	var records []any
	for i, line := range lines(t, file) {
		v := typ.New()
		if err := access.Unmarshal(typ, []byte(line), v); err != nil {
			t.Fatalf("%s:%d: %v", file, i+1, err)
		}
		records = append(records, v)
	}
	return records
}

// tsv returns the rows of a file of tab-separated columns, its head left out.
func tsv(t reporter, file string) [][]string {
	t.Helper()
	var rows [][]string
	for _, line := range lines(t, file)[1:] {
		rows = append(rows, strings.Split(line, "\t"))
	}
	return rows
}

func lines(t reporter, file string) []string {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	in := bufio.NewScanner(bytes.NewReader(src))
	in.Buffer(nil, len(src)+1)
	for in.Scan() {
		list = append(list, in.Text())
	}
	return list
}

func glob(t reporter, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return files
}
