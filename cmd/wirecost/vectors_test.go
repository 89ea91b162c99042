package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

const vectors = "../../codecs/flink/testdata/vectors"

// TestVectors sends the records of every vector through encode and their bytes, which released systems wrote, through
// decode. Only the order of map entries may differ, which a Go map does not keep.
func TestVectors(t *testing.T) {
	files, err := filepath.Glob(vectors + "/*/*.hex")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	for _, file := range files {
		codec := strings.TrimSuffix(filepath.Base(file), ".hex")
		t.Run(filepath.Base(filepath.Dir(file))+"/"+codec, func(t *testing.T) { throughCommand(t, file, codec) })
	}
}

// TestExplained compares what explain prints with the tables that released Flink wrote.
func TestExplained(t *testing.T) {
	files, err := filepath.Glob(vectors + "/*/types.tsv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	for _, file := range files {
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := command(t, "explain", "--schema", filepath.Dir(file)+"/schema.avsc", "--format", "tsv", "--records", "1")
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

func throughCommand(t *testing.T, file, codec string) {
	dir := filepath.Dir(file)
	schema, err := schemas.Load(dir+"/schema.avsc", "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(schema)
	if err != nil {
		t.Fatal(err)
	}
	f, err := all.Find(codec)
	if err != nil {
		t.Fatal(err)
	}
	losses := f[0].Loses
	args := []string{"--schema", dir + "/schema.avsc", "--codec", codec}
	records := command(t, append([]string{"decode", "--input", file}, args...)...)
	want, err := os.ReadFile(dir + "/records.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	sameRecords(t, typ, records, string(want), losses...)

	got := strings.Fields(command(t, append([]string{"encode", "--input", dir + "/records.jsonl"}, args...)...))
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range strings.Fields(string(text)) {
		switch {
		case i >= len(got) || len(got[i]) != len(w):
			t.Fatalf("record %d: got other bytes than\n%s", i, w)
		case got[i] != w:
			again := filepath.Join(t.TempDir(), "again.hex")
			if err := os.WriteFile(again, []byte(got[i]+"\n"+w+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			both := strings.SplitAfter(command(t, append([]string{"decode", "--input", again}, args...)...), "\n")
			sameRecords(t, typ, both[0], both[1], losses...)
		}
	}
}

// command runs the command in this process and returns what it prints.
func command(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(args, strings.NewReader(""), &stdout, &stderr); code != exitOK {
		t.Fatalf("wirecost %s: exit status %d, %s", strings.Join(args, " "), code, &stderr)
	}
	return stdout.String()
}

// sameRecords compares JSON lines of records of type typ, value by value, but for what the codec loses.
func sameRecords(t *testing.T, typ *access.Type, got, want string, losses ...codecs.Loss) {
	t.Helper()
	gs, ws := strings.Split(strings.TrimSpace(got), "\n"), strings.Split(strings.TrimSpace(want), "\n")
	if len(gs) != len(ws) {
		t.Fatalf("%d records, want %d", len(gs), len(ws))
	}
	for i := range ws {
		if err := access.Diff(typ, record(t, typ, ws[i]), record(t, typ, gs[i]), losses...); err != nil {
			t.Errorf("record %d: %v", i, err)
		}
	}
}

func record(t *testing.T, typ *access.Type, text string) access.Ref {
	t.Helper()
	v := typ.New()
	if err := access.Unmarshal(typ, []byte(text), v); err != nil {
		t.Fatal(err)
	}
	r, err := typ.Ref(v)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
