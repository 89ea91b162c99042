package exchange

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/wirecost/wirecost/codecs"
)

// inBubble runs f, and fails if a goroutine that it started is still there at its end: a bubble in which all that is left
// waits for each other panics.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}

// blobs returns n records of different keys.
func blobs(n, size int) []any {
	var records []any
	for i := range n {
		records = append(records, newBlob(uint32(i), size))
	}
	return records
}

// A stuck codec decodes nothing of key until released is closed.
type stuck struct {
	blobCodec
	key      int32
	released chan struct{}
}

func (s *stuck) Decode(src []byte, v any) error {
	if err := s.blobCodec.Decode(src, v); err != nil {
		return err
	}
	if v.(*blob).key() == s.key {
		<-s.released
	}
	return nil
}

// A consumer that takes nothing stops those before it, which hold no more than the buffers they have; the end of the context
// says which channel was held up, and at which record; and nobody is left behind.
func TestStalledConsumer(t *testing.T) {
	stop := errors.New("patience is over")
	for _, keybys := range []int{1, 3} {
		inBubble(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			cfg := config(blobs(1<<12, 100), nil)
			cfg.Keybys, cfg.Buffers = keybys, 4
			released := make(chan struct{})
			cfg.New = func() (codecs.Codec, error) { return &stuck{key: 77, released: released}, nil }
			j, err := Start(ctx, cfg)
			if err != nil {
				t.Fatal(err)
			}
			moved := make(chan error)
			go func() {
				_, err := j.Move(1 << 20)
				moved <- err
			}()
			synctest.Wait() // everybody waits for somebody: the writers for buffers, and at the end of that the stuck codec
			held := 0
			for _, w := range j.end.writers {
				if len(w.pool.all) != cfg.Buffers || len(w.pool.back) > cfg.Buffers {
					t.Errorf("a subtask has %d buffers, want %d", len(w.pool.all), cfg.Buffers)
				}
				if w.held >= 0 {
					held++
				}
			}
			if held == 0 {
				t.Error("no subtask waits")
			}
			cancel(stop)
			err = <-moved
			var f *Fault
			if !errors.As(err, &f) || !errors.Is(err, stop) || f.Stage < 1 || f.Stage > keybys || f.From < 0 || f.To < 0 || f.Record < 1 {
				t.Errorf("got error %v, want a Fault for %v", err, stop)
			}
			if err == nil || !strings.Contains(err.Error(), "waited for a buffer, of which subtask ") {
				t.Errorf("got error %v, want who has the buffers", err)
			}
			close(released)
			if err := j.Stop(); !errors.Is(err, stop) {
				t.Errorf("Stop got error %v, want %v", err, stop)
			}
		})
	}
}

// A job that is cancelled, before it moves or in the midst of it, ends and says so, whatever the exchange.
func TestCancelled(t *testing.T) {
	for _, x := range All {
		if x.Connect == nil {
			continue // another program's
		}
		for _, before := range []bool{true, false} {
			inBubble(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				cfg := config(nil, nil)
				cfg.Exchange, cfg.Keybys = x, 2
				cfg.Records = blobs(1<<10, 10)
				cfg.NewRecord = func() any {
					if !before {
						cancel()
					}
					return &blob{}
				}
				if !x.Encodes {
					before = true // there is nothing of ours on its way
				}
				j, err := Start(ctx, cfg)
				if err != nil {
					t.Fatal(err)
				}
				if before {
					cancel()
				}
				if _, err := j.Move(1 << 16); !errors.Is(err, context.Canceled) {
					t.Errorf("%s, cancelled before %v: Move got error %v, want %v", x.Name, before, err, context.Canceled)
				}
				if err := j.Stop(); !errors.Is(err, context.Canceled) {
					t.Errorf("%s, cancelled before %v: Stop got error %v, want %v", x.Name, before, err, context.Canceled)
				}
			})
		}
	}
}

// A failing codec wants no record of a key.
type failing struct {
	blobCodec
	append, decode int32 // keys; -1: none
}

var errBad = errors.New("bad record")

func (f *failing) Append(dst []byte, v any) ([]byte, error) {
	if v.(*blob).key() == f.append {
		return dst, errBad
	}
	return f.blobCodec.Append(dst, v)
}

func (f *failing) Decode(src []byte, v any) error {
	if err := f.blobCodec.Decode(src, v); err != nil {
		return err
	}
	if v.(*blob).key() == f.decode {
		return errBad
	}
	return nil
}

// A codec that fails ends the job, with an error that names the channel and the record on it.
func TestFailingCodec(t *testing.T) {
	const par = 3
	for _, tt := range []struct {
		what           string
		append, decode int32
		size           int
	}{
		{"encode: bad record", 500, -1, 100},
		{"decode: bad record", -1, 500, 100},
		{"encode: bad record", 5, -1, 2 * Segment}, // a record larger than a buffer
		{"decode: bad record", -1, 5, 2 * Segment},
	} {
		inBubble(t, func(t *testing.T) {
			cfg := config(blobs(1<<10, tt.size), nil)
			if tt.size > Segment {
				cfg.Records = cfg.Records[:16]
			}
			cfg.New = func() (codecs.Codec, error) { return &failing{append: tt.append, decode: tt.decode}, nil }
			j, err := Start(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			key := max(tt.append, tt.decode)
			from, to, record := int(key)%par, j.channel(key), 0
			for k := range key + 1 { // those that the same subtask sends to the same one, up to it
				if int(k)%par == from && j.channel(k) == to {
					record++
				}
			}
			want := fmt.Sprintf("keyBy 1, channel %d to %d, record %d: %s", from, to, record, tt.what)
			for name, got := range map[string]error{"Move": second(j.Move(len(cfg.Records))), "Move again": second(j.Move(1)), "Stop": j.Stop()} {
				if got == nil || got.Error() != want || !errors.Is(got, errBad) {
					t.Errorf("%s got error %v, want %s", name, got, want)
				}
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

// What a reader cannot make a record of is an error that names the channel and the record, and nothing is kept of it.
func TestCorrupt(t *testing.T) {
	const fits = "00000003" + "010261"
	for _, tt := range []struct {
		name    string
		buffers []string // of writer 1, the last with a mark
		record  int
		want    string
	}{
		{"nothing", []string{""}, 0, ""},
		{"whole", []string{fits}, 0, ""},
		{"truncated in the length", []string{fits + "0000"}, 2, "truncated: 2 of the 4 bytes of its length"},
		{"truncated in the value", []string{fits, "000000050100"}, 2, "truncated: 2 of 5 bytes"},
		{"truncated over buffers", []string{fits + fits[:6], fits[6:12]}, 2, "truncated: 2 of 3 bytes"},
		{"longer than all that comes", []string{"3fffffff01", "0102"}, 1, "truncated: 3 of 1073741823 bytes"},
		{"oversized length", []string{fits + "ffffffff01"}, 2, "a length of 4294967295 bytes, of at most 1073741824"},
		{"oversized length over buffers", []string{fits + "40", "000001"}, 2, "a length of 1073741825 bytes, of at most 1073741824"},
		{"no element", []string{"00000000"}, 1, "a stream element of no bytes"},
		{"no room for the timestamp", []string{"0000000300" + "0000"}, 1, "a stream element of 3 bytes, with a timestamp"},
		{"a watermark", []string{"00000009" + "020000000000000000"}, 1, "a stream element with tag 2, which is no record"},
	} {
		r := newReader(Config{Parallelism: 2, NewRecord: func() any { return &blob{} }}, &blobCodec{}, 3, &kept{})
		r.stage = 2
		var err error
		for i, data := range tt.buffers {
			if err == nil {
				err = r.read(&buffer{data: unhex(t, data), from: 1, mark: i == len(tt.buffers)-1})
			}
		}
		var f *Fault
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: got error %v", tt.name, err)
		case tt.want != "" && (!errors.As(err, &f) || err.Error() != fmt.Sprintf("keyBy 2, channel 1 to 3, record %d: %s", tt.record, tt.want)):
			t.Errorf("%s: got error %v, want %s of record %d", tt.name, err, tt.want, tt.record)
		}
	}
}

// FuzzReader: whatever stands in buffers, and wherever it is cut, a reader returns, with as many records as the bytes can hold.
func FuzzReader(f *testing.F) {
	for _, tt := range elements {
		f.Add([]byte(tt.framed), uint8(3))
	}
	f.Add([]byte{0, 0, 0, 3, 1, 2, 'a', 0, 0}, uint8(7))
	f.Fuzz(func(t *testing.T, data []byte, cut uint8) {
		out := &kept{}
		r := newReader(Config{Parallelism: 1, NewRecord: func() any { return &blob{} }}, &blobCodec{}, 0, out)
		at := min(int(cut), len(data))
		err := r.read(&buffer{data: data[:at]})
		if err == nil {
			err = r.read(&buffer{data: data[at:], mark: true})
		}
		if 5*len(out.seen) > len(data) || err == nil && len(r.partial[0]) > 0 {
			t.Fatalf("%x, cut at %d: %d records, %d bytes kept, error %v", data, at, len(out.seen), len(r.partial[0]), err)
		}
	})
}
