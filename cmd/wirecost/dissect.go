package main

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8/cwriter"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/shares"
	"github.com/wirecost/wirecost/schemas"
)

// A dissection is what dissect is asked for.
type dissection struct {
	recoder
	summary       bool
	seed, records uint64
	profile       string
}

func newDissect() *cobra.Command {
	d := &dissection{}
	cmd := &cobra.Command{
		Use:   "dissect",
		Short: "show what each byte of encoded records is for",
		Long: `Dissect reads encoded records as encode writes them and shows for each run of bytes its offset, the field it belongs to,
what it is for (value, or overhead: length, null, flag, class name, field name, layout) and what it says. --summary adds
up over all records: mean bytes of each field, largest first, and how much of them is overhead.

--records N dissects generated records instead of reading any. On a terminal, where there is nothing to read, that is
the default: one record, or 1024 for a summary.`,
		Example: `  wirecost dissect --stream nexmark.Bid --codec kryo --records 1
  wirecost dissect --schema order.avsc --codec pojo --summary --records 1024
  wirecost encode --schema order.avsc --codec avro < orders.jsonl | wirecost dissect --schema order.avsc --codec avro`,
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
	exclusive(cmd, "records", "input", "format")
	return cmd
}

func (d *dissection) run(cmd *cobra.Command) error {
	s, err := d.load()
	if err != nil {
		return err
	}
	p, err := openPipe(s, d.codec)
	if err != nil {
		return err
	}
	cut, ok := p.Codec.(codecs.Dissector)
	if !ok {
		return fmt.Errorf("codec %s cannot be dissected", d.codec)
	}
	if d.records == 0 && d.file == "" && isTerminal(cmd.InOrStdin()) {
		d.records = 1
		if d.summary {
			d.records = harness.DefaultRecords
		}
	}
	if d.records == 0 && (cmd.Flags().Changed("seed") || d.profile != "") {
		return errors.New("--seed and --profile concern generated records: say how many with --records")
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	show := &display{out: out, colours: isTerminal(cmd.OutOrStdout()) && os.Getenv("NO_COLOR") == ""}
	sum := &shares.Sum{}
	each := func(encoded []byte) error {
		parts, err := cut.Dissect(encoded)
		if d.summary {
			sum.Add(parts)
			return err
		}
		return firstOf(show.record(encoded, parts), err)
	}
	if err := d.each(cmd, s, p, each); err != nil {
		return firstOf(out.Flush(), err)
	}
	if d.summary && sum.Records() > 0 {
		f, err := all.Find(d.codec)
		if err != nil {
			return err
		}
		summarize(out, s.Name, f[0].Name, sum)
	}
	return out.Flush()
}

// each calls f for each encoded record, read or generated.
func (d *dissection) each(cmd *cobra.Command, s *schemas.Schema, p *codecs.Pipe, f func([]byte) error) error {
	if d.records == 0 {
		w, err := wireOf(d.format)
		if err != nil {
			return err
		}
		if w.next == nil {
			return fmt.Errorf("--format %s: there is nothing to dissect", w.name)
		}
		in, name, err := input(cmd, d.file)
		if err != nil {
			return err
		}
		defer in.Close()
		return eachLine(cmd, in, name, w.next, f)
	}
	plan, err := d.compile(cmd, s, d.profile)
	if err != nil {
		return err
	}
	gen := plan.Generator(d.seed)
	for i := range d.records {
		encoded, err := p.Encode(gen.New(i))
		if err == nil {
			err = f(encoded)
		}
		if err == nil {
			err = cmd.Context().Err()
		}
		if err != nil {
			return fmt.Errorf("record %d: %w", i, err)
		}
	}
	return nil
}

// isTerminal reports whether stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && cwriter.IsTerminal(int(f.Fd()))
}

// A display shows dissected records.
type display struct {
	out     io.Writer
	colours bool
	n       int
}

// colours of roles on a terminal, as SGR codes. Values have none.
var roleColours = map[codecs.Role]string{
	codecs.Length: "36", codecs.Null: "33", codecs.Flag: "35", codecs.ClassName: "31", codecs.FieldName: "31", codecs.Layout: "90",
}

// shown is how many bytes of a part are shown.
const shown = 12

// record shows a record. Its error is that of writing: where nobody reads any more, the next need not be made.
func (d *display) record(encoded []byte, parts []codecs.Part) error {
	if d.n++; d.n > 1 {
		fmt.Fprintln(d.out)
	}
	value := 0
	for _, p := range parts {
		if p.Role == codecs.Value {
			value += p.End - p.Begin
		}
	}
	fmt.Fprintf(d.out, "record %d: %d B, of them %d value and %d overhead\n", d.n, len(encoded), value, len(encoded)-value)
	var table strings.Builder
	t := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "offset\tbytes\tfield\tfor\twhat")
	for _, p := range parts {
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\n", p.Begin, hexOf(encoded[p.Begin:p.End]), oneWord(p.Path), p.Role, shortened(p.Text))
	}
	t.Flush()
	i := -1
	for line := range strings.Lines(table.String()) {
		line = strings.TrimRight(line, " \n")
		if i >= 0 && d.colours && roleColours[parts[i].Role] != "" {
			line = "\x1b[" + roleColours[parts[i].Role] + "m" + line + "\x1b[0m"
		}
		if _, err := fmt.Fprintln(d.out, line); err != nil {
			return err
		}
		i++
	}
	return nil
}

func hexOf(b []byte) string {
	if len(b) <= shown {
		return hex.EncodeToString(b)
	}
	return fmt.Sprintf("%x… %d B", b[:shown-2], len(b))
}

// oneWord makes a path printable: keys of maps may hold anything.
func oneWord(path string) string {
	if strings.ContainsAny(path, "\t\n\v\f\r\x1b") || !utf8.ValidString(path) {
		return fmt.Sprintf("%q", path)
	}
	return path
}

// shortened is text on one line, and not a long one.
func shortened(text string) string {
	const most = 60
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '.'
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// summarize prints the shares of fields and of roles.
func summarize(out io.Writer, schema, codec string, s *shares.Sum) {
	total, value := s.Under("."), s.Role(codecs.Value)
	fmt.Fprintf(out, "%s, codec %s, mean of %s: %.1f B, of them %.1f value and %.1f overhead (%s)\n\n",
		schema, codec, codecs.Count(s.Records(), "record"), total, value, total-value, share100(total-value, total))
	const row = "%8s  %6s  %8s  %8s  %s\n"
	fmt.Fprintf(out, row, "B/record", "share", "value", "overhead", "field, and what most of its overhead is")
	for _, c := range s.Costs() {
		name := c.Place
		if c.Largest != "" {
			name += " (" + string(c.Largest) + ")"
		}
		fmt.Fprintf(out, row, tenths(c.Total), share100(c.Total, total), tenths(c.Value), tenths(c.Overhead), name)
	}
	var kinds []string
	for _, r := range shares.Roles {
		if b := s.Role(r); b > 0 && r != codecs.Value {
			kinds = append(kinds, fmt.Sprintf("%s %.1f B (%s)", r, b, share100(b, total)))
		}
	}
	if len(kinds) > 0 {
		fmt.Fprintf(out, "\noverhead: %s\n", strings.Join(kinds, ", "))
	}
}

func tenths(b float64) string { return fmt.Sprintf("%.1f", b) }

func share100(part, whole float64) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", 100*part/whole)
}
