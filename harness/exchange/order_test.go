package exchange

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"
)

// A checker is what stands behind one subtask of the last operator: of each source it expects the records that are routed
// to it, each once, in order. The timestamp says which record of the endless repetition of the ring one is.
type checker struct {
	sink
	subtask int
	ring    []any
	to      []int // by record of the ring
	next    []int // by source, the least that may come
}

func (c *checker) Collect(record any, timestamp int64) error {
	par, i := len(c.next), int(timestamp)
	from := i % par
	want := c.next[from]
	for c.to[want%len(c.ring)] != c.subtask {
		want += par
	}
	if i != want {
		return fmt.Errorf("subtask %d got record %d of source %d, want %d", c.subtask, i, from, want)
	}
	if got, want := record.(*blob), c.ring[i%len(c.ring)].(*blob); got.key() != want.key() || len(got.data) != len(want.data) {
		return fmt.Errorf("record %d: got %d bytes with key %d, want %d with key %d", i, len(got.data), got.key(), len(want.data), want.key())
	}
	c.next[from] = want + par
	return c.sink.Collect(record, timestamp)
}

// deliver moves n records through one exchange at a parallelism and checks that each channel has its own, once and in order.
func deliver(t *testing.T, par, n int) {
	t.Helper()
	var records []any
	for i := range 1000 {
		size := 60 + i%200
		if i%250 == 7 {
			size = Segment + i // larger than a buffer
		}
		records = append(records, newBlob(uint32(i), size))
	}
	cfg := config(records, nil)
	cfg.Parallelism = par
	cfg, err := cfg.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	j := &Job{cfg: cfg, end: newEnding(context.Background()), arrived: make(chan struct{}, par)}
	var outs []Collector
	var checkers []*checker
	for i := range par {
		c := &checker{sink: sink{arrived: j.arrived}, subtask: i, ring: records}
		for source := range par {
			c.next = append(c.next, source)
		}
		for _, r := range records {
			c.to = append(c.to, j.channel(r.(*blob).key()))
		}
		outs, checkers = append(outs, c), append(checkers, c)
		j.sinks = append(j.sinks, &c.sink)
	}
	if err := j.connect(outs); err != nil {
		t.Fatal(err)
	}
	_, err = j.Move(n)
	if err := errors.Join(err, j.Stop()); err != nil {
		t.Fatal(err)
	}
	for _, c := range checkers {
		for from, next := range c.next {
			for next < n && c.to[next%len(records)] != c.subtask {
				next += par
			}
			if next < n {
				t.Errorf("subtask %d lost record %d of source %d", c.subtask, next, from)
			}
		}
	}
}

// Nothing is lost, duplicated or reordered within a channel. SOAK is the number of records at parallelism 4: make soak.
func TestDelivery(t *testing.T) {
	n := 40_000
	if soak := os.Getenv("SOAK"); soak != "" {
		var err error
		if n, err = strconv.Atoi(soak); err != nil {
			t.Fatal(err)
		}
	}
	for _, par := range []int{1, 3} {
		deliver(t, par, 20_000)
	}
	deliver(t, 4, n)
}
