// Package fidelity says how near made records come to those of a sample: in the mean and the 99th percentile of their sizes,
// codec by codec, and field by field where they do not.
//
// It holds no codec and reads no file: it is handed both.
package fidelity

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/shares"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
)

const (
	// Promise is by how much the mean size of records that a learned profile makes may differ from that of the sample.
	Promise = 0.02
	// Made is how many records are made for that.
	Made = 20000
)

// Size is that of records, in bytes.
type Size struct{ Mean, P99 float64 }

// A Row compares sizes in one codec.
type Row struct {
	Codec        string
	Sample, Made Size
}

// Off returns by how much the mean of the made records differs, 0.01 being 1 % more.
func (r Row) Off() float64 { return r.Made.Mean/r.Sample.Mean - 1 }

// A Sequence is records of one schema, as its structs. Each is good until the next one; ranging over it again gives them again.
type Sequence = iter.Seq2[any, error]

// MadeBy returns the first n records of a plan, with a seed.
func MadeBy(plan *records.Source, seed uint64, n int) Sequence {
	return func(yield func(any, error) bool) {
		gen := plan.Generator(seed)
		for i := range n {
			if !yield(gen.New(uint64(i)), nil) {
				return
			}
		}
	}
}

// Compare compares the sizes of two sequences of records of s in each of formats, in their order. A codec that cannot carry the
// schema, or a value of a record, has no row. It is an error if there is no row.
func Compare(formats []codecs.Format, s *schemas.Schema, sample, made Sequence) ([]Row, error) {
	pipes, err := open(formats, s)
	if err != nil {
		return nil, err
	}
	a, err := sizes(pipes, sample)
	if err != nil {
		return nil, err
	}
	b, err := sizes(pipes, made)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for i, p := range pipes {
		if a[i] != nil && b[i] != nil {
			rows = append(rows, Row{p.Format.Name, sizeOf(a[i]), sizeOf(b[i])})
		}
	}
	if len(rows) == 0 {
		return nil, errors.New("no codec carries the records: their sizes cannot be compared")
	}
	return rows, nil
}

// open returns the pipes of those formats that can carry s.
func open(formats []codecs.Format, s *schemas.Schema) ([]*codecs.Pipe, error) {
	var pipes []*codecs.Pipe
	for _, f := range formats {
		p, err := codecs.Open(f, s)
		switch {
		case errors.Is(err, schemas.ErrUnsupported):
		case err != nil:
			return nil, err
		default:
			pipes = append(pipes, p)
		}
	}
	return pipes, nil
}

// sizes returns the size of each record in each pipe, nil for one that cannot carry a record.
func sizes(pipes []*codecs.Pipe, seq Sequence) ([][]int, error) {
	all, refused := make([][]int, len(pipes)), make([]bool, len(pipes))
	for record, err := range seq {
		if err != nil {
			return nil, err
		}
		for i, p := range pipes {
			if refused[i] {
				continue
			}
			b, err := p.Encode(record)
			if err != nil {
				all[i], refused[i] = nil, true
				continue
			}
			all[i] = append(all[i], len(b))
		}
	}
	return all, nil
}

func sizeOf(sizes []int) Size {
	sum := 0
	for _, n := range sizes {
		sum += n
	}
	slices.Sort(sizes)
	return Size{float64(sum) / float64(len(sizes)), float64(sizes[(len(sizes)-1)*99/100])}
}

// A Verdict says whether made records keep the promise.
type Verdict struct {
	Worst Row   // the codec whose mean differs most
	Field Field // if the promise is not kept, the field whose own mean differs most there
}

// Kept reports whether the mean size differs by no more than Promise in any codec.
func (v Verdict) Kept() bool { return math.Abs(v.Worst.Off()) <= Promise }

// String says it in words.
func (v Verdict) String() string {
	w := v.Worst
	s := fmt.Sprintf("%.1f B a record in %s, and %.1f B when made by the profile, %+.2f %%", w.Sample.Mean, w.Codec, w.Made.Mean, 100*w.Off())
	if v.Kept() {
		return s + "; other codecs differ less"
	}
	return fmt.Sprintf("%s, where %.0f %% are promised; field %s has %.1f B, and %.1f B when made", s, 100*Promise, v.Field.Place, v.Field.Sample, v.Field.Made)
}

// Check compares made records with those of a sample, as Compare does.
func Check(formats []codecs.Format, s *schemas.Schema, sample, made Sequence) (v Verdict, err error) {
	rows, err := Compare(formats, s, sample, made)
	if err != nil {
		return v, err
	}
	v.Worst = slices.MaxFunc(rows, func(a, b Row) int { return cmp.Compare(math.Abs(a.Off()), math.Abs(b.Off())) })
	if v.Kept() {
		return v, nil
	}
	i := slices.IndexFunc(formats, func(f codecs.Format) bool { return f.Name == v.Worst.Codec })
	v.Field, err = furthestField(formats[i], s, sample, made)
	return v, err
}

// A Field is what one field takes, without what is inside it, in mean bytes a record.
type Field struct {
	Place        string
	Sample, Made float64
}

// mostCut is how many records are cut into fields.
const mostCut = 2000

// furthestField returns the field whose own mean differs most in one codec, of the first records of both sequences.
func furthestField(f codecs.Format, s *schemas.Schema, sample, made Sequence) (Field, error) {
	a, err := fields(f, s, sample)
	if err != nil {
		return Field{}, err
	}
	b, err := fields(f, s, made)
	if err != nil {
		return Field{}, err
	}
	var all []Field
	for place, mean := range a {
		all = append(all, Field{place, mean, b[place]})
	}
	for place, mean := range b {
		if _, ok := a[place]; !ok {
			all = append(all, Field{place, 0, mean})
		}
	}
	if len(all) == 0 {
		return Field{}, fmt.Errorf("codec %s: no bytes", f.Name)
	}
	return slices.MaxFunc(all, func(x, y Field) int {
		return cmp.Or(cmp.Compare(math.Abs(x.Made-x.Sample), math.Abs(y.Made-y.Sample)), cmp.Compare(y.Place, x.Place))
	}), nil
}

// fields returns what each field takes on average.
func fields(f codecs.Format, s *schemas.Schema, seq Sequence) (map[string]float64, error) {
	p, err := codecs.Open(f, s)
	if err != nil {
		return nil, err
	}
	cut, ok := p.Codec.(codecs.Dissector)
	if !ok {
		return nil, fmt.Errorf("codec %s: its bytes cannot be told apart", f.Name)
	}
	sum := &shares.Sum{}
	for record, err := range seq {
		if err != nil {
			return nil, err
		}
		encoded, err := p.Encode(record)
		if err != nil {
			return nil, err
		}
		parts, err := cut.Dissect(encoded)
		if err != nil {
			return nil, err
		}
		if sum.Add(parts); sum.Records() == mostCut {
			break
		}
	}
	means := map[string]float64{}
	for _, c := range sum.Costs() {
		means[c.Place] = c.Total
	}
	return means, nil
}
