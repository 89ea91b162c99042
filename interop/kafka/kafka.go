// Package kafka is the exchange of a Go pipeline that repartitions through Kafka: franz-go, a topic for each exchange with a
// partition for each subtask, the Confluent header in front of each value. The module is one of its own, so that nobody who
// measures codecs needs a Kafka client; its program wirecost-kafka is the worker of the exchange.
package kafka

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/exchange"
)

// A Config says which brokers records go through, and how. The zero Config is a broker in this process, without compression.
type Config struct {
	Brokers     []string // host:port; nil means a broker in this process, which keeps records in memory
	Compression string   // of batches: none, gzip, snappy, lz4 or zstd; "" means none
}

// codecsOf are the compressions by name.
var codecsOf = map[string]func() kgo.CompressionCodec{
	"none": kgo.NoCompression, "gzip": kgo.GzipCompression, "snappy": kgo.SnappyCompression, "lz4": kgo.Lz4Compression, "zstd": kgo.ZstdCompression,
}

// header is what the Confluent serializers put in front of a value: 0 and the number of a schema in a registry. There is no
// registry here, so the number is 1.
var header = [5]byte{0, 0, 0, 0, 1}

// batchOverhead is what a record batch of Kafka has before its records.
const batchOverhead = 61

// Exchange returns the exchange through the brokers of c.
func (c Config) Exchange() exchange.Exchange {
	x := exchange.Kafka
	x.Program, x.Connect = nil, c.connect
	return x
}

// A link is one exchange: a topic, and the brokers it is on.
type link struct {
	cfg     Config
	stage   *exchange.Stage
	topic   string
	brokers []string
	sent    atomic.Int64 // bytes of batches
}

// topics numbers the topics of this process.
var topics atomic.Int64

func (c Config) connect(s *exchange.Stage) (ins []exchange.Collector, err error) {
	l := &link{cfg: c, stage: s, topic: fmt.Sprintf("wirecost-%d-%d", os.Getpid(), topics.Add(1)), brokers: c.Brokers}
	if len(l.brokers) == 0 {
		cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
		if err != nil {
			return nil, fmt.Errorf("kafka: a broker in this process: %w", err)
		}
		context.AfterFunc(s.Context(), cluster.Close)
		l.brokers = cluster.ListenAddrs()
	}
	if err := l.create(len(s.Outs)); err != nil {
		return nil, err
	}
	for i, out := range s.Outs {
		if err := l.read(i, out); err != nil {
			return nil, err
		}
	}
	for i := range s.Outs {
		w, err := l.writer(i)
		if err != nil {
			return nil, err
		}
		s.Count(func() int64 { return w.bytes })
		ins = append(ins, w)
	}
	s.Sent(l.sent.Load)
	return ins, nil
}

// patience is how long a broker may be away before the job ends.
const patience = 5 * time.Second

// client returns a client of the brokers, which is closed when the job ends.
func (l *link) client(opts ...kgo.Opt) (*kgo.Client, error) {
	c, err := kgo.NewClient(append(opts, kgo.SeedBrokers(l.brokers...), kgo.RequestRetries(2), kgo.RetryTimeout(patience), kgo.DialTimeout(patience))...)
	if err != nil {
		return nil, l.wrap(err)
	}
	context.AfterFunc(l.stage.Context(), c.Close)
	return c, nil
}

// wrap names the brokers that err is about.
func (l *link) wrap(err error) error {
	return fmt.Errorf("kafka %s, topic %s: %w", strings.Join(l.brokers, ","), l.topic, err)
}

// create makes the topic, with a partition for each subtask, and has it deleted at the end of the job. Brokers in this process
// end with it.
func (l *link) create(partitions int) error {
	c, err := l.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(l.stage.Context(), patience)
	defer cancel()
	if _, err := kadm.NewClient(c).CreateTopic(ctx, int32(partitions), -1, nil, l.topic); err != nil {
		return l.wrap(fmt.Errorf("create: %w", err))
	}
	if l.cfg.Brokers == nil {
		return nil
	}
	context.AfterFunc(l.stage.Context(), func() {
		last, err := kgo.NewClient(kgo.SeedBrokers(l.brokers...))
		if err != nil {
			return
		}
		defer last.Close()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		kadm.NewClient(last).DeleteTopic(ctx, l.topic) // what stays behind is seen in the broker's list of topics
	})
	return nil
}

// OnProduceBatchWritten counts what was sent.
func (l *link) OnProduceBatchWritten(_ kgo.BrokerMetadata, _ string, _ int32, m kgo.ProduceBatchMetrics) {
	l.sent.Add(int64(m.CompressedBytes + batchOverhead))
}

// A writer produces the records of one subtask.
type writer struct {
	*link
	subtask int
	client  *kgo.Client
	codec   codecs.Codec
	route   func(any) (int, error)
	records []int // by partition
	bytes   int64
	slab    []byte // values are cut from it: the client has them until the broker does
}

func (l *link) writer(subtask int) (*writer, error) {
	compression := codecsOf[cmp.Or(l.cfg.Compression, "none")]
	if compression == nil {
		return nil, fmt.Errorf("kafka: no compression %q: there are none, gzip, snappy, lz4 and zstd", l.cfg.Compression)
	}
	codec, err := l.stage.Config.New()
	if err != nil {
		return nil, err
	}
	route, err := l.stage.Config.Route(subtask)
	if err != nil {
		return nil, err
	}
	// One request at a time and no idempotence: what a broker has not taken is an error, and what it has is in order.
	client, err := l.client(kgo.DefaultProduceTopic(l.topic), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerBatchCompression(compression()),
		kgo.DisableIdempotentWrite(), kgo.RequiredAcks(kgo.LeaderAck()), kgo.ProducerLinger(linger), kgo.RecordRetries(2),
		kgo.WithHooks(l)) // no RecordDeliveryTimeout: it counts from a record's timestamp, which is that of its event
	if err != nil {
		return nil, err
	}
	return &writer{link: l, subtask: subtask, client: client, codec: codec, route: route, records: make([]int, len(l.stage.Outs))}, nil
}

const (
	linger = 5 * time.Millisecond
	slab   = 64 << 10
)

// fault names a channel and the record on it.
func (w *writer) fault(to int, err error) error {
	return &exchange.Fault{Stage: w.stage.Number, From: w.subtask, To: to, Record: w.records[to], Err: err}
}

// Collect produces a record to the partition that the partitioner says.
func (w *writer) Collect(record any, timestamp int64) error {
	to, err := w.route(record)
	if err != nil {
		return &exchange.Fault{Stage: w.stage.Number, From: w.subtask, To: -1, Record: 1, Err: err}
	}
	w.records[to]++
	if cap(w.slab)-len(w.slab) < slab/8 {
		w.slab = make([]byte, 0, slab)
	}
	begin := len(w.slab)
	out, err := w.codec.Append(append(w.slab, header[:]...), record)
	if err != nil {
		return w.fault(to, fmt.Errorf("encode: %w", err))
	}
	w.slab = out
	w.bytes += int64(len(out) - begin)
	w.produce(to, nil, out[begin:len(out):len(out)], timestamp)
	return nil
}

// produce hands a record to the client. A broker that does not take it ends the job.
func (w *writer) produce(to int, key, value []byte, timestamp int64) {
	n := w.records[to]
	w.client.Produce(w.stage.Context(), &kgo.Record{Partition: int32(to), Key: key, Value: value, Timestamp: time.UnixMilli(timestamp)}, func(_ *kgo.Record, err error) {
		if err != nil {
			w.stage.Fail(&exchange.Fault{Stage: w.stage.Number, From: w.subtask, To: to, Record: n, Err: w.wrap(err)})
		}
	})
}

// Mark produces a mark to each partition: a record with a key, which others have not.
func (w *writer) Mark(stop bool) {
	mark := []byte{0}
	if stop {
		mark[0] = 1
	}
	w.flush() // what was sent is counted before anybody hears of the mark
	for to := range w.records {
		w.produce(to, []byte("mark"), mark, 0)
	}
	w.flush()
}

// flush waits until the brokers have everything.
func (w *writer) flush() {
	if err := w.client.Flush(w.stage.Context()); err != nil {
		w.stage.Fail(w.wrap(err))
	}
}

// read starts the goroutine that consumes the partition of a subtask.
func (l *link) read(partition int, out *exchange.Operator) error {
	codec, err := l.stage.Config.New()
	if err != nil {
		return err
	}
	client, err := l.client(kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{l.topic: {int32(partition): kgo.NewOffset().AtStart()}}),
		kgo.FetchMaxWait(100*time.Millisecond), kgo.KeepRetryableFetchErrors())
	if err != nil {
		return err
	}
	r := &reader{link: l, partition: partition, client: client, codec: codec, out: out}
	l.stage.Go(r.run)
	return nil
}

// A reader decodes what all writers produce to one partition.
type reader struct {
	*link
	partition int
	client    *kgo.Client
	codec     codecs.Codec
	out       *exchange.Operator
	marks     int
	stopped   bool
}

func (r *reader) run() {
	for !r.stopped {
		fetches := r.client.PollFetches(r.stage.Context())
		if r.stage.Context().Err() != nil {
			return
		}
		for _, e := range fetches.Errors() {
			r.stage.Fail(&exchange.Fault{Stage: r.stage.Number, From: -1, To: r.partition, Record: 0, Err: r.wrap(e.Err)})
			return
		}
		for it := fetches.RecordIter(); !it.Done(); {
			if err := r.take(it.Next()); err != nil {
				r.stage.Fail(err)
				return
			}
		}
	}
}

// take decodes a record, or counts a mark.
func (r *reader) take(k *kgo.Record) error {
	if k.Key != nil {
		if r.marks++; r.marks == len(r.stage.Outs) {
			r.marks, r.stopped = 0, k.Value[0] == 1
			r.out.Mark(r.stopped)
		}
		return nil
	}
	fault := func(err error) error {
		return r.wrap(fmt.Errorf("partition %d, offset %d: %w", r.partition, k.Offset, err))
	}
	if len(k.Value) < len(header) || [5]byte(k.Value) != header {
		return fault(fmt.Errorf("no Confluent header of schema %d", binary.BigEndian.Uint32(header[1:])))
	}
	record := r.stage.Config.NewRecord()
	if err := r.codec.Decode(k.Value[len(header):], record); err != nil {
		return fault(fmt.Errorf("decode: %w", err))
	}
	return r.out.Collect(record, k.Timestamp.UnixMilli())
}
