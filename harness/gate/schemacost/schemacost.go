// Package schemacost says what a change of a schema costs, for harness/gate: bytes in each codec, field by field, over a keyBy
// and in keyed state, and what Flink makes of it. Both revisions' records are generated of one seed: a field's values depend
// on its path, so that fields which both have hold the same.
package schemacost

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/harness/explain"
	"github.com/wirecost/wirecost/harness/gate"
	"github.com/wirecost/wirecost/harness/keyedstate"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/shares"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
)

// A Config says what is asked of both revisions.
type Config struct {
	File    string                            // the schema's, for people
	Formats []codecs.Format                   // that are judged
	Columns []string                          // those whose fields are shown in text, where they are judged
	Explain explain.Config                    // Flink's; Seed and Records are those below
	Line    func(codecs.Format) javatype.Line // of a format of Flink's, which chooses the serializer of a key
	Framing int                               // bytes that a keyBy adds to each record
	Rate    float64                           // records a second; 0 if nobody asked
	Seed    uint64                            // of the records
	Records uint64                            // how many bytes are a mean of
}

// A Revision is a schema as a revision has it.
type Revision struct {
	Plan *records.Source // nil if the revision has no such schema
	Key  []string        // of its keyed state; nil if no field can be one
	// Alone returns the mean bytes in a format whose results depend on what its process did before, in one of its own.
	Alone func(codecs.Format) (float64, error)
}

// Judge adds to j what head costs against base, and judges it by the policy and what holds for schemas without one.
func Judge(j *gate.Judge, base, head Revision, cfg Config) error {
	j.Policy = j.Policy.ForSchemas()
	var sides [2]*cost
	for i, r := range []Revision{base, head} {
		if r.Plan == nil {
			continue
		}
		var err error
		if sides[i], err = costOf(r, cfg); err != nil {
			return fmt.Errorf("%s: %w", []string{j.Verdict.Base, j.Verdict.Head}[i], err)
		}
	}
	b, h := sides[0], sides[1]
	s := &gate.SchemaChange{File: cfg.File, Head: h.plan.Schema.Name, Records: int(cfg.Records), Seed: cfg.Seed, Framing: cfg.Framing,
		Rate: cfg.Rate, Key: strings.Join(head.Key, ","), Codecs: []gate.CodecCost{}, Fields: []gate.FieldChange{}, Flink: []gate.SerializerChange{}}
	j.Verdict.Schema = s
	for _, c := range cfg.Columns {
		if h.sums[c] != nil {
			s.Columns = append(s.Columns, c)
		}
	}
	if b == nil {
		j.Warn("only in the head: %s: there is nothing to compare its bytes with", cfg.File)
	} else {
		s.Base = b.plan.Schema.Name
		s.Fields = fields(b, h, cfg.Formats)
		notes(j, s, b, h, base, head)
	}
	for _, f := range cfg.Formats {
		s.Codecs = append(s.Codecs, judgeCodec(j, f, b, h, cfg))
	}
	s.Flink = judgeFlink(j, b, h)
	return nil
}

// notes says what beside the fields differs between the revisions.
func notes(j *gate.Judge, s *gate.SchemaChange, b, h *cost, base, head Revision) {
	if was, is := b.plan.Schema.Name, h.plan.Schema.Name; was != is {
		j.Note("the record is %s, and was %s: its class has another name", is, was)
	}
	if slices.ContainsFunc(s.Fields, func(f gate.FieldChange) bool { return f.Was != "" }) {
		j.Note("values are drawn by the field's path: those of a renamed field are others, of the same kind")
	}
	if string(b.plan.External) != string(h.plan.External) {
		j.Note("the external profile is another: bytes differ for that, too")
	}
	if !slices.Equal(base.Key, head.Key) {
		j.Note("the key of the state is %s, and was %s", keyName(head.Key), keyName(base.Key))
	}
}

func keyName(key []string) string {
	if key == nil {
		return "none"
	}
	return strings.Join(key, ",")
}

// A cost is what one revision takes.
type cost struct {
	plan   *records.Source
	sizes  map[string]float64     // mean bytes, by codec
	state  map[string]float64     // of an entry of keyed state
	why    map[string]error       // codecs that do not carry it
	sums   map[string]*shares.Sum // by codec whose bytes can be told apart
	places []place
	own    map[string]map[string]float64 // bytes by codec and place, without those of places inside
	flink  *explain.Report
}

func costOf(r Revision, cfg Config) (*cost, error) {
	c := &cost{plan: r.Plan, sizes: map[string]float64{}, state: map[string]float64{}, why: map[string]error{}, sums: map[string]*shares.Sum{},
		own: map[string]map[string]float64{}, places: placesOf(r.Plan.Schema.Root)}
	gen := r.Plan.Generator(cfg.Seed)
	ring := make([]any, cfg.Records)
	for i := range ring {
		ring[i] = gen.New(uint64(i))
	}
	for _, f := range cfg.Formats {
		if err := c.size(f, ring); err != nil {
			c.why[f.Name] = err
			continue
		}
		if f.Global {
			size, err := r.Alone(f)
			if err != nil {
				return nil, fmt.Errorf("codec %s: %w", f.Name, err)
			}
			c.sizes[f.Name] = size
		}
		if f.Flink && r.Key != nil {
			if err := c.keyed(f, r.Key, cfg); err != nil {
				return nil, fmt.Errorf("codec %s: %w", f.Name, err)
			}
		}
	}
	e := cfg.Explain
	e.Seed, e.Records = cfg.Seed, cfg.Records
	var err error
	c.flink, err = explain.Of(r.Plan, e)
	return c, err
}

// size encodes the records in a format. Its error is why the format does not carry them.
func (c *cost) size(f codecs.Format, ring []any) error {
	codec, err := f.New(c.plan.Schema)
	if err != nil {
		return err
	}
	p := codecs.NewPipe(codec, c.plan.Type)
	sum, n := &shares.Sum{}, 0
	cut, _ := codec.(codecs.Dissector)
	for i, r := range ring {
		encoded, err := p.Encode(r)
		if err != nil {
			return fmt.Errorf("record %d: %w", i, err)
		}
		n += len(encoded)
		if cut == nil {
			continue
		}
		parts, err := cut.Dissect(encoded)
		if err != nil { // it nests too deep
			cut = nil
			continue
		}
		sum.Add(parts)
	}
	c.sizes[f.Name] = float64(n) / float64(len(ring))
	if cut != nil {
		c.sums[f.Name], c.own[f.Name] = sum, ownBytes(c.places, sum)
	}
	return nil
}

// keyed finds what a record takes as the value of a keyed state.
func (c *cost) keyed(f codecs.Format, key []string, cfg Config) error {
	r, err := keyedstate.Of(c.plan, keyedstate.Config{Format: f, Line: cfg.Line(f), Key: key, Seed: cfg.Seed, Records: cfg.Records})
	if errors.Is(err, schemas.ErrUnsupported) {
		return nil
	}
	if err == nil {
		c.state[f.Name] = r.Entry
	}
	return err
}

// bytes returns what a record takes in a format, nil if it is not carried; c may be nil.
func (c *cost) bytes(f codecs.Format, cfg Config) *gate.Bytes {
	if c == nil || c.why[f.Name] != nil {
		return nil
	}
	b := &gate.Bytes{Record: c.sizes[f.Name], Wire: c.sizes[f.Name] + float64(cfg.Framing)}
	if s, ok := c.state[f.Name]; ok {
		b.State = &s
	}
	return b
}

// judgeCodec judges the bytes in a format, but those of the floor, which nobody sends.
func judgeCodec(j *gate.Judge, f codecs.Format, b, h *cost, cfg Config) gate.CodecCost {
	c := gate.CodecCost{Codec: f.Name, Base: b.bytes(f, cfg), Head: h.bytes(f, cfg)}
	cell := gate.SchemaCell(h.plan.Schema.Name, f.Name)
	switch {
	case c.Head == nil:
		c.Why = h.why[f.Name].Error()
		if c.Base != nil {
			j.Warn("codec %s carries the record no more: %s", f.Name, c.Why)
		}
	case c.Base == nil && b != nil:
		c.Why = b.why[f.Name].Error()
	case c.Base != nil && !f.Floor:
		j.Exact("", cell, results.UnitSize, c.Base.Record, c.Head.Record)
		j.IfAsked("", cell, results.UnitWire, c.Base.Wire, c.Head.Wire)
		if c.Base.State != nil && c.Head.State != nil {
			j.IfAsked("", cell, gate.UnitState, *c.Base.State, *c.Head.State)
		}
	}
	return c
}

// judgeFlink finds what Flink chooses otherwise, and judges what it leaves to Kryo.
func judgeFlink(j *gate.Judge, b, h *cost) []gate.SerializerChange {
	out := []gate.SerializerChange{}
	was := wasOf(b, h)
	if b != nil && b.flink.Untyped() != "" {
		was = map[string]string{} // no field of it had a serializer in 2.x
	}
	for _, f := range h.flink.Fields {
		for _, l := range explain.Lines {
			now, before := f.Flink[l.Key], b.choice(was[f.Path], l)
			if now == nil || before == nil && !now.Kryo || before != nil && before.Serializer == now.Serializer && before.Kryo == now.Kryo {
				continue
			}
			c := gate.SerializerChange{Field: f.Path, Flink: l.Name, Head: serializer(now), Kryo: now.Kryo && (before == nil || !before.Kryo)}
			if before != nil {
				c.Base = serializer(before)
			}
			if c.Kryo {
				c.Reason, c.Remedies = reasons(h.flink, f.Path, l)
				j.Because(j.Exact("", gate.FieldCell(h.plan.Schema.Name, f.Path, l.Key), gate.UnitFallbacks, 0, 1), "Kryo")
			}
			out = append(out, c)
		}
	}
	if why := h.flink.Untyped(); why != "" && (b == nil || b.flink.Untyped() == "") {
		j.Because(j.Exact("", gate.FieldCell(h.plan.Schema.Name, ".", "2"), gate.UnitFallbacks, 0, 1), "Flink 2.x cannot type the record: "+why)
	}
	judgeGone(j, b, h, was)
	return out
}

// judgeGone judges the fallbacks that the head has no more.
func judgeGone(j *gate.Judge, b, h *cost, was map[string]string) {
	if b == nil {
		return
	}
	still := map[string]bool{}
	for _, f := range h.flink.Fallbacks {
		still[f.Flink+" "+was[f.Path]] = true
	}
	for _, f := range b.flink.Fallbacks {
		if !still[f.Flink+" "+f.Path] {
			j.Exact("", gate.FieldCell(h.plan.Schema.Name, f.Path, f.Flink), gate.UnitFallbacks, 1, 0)
		}
	}
}

// choice returns what a line of Flink chooses for a place, nil if there is none.
func (c *cost) choice(path string, l explain.Line) *explain.Choice {
	if c == nil || path == "" {
		return nil
	}
	for _, f := range c.flink.Fields {
		if f.Path == path {
			return f.Flink[l.Key]
		}
	}
	return nil
}

func serializer(c *explain.Choice) string {
	if c.Kryo {
		return "KRYO"
	}
	return c.Serializer
}

// reasons says why a place falls back to Kryo, and what helps.
func reasons(r *explain.Report, path string, l explain.Line) (reason string, remedies []string) {
	for _, f := range r.Fallbacks {
		if f.Path == path && f.Flink == l.Key {
			for _, x := range f.Remedies {
				remedies = append(remedies, x.Text)
			}
			return f.Reason, remedies
		}
	}
	return "", nil
}
