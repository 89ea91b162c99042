package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	flinkavro "github.com/wirecost/wirecost/codecs/flink/avro"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
	"github.com/wirecost/wirecost/codecs/flink/typeinfo"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
)

// explained is what explain found out.
type explained struct {
	Schema    string             `json:"schema"`
	Records   int                `json:"records"`
	Notes     []string           `json:"notes,omitempty"`
	Fields    []field            `json:"fields"`
	Fallbacks []fallback         `json:"fallbacks"`
	Faults    []typeinfo.Fault   `json:"flink-faults,omitempty"`
	Sizes     map[string]float64 `json:"B/record"` // of the record in each of Flink's formats that carries it

	lines   []flinkLine
	untyped error // of a record that 2.x cannot type
}

// A field is one place in the record.
type field struct {
	Path  string             `json:"path"`
	Java  string             `json:"java"`
	Flink map[string]*choice `json:"flink"` // by line, 1 or 2; a line lacks what lies inside Kryo
}

// A choice is what a line of Flink chooses for a field.
type choice struct {
	Info       string   `json:"type-info"`
	Serializer string   `json:"serializer"`
	Kryo       bool     `json:"kryo"`
	Bytes      *float64 `json:"B/record,omitempty"`
}

// A fallback is a field that a line of Flink leaves to Kryo.
type fallback struct {
	Path     string   `json:"path"`
	Flink    string   `json:"flink"`
	Reason   string   `json:"reason"`
	Remedies []remedy `json:"remedies,omitempty"`
	line     flinkLine
}

// A remedy is what keeps a field from Kryo, or makes Kryo smaller.
type remedy struct {
	Text  string   `json:"text"`
	Saves *float64 `json:"saves-B/record,omitempty"` // unknown if nil
}

func (r remedy) saving() string {
	switch {
	case r.Saves == nil:
		return ""
	case *r.Saves < 0:
		return fmt.Sprintf(": costs %.1f B a record more", -*r.Saves)
	}
	return fmt.Sprintf(": saves %.1f B a record", *r.Saves)
}

// chosen is a field's serializer and bytes in a line, as a table shows them.
func (f *field) chosen(l flinkLine) []string {
	c := f.Flink[l.key]
	if c == nil {
		return []string{"-", "-"}
	}
	name := c.Serializer
	if c.Kryo {
		name = "KRYO"
	}
	if c.Bytes == nil {
		return []string{name, "-"}
	}
	return []string{name, fmt.Sprintf("%.1f", *c.Bytes)}
}

// pojoNames are the codecs that write the record as a POJO, by line.
var pojoNames = map[javatype.Line]string{javatype.Flink1: pojo.Flink1.Name, javatype.Flink2: pojo.Format.Name}

// newExplained generates records, encodes them as Flink does, and attributes the bytes to fields.
func newExplained(plan *records.Plan, lines []flinkLine, seed, n uint64) (*explained, error) {
	s := plan.Schema
	choices, untyped := typeinfo.Choices(javatype.Of(plan.Type))
	if untyped != nil && !errors.Is(untyped, schemas.ErrUnsupported) {
		return nil, untyped
	}
	x := &explained{Schema: s.Name, Records: int(n), lines: lines, untyped: untyped, Sizes: map[string]float64{}, Fallbacks: []fallback{}}
	for _, f := range typeinfo.Faults(choices) {
		if slices.ContainsFunc(lines, func(l flinkLine) bool { return slices.Contains(f.Lines, l.line) }) {
			x.Faults = append(x.Faults, f)
		}
	}
	if untyped != nil {
		x.Notes = append(x.Notes, "FLINK FAULT (2.0.0 to 2.3.0): "+strings.TrimSuffix(untyped.Error(), ": "+schemas.ErrUnsupported.Error()))
	}
	t := newTally(plan, seed, n)
	for _, c := range choices {
		f, err := x.field(t, c)
		if err != nil {
			return nil, err
		}
		if len(f.Flink) > 0 || untyped != nil { // a place that only the line has that is not shown
			x.Fields = append(x.Fields, f)
		}
	}
	return x, x.sizes(t)
}

// field explains one place.
func (x *explained) field(t *tally, c typeinfo.Choice) (field, error) {
	f := field{Path: c.Path, Java: c.Type.JavaName(), Flink: map[string]*choice{}}
	for _, l := range x.lines {
		s := c.Serializer(l.line)
		if s == nil {
			continue
		}
		shares, err := t.shares(pojoNames[l.line])
		if err != nil {
			return f, err
		}
		ch := &choice{Info: s.Info, Serializer: s.Name, Kryo: s.Kryo}
		if shares != nil {
			b := shares.under(c.Path)
			ch.Bytes = &b
		}
		f.Flink[l.key] = ch
		if s.Kryo {
			fb, err := x.fallback(t, c, l)
			if err != nil {
				return f, err
			}
			x.Fallbacks = append(x.Fallbacks, fb)
		}
	}
	return f, nil
}

// fallback says why a line leaves a place to Kryo, and what helps.
func (x *explained) fallback(t *tally, c typeinfo.Choice, l flinkLine) (fallback, error) {
	fb := fallback{Path: c.Path, Flink: l.key, Reason: typeinfo.Reason(c.Type, l.line), line: l}
	now, err := t.shares(pojoNames[l.line])
	if err != nil || now == nil {
		return fb, err
	}
	for _, r := range typeinfo.Remedies(c.Type, l.line) {
		bytes, works, err := t.instead(now, c.Path, r)
		if err != nil {
			return fb, err
		}
		switch {
		case works && bytes == nil:
			fb.Remedies = append(fb.Remedies, remedy{Text: r.Text})
		case works:
			saves := now.under(c.Path) - *bytes
			fb.Remedies = append(fb.Remedies, remedy{r.Text, &saves})
		}
	}
	registered, err := t.registered(l.line)
	if err != nil {
		return fb, err
	}
	if saves := now.under(c.Path) - registered.under(c.Path); saves > 0 {
		fb.Remedies = append(fb.Remedies, remedy{"registering its classes, such as java.util.ArrayList, with Kryo (pipeline.serialization-config), which keeps Kryo and drops their names", &saves})
	}
	return fb, nil
}

// sizes fills in what the record takes as a whole.
func (x *explained) sizes(t *tally) error {
	for _, f := range all.Formats {
		if !f.Flink {
			continue
		}
		shares, err := t.shares(f.Name)
		if err != nil {
			return err
		}
		if shares != nil {
			x.Sizes[f.Name] = shares.under(".")
		}
	}
	return nil
}

// forbidden says what --no-generic-types forbids of it, "" if that is nothing.
func (x *explained) forbidden() string {
	switch n := len(x.Fallbacks); {
	case n > 0:
		return fmt.Sprintf("%s of %s to Kryo", codecs.Count(n, "fallback"), x.Schema)
	case x.untypedIn(x.lines...):
		return fmt.Sprintf("Flink 2.x cannot type %s at all", x.Schema)
	}
	return ""
}

// untypedIn reports whether the record is one that 2.x cannot type, and 2.x among lines.
func (x *explained) untypedIn(lines ...flinkLine) bool {
	return x.untyped != nil && slices.ContainsFunc(lines, func(l flinkLine) bool { return l.line == javatype.Flink2 })
}

// summary counts the fallbacks.
func (x *explained) summary() string {
	s := ""
	for _, l := range x.lines {
		if s != "" {
			s += "; "
		}
		if x.untypedIn(l) {
			s += "Flink " + l.name + " cannot type the record"
			continue
		}
		fields, kryo := 0, 0
		for _, f := range x.Fields {
			if c := f.Flink[l.key]; c != nil {
				fields++
				if c.Kryo {
					kryo++
				}
			}
		}
		s += fmt.Sprintf("Flink %s: %d of %d places fall back to Kryo", l.name, kryo, fields)
		if b, ok := x.Sizes[pojoNames[l.line]]; ok {
			s += ", " + strconv.FormatFloat(b, 'f', 1, 64) + " B a record"
		}
	}
	s += "."
	if b, ok := x.Sizes[flinkavro.Format.Name]; ok && len(x.Fallbacks) > 0 {
		s += fmt.Sprintf(" Avro, which never falls back, takes %.1f B.", b)
	}
	return s
}

// A tally attributes the bytes of a plan's records to fields, for each codec once.
type tally struct {
	plan *records.Plan
	ring []any
	done map[string]*shares
}

func newTally(plan *records.Plan, seed, n uint64) *tally {
	t := &tally{plan: plan, done: map[string]*shares{}}
	gen := plan.Generator(seed)
	for i := range n {
		t.ring = append(t.ring, gen.New(i))
	}
	return t
}

// shares returns what a codec's bytes are for, nil if it cannot carry the schema.
func (t *tally) shares(codec string) (*shares, error) {
	return t.of(codec, func() (codecs.Codec, error) {
		f, err := all.Find(codec)
		if err != nil {
			return nil, err
		}
		return f[0].New(t.plan.Schema)
	})
}

// jdkClasses are those of the JDK that a record may have and that Kryo writes by name unless they are registered.
var jdkClasses = []string{"java.util.ArrayList", "java.util.HashMap", "java.math.BigDecimal", "java.util.Date"}

// registered returns the shares of a POJO whose classes, and those of the JDK in it, are registered with Kryo.
func (t *tally) registered(line javatype.Line) (*shares, error) {
	return t.of(pojoNames[line]+"+registered", func() (codecs.Codec, error) {
		return pojo.Open(t.plan.Schema, line, append(javatype.Classes(t.plan.Schema.Root), jdkClasses...)...)
	})
}

func (t *tally) of(name string, open func() (codecs.Codec, error)) (*shares, error) {
	if s, ok := t.done[name]; ok {
		return s, nil
	}
	c, err := open()
	if errors.Is(err, schemas.ErrUnsupported) {
		t.done[name] = nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s, err := sharesOf(c, t.plan.Type, t.ring)
	if err != nil {
		return nil, fmt.Errorf("codec %s: %w", name, err)
	}
	t.done[name] = s
	return s, nil
}

// instead returns the bytes a record that a field takes with a remedy, nil if they are not known, and whether the remedy
// works for such a record. The POJO's null byte stays.
func (t *tally) instead(now *shares, path string, r typeinfo.Remedy) (bytes *float64, works bool, err error) {
	known := func(b float64) (*float64, bool, error) { return &b, true, nil }
	switch {
	case r.Unknown:
		return nil, true, nil
	case r.Codec == "":
		return known(now.null(path) + float64(r.Bytes)*now.values(path))
	}
	s, err := t.shares(r.Codec)
	switch {
	case err != nil:
		return nil, false, err
	case r.Codec == pojo.Format.Name && s == nil:
		return nil, false, nil
	case r.Codec == pojo.Format.Name:
		return known(s.under(path))
	case s == nil: // another field keeps the record from being a row, which is nothing to this one
		return nil, true, nil
	}
	return known(now.null(path) + s.under(path) - s.null(path))
}
