package exchange

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"pgregory.net/rapid"
)

// A blob is a record that is its own encoding: a key and a filling.
type blob struct{ data []byte }

func newBlob(key uint32, size int) *blob {
	b := &blob{data: make([]byte, 4+size)}
	binary.BigEndian.PutUint32(b.data, key)
	for i := range size {
		b.data[4+i] = byte(int(key) + i)
	}
	return b
}

func (b *blob) key() int32 { return int32(binary.BigEndian.Uint32(b.data)) }

// A log keeps what was decoded, by the codec that decoded it: one per reading subtask.
type log struct {
	mu     sync.Mutex
	codecs []*blobCodec // in the order in which they were made: first those of the readers
	seen   map[*blobCodec]map[string]int
}

type blobCodec struct {
	log  *log
	fail func(*blob) error
}

func (c *blobCodec) Append(dst []byte, v any) ([]byte, error) {
	return append(dst, v.(*blob).data...), nil
}

func (c *blobCodec) Decode(src []byte, v any) error {
	b := v.(*blob)
	b.data = append(b.data[:0], src...)
	if c.fail != nil {
		if err := c.fail(b); err != nil {
			return err
		}
	}
	if c.log != nil {
		c.log.mu.Lock()
		defer c.log.mu.Unlock()
		if c.log.seen[c] == nil {
			c.log.seen[c] = map[string]int{}
		}
		c.log.seen[c][string(b.data)]++
	}
	return nil
}

func config(records []any, l *log) Config {
	return Config{
		Exchange: Local, Keybys: 1, Parallelism: 3, Records: records,
		New: func() (codecs.Codec, error) {
			c := &blobCodec{log: l}
			if l != nil {
				l.codecs = append(l.codecs, c)
			}
			return c, nil
		},
		NewRecord: func() any { return &blob{} },
		Key:       func() (KeyHash, error) { return func(v any) (int32, error) { return v.(*blob).key(), nil }, nil },
	}
}

// Every record arrives once and whole, on the one subtask that its key says, whatever the sizes.
func TestLocal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 40), rapid.IntRange(Segment-40, Segment+40), rapid.Just(3*Segment)), 1, 40).Draw(t, "sizes")
		var records []any
		wire := 0
		l := &log{seen: map[*blobCodec]map[string]int{}}
		cfg := config(nil, l)
		cfg.Parallelism = rapid.IntRange(1, 5).Draw(t, "parallelism")
		cfg.NoTimestamps = rapid.Bool().Draw(t, "no timestamps")
		for i, size := range sizes {
			b := newBlob(uint32(i), size)
			records = append(records, b)
			wire += len(b.data) + cfg.Framing()
		}
		cfg.Records = records
		j, err := Start(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			got, err := j.Move(len(records))
			if err != nil || got != int64(wire) {
				t.Fatalf("got %d bytes, error %v, want %d bytes", got, err, wire)
			}
		}
		if err := j.Stop(); err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			b := r.(*blob)
			for c, seen := range l.seen {
				want := 0
				if c == l.codecs[j.channel(b.key())] {
					want = 2
				}
				if got := seen[string(b.data)]; got != want {
					t.Fatalf("a subtask saw record %d %d times, want %d", b.key(), got, want)
				}
			}
		}
	})
}

// channel returns the subtask that a key with this hash belongs to.
func (j *Job) channel(hash int32) int {
	return keygroup.Channel(keygroup.Group(hash, j.cfg.MaxParallelism), j.cfg.Parallelism, j.cfg.MaxParallelism)
}

func TestKeybys(t *testing.T) {
	records := []any{newBlob(1, 10), newBlob(2, 20), newBlob(3, 0), newBlob(4, 7)}
	const ring = 10 + 20 + 0 + 7 + 4*4
	for _, tt := range []struct {
		exchange Exchange
		keybys   int
		wire     int64 // for the ring twice
	}{
		{Chain, 0, 0}, {Chain, 3, 0}, {Local, 0, 0}, {Local, 1, 2 * (ring + 4*13)}, {Local, 3, 6 * (ring + 4*13)},
	} {
		cfg := config(records, nil)
		cfg.Exchange, cfg.Keybys = tt.exchange, tt.keybys
		j, err := Start(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := j.Move(8); err != nil || got != tt.wire {
			t.Errorf("%s x %d: got %d bytes, error %v, want %d", tt.exchange.Name, tt.keybys, got, err, tt.wire)
		}
		if err := j.Stop(); err != nil {
			t.Errorf("%s x %d: %v", tt.exchange.Name, tt.keybys, err)
		}
	}
}

// The bytes of an exchange are Flink's: spec 7.1 and 7.2 have the vector ("hi", timestamp 1000).
func TestFrame(t *testing.T) {
	for _, tt := range []struct {
		noTimestamps bool
		want         string
	}{
		{false, "0000000c00" + "00000000000003e8" + "036869"},
		{true, "0000000401" + "036869"},
	} {
		cfg := Config{Exchange: Local, NoTimestamps: tt.noTimestamps}
		w := &writer{head: cfg.Framing(), noTimestamps: tt.noTimestamps}
		element := append(make([]byte, w.head), 0x03, 'h', 'i')
		w.frame(element, 1000)
		if got := fmt.Sprintf("%x", element); got != tt.want {
			t.Errorf("without timestamps %v: got %s, want %s", tt.noTimestamps, got, tt.want)
		}
	}
}

// An error in any subtask ends the move, and the job can still be stopped.
func TestFailure(t *testing.T) {
	var records []any
	for i := range 1000 {
		records = append(records, newBlob(uint32(i), 100))
	}
	bad := errors.New("bad record")
	for _, tt := range []struct {
		name string
		set  func(*Config)
	}{
		{"key", func(c *Config) {
			c.Key = func() (KeyHash, error) { return func(v any) (int32, error) { return 0, bad }, nil }
		}},
		{"decode", func(c *Config) {
			c.New = func() (codecs.Codec, error) {
				return &blobCodec{fail: func(b *blob) error {
					if b.key() == 500 {
						return bad
					}
					return nil
				}}, nil
			}
		}},
	} {
		cfg := config(records, nil)
		cfg.Keybys = 2
		tt.set(&cfg)
		j, err := Start(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := j.Move(len(records)); !errors.Is(err, bad) {
			t.Errorf("%s: Move got error %v, want %v", tt.name, err, bad)
		}
		if err := j.Stop(); !errors.Is(err, bad) {
			t.Errorf("%s: Stop got error %v, want %v", tt.name, err, bad)
		}
	}
}

func TestConfig(t *testing.T) {
	for _, tt := range []struct {
		cfg  Config
		want string
	}{
		{Config{Exchange: Exchange{Name: "kafka"}}, `exchange "kafka"`},
		{Config{Exchange: Chain}, "needs records"},
		{Config{Exchange: Local, Records: []any{1}}, "needs a codec"},
		{Config{Exchange: Chain, Records: []any{1}, Parallelism: 200, MaxParallelism: 128}, "parallelism 200 of at most 128"},
		{Config{Exchange: Chain, Records: []any{1}, Keybys: -1}, "-1 keyBys"},
	} {
		if _, err := Start(t.Context(), tt.cfg); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got error %v, want %s", err, tt.want)
		}
	}
}

// Moving a record allocates nothing but the record.
func TestNoAllocation(t *testing.T) {
	for _, par := range []int{1, 4} {
		j := startBlobs(t, par)
		const n = 20 << 10
		perRun := testing.AllocsPerRun(3, func() {
			if _, err := j.Move(n); err != nil {
				t.Fatal(err)
			}
		})
		if perRun/n > 0.001 {
			t.Errorf("%d records through one exchange at parallelism %d: %v allocations", n, par, perRun)
		}
	}
}

// startBlobs starts a job with one exchange, whose codec copies, and decodes into one record of its own.
func startBlobs(t testing.TB, par int) *Job {
	t.Helper()
	cfg := config(blobs(1024, 150), nil)
	cfg.Parallelism = par
	cfg.New = func() (codecs.Codec, error) { return &copying{fresh: newBlob(0, 300)}, nil }
	cfg.NewRecord = func() any { return nil }
	j, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Stop() })
	return j
}

// A copying codec decodes into a record of its own.
type copying struct {
	blobCodec
	fresh *blob
}

func (c *copying) Decode(src []byte, _ any) error { return c.blobCodec.Decode(src, c.fresh) }

// BenchmarkLocal is one keyBy of a record of 154 bytes, and under it the floor: the same bytes into a buffer and out of it.
func BenchmarkLocal(b *testing.B) {
	b.Run("floor", func(b *testing.B) {
		records := blobs(1024, 150)
		c, buf, i := &copying{fresh: newBlob(0, 300)}, make([]byte, 0, Segment), 0
		b.ReportAllocs()
		for b.Loop() {
			r := records[i&1023]
			if len(buf)+200 > cap(buf) {
				buf = buf[:0]
			}
			begin := len(buf)
			var err error
			if buf, err = c.Append(buf, r); err == nil {
				err = c.Decode(buf[begin:], nil)
			}
			if err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	for _, par := range []int{1, 4} {
		b.Run(fmt.Sprintf("parallelism=%dx", par), func(b *testing.B) {
			j := startBlobs(b, par)
			b.ReportAllocs()
			b.ResetTimer()
			if _, err := j.Move(b.N); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// What an exchange has sent of everything is added up over stages, and known where it says so.
func TestSent(t *testing.T) {
	said := Exchange{Name: "said", Connect: func(s *Stage) ([]Collector, error) {
		s.Sent(func() int64 { return int64(100 * s.Number) })
		return chain(s)
	}}
	for _, tt := range []struct {
		x     Exchange
		want  int64
		known bool
	}{{said, 300, true}, {Chain, 0, false}} {
		j, err := Start(t.Context(), Config{Exchange: tt.x, Keybys: 2, Records: []any{1}})
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Stop(); err != nil {
			t.Fatal(err)
		}
		if got, known := j.Sent(); got != tt.want || known != tt.known {
			t.Errorf("%s: got %d, %v, want %d, %v", tt.x.Name, got, known, tt.want, tt.known)
		}
	}
}
