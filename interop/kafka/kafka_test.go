package kafka

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/exchange"
)

// A blob is a record that is its own encoding.
type blob struct{ data []byte }

type blobCodec struct{}

func (blobCodec) Append(dst []byte, v any) ([]byte, error) {
	return append(dst, v.(*blob).data...), nil
}

func (blobCodec) Decode(src []byte, v any) error {
	v.(*blob).data = append(v.(*blob).data[:0], src...)
	if bytes.HasPrefix(src, []byte("bad")) {
		return errors.New("bad record")
	}
	return nil
}

func blobs(n, size int) (records []any) {
	for i := range n {
		records = append(records, &blob{append(binary.BigEndian.AppendUint32(nil, uint32(i)), bytes.Repeat([]byte{byte(i)}, size)...)})
	}
	return records
}

func config(c Config, records []any) exchange.Config {
	return exchange.Config{
		Exchange: c.Exchange(), Keybys: 1, Records: records,
		New:       func() (codecs.Codec, error) { return blobCodec{}, nil },
		NewRecord: func() any { return &blob{} },
		Key: func() (exchange.KeyHash, error) {
			return func(v any) (int32, error) { return int32(binary.BigEndian.Uint32(v.(*blob).data)), nil }, nil
		},
	}
}

// Every record arrives, the bytes of a record are exact, and what was sent is more, or less where it is compressed.
func TestMove(t *testing.T) {
	const n, each = 2000, 4 + 100 + 5
	for _, compression := range []string{"", "snappy", "zstd"} {
		for _, keybys := range []int{1, 2} {
			cfg := config(Config{Compression: compression}, blobs(100, 100))
			cfg.Keybys = keybys
			j, err := exchange.Start(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				wire, err := j.Move(n)
				if want := int64(keybys * n * each); err != nil || wire != want {
					t.Errorf("%q, %d exchanges: got %d bytes, error %v, want %d", compression, keybys, wire, err, want)
				}
			}
			if err := j.Stop(); err != nil {
				t.Errorf("%q, %d exchanges: %v", compression, keybys, err)
			}
			sent, ok := j.Sent()
			if records := int64(2 * keybys * n * each); !ok || sent <= 0 || (sent > records) != (compression == "") {
				t.Errorf("%q, %d exchanges: sent %d bytes for %d of records", compression, keybys, sent, records)
			}
		}
	}
}

// A broker that goes away ends the job with an error that names it, and the topic.
func TestBrokerGoesAway(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	addr := cluster.ListenAddrs()[0]
	j, err := exchange.Start(t.Context(), config(Config{Brokers: []string{addr}}, blobs(100, 100)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Move(200); err != nil {
		t.Fatal(err)
	}
	cluster.Close()
	_, err = j.Move(200)
	var f *exchange.Fault
	if !errors.As(err, &f) || !strings.Contains(err.Error(), "kafka "+addr+", topic wirecost-") {
		t.Errorf("got error %v, want a Fault that names %s", err, addr)
	}
	if stopped := j.Stop(); stopped == nil {
		t.Error("Stop got no error")
	}
}

// No broker, a compression that there is none of, a record that does not decode and a context that ends are errors.
func TestErrors(t *testing.T) {
	if _, err := exchange.Start(t.Context(), config(Config{Compression: "brotli"}, blobs(1, 1))); err == nil || !strings.Contains(err.Error(), `no compression "brotli"`) {
		t.Errorf("got error %v, want one of the compression", err)
	}
	bad := []any{&blob{[]byte("bad record")}}
	j, err := exchange.Start(t.Context(), config(Config{}, bad))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Move(1); err == nil || !strings.Contains(err.Error(), "decode: bad record") {
		t.Errorf("got error %v, want that of the codec", err)
	}
	j.Stop()
	ctx, cancel := context.WithCancel(t.Context())
	if j, err = exchange.Start(ctx, config(Config{}, blobs(10, 10))); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := j.Move(1000); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
	j.Stop()
}

// BenchmarkKafka is one exchange through a broker in this process, and beside it what the client alone reaches with the same
// payloads: the exchange has at least 80 % of that.
func BenchmarkKafka(b *testing.B) {
	records := blobs(1024, 150)
	b.Run("client", func(b *testing.B) { client(b, records) })
	b.Run("exchange", func(b *testing.B) {
		cfg := config(Config{}, records)
		cfg.Parallelism = 1
		j, err := exchange.Start(b.Context(), cfg)
		if err != nil {
			b.Fatal(err)
		}
		b.ResetTimer()
		if _, err := j.Move(b.N); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := j.Stop(); err != nil {
			b.Fatal(err)
		}
	})
}

// client produces and consumes values with the settings of the exchange, and nothing else.
func client(b *testing.B, records []any) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "t"))
	if err != nil {
		b.Fatal(err)
	}
	defer cluster.Close()
	in, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.DefaultProduceTopic("t"), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.DisableIdempotentWrite(), kgo.RequiredAcks(kgo.LeaderAck()), kgo.ProducerLinger(linger))
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	out, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.FetchMaxWait(100*time.Millisecond),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{"t": {0: kgo.NewOffset().AtStart()}}))
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	b.ResetTimer()
	done := make(chan error, 1)
	go func() {
		for n := 0; n < b.N; {
			f := out.PollFetches(b.Context())
			if errs := f.Errors(); len(errs) > 0 {
				done <- fmt.Errorf("fetch: %w", errs[0].Err)
				return
			}
			n += f.NumRecords()
		}
		done <- nil
	}()
	for i := range b.N {
		in.Produce(b.Context(), &kgo.Record{Value: records[i%len(records)].(*blob).data}, nil)
	}
	if err := in.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}
