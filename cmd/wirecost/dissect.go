package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/records/sample"
	"github.com/wirecost/wirecost/schemas"
)

// A dissection is what dissect is asked for.
type dissection struct {
	recoder
	summary       bool
	seed, records uint64
	profile       string
	skip          int
}

func newDissect() *cobra.Command {
	d := &dissection{}
	cmd := &cobra.Command{
		Use:   "dissect",
		Short: "show what each byte of encoded records is for",
		Long: `Dissect reads encoded records as encode writes them and shows for each run of bytes its offset, the field it belongs to,
what it is for (value, or overhead: length, null, flag, class name, field name, layout) and what it says. --summary adds
up over all records: mean bytes of each field, largest first, and how much of them is overhead.

A record that cannot be read is named on standard error, with its line, and the next is read: the exit status is 1 then.
What could be read of it is shown; a summary leaves it out.

Where --input or standard input has records that are not encoded, JSON lines or an Avro container file, whose schema
serves if there is no --schema, they are encoded first. The first bad one ends it; --skip-bad N goes on behind N.

--records N dissects generated records instead of reading any. On a terminal, where there is nothing to read, that is
the default: one record, or 1024 for a summary.`,
		Example: `  wirecost dissect --stream nexmark.Bid --codec kryo --records 1
  wirecost dissect --schema order.avsc --codec pojo --summary --records 1024
  wirecost encode --schema order.avsc --codec avro < orders.jsonl | wirecost dissect --schema order.avsc --codec avro
  wirecost dissect --input orders.avro --codec pojo --summary`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return d.run(cmd) },
	}
	d.recoder.bind(cmd)
	f := cmd.Flags()
	f.Lookup("format").Usage = "how the records that are read are written: `FORM` hex, base64, raw"
	f.BoolVar(&d.summary, "summary", false, "mean bytes and overhead of each field over all records")
	f.Uint64Var(&d.records, "records", 0, "dissect this many generated records instead of reading any")
	f.Uint64Var(&d.seed, "seed", 1, "seed of generated records")
	f.StringVar(&d.profile, "profile", "", "external profile `FILE` of generated records")
	d.bindHints(cmd)
	f.IntVar(&d.skip, "skip-bad", 0, "go on behind so many bad records, of those that are not encoded: `N`")
	exclusive(cmd, "records", "input", "format", "skip-bad")
	return cmd
}

func (d *dissection) run(cmd *cobra.Command) error {
	format, err := oneCodec(d.codec)
	if err != nil {
		return err
	}
	if d.records == 0 && d.file == "" && isTerminal(cmd.InOrStdin()) {
		d.records = 1
		if d.summary {
			d.records = harness.DefaultRecords
		}
	}
	if d.records == 0 && (cmd.Flags().Changed("seed") || d.profile != "" || d.noHints) {
		return errors.New("--seed, --profile and --no-hints concern generated records: say how many with --records")
	}
	f, err := d.find(cmd, format)
	if err != nil {
		return err
	}
	defer f.done()
	cut, ok := f.pipe.Codec.(codecs.Dissector)
	if !ok {
		return fmt.Errorf("codec %s cannot be dissected", d.codec)
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	var show view = &display{out: out, colours: isTerminal(cmd.OutOrStdout()) && os.Getenv("NO_COLOR") == ""}
	if d.summary {
		show = &summary{out: out, schema: f.schema.Name, codec: format.Name}
	}
	err = look(cmd, f.records, cut, show)
	return cmp.Or(out.Flush(), err)
}

// A found is an encoded record, or why there is none.
type found struct {
	n       int    // counted from 1
	at      string // where it is, for errors
	encoded []byte
	err     error
}

// A finding is encoded records of a schema. None follows an error that hides where the next begins.
type finding struct {
	schema  *schemas.Schema
	pipe    *codecs.Pipe
	records iter.Seq[found]
	done    func()
}

// find returns the encoded records: generated, read and encoded, or read as they are.
func (d *dissection) find(cmd *cobra.Command, format codecs.Format) (f finding, err error) {
	if d.records > 0 {
		f.done = func() {}
		if f.schema, err = d.load(); err != nil {
			return f, err
		}
		if f.pipe, err = codecs.Open(format, f.schema); err != nil {
			return f, err
		}
		f.records, err = d.generated(cmd, f.schema, f.pipe)
		return f, err
	}
	w, err := wireOf(d.format)
	if err != nil {
		return f, err
	}
	if w.next == nil {
		return f, fmt.Errorf("--format %s: there is nothing to dissect", w.name)
	}
	in, name, err := input(cmd, d.file)
	if err != nil {
		return f, err
	}
	defer func() {
		if err != nil {
			in.Close()
		}
	}()
	f.done = func() { in.Close() }
	buffered := bufio.NewReader(in)
	if sample.Recognise(buffered) {
		if cmd.Flags().Changed("format") {
			return f, fmt.Errorf("%s has records that are not encoded: leave out --format", name)
		}
		return f, d.encoded(cmd, &f, format, &own{file: d.file, skip: d.skip, name: name}, buffered)
	}
	if cmd.Flags().Changed("skip-bad") {
		return f, errors.New("--skip-bad concerns records that are not encoded: of encoded ones each bad one is named, and the next is read")
	}
	if f.schema, err = d.load(); err != nil {
		return f, err
	}
	if f.pipe, err = codecs.Open(format, f.schema); err != nil {
		return f, err
	}
	f.records = reads(buffered, name, w.next)
	return f, nil
}

// encoded makes f the records in in, which are not encoded.
func (d *dissection) encoded(cmd *cobra.Command, f *finding, format codecs.Format, o *own, in io.Reader) error {
	r, err := o.reader(cmd, &d.subject, in)
	if err != nil {
		return err
	}
	f.schema = r.Schema
	if f.pipe, err = codecs.Open(format, r.Schema); err != nil {
		return err
	}
	f.records = func(yield func(found) bool) {
		defer func() { o.noteSkipped(cmd, r) }()
		for {
			record, encoded := r.Type.New(), []byte(nil)
			err := r.Next(record)
			if err == io.EOF {
				return
			}
			at := r.Place()
			if err == nil {
				encoded, err = f.pipe.Encode(record)
			} else {
				at = ""
			}
			if !yield(found{int(r.Read()), at, encoded, err}) || at == "" {
				return
			}
		}
	}
	return nil
}

func reads(r *bufio.Reader, name string, next func(*bufio.Reader) ([]byte, error)) iter.Seq[found] {
	return func(yield func(found) bool) {
		for n, last := 1, false; !last; n++ {
			encoded, err := next(r)
			if err == io.EOF {
				return
			}
			last = err != nil && !errors.As(err, new(recordError))
			if !yield(found{n, fmt.Sprintf("%s:%d", name, n), encoded, err}) {
				return
			}
		}
	}
}

func (d *dissection) generated(cmd *cobra.Command, s *schemas.Schema, p *codecs.Pipe) (iter.Seq[found], error) {
	plan, err := d.compile(cmd, s, d.profile)
	if err != nil {
		return nil, err
	}
	gen := plan.Generator(d.seed)
	return func(yield func(found) bool) {
		for i := range d.records {
			encoded, err := p.Encode(gen.New(i))
			if !yield(found{int(i) + 1, fmt.Sprintf("record %d", i), encoded, err}) {
				return
			}
		}
	}, nil
}

// look shows records. What cannot be read is said on standard error, behind what was shown before, and in the exit status.
func look(cmd *cobra.Command, records iter.Seq[found], cut codecs.Dissector, show view) error {
	bad := false
	for r := range records {
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		err := r.err
		if err == nil {
			var parts []codecs.Part
			parts, err = cut.Dissect(r.encoded)
			if err := show.record(r.n, r.encoded, parts, err == nil); err != nil {
				return err
			}
		}
		if err == nil {
			continue
		}
		bad = true
		if err := show.flush(); err != nil {
			return err
		}
		if r.at != "" { // else the error says it
			err = fmt.Errorf("%s: %w", r.at, err)
		}
		complain(cmd.ErrOrStderr(), err.Error())
	}
	show.end()
	if bad {
		return status{code: exitError}
	}
	return nil
}
