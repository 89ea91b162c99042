package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/internal/near"
)

// A keybyMeasurement is what keyby is asked for.
type keybyMeasurement struct {
	measurement
	exchanges, keybys string
	sink              int
	sweep             bool
	brokers           string
	compression       string
}

func newKeyby(undo *cleanups) *cobra.Command {
	k := &keybyMeasurement{measurement: measurement{undo: undo, ops: defaultOps, inDepth: true}}
	cmd := &cobra.Command{
		Use:   "keyby",
		Short: "measure what one more keyBy costs, what that is made of, and what it sends",
		Long: `Keyby measures the price of one more keyBy with each codec: CPU time, the share of it that collects garbage, allocations,
and bytes of value, framing and buffer headers. It takes the price apart into encode, framing and routing, hand-over and
decode, each measured alone, and checks their sum against the whole.

A further keyBy on the same key sends every record to the subtask it is already on: nothing goes over the network, and the
codec is paid all the same. One on another key sends (p-1)/p of them away. The report has both; --other-key has every
second keyBy go by a key of its own.

Times are CPU time of the Go implementations, on one core; what crossing from core to core adds stands beside.`,
		Example: `  wirecost keyby
  wirecost keyby --schema order.avsc --key customer --parallelism 4 --rate 250000 --per-core 20000
  wirecost keyby --codec avro,pojo,kryo --partitioner rebalance
  wirecost keyby --keys 'hot(0.3,1000)' --parallelism 8
  wirecost keyby --schema order.avsc --sink-partitions 200 --parallelism 16
  wirecost keyby --exchange local,kafka --brokers localhost:9092 --compression lz4
  wirecost keyby --sweep --codec avro,json --budget 2m`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return k.run(cmd, k.plan) },
	}
	k.bind(cmd)
	f := cmd.Flags()
	f.StringVar(&k.exchanges, "exchange", exchange.Local.Name, "exchanges: a `LIST` of names; wirecost list shows them")
	f.StringVar(&k.partitioner, "partitioner", exchange.KeyBy.Name, "which subtask a record goes to: `NAME` keyBy, rebalance, forward")
	f.IntVar(&k.parallelism, "parallelism", exchange.DefaultParallelism, "subtasks of each operator")
	f.IntVar(&k.maxParallelism, "max-parallelism", 0, "key groups (default Flink's for the parallelism)")
	f.StringVar(&k.otherKey, "other-key", "", "key of every second keyBy: `PATH[,PATH]` of fields (default the same)")
	f.StringVar(&k.keys, "keys", "", "`KEYS` that the key has instead of its own: 0..11, zipf(1.1,100000), hot(0.3,1000), or a file with one on each line")
	f.StringVar(&k.keybys, "keybys", "0,1,2,3", "numbers of keyBys through which the price of one is fitted: a `LIST`")
	f.IntVar(&k.sink, "sink-partitions", 0, "partitions of a bucketing sink: files open with and without a keyBy on them")
	exclusive(cmd, "keys", "input") // the user's records go by their own key
	f.BoolVar(&k.sweep, "sweep", false, "how the price grows with the size of a record, 64 B to 64 KiB, and with the number of distinct ones")
	exclusive(cmd, "sweep", "rate", "per-core", "sink-partitions", "records", "other-key", "keys", "input")
	f.StringVar(&k.brokers, "brokers", "", "of exchange kafka: `HOST:PORT[,...]` (default a broker in the worker's process)")
	f.StringVar(&k.compression, "compression", "none", "of the batches of exchange kafka: `NAME` none, gzip, snappy, lz4, zstd")
	cmd.RegisterFlagCompletionFunc("compression", cobra.FixedCompletions([]string{"none", "gzip", "snappy", "lz4", "zstd"}, cobra.ShellCompDirectiveNoFileComp))
	completesList(cmd, "exchange", 0, listEncoding)
	completes(cmd, "partitioner", listPartitioners)
	completesList(cmd, "other-key", 0, listKeys(k.choose))
	return cmd
}

// mostSubtasks is Flink's bound on the parallelism.
const mostSubtasks = 1 << 15

// mostKeybys is more than any job has in a row.
const mostKeybys = 100

// plan turns the flags into a plan.
func (k *keybyMeasurement) plan(cmd *cobra.Command) (*harness.Plan, error) {
	given := cmd.Flags().Changed
	keyed := k.partitioner == exchange.KeyBy.Name
	switch {
	case !slices.Contains(names(partitioners()), k.partitioner):
		return nil, fmt.Errorf("--partitioner %q: %s", k.partitioner, near.Hint(k.partitioner, names(partitioners())))
	case k.parallelism < 1 || k.parallelism > mostSubtasks:
		return nil, fmt.Errorf("--parallelism %d: from 1 to %d", k.parallelism, mostSubtasks)
	case given("max-parallelism") && (k.maxParallelism < k.parallelism || k.maxParallelism > mostSubtasks):
		return nil, fmt.Errorf("--max-parallelism %d: from the parallelism, %d, to %d", k.maxParallelism, k.parallelism, mostSubtasks)
	case !keyed && (k.key != "" || k.otherKey != "" || k.keys != ""):
		return nil, fmt.Errorf("--key, --other-key and --keys concern keyBy: %s takes no key", k.partitioner)
	case given("sink-partitions") && (k.sink < 1 || k.sink > mostPartitions):
		return nil, fmt.Errorf("--sink-partitions %d: from 1 to %d", k.sink, mostPartitions)
	case k.sink > 0 && !keyed:
		return nil, errors.New("--sink-partitions concerns a keyBy on the partition: leave --partitioner out")
	}
	if k.sweep && !given("codec") {
		k.codecs = sweepCodecs
	}
	if k.sweep && !given("keybys") {
		k.keybys = "0,2"
	}
	keybys, err := k.numbers()
	if err != nil {
		return nil, err
	}
	exchanges, err := k.exchangeNames()
	if err != nil {
		return nil, err
	}
	p, err := k.measurement.plan(cmd)
	if err != nil {
		return nil, err
	}
	if err := k.kafka(cmd, p, exchanges); err != nil {
		return nil, err
	}
	p.Keybys, p.Exchanges, p.Crossing, p.Parts, p.Sink = keybys, exchanges, p.Codecs, true, k.sink
	if !k.sweep {
		return p, nil
	}
	p.Ops, p.Parts, p.Procs = nil, false, 1
	s := p.Subjects[0]
	source, err := k.compile(cmd, s.Schema, k.profile)
	if err != nil {
		return nil, err
	}
	p.Subjects, err = harness.Sweep(source, s.Data)
	return p, err
}

// sweepCodecs are what --sweep measures when nothing is said: every cell is there ten times.
const sweepCodecs = "memcpy,avro,json,pojo"

// kafka has the worker of that exchange, if it is measured, use the brokers and the compression of the flags.
func (k *keybyMeasurement) kafka(cmd *cobra.Command, p *harness.Plan, exchanges []string) error {
	if !slices.Contains(exchanges, exchange.Kafka.Name) {
		if given := cmd.Flags().Changed; given("brokers") || given("compression") {
			return errors.New("--brokers and --compression concern exchange kafka: add it to --exchange")
		}
		return nil
	}
	program, err := beside(exchange.Kafka.Program[0])
	if err != nil {
		return fmt.Errorf("exchange kafka needs its worker beside wirecost or on the PATH: go build -C interop/kafka -o DIR ./wirecost-kafka: %w", err)
	}
	p.Lab.Exchanges = slices.Clone(p.Lab.Exchanges)
	for i := range p.Lab.Exchanges {
		if x := &p.Lab.Exchanges[i]; x.Name == exchange.Kafka.Name {
			x.Program = []string{program, "-brokers", k.brokers, "-compression", k.compression}
		}
	}
	return nil
}

// beside returns the path of a program in the folder of this one, or else on the PATH.
func beside(name string) (string, error) {
	if self, err := os.Executable(); err == nil {
		if path, err := exec.LookPath(filepath.Join(filepath.Dir(self), name)); err == nil {
			return path, nil
		}
	}
	return exec.LookPath(name)
}

// mostPartitions is more than a sink has.
const mostPartitions = 1 << 24

// numbers reads --keybys: two numbers or more, with the 0 that all are compared with.
func (k *keybyMeasurement) numbers() ([]int, error) {
	list := []int{0}
	for text := range strings.SplitSeq(k.keybys, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 0 || n > mostKeybys {
			return nil, fmt.Errorf("--keybys %s: want numbers from 0 to %d, got %q", k.keybys, mostKeybys, text)
		}
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	if len(list) < 2 {
		return nil, fmt.Errorf("--keybys %s: the price of one is fitted through two numbers or more", k.keybys)
	}
	return list, nil
}

// exchangeNames reads --exchange.
func (k *keybyMeasurement) exchangeNames() ([]string, error) {
	known, err := listEncoding()
	if err != nil {
		return nil, err
	}
	var list []string
	for name := range strings.SplitSeq(k.exchanges, ",") {
		name = strings.TrimSpace(name)
		if !slices.Contains(names(known), name) {
			return nil, fmt.Errorf("--exchange: %q: %s", name, near.Hint(name, names(known)))
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list, nil
}

// listEncoding lists the exchanges that have a price: all but what they are compared with.
func listEncoding() ([]entry, error) {
	var rows []entry
	for _, x := range exchange.All {
		if x.Encodes {
			rows = append(rows, entry{x.Name, x.Doc})
		}
	}
	return rows, nil
}

// partitioners lists what --partitioner may name.
func partitioners() []entry {
	var rows []entry
	for _, p := range exchange.Partitioners {
		rows = append(rows, entry{p.Name, p.Doc})
	}
	return rows
}

func listPartitioners() ([]entry, error) { return partitioners(), nil }
