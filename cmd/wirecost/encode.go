package main

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/records/sample"
	"github.com/wirecost/wirecost/schemas"
)

// A recoder turns records as JSON lines into bytes of a codec, or back.
type recoder struct {
	subject
	codec, format, file string
}

func (r *recoder) bind(cmd *cobra.Command) {
	r.subject.bind(cmd, "")
	cmd.Flags().StringVar(&r.codec, "codec", "", "`CODEC`; wirecost list shows them")
	cmd.Flags().StringVar(&r.format, "format", "hex", "how a record's bytes are written: `FORM` hex, base64, raw (behind their length as a big-endian u32), len")
	cmd.Flags().StringVar(&r.file, "input", "", "read `FILE` instead of standard input")
	cmd.MarkFlagRequired("codec")
	completes(cmd, "codec", listCodecs)
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(wireNames(), cobra.ShellCompDirectiveNoFileComp))
}

func newEncode() *cobra.Command {
	r := &recoder{}
	cmd := &cobra.Command{
		Use:   "encode",
		Short: "encode records, given as JSON lines, with a codec",
		Long: `Encode reads records as JSON lines in the Avro JSON encoding (unions tagged, or bare where only one branch fits) and
writes the bytes of each. The first bad record ends it, with its line number. An Avro object container file that --input
names is read, too; its schema serves if there is no --schema.

` + shufflesHelp,
		Example: `  wirecost generate --stream nexmark.Bid --records 3 | wirecost encode --stream nexmark.Bid --codec avro
  wirecost encode --schema order.avsc --codec pojo --format len < orders.jsonl
  wirecost encode --input orders.avro --codec pojo --format raw > orders.pojo`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return r.encode(cmd) },
	}
	r.bind(cmd)
	return cmd
}

func newDecode() *cobra.Command {
	r := &recoder{}
	cmd := &cobra.Command{
		Use:   "decode",
		Short: "decode records, given as bytes of a codec, to JSON lines",
		Long: `Decode reads records as encode writes them and prints each as a JSON line in the Avro JSON encoding. A record must be
consumed whole. The first bad record ends it, with its line number. What a codec that loses the branches of unions gives
back of one, such as a number that was a long or a double, is printed without a tag.`,
		Example: `  wirecost decode --schema order.avsc --codec kryo < orders.hex
  wirecost decode --stream nexmark.Bid --codec avro --format raw --input bids.bin`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return r.decode(cmd) },
	}
	r.bind(cmd)
	return cmd
}

// open returns what the flags choose. It prints what is odd in the schema.
func (r *recoder) open(cmd *cobra.Command) (*codecs.Pipe, wire, error) {
	s, err := r.load()
	if err != nil {
		return nil, wire{}, err
	}
	warn(cmd, s.Warnings)
	return openPipe(s, r.codec, r.format)
}

// openPipe returns what carries records of s to the bytes of --codec and back, and how those stand in a file by --format.
func openPipe(s *schemas.Schema, codec, format string) (*codecs.Pipe, wire, error) {
	w, err := wireOf(format)
	if err != nil {
		return nil, w, err
	}
	f, err := oneCodec(codec)
	if err != nil {
		return nil, w, err
	}
	p, err := codecs.Open(f, s)
	return p, w, err
}

func (r *recoder) encode(cmd *cobra.Command) error {
	if r.file != "" {
		in, name, err := input(cmd, r.file)
		if err != nil {
			return err
		}
		defer in.Close()
		buffered := bufio.NewReader(in)
		if sample.IsContainer(buffered) {
			return r.encodeContainer(cmd, buffered, name)
		}
		return r.encodeLines(cmd, buffered, name)
	}
	return r.encodeLines(cmd, nil, "")
}

// encodeLines encodes the records in in, or standard input if it is nil.
func (r *recoder) encodeLines(cmd *cobra.Command, in io.Reader, name string) error {
	p, w, err := r.open(cmd)
	if err != nil {
		return err
	}
	if in == nil {
		if in, name, err = input(cmd, ""); err != nil {
			return err
		}
	}
	e := &encoder{pipe: p, wire: w, out: bufio.NewWriter(cmd.OutOrStdout())}
	err = eachLine(cmd, in, name, line, func(json []byte) error {
		if len(bytes.TrimSpace(json)) == 0 {
			return errors.New("the line is empty, where a record is wanted")
		}
		record, err := p.FromJSON(json)
		if err != nil {
			return err
		}
		return e.encode(record)
	})
	return e.end(cmd, err)
}

// encodeContainer encodes the records of a container file.
func (r *recoder) encodeContainer(cmd *cobra.Command, in io.Reader, name string) error {
	records, err := (&own{name: name}).reader(cmd, &r.subject, in)
	if err != nil {
		return err
	}
	p, w, err := openPipe(records.Schema, r.codec, r.format)
	if err != nil {
		return err
	}
	e := &encoder{pipe: p, wire: w, out: bufio.NewWriter(cmd.OutOrStdout())}
	for record := records.Type.New(); err == nil; {
		if err = cmp.Or(cmd.Context().Err(), records.Next(record)); err == nil {
			if err = e.encode(record); err != nil {
				err = fmt.Errorf("%s: %w", records.Place(), err)
			}
		}
	}
	if err == io.EOF {
		err = nil
	}
	return e.end(cmd, err)
}

// An encoder writes the bytes of records.
type encoder struct {
	pipe *codecs.Pipe
	wire wire
	out  *bufio.Writer
	text []byte
}

func (e *encoder) encode(record any) error {
	encoded, err := e.pipe.Encode(record)
	if err != nil {
		return err
	}
	e.text = e.wire.put(e.text[:0], encoded)
	_, err = e.out.Write(e.text)
	return err
}

// end writes what is left, and returns that error or the one before.
func (e *encoder) end(cmd *cobra.Command, err error) error {
	if err = cmp.Or(e.out.Flush(), err); err == nil && e.text != nil {
		noteShuffles(cmd, e.pipe, e.wire)
	}
	return err
}

func (r *recoder) decode(cmd *cobra.Command) error {
	p, w, err := r.open(cmd)
	if err != nil {
		return err
	}
	if w.next == nil {
		return fmt.Errorf("--format %s: there is nothing to decode", w.name)
	}
	in, name, err := input(cmd, r.file)
	if err != nil {
		return err
	}
	defer in.Close()
	out := bufio.NewWriter(cmd.OutOrStdout())
	err = eachLine(cmd, in, name, w.next, func(encoded []byte) error {
		record, err := p.Decode(encoded)
		if err != nil {
			return err
		}
		text, err := p.ToJSON(record)
		if err != nil {
			return err
		}
		_, err = out.Write(append(text, '\n'))
		return err
	})
	return cmp.Or(out.Flush(), err)
}

// eachLine calls f for each record that next reads. Errors name the record's line.
func eachLine(cmd *cobra.Command, in io.Reader, name string, next func(*bufio.Reader) ([]byte, error), f func([]byte) error) error {
	r := bufio.NewReader(in)
	skipMark(r)
	for n := 1; ; n++ {
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		b, err := next(r)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = f(b)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
}

// skipMark passes a byte order mark, which editors and shells put before text.
func skipMark(r *bufio.Reader) {
	const mark = "\ufeff"
	if b, _ := r.Peek(1); len(b) == 0 || b[0] != mark[0] {
		return // not waiting for more than there may be
	}
	if b, _ := r.Peek(len(mark)); string(b) == mark {
		r.Discard(len(mark))
	}
}

// shufflesHelp is what help says of what noteShuffles notes.
const shufflesHelp = `The entries of a map have no order in Go. Most codecs of libraries write them in another order each time, so that the
same record has other bytes, of the same length; Flink's formats write them in the order of a java.util.HashMap.`

// noteShuffles says so if the bytes of records that p encoded, and that were written as w has them, need not be the same
// another time.
func noteShuffles(cmd *cobra.Command, p *codecs.Pipe, w wire) {
	maps := false
	p.Type.Node.Walk(func(_ string, n *schemas.Node) error {
		maps = maps || n.Kind == schemas.Map
		return nil
	})
	if maps && p.Format.Shuffles && w.next != nil { // lengths are the same
		complain(cmd.ErrOrStderr(), "note: codec "+p.Format.Name+" writes the entries of a map in another order each time: a Go map has none")
	}
}

// oneCodec returns the format that --codec names.
func oneCodec(name string) (codecs.Format, error) {
	f, err := all.Find(name)
	if err != nil {
		return codecs.Format{}, err
	}
	if len(f) != 1 {
		return codecs.Format{}, fmt.Errorf("--codec %s: choose one codec", name)
	}
	return f[0], nil
}
