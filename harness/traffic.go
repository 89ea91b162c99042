package harness

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/results"
)

// mostSent bounds the records that are sent to see where they go.
const mostSent = 1 << 20

// Traffic says where the records of s go on the first exchange of a route and on the next one: counted, not drawn, over the
// ring as often as all subtasks need to be sources of all its records, if that is not too often.
func (s *Subject) Traffic(r Route) (results.RouteFact, error) {
	fact := results.RouteFact{Schema: s.Name()}
	hops, err := s.hops(r)
	if err != nil {
		return fact, err
	}
	par := len(hops[0])
	counts := [2][]int{make([]int, par), make([]int, par)}
	away := [2]int{}
	ring := len(s.Records)
	n := ring * min(par, max(1, mostSent/ring))
	for i := range n {
		at := (i + i/ring) % par
		for hop := range hops {
			to, err := hops[hop][at](s.Records[i%ring])
			if err != nil {
				return fact, fmt.Errorf("record %d: %w", i%ring, err)
			}
			counts[hop][to]++
			if to != at {
				away[hop]++
			}
			at = to
		}
	}
	for hop := range hops {
		for _, c := range counts[hop] {
			fact.Busiest[hop] = max(fact.Busiest[hop], float64(c)/float64(n))
		}
		fact.Away[hop] = float64(away[hop]) / float64(n)
	}
	return fact, nil
}

// hops returns what routes the records that each subtask sends, on the first exchange and on the next one.
func (s *Subject) hops(r Route) (hops [2][]func(any) (int, error), err error) {
	cfg, err := r.config(exchange.Exchange{}, s.Records)
	if err != nil {
		return hops, err
	}
	cfg.Parallelism, cfg.MaxParallelism = r.subtasks()
	for hop := range hops {
		if cfg.Partitioner.Keyed {
			key, err := r.keyOn(s, hop)
			if err != nil {
				return hops, err
			}
			cfg.Key = func() (exchange.KeyHash, error) {
				h, err := keygroup.StructHasher(s.Type, key)
				return h, err
			}
		}
		for subtask := range cfg.Parallelism {
			to, err := cfg.Route(subtask)
			if err != nil {
				return hops, err
			}
			hops[hop] = append(hops[hop], to)
		}
	}
	return hops, nil
}

// Sink says how many of so many partitions of a sink each subtask before it has, where records are sent to them by keyBy on
// the number of their partition, an int from 0 on. Without it each subtask has them all.
func (s *Subject) Sink(r Route, partitions int) results.SinkFact {
	par, groups := r.subtasks()
	counts := make([]int, par)
	for i := range partitions {
		counts[keygroup.Channel(keygroup.Group(int32(i), groups), par, groups)]++
	}
	fact := results.SinkFact{Schema: s.Name(), Partitions: partitions, Least: counts[0], Most: counts[0]}
	for _, c := range counts {
		fact.Least, fact.Most = min(fact.Least, c), max(fact.Most, c)
	}
	return fact
}
