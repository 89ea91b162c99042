package harness

import (
	"cmp"

	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
)

// A hashing finds the channels of records, as a writer of an exchange does before it encodes.
type hashing struct {
	records  []any // pointers to the schema's Go struct
	key      exchange.KeyHash
	channels []uint16 // by key group
}

// hash returns the task of the op Hash: read the key, its Java hash, key group, channel. The records are the schema's
// structs, and the lengths that the ops of codecs sum up are channels here.
func hash(s *Subject, r measure.Request) (*measure.Task, error) {
	key, err := keygroup.StructHasher(s.Type, r.Key)
	if err != nil {
		return nil, err
	}
	parallelism := cmp.Or(r.Parallelism, exchange.DefaultParallelism)
	groups := cmp.Or(r.MaxParallelism, keygroup.DefaultMaxParallelism(parallelism))
	h := &hashing{records: s.Records, key: key, channels: keygroup.Channels(parallelism, groups)}
	set, err := h.work(len(s.Records))
	if err != nil {
		return nil, err
	}
	return &measure.Task{Work: h.work, Ring: len(s.Records), Set: set, NoBytes: true}, nil
}

// work finds n channels, and returns their sum.
func (h *hashing) work(n int) (sum int64, err error) {
	mask, groups := len(h.records)-1, len(h.channels)
	for i := range n {
		hash, err := h.key(h.records[i&mask])
		if err != nil {
			return sum, err
		}
		sum += int64(h.channels[keygroup.Group(hash, groups)])
	}
	return sum, nil
}
