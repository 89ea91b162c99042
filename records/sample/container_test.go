package sample

import (
	"bytes"
	"compress/flate"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/avro/ocf"
	"github.com/wirecost/wirecost/schemas"
)

// TestOtherWriters reads what other writers have written: testdata/containers/README says which.
func TestOtherWriters(t *testing.T) {
	const dir = "testdata/containers/"
	s, err := schemas.Load(dir+"schema.avsc", "")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(dir + "records.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := readAll(t, bytes.NewReader(text), Config{Schema: s})
	if err != nil || strings.Count(want, "\n") != 24 {
		t.Fatalf("%d records, %v", strings.Count(want, "\n"), err)
	}
	files, err := filepath.Glob(dir + "*.avro")
	if err != nil || len(files) != 8 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, own := range []*schemas.Schema{nil, s} {
			got, r, err := readAll(t, bytes.NewReader(b), Config{Name: file, Schema: own})
			if err != nil || got != want || r.Schema.Hash() != s.Hash() {
				t.Errorf("%s: got\n%s%v", file, got, err)
			}
		}
		for n := range b { // each byte that is cut off is missed
			if !strings.HasSuffix(file, "fastavro-null.avro") {
				break
			}
			if _, _, err := readAll(t, bytes.NewReader(b[:n]), Config{Name: file}); err == nil && !endsBlock(b, n) {
				t.Errorf("%s: the first %d bytes are read to the end", file, n)
			}
		}
	}
}

// endsBlock reports whether the first n bytes of a container end with its sync marker.
func endsBlock(b []byte, n int) bool { return bytes.HasSuffix(b[:n], b[len(b)-16:]) }

// written returns a container with a record for each id, so many in each block.
func written(t testing.TB, codec ocf.Codec, block int, ids ...int64) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := ocf.NewWriter(&b, twmb(t, orderText), ocf.WithBlockCount(block), ocf.WithCodec(codec), ocf.WithSyncMarker([16]byte(bytes.Repeat([]byte("s"), 16))))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if err := w.Encode(map[string]any{"id": id, "note": nil, "n": int32(0)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSkipBlocks goes on behind bad blocks, and counts them.
func TestSkipBlocks(t *testing.T) {
	whole := written(t, ocf.SnappyCodec(), 2, 1, 2, 3, 4, 5, 6)
	marker := bytes.Repeat([]byte("s"), 16)
	at := func(n int) int { // where block n, from 1, begins
		i := 0
		for range n {
			i += bytes.Index(whole[i:], marker) + len(marker)
		}
		return i
	}
	change := func(i int, b byte) []byte {
		c := slices.Clone(whole)
		c[i] = b
		return c
	}
	for _, tt := range []struct {
		name, ids, fault string
		in               []byte
	}{
		{"sync marker", "1 2", "block 2 at byte %d: the sync marker behind it is not that of the file: it is damaged", change(at(3)-1, 'x')},
		{"size too large", "1 2 5 6", "block 2 at byte %d: the sync marker behind it", change(at(2)+1, whole[at(2)+1]+8)},
		{"size too small", "1 2 5 6", "block 2 at byte %d: the sync marker behind it", change(at(2)+1, whole[at(2)+1]-8)},
		{"negative size", "1 2 5 6", "block 2 at byte %d: what should be the number of its records and that of its bytes is neither", change(at(2)+1, 1)},
		{"negative count", "1 2 5 6", "block 2 at byte %d: what should be the number", change(at(2), 1)},
		{"too few records", "1 2 3 5 6", "block 2 at byte %d: 3 bytes are left behind its 1 record", change(at(2), 2)},
		{"too many records", "1 2 3 4 5 6", "block 2 at byte %d: record 3 of 3 (5 of the file): id: the bytes end within a value", change(at(2), 6)},
		{"checksum", "1 2 5 6", "block 2 at byte %d: decompressing its 12 bytes into at most 16 MB: snappy CRC mismatch", change(at(3)-17, 0)},
		{"truncated", "1 2", "block 2 at byte %d: the input ends within it: it is truncated", whole[:at(3)-3]},
		{"truncated in a number", "1 2", "block 2 at byte %d: the input ends within it", append(slices.Clone(whole[:at(2)]), 0x80)},
	} {
		want := fmt.Sprintf("orders: "+tt.fault, at(2))
		_, _, err := readAll(t, bytes.NewReader(tt.in), Config{Name: "orders"})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, want)
		}
		got, r, err := readAll(t, bytes.NewReader(tt.in), Config{Name: "orders", SkipBad: 1})
		if err != nil {
			t.Errorf("%s: with one to skip: %v", tt.name, err)
			continue
		}
		var ids []string
		for line := range strings.Lines(got) {
			ids = append(ids, line[len(`{"id":`):len(`{"id":`)+1])
		}
		if got := strings.Join(ids, " "); got != tt.ids || len(r.Skipped()) != 1 || !strings.HasPrefix(r.Skipped()[0].Error(), want) {
			t.Errorf("%s: got records %s, skipped %v", tt.name, got, r.Skipped())
		}
	}
}

// TestBombs decompresses blocks that are small and become large.
func TestBombs(t *testing.T) {
	zeros := make([]byte, 4*MaxUnit)
	zstd, err := ocf.ZstdCodec(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, codec := range []ocf.Codec{ocf.DeflateCodec(flate.BestSpeed), ocf.SnappyCodec(), zstd} {
		bomb, err := codec.Compress(zeros)
		if err != nil {
			t.Fatal(err)
		}
		d, err := decompressor(codec.Name())
		if err != nil {
			t.Fatal(err)
		}
		b, err := inflate(d, bomb)
		if err == nil || len(b) > 0 || !strings.HasPrefix(err.Error(), fmt.Sprintf("decompressing its %d bytes into at most 16 MB: ", len(bomb))) || strings.Contains(err.Error(), "raise") {
			t.Errorf("%s: a bomb of %d bytes becomes %d: %v", codec.Name(), len(bomb), len(b), err)
		}
	}
}

func FuzzContainer(f *testing.F) {
	files, err := filepath.Glob("testdata/containers/*.avro")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add(written(f, ocf.DeflateCodec(1), 1, 1, 2))
	f.Fuzz(func(t *testing.T, b []byte) { // what is read with nothing skipped is a beginning of what is with it
		strict, _, err := readAll(t, bytes.NewReader(b), Config{})
		loose, _, looseErr := readAll(t, bytes.NewReader(b), Config{SkipBad: 3})
		if !strings.HasPrefix(loose, strict) || err == nil && (looseErr != nil || loose != strict) {
			t.Errorf("strict %v:\n%s\nloose %v:\n%s", err, strict, looseErr, loose)
		}
	})
}
