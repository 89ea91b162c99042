package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/harness/results"
)

// TestExact runs a sample, each of whose records is measured, and encodes the same with encode: the bytes of the set are the
// sum of the lengths, in every codec that carries it.
func TestExact(t *testing.T) {
	const containers = "../../records/sample/testdata/containers/"
	dir := t.TempDir()
	out := filepath.Join(dir, "out.txt")
	wirecost(t, "run", "--input", containers+"fastavro-deflate.avro", "--codec", "avro,protobuf-dynamic,msgpack,json,pojo,kryo,flink-avro", "--ops", "encode", "--rounds", "1", "--out", out)
	file := readResults(t, out)
	sets := map[string]float64{}
	for _, s := range file.Samples {
		if s.Cell.IsTwin() {
			continue
		}
		sets[s.Cell.Codec], _ = s.Value(results.UnitSet)
	}
	if len(sets) != 7 {
		t.Errorf("%d codecs carry the sample: %v", len(sets), file.Failures)
	}
	for codec, got := range sets {
		want := 0.0
		for line := range strings.Lines(wirecost(t, "encode", "--schema", containers+"schema.avsc", "--codec", codec, "--format", "len", "--input", containers+"records.jsonl")) {
			n, err := strconv.Atoi(strings.TrimSpace(line))
			if err != nil {
				t.Fatal(err)
			}
			want += float64(n)
		}
		if got != want {
			t.Errorf("%s: a set of %v B, and its records take %v", codec, got, want)
		}
	}
	want := results.SampleFact{Schema: "shop.Payment", From: "all 24 records of " + containers + "fastavro-deflate.avro"}
	if fact := file.Schemas[0]; fact.Profile != "sample" || fact.Records != 24 || !slices.Contains(file.Facts.Samples, want) {
		t.Errorf("the file says %+v, %v", fact, file.Facts.Samples)
	}
}

// TestOwnFiles leaves no file of records behind.
func TestOwnFiles(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	const input = "../../records/sample/testdata/containers/java-null.avro"
	wirecost(t, "run", "--input", input, "--codec", "avro", "--ops", "encode", "--rounds", "1")
	cmd := exec.Command("wirecost", "run", "--input", input, "--codec", "memcpy", "--ops", "convert", "--rounds", "1", "--duet", "x")
	if err := cmd.Run(); err == nil {
		t.Error("a run that is refused succeeds")
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// wirecost runs the command, and returns what it prints.
func wirecost(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("wirecost", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("wirecost %v: %v\n%s", args, err, &stderr)
	}
	return string(text)
}

func readResults(t *testing.T, name string) *results.File {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file, err := results.Read(f, name)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
