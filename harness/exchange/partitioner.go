package exchange

import "github.com/wirecost/wirecost/codecs/flink/keygroup"

// A Partitioner says to which subtask of the next operator a record goes.
type Partitioner struct {
	Name  string // as Flink calls it
	Doc   string // one line for `wirecost list`
	Keyed bool   // by the record's key: a Config needs one
	route func(c Config, subtask int) (func(record any) (int, error), error)
}

// Partitioners lists the partitioners, in the order reports show them.
var Partitioners = []Partitioner{
	KeyBy,
	Rebalance,
	Forward,
}

// KeyBy is Flink's KeyGroupStreamPartitioner: Java hash of the key, key group, subtask.
var KeyBy = Partitioner{
	Name:  "keyBy",
	Doc:   "by the key: Java hash, key group, subtask, as Flink's keyBy",
	Keyed: true,
	route: func(c Config, _ int) (func(any) (int, error), error) {
		key, err := c.Key()
		if err != nil {
			return nil, err
		}
		channels, groups := keygroup.Channels(c.Parallelism, c.MaxParallelism), c.MaxParallelism
		return func(record any) (int, error) {
			hash, err := key(record)
			if err != nil {
				return 0, err
			}
			return int(channels[keygroup.Group(hash, groups)]), nil
		}, nil
	},
}

// Rebalance is Flink's RebalancePartitioner: each record to the next subtask in turn. Flink draws where a subtask begins;
// here it is the one behind its own, so that runs repeat.
var Rebalance = Partitioner{
	Name: "rebalance",
	Doc:  "to each subtask in turn, as Flink's rebalance",
	route: func(c Config, subtask int) (func(any) (int, error), error) {
		to, par := subtask, c.Parallelism
		return func(any) (int, error) {
			if to++; to >= par {
				to = 0
			}
			return to, nil
		}, nil
	},
}

// Forward is Flink's ForwardPartitioner where operators are not chained: each subtask to the one of its own number.
var Forward = Partitioner{
	Name: "forward",
	Doc:  "to the subtask of the same number, as between operators that are not chained",
	route: func(_ Config, subtask int) (func(any) (int, error), error) {
		return func(any) (int, error) { return subtask, nil }, nil
	},
}
