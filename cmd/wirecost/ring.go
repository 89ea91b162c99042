package main

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/records/sample"
	"github.com/wirecost/wirecost/schemas"
)

// What a ring takes at most, in bytes of Avro: more than the caches hold tells nothing new, and costs the budget.
const (
	defaultSet = 2 << 20 // unless --records says how many
	largestSet = 1 << 30
)

// records makes the records that are measured, and says how they travel. Where no field can be a key and the user did not ask
// for keyBys, p has none.
func (m *measurement) records(cmd *cobra.Command, s *schemas.Schema, p *harness.Plan) (*harness.Subject, error) {
	d := m.data(s)
	source, err := m.compile(cmd, s, m.profile)
	if err != nil {
		return nil, err
	}
	d.Profile, d.Hints = string(source.External), source.Hints
	if d.Records, err = m.size(cmd, source); err != nil {
		return nil, err
	}
	if len(p.Exchanges) > 0 {
		if err := m.route(cmd, source, p, &d); err != nil {
			return nil, err
		}
	}
	return harness.Generate(source, d)
}

// data says which schema records are of, and with which seed.
func (m *measurement) data(s *schemas.Schema) measure.Data {
	if m.stream != "" {
		return measure.Data{Seed: m.seed, Stream: m.stream}
	}
	return measure.Data{Seed: m.seed, Text: s.Text, Type: s.Name, Dir: s.Dir}
}

// drawn draws the records that are measured from the user's, and puts them into a file for the workers.
func (m *measurement) drawn(cmd *cobra.Command, r *sample.Reader, p *harness.Plan) (*harness.Subject, error) {
	data := m.data(r.Schema)
	keyed := m.keyed(&data) && len(p.Exchanges) > 0
	d := harness.Drawing{Most: int(m.ring), Seed: m.seed, Keyed: keyed && m.mustMove(cmd)}
	if !cmd.Flags().Changed("records") {
		d.Bytes = defaultSet
	}
	if m.key != "" {
		d.Key = strings.Split(m.key, ",")
	}
	if m.otherKey != "" {
		data.OtherKey = strings.Split(m.otherKey, ",")
		d.There = data.OtherKey
		if err := harness.CheckKey(r.Schema, data.OtherKey); err != nil {
			return nil, err
		}
	}
	s, err := m.own.draw(cmd, r, d)
	if err != nil {
		return nil, err
	}
	if keyed {
		if data.Key = s.Key; s.Key == nil {
			m.leaveOut(cmd, p, s.NoKey())
		}
	}
	file, err := os.CreateTemp("", "wirecost-records-")
	if err != nil {
		return nil, err
	}
	m.drop = m.undo.add(func() { os.Remove(file.Name()) })
	data.Path = file.Name()
	_, err = s.WriteTo(file)
	if err = cmp.Or(err, file.Close()); err != nil {
		return nil, err
	}
	return s.Subject(m.own.name, data)
}

// mustMove reports whether the user asked for keyBys.
func (m *measurement) mustMove(cmd *cobra.Command) bool {
	return m.inDepth || cmd.Flags().Changed("ops") || m.rate > 0 || m.perCore > 0
}

// leaveOut leaves the keyBys out of p.
func (m *measurement) leaveOut(cmd *cobra.Command, p *harness.Plan, why error) {
	fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: keyBys are left out: %v\n", why)
	p.Exchanges = nil
}

// size returns the number of records in the ring, and says if it is another than was asked for.
func (m *measurement) size(cmd *cobra.Command, source *records.Source) (int, error) {
	asked := 1 << bits.Len64(m.ring-1)
	limit := int64(defaultSet)
	if cmd.Flags().Changed("records") {
		limit = largestSet
	}
	n, mean, err := harness.FitRecords(source, m.seed, asked, limit)
	switch {
	case err != nil:
		return 0, err
	case n < asked && limit == largestSet:
		return 0, fmt.Errorf("--records %d: a record takes %.0f bytes, and a set of at most %d: measure %d of them", asked, mean, int64(largestSet), n)
	case n < asked:
		fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: a record takes %.0f bytes: %d of them are measured, in turn, for %d (--records says how many)\n", mean, n, asked)
	case uint64(n) != m.ring:
		fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: --records %d rounded up to %d, a power of two\n", m.ring, n)
	}
	return n, nil
}

// keyed says how records travel, but for the key, and reports whether they go by one.
func (m *measurement) keyed(d *measure.Data) bool {
	d.Timestamps, d.Parallelism, d.MaxParallelism = !m.noTimestamps, m.parallelism, m.maxParallelism
	if m.partitioner != "" && m.partitioner != exchange.KeyBy.Name {
		d.Partitioner = m.partitioner
		return false
	}
	return true
}

// route says by which key records travel. The default run does without keyBys where there is none.
func (m *measurement) route(cmd *cobra.Command, source *records.Source, p *harness.Plan, d *measure.Data) error {
	if !m.keyed(d) {
		return nil
	}
	if m.otherKey != "" {
		d.OtherKey = strings.Split(m.otherKey, ",")
		if err := harness.CheckKey(source.Schema, d.OtherKey); err != nil {
			return err
		}
	}
	d.Keys = m.keys
	if m.key != "" {
		d.Key = strings.Split(m.key, ",")
		return harness.CheckKey(source.Schema, d.Key)
	}
	key, err := harness.FirstKey(source)
	switch {
	case err == nil:
		d.Key = key
		return nil
	case !errors.Is(err, harness.ErrNoKey) || m.mustMove(cmd):
		return err
	}
	m.leaveOut(cmd, p, err)
	return nil
}
