// Package explain says which serializer Flink chooses for each field of a record, why some are Kryo, what helps against that,
// and what each takes in bytes. It is handed the codecs that it asks, and knows none itself.
//
// [Of] finds out, and the functions of one file each print: text.go, markdown.go, json.go, tsv.go.
package explain

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/typeinfo"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
)

// A Line is a line of Flink releases as users know it.
type Line struct {
	Line javatype.Line
	Name string // in text
	Key  string // in JSON and on the command line
}

// Lines lists the lines, the older first.
var Lines = []Line{{javatype.Flink1, "1.20", "1"}, {javatype.Flink2, "2.x", "2"}}

// A Config says what to explain, and with which codecs.
type Config struct {
	Lines   []Line // in the order in which they are shown; nil means all
	Seed    uint64 // of the records that the bytes are a mean of
	Records uint64 // how many those are

	// Formats are the codecs that there are: those of Flink's own are sized, and what a remedy takes is asked of them by name.
	Formats []codecs.Format
	// POJO has the format of a record as a POJO, by line.
	POJO map[javatype.Line]codecs.Format
	// Register opens the same with classes that the user has registered with Kryo.
	Register func(s *schemas.Schema, line javatype.Line, classes ...string) (codecs.Codec, error)
	// Kryo has the format of a record as a generic type, by line, and RegisterKryo what Register is of it.
	Kryo         map[javatype.Line]codecs.Format
	RegisterKryo func(s *schemas.Schema, line javatype.Line, classes ...string) (codecs.Codec, error)
	// FlinkAvro is what Flink writes of Avro's classes, which never fall back, and Avro what others do: to compare with.
	FlinkAvro, Avro codecs.Format
}

// A Report is what Flink makes of a record.
type Report struct {
	Schema    string             `json:"schema"`
	Records   int                `json:"records"`
	Notes     []string           `json:"notes,omitempty"`
	Fields    []Field            `json:"fields"`
	Fallbacks []Fallback         `json:"fallbacks"`
	Names     []Names            `json:"class-names,omitempty"`
	Faults    []typeinfo.Fault   `json:"flink-faults,omitempty"`
	Sizes     map[string]float64 `json:"B/record"` // of the record in each of Flink's formats that carries it

	cfg     Config
	untyped error    // of a record that 2.x cannot type
	avro    *float64 // B/record in Avro, nil if that does not carry it
}

// A Field is one place in the record.
type Field struct {
	Path  string             `json:"path"`
	Java  string             `json:"java"`
	Flink map[string]*Choice `json:"flink"` // by the line's key; a line lacks what lies inside Kryo
}

// A Choice is what a line of Flink chooses for a field.
type Choice struct {
	Info       string   `json:"type-info"`
	Serializer string   `json:"serializer"`
	Kryo       bool     `json:"kryo"`
	Bytes      *float64 `json:"B/record,omitempty"` // of the field and all inside it; nil if they are not known
}

// A Fallback is a field that a line of Flink leaves to Kryo.
type Fallback struct {
	Path     string   `json:"path"`
	Flink    string   `json:"flink"`
	Reason   string   `json:"reason"`
	Remedies []Remedy `json:"remedies,omitempty"`

	line Line
}

// A Remedy is what keeps a field from Kryo, or makes Kryo smaller.
type Remedy struct {
	Text  string   `json:"text"`
	Saves *float64 `json:"saves-B/record,omitempty"`  // nil if unknown
	Time  *float64 `json:"saves-ns/record,omitempty"` // nil where only bytes are known
}

// Of generates records of a plan, as cfg says, and explains them.
func Of(plan *records.Source, cfg Config) (*Report, error) {
	return OfSet(plan.Set(cfg.Seed, cfg.Records), cfg)
}

// OfSet encodes records as Flink does, and attributes the bytes to fields.
func OfSet(set *records.Set, cfg Config) (*Report, error) {
	if cfg.Lines == nil {
		cfg.Lines = Lines
	}
	choices, untyped := typeinfo.Choices(javatype.Of(set.Type))
	if untyped != nil && !errors.Is(untyped, schemas.ErrUnsupported) {
		return nil, untyped
	}
	r := &Report{Schema: set.Schema.Name, Records: int(set.Records), cfg: cfg, untyped: untyped, Sizes: map[string]float64{}, Fallbacks: []Fallback{}}
	if untyped != nil {
		r.Notes = append(r.Notes, "FLINK FAULT (2.0.0 to 2.3.0): "+strings.TrimSuffix(untyped.Error(), ": "+schemas.ErrUnsupported.Error()))
	}
	r.Faults = r.faults(choices)
	t := newTally(set, cfg)
	var err error
	for _, c := range choices {
		if c.Type.Lone() {
			r.Notes = append(r.Notes, fmt.Sprintf("%s is a union of one branch, taken as that branch: a class that Avro generates has java.lang.Object there, which both lines leave to Kryo", c.Path))
		}
		var f Field
		if f, err = r.field(t, c); err != nil {
			return nil, err
		}
		if len(f.Flink) > 0 || untyped != nil { // a place that only another line has is not shown
			r.Fields = append(r.Fields, f)
		}
	}
	if r.Names, err = r.names(t); err != nil {
		return nil, err
	}
	return r, r.sizes(t)
}

// faults returns the faults of the lines that are asked for.
func (r *Report) faults(choices []typeinfo.Choice) []typeinfo.Fault {
	return slices.DeleteFunc(typeinfo.Faults(choices), func(f typeinfo.Fault) bool {
		return !slices.ContainsFunc(r.cfg.Lines, func(l Line) bool { return slices.Contains(f.Lines, l.Line) })
	})
}

// field explains one place, and adds its fallbacks to the report.
func (r *Report) field(t *tally, c typeinfo.Choice) (Field, error) {
	f := Field{Path: c.Path, Java: c.Type.JavaName(), Flink: map[string]*Choice{}}
	for _, l := range r.cfg.Lines {
		s := c.Serializer(l.Line)
		if s == nil {
			continue
		}
		sum, err := t.pojo(l.Line)
		if err != nil {
			return f, err
		}
		choice := &Choice{Info: s.Info, Serializer: s.Name, Kryo: s.Kryo}
		if sum != nil {
			b := sum.Under(c.Path)
			choice.Bytes = &b
		}
		f.Flink[l.Key] = choice
		if s.Kryo {
			fb, err := fallback(t, c, l)
			if err != nil {
				return f, err
			}
			r.Fallbacks = append(r.Fallbacks, fb)
		}
	}
	return f, nil
}

// sizes fills in what the record takes as a whole.
func (r *Report) sizes(t *tally) error {
	avro, err := t.format(r.cfg.Avro)
	if err != nil {
		return err
	}
	if avro != nil {
		b := avro.Under(".")
		r.avro = &b
	}
	for _, f := range r.cfg.Formats {
		if !f.Flink {
			continue
		}
		sum, err := t.format(f)
		if err != nil {
			return err
		}
		if sum != nil {
			r.Sizes[f.Name] = sum.Under(".")
		}
	}
	return nil
}

// Forbidden says what a job that forbids generic types would refuse the record for, "" if that is nothing.
func (r *Report) Forbidden() string {
	switch n := len(r.Fallbacks); {
	case n > 0:
		return fmt.Sprintf("%s of %s to Kryo", plural.Count(n, "fallback"), r.Schema)
	case r.Untyped() != "":
		return fmt.Sprintf("Flink 2.x cannot type %s at all", r.Schema)
	}
	return ""
}

// Untyped says why Flink 2.x cannot type the record, "" if it can or is not asked for.
func (r *Report) Untyped() string {
	if !slices.ContainsFunc(r.cfg.Lines, r.untypedIn) {
		return ""
	}
	return strings.TrimSuffix(r.untyped.Error(), ": "+schemas.ErrUnsupported.Error())
}

// untypedIn reports whether a line cannot type the record.
func (r *Report) untypedIn(l Line) bool { return r.untyped != nil && l.Line == javatype.Flink2 }
