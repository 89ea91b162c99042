package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/records/sample"
)

// An own is records of the user's own: the flags --input and --skip-bad, beside those of a subject.
type own struct {
	file string
	skip int
	name string // of the input, once it is open
}

// ownHelp is what help says of --input.
const ownHelp = `--input FILE takes your own records instead of generated ones: JSON lines (Avro's JSON encoding, or plain JSON: a field
that is left out has its default or is null, and a value in a union needs no tag where it fits one branch), an Avro
object container file, whose schema serves if there is no --schema (codecs null, deflate, snappy, zstandard), or records
with Confluent's magic byte and schema id, each behind its length as a big-endian u32 (encode --format raw). The first
bad record ends it, with its place; --skip-bad N goes on behind N of them, or bad blocks of a container. Of a file with
more records than --records, those that count are drawn evenly, each with the same chance, by --seed.`

// bind adds the flags to cmd. They exclude those that say how records are generated.
func (o *own) bind(cmd *cobra.Command, others ...string) {
	cmd.Flags().StringVar(&o.file, "input", "", "your own records in `FILE`, - for standard input: JSON lines, an Avro container file, framed records")
	cmd.Flags().IntVar(&o.skip, "skip-bad", 0, "go on behind so many bad records of --input: `N`")
	exclusive(cmd, "input", others...)
}

// given reports whether there are records of the user's own.
func (o *own) given() bool { return o.file != "" }

// check refuses what makes no sense together.
func (o *own) check(cmd *cobra.Command) error {
	switch {
	case o.skip < 0:
		return fmt.Errorf("--skip-bad %d: from 0", o.skip)
	case cmd.Flags().Changed("skip-bad") && !o.given():
		return errors.New("--skip-bad concerns the records of --input")
	}
	return nil
}

// open opens the records, of the schema that s chooses, or that of a container.
func (o *own) open(cmd *cobra.Command, s *subject) (*sample.Reader, io.Closer, error) {
	in, name, err := input(cmd, o.file)
	if err != nil {
		return nil, nil, err
	}
	o.name = name
	r, err := o.reader(cmd, s, in)
	if err != nil {
		in.Close()
	}
	return r, in, err
}

// reader returns what reads the records in in, which is open.
func (o *own) reader(cmd *cobra.Command, s *subject, in io.Reader) (*sample.Reader, error) {
	cfg := sample.Config{Name: o.name, SkipBad: o.skip}
	if s.chosen() {
		var err error
		if cfg.Schema, err = s.load(); err != nil {
			return nil, err
		}
	}
	r, err := sample.NewReader(in, cfg)
	if err != nil {
		return nil, err
	}
	warn(cmd, r.Schema.Warnings)
	return r, nil
}

// noteSkipped says what was bad and passed over.
func (o *own) noteSkipped(cmd *cobra.Command, r *sample.Reader) {
	const shown = 3
	for i, bad := range r.Skipped() {
		if i == shown {
			complain(cmd.ErrOrStderr(), fmt.Sprintf("warning: … and %d more", len(r.Skipped())-shown))
			break
		}
		complain(cmd.ErrOrStderr(), fmt.Sprintf("warning: skipped: %v", bad))
	}
}

// draw draws records, says what was bad and how many there are, and if there are fewer than were to be.
func (o *own) draw(cmd *cobra.Command, r *sample.Reader, d harness.Drawing) (*harness.Sample, error) {
	d.Bytes, d.Stop = cmp.Or(d.Bytes, largestSet), cmd.Context().Err
	s, err := harness.Draw(r, d)
	if err != nil {
		return nil, err
	}
	o.noteSkipped(cmd, r)
	said := s.From(o.name)
	if n := len(r.Skipped()); n > 0 {
		said += ", " + plural.Count(n, "bad one") + " skipped"
	}
	mean := float64(s.Bytes) / float64(len(s.Records))
	switch {
	case s.Cut > 0 && d.Bytes == largestSet:
		return nil, fmt.Errorf("--records %d: a record takes %.0f bytes, and a set of at most %d: measure %d of them", s.Cut, mean, d.Bytes, len(s.Records))
	case s.Cut > 0:
		said += fmt.Sprintf(", since one takes %.0f bytes (--records says how many)", mean)
	case int64(len(s.Records)) < s.Of:
		said += ", drawn evenly (--records says how many)"
	}
	complain(cmd.ErrOrStderr(), said)
	return s, nil
}

// set draws records for a command that needs no more than a mean over them.
func (o *own) set(cmd *cobra.Command, s *subject, d harness.Drawing) (*harness.Sample, error) {
	r, in, err := o.open(cmd, s)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return o.draw(cmd, r, d)
}
