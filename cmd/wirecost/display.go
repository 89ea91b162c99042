package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/harness/shares"
	"github.com/wirecost/wirecost/internal/plural"
	"golang.org/x/term"
)

// A view shows dissected records. The errors are those of writing: where nobody reads any more, the next need not be made.
type view interface {
	// record shows record n, or, if that is not whole, what could be read of it.
	record(n int, encoded []byte, parts []codecs.Part, whole bool) error
	flush() error
	// end shows what is to be shown after all records.
	end()
}

// isTerminal reports whether stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// A display shows each record as a table of its bytes.
type display struct {
	out     *bufio.Writer
	colours bool
	any     bool // there was a record before
}

// colours of roles on a terminal, as SGR codes. Values have none.
var roleColours = map[codecs.Role]string{
	codecs.Length: "36", codecs.Null: "33", codecs.Flag: "35", codecs.ClassName: "31", codecs.FieldName: "31", codecs.Layout: "90",
}

func (d *display) flush() error { return d.out.Flush() }

func (d *display) end() {}

func (d *display) record(n int, encoded []byte, parts []codecs.Part, _ bool) error {
	if d.any {
		fmt.Fprintln(d.out)
	}
	d.any = true
	value := 0
	for _, p := range parts {
		if p.Role == codecs.Value {
			value += p.End - p.Begin
		}
	}
	fmt.Fprintf(d.out, "record %d: %d B, of them %d value and %d overhead\n", n, len(encoded), value, len(encoded)-value)
	var table strings.Builder
	t := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "offset\tbytes\tfield\tfor\twhat")
	for _, p := range parts {
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\n", p.Begin, hexOf(encoded[p.Begin:p.End]), escape.Word(p.Path), p.Role, said(p.Text))
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

// hexOf returns b in hexadecimal digits, or its first bytes if it is long.
func hexOf(b []byte) string {
	const most = 12
	if len(b) <= most {
		return hex.EncodeToString(b)
	}
	return fmt.Sprintf("%x… %d B", b[:most-2], len(b))
}

// said returns what bytes say on one line, and its beginning if it is long.
func said(text string) string {
	const most = 60
	runes := []rune(escape.Line(text))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most-1]) + "…"
}

// A summary shows the shares of fields and of roles in the bytes of all records that are whole.
type summary struct {
	out           *bufio.Writer
	schema, codec string
	sum           shares.Sum
}

func (s *summary) flush() error { return s.out.Flush() }

func (s *summary) record(_ int, _ []byte, parts []codecs.Part, whole bool) error {
	if whole {
		s.sum.Add(parts)
	}
	return nil
}

func (s *summary) end() {
	if s.sum.Records() == 0 {
		return
	}
	total, value := s.sum.Under("."), s.sum.Role(codecs.Value)
	fmt.Fprintf(s.out, "%s, codec %s, mean of %s: %.1f B, of them %.1f value and %.1f overhead (%s)\n\n",
		s.schema, s.codec, plural.Count(s.sum.Records(), "record"), total, value, total-value, percent(total-value, total))
	const row = "%8s  %6s  %8s  %8s  %s\n"
	fmt.Fprintf(s.out, row, "B/record", "share", "value", "overhead", "field, and what most of its overhead is")
	for _, c := range s.sum.Costs() {
		name := escape.Word(c.Place)
		if c.Largest != "" {
			name += " (" + string(c.Largest) + ")"
		}
		fmt.Fprintf(s.out, row, tenths(c.Total), percent(c.Total, total), tenths(c.Value), tenths(c.Overhead), name)
	}
	var kinds []string
	for _, r := range shares.Roles {
		if b := s.sum.Role(r); b > 0 && r != codecs.Value {
			kinds = append(kinds, fmt.Sprintf("%s %.1f B (%s)", r, b, percent(b, total)))
		}
	}
	if len(kinds) > 0 {
		fmt.Fprintf(s.out, "\noverhead: %s\n", strings.Join(kinds, ", "))
	}
}

func tenths(b float64) string { return fmt.Sprintf("%.1f", b) }

func percent(part, whole float64) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", 100*part/whole)
}
