package jvm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/random"
)

// write is the mode of a worker that writes encodings and neither reads them back nor measures.
const write measure.Mode = "write"

// plainAvro is the codec that Avro's own Java writes, without Flink.
const plainAvro = "avro"

// A Verdict says whether a released system writes the bytes that we write.
type Verdict struct {
	Schema  string `json:"schema"`
	Runtime string `json:"runtime"`
	Codec   string `json:"codec"`
	Equal   int    `json:"equal"`             // records
	Refused string `json:"refused,omitempty"` // why either does not carry the schema; nothing was compared
	Differs string `json:"differs,omitempty"` // the first record that differs, or what failed
	Drawn   string `json:"drawn,omitempty"`   // text of a random schema
}

// Random draws n schemas, called random.S and a number: the same ones from one seed.
func Random(seed uint64, n int) ([]*schemas.Schema, error) {
	luck := rand.New(rand.NewPCG(seed, pcgSchemas))
	var all []*schemas.Schema
	for i := 0; len(all) < n; i++ {
		s, err := schemas.Parse("random.avsc", []byte(random.Schema(fmt.Sprintf("%s%d", drawnName, i), luck.IntN)), "")
		if err != nil {
			return nil, err
		}
		if _, err := access.Of(s); err == nil { // else a union has two branches of one Go type
			all = append(all, s)
		}
	}
	return all, nil
}

const (
	pcgSchemas = 3 // the stream of random numbers that schemas are drawn from; records have others
	drawnName  = "random.S"
)

// A Verifier has the released systems write records that we write too, and compares every byte. There is a JVM for each line of
// Flink.
type Verifier struct {
	lab  harness.Lab
	dir  string
	jvms measure.Resident
	path string // of the records at hand

	subject *harness.Subject // whose they are
}

// NewVerifier returns a Verifier of the codecs of a lab. Its error says what the machine lacks, and what helps.
func NewVerifier(ctx context.Context, lab harness.Lab) (*Verifier, error) {
	t, dir, err := installed(ctx)
	if err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp("", "wirecost-verify-*")
	if err != nil {
		return nil, err
	}
	v := &Verifier{lab: lab, dir: work, path: filepath.Join(work, "records")}
	v.jvms = measure.Resident{
		Env: Environ(),
		Key: func(r measure.Request) string { return r.Runtime },
		Command: func(r measure.Request) ([]string, error) {
			l := lines[slices.IndexFunc(lines, func(l line) bool { return l.name == r.Runtime })]
			return l.argv(t.Java, dir, 4<<20), nil
		},
		Line: func(r measure.Request) ([]byte, error) {
			q := request{Mode: write, Cell: r.Cell, Text: r.Text, Type: r.Type, Records: r.Records, Path: v.path, Out: v.encodings()}
			if r.Codec == kryoProtobuf {
				var err error
				if q.Messages, err = writeMessages(protocIn(dir), v.path, v.lab.Formats, v.subject); err != nil {
					return nil, err
				}
			}
			return json.Marshal(q)
		},
	}
	return v, nil
}

func (v *Verifier) encodings() string { return filepath.Join(v.dir, "encodings") }

// Close ends the JVMs and removes the files.
func (v *Verifier) Close() error {
	v.jvms.Close()
	return os.RemoveAll(v.dir)
}

// Verify compares all codecs that a released system has on the records of s. An error is that of the context or of a file.
func (v *Verifier) Verify(ctx context.Context, s *harness.Subject) ([]Verdict, error) {
	if _, err := writeRecords(v.path, s); err != nil {
		return nil, err
	}
	v.subject = s
	var out []Verdict
	for i, l := range lines {
		names := l.codecs
		if i == 0 {
			names = append([]string{plainAvro}, names...)
		}
		for _, name := range names {
			j := slices.IndexFunc(v.lab.Formats, func(f codecs.Format) bool { return f.Name == name })
			if j < 0 {
				continue
			}
			d := v.verify(ctx, s, l.name, v.lab.Formats[j])
			if ctx.Err() != nil {
				return out, ctx.Err()
			}
			out = append(out, d)
		}
	}
	return out, nil
}

// verify compares one codec.
func (v *Verifier) verify(ctx context.Context, s *harness.Subject, runtime string, f codecs.Format) Verdict {
	d := Verdict{Schema: s.Schema.Name, Runtime: runtime, Codec: f.Name}
	if strings.HasPrefix(d.Schema, drawnName) {
		d.Drawn = s.Schema.Text
	}
	r := measure.Request{Mode: write, Cell: results.Cell{Schema: d.Schema, Codec: f.Name, Runtime: runtime, Op: results.OpEncode, Procs: 1}}
	r.Text, r.Type, r.Records = s.Schema.Text, s.Schema.Root.Name, len(s.Records)
	b, ours := harness.Bind(f, s)
	_, theirs := v.jvms.Do(ctx, r)
	switch {
	case errors.Is(ours, measure.ErrNotCarried):
		d.Refused = "wirecost: " + ours.Error()
		if errors.Is(theirs, measure.ErrNotCarried) {
			d.Refused = theirs.Error()
		}
		return d
	case ours != nil:
		d.Differs = ours.Error()
		return d
	case f.Released && errors.Is(theirs, measure.ErrNotCarried): // what it carries is Flink's to say
		d.Refused = theirs.Error()
		return d
	case theirs != nil:
		d.Differs = theirs.Error()
		return d
	}
	file, err := os.ReadFile(v.encodings())
	if err == nil {
		same := bytes.Equal
		if f.Name == plainAvro {
			same = func(a, b []byte) bool { return bytes.Equal(a, b) || len(a) == len(b) && alike(f, s, a, b) }
		}
		d.Equal, err = compare(file, b.Encoded, same)
	}
	if err != nil {
		d.Differs = err.Error()
	}
	return d
}

// alike reports whether two encodings are of one record. A Go map has no order: a library writes its entries in any.
func alike(f codecs.Format, s *harness.Subject, encodings ...[]byte) bool {
	c, err := f.New(s.Schema)
	if err != nil {
		return false
	}
	var canonical [2][]byte
	for i, src := range encodings {
		record := codecs.NewRecord(c, s.Type)
		if err := c.Decode(src, record); err != nil {
			return false
		}
		if conv, ok := c.(codecs.Converter); ok {
			native := record
			record = s.Type.New()
			if err := conv.ToStruct(record, native); err != nil {
				return false
			}
		}
		r, err := s.Type.Ref(record)
		if err != nil {
			return false
		}
		if canonical[i], err = access.AppendAvro(nil, s.Type, r); err != nil {
			return false
		}
	}
	return bytes.Equal(canonical[0], canonical[1])
}

// A Verification is what was verified.
type Verification struct {
	Verdicts  []Verdict `json:"verdicts"`
	Codecs    int       `json:"codecs"`    // compared on one schema at least
	Records   int       `json:"records"`   // of all schemas
	Encodings int       `json:"encodings"` // equal
	Differ    int       `json:"differ"`    // codecs on a schema with a record that differs
}

// Sum adds verdicts up, of so many records.
func Sum(verdicts []Verdict, records int) Verification {
	v := Verification{Verdicts: verdicts, Records: records}
	seen := map[string]bool{}
	for _, d := range verdicts {
		v.Encodings += d.Equal
		if d.Differs != "" {
			v.Differ++
		}
		if name := d.Runtime + " " + d.Codec; d.Equal > 0 && !seen[name] {
			seen[name] = true
			v.Codecs++
		}
	}
	return v
}

// Text writes v, a line for each codec of a schema.
func (v Verification) Text(w io.Writer) error {
	var b strings.Builder
	schema := ""
	for _, d := range v.Verdicts {
		if d.Schema != schema {
			schema = d.Schema
			fmt.Fprintf(&b, "%s\n", schema)
		}
		says := fmt.Sprintf("%s equal", plural.Count(d.Equal, "encoding"))
		switch {
		case d.Differs != "":
			says = "DIFFERS: " + d.Differs
			if d.Drawn != "" {
				says += ", of " + d.Drawn
			}
		case d.Refused != "":
			says = "not carried: " + d.Refused
		}
		fmt.Fprintf(&b, "  %-7s %-22s %s\n", d.Runtime, d.Codec, says)
	}
	fmt.Fprintf(&b, "%s, %s, %s equal", plural.Count(v.Codecs, "codec"), plural.Count(v.Records, "record"), plural.Count(v.Encodings, "encoding"))
	if v.Differ > 0 {
		fmt.Fprintf(&b, ", %d differ", v.Differ)
	}
	_, err := fmt.Fprintln(w, escape.Text(b.String()))
	return err
}

// JSON writes v.
func (v Verification) JSON(w io.Writer) error { return escape.JSON(w, v) }

// Versions says what is compared with.
func Versions() string {
	var parts []string
	for _, l := range lines {
		parts = append(parts, fmt.Sprintf("%s is Flink %s with flink-avro %s and Kryo %s", l.name, l.flink, l.avro, l.kryo))
	}
	return strings.Join(parts, ", ")
}
