package harness

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/records/sample"
	"github.com/wirecost/wirecost/schemas"
)

const changeText = `{"type": "record", "name": "Change", "fields": [
	{"name": "before", "type": ["null", {"type": "record", "name": "Row", "fields": [{"name": "id", "type": "int"}, {"name": "name", "type": ["null", "string"]}]}]},
	{"name": "after", "type": ["null", "Row"]},
	{"name": "note", "type": ["null", "string"]}, {"name": "n", "type": "long"}]}`

const (
	inserted = `{"after":{"id":1},"n":0}` + "\n"
	deleted  = `{"before":{"id":1},"n":0}` + "\n"
	noted    = `{"note":"x","n":5}` + "\n"
)

func reader(t *testing.T, text, lines string) *sample.Reader {
	t.Helper()
	s, err := schemas.Parse("schema.avsc", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := sample.NewReader(strings.NewReader(lines), sample.Config{Name: "it", Schema: s})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestDrawKey finds the key of a sample, or says why there is none.
func TestDrawKey(t *testing.T) {
	const nullable = `{"type": "record", "name": "R", "fields": [{"name": "a", "type": ["null", "int"]}, {"name": "b", "type": ["null", "int"]}]}`
	for _, tt := range []struct {
		name, schema, lines string
		key, there          []string
		want                string // key, or error
	}{
		{"row", changeText, inserted + deleted, nil, nil, "after.id|before.id"},
		{"no row in one", changeText, inserted + noted, nil, nil, "n"},
		{"never null in the sample", nullable, `{"b":1}` + "\n" + `{"a":1,"b":1}`, nil, nil, "b"},
		{"none", nullable, `{"b":1}` + "\n" + `{"a":1}`, nil, nil, "each field that can be a key is null in some record of the sample, such as a: --key names one, with alternatives: --key 'a|b'"},
		{"chosen", changeText, inserted + inserted, []string{"after.id", "n"}, nil, "after.id,n"},
		{"null", changeText, inserted + deleted, []string{"n", "after.id"}, nil, "it:2: key after.id is null: --key 'after.id|before.id' takes the first that is not"},
		{"all null", changeText, inserted + noted, []string{"after.id|before.id"}, nil, "it:2: key after.id|before.id is null: Flink refuses it when it runs; name a key that every record has, or leave such records out"},
		{"user key", changeText, inserted, nil, []string{"note"}, "it:1: key note is null: Flink refuses it when it runs; name a key that every record has, or leave such records out"},
		{"no scalar", changeText, inserted, []string{"after"}, nil, "field after: Row cannot be a key in Flink"},
	} {
		s, err := Draw(reader(t, tt.schema, tt.lines), Drawing{Most: 10, Bytes: 1 << 20, Key: tt.key, Keyed: true, There: tt.there})
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = strings.Join(s.Key, ",")
		}
		if got != tt.want {
			t.Errorf("%s: got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	s, err := Draw(reader(t, nullable, `{"b":1}`+"\n"+`{"a":1}`), Drawing{Most: 10, Bytes: 1 << 20})
	if err != nil || s.Key != nil || s.NoKey() == nil {
		t.Errorf("without keyBys: %v, %v, %v", s.Key, s.NoKey(), err)
	}
	stop := errors.New("stopped")
	if _, err := Draw(reader(t, nullable, `{"b":1}`), Drawing{Most: 1, Bytes: 1, Stop: func() error { return stop }}); err != stop {
		t.Errorf("got %v, want %v", err, stop)
	}
}

// TestStored has a worker read the records that a run has stored: they have the same hash of data.
func TestStored(t *testing.T) {
	s, err := Draw(reader(t, changeText, inserted+deleted+noted), Drawing{Most: 10, Bytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := s.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "records")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	sub, err := s.Subject("a  file", measure.Data{Text: changeText, Path: file})
	if err != nil || sub.From != "all 3 records of a file" {
		t.Fatalf("%v from %q", err, sub.From)
	}
	want, err := sub.Fact()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Lab{}.Subject(sub.Data)
	if err != nil {
		t.Fatal(err)
	}
	again.From = sub.From
	if got, err := again.Fact(); got != want || err != nil || got.Profile != "sample" || got.SetBytes != int64(b.Len()) {
		t.Errorf("got %+v, want %+v, %v", got, want, err)
	}
	for name, tt := range map[string]struct {
		text    []byte
		records int
	}{"cut": {b.Bytes()[:b.Len()-1], 3}, "more": {b.Bytes(), 2}, "fewer": {b.Bytes(), 4}} {
		if err := os.WriteFile(file, tt.text, 0o600); err != nil {
			t.Fatal(err)
		}
		d := sub.Data
		d.Records = tt.records
		if _, err := (Lab{}).Subject(d); err == nil {
			t.Errorf("%s: a file with other records is read", name)
		}
	}
	if set, err := s.Set(); err != nil || set.Records != 3 || set.At(4) != set.At(1) {
		t.Errorf("set of %d records, %v", set.Records, err)
	}
	if !slices.Equal(sub.Key, nil) {
		t.Errorf("key %v", sub.Key)
	}
}
