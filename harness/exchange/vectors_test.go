package exchange

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"
)

// elements are stream elements that Flink wrote, behind their length: of the values "hi" and "key" as its StringSerializer
// writes them, and without a timestamp and with one. The third is in a golden file of Flink's own, the last in the buffer
// of a captured BufferResponse.
var elements = []struct {
	value        string
	noTimestamps bool
	timestamp    int64
	framed       string
}{
	{"036869", false, 1000, "0000000c" + "0000000000000003e8036869"},
	{"036869", true, 0, "00000004" + "01036869"},
	{"046b6579", false, 123456, "0000000d" + "00000000000001e240046b6579"},
	{"0261", true, 0, "00000003" + "010261"},
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// written returns the buffers that a writer with one channel fills with records, and hands over at a mark.
func written(t *testing.T, noTimestamps bool, timestamp int64, records ...*blob) [][]byte {
	t.Helper()
	cfg := config([]any{records[0]}, nil)
	cfg.Parallelism, cfg.NoTimestamps = 1, noTimestamps
	cfg, err := cfg.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Key = func() (KeyHash, error) { return func(any) (int32, error) { return 0, nil }, nil }
	gate := make(chan *buffer, 8)
	w, err := newWriter(cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	w.lanes[0].deliver = func(b *buffer) error {
		gate <- b
		return nil
	}
	for _, r := range records {
		if err := w.Collect(r, timestamp); err != nil {
			t.Fatal(err)
		}
	}
	w.Mark(true)
	var list [][]byte
	for len(gate) > 0 {
		list = append(list, (<-gate).data)
	}
	return list
}

func TestElements(t *testing.T) {
	for _, tt := range elements {
		b := &blob{unhex(t, tt.value)}
		got := written(t, tt.noTimestamps, tt.timestamp, b, b)
		if want := tt.framed + tt.framed; len(got) != 1 || hex.EncodeToString(got[0]) != want {
			t.Errorf("%s twice: got %x, want %s", tt.value, got, want)
		}
	}
}

// A record that does not fit goes on in the next buffer, wherever it is cut: the length too is split.
func TestSplit(t *testing.T) {
	for _, tt := range elements {
		framed, record := unhex(t, tt.framed), &blob{unhex(t, tt.value)}
		head := len(framed) - len(record.data)
		for room := 0; room <= len(framed); room++ {
			first := &blob{make([]byte, Segment-room-head)}
			got := written(t, tt.noTimestamps, tt.timestamp, first, record)
			before := binary.BigEndian.AppendUint32(nil, uint32(Segment-room-4))
			before = append(append(before, framed[4:head]...), first.data...)
			want := [][]byte{append(slices.Clone(before), framed[:room]...)}
			if room < len(framed) {
				want = append(want, framed[room:])
			}
			if !slices.EqualFunc(got, want, bytes.Equal) {
				t.Fatalf("%s with room for %d bytes: the buffers have %d bytes and end in %x, want %d and %x",
					tt.value, room, sizes(got), got[len(got)-1], sizes(want), want[len(want)-1])
			}
		}
	}
}

func sizes(buffers [][]byte) (list []int) {
	for _, b := range buffers {
		list = append(list, len(b))
	}
	return list
}

// A kept is a Collector that keeps what it is handed.
type kept struct{ seen []string }

func (k *kept) Collect(record any, timestamp int64) error {
	k.seen = append(k.seen, fmt.Sprintf("%x %d", record.(*blob).data, timestamp))
	return nil
}

func (k *kept) Mark(bool) {}

// What Flink wrote is read, in one buffer, in two and in three, wherever it is cut; the other writer's bytes, which come
// between the parts, are its own.
func TestReadSplit(t *testing.T) {
	const other = "00000003" + "010262"
	for _, tt := range elements {
		twice := unhex(t, tt.framed+tt.framed)
		want := fmt.Sprintf("%s %d", tt.value, tt.timestamp)
		for i := range len(twice) + 1 {
			for j := i; j <= len(twice); j++ {
				out, op := &kept{}, &Operator{}
				op.out = out
				r := newReader(Config{Parallelism: 2, NewRecord: func() any { return &blob{} }}, &blobCodec{}, 0, op)
				for from, data := range [][]byte{twice[:i], unhex(t, other), twice[i:j], unhex(t, other), twice[j:]} {
					if err := r.read(&buffer{data: data, from: from % 2}); err != nil {
						t.Fatalf("%s twice, cut at %d and %d: %v", tt.framed, i, j, err)
					}
				}
				got := slices.DeleteFunc(out.seen, func(s string) bool { return s == "0262 0" })
				if !slices.Equal(got, []string{want, want}) || out.seen == nil || op.n != 4 {
					t.Fatalf("%s twice, cut at %d and %d: got %q of %d records, want %q twice", tt.framed, i, j, got, op.n, want)
				}
			}
		}
	}
}
