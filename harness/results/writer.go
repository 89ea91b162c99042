package results

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// A Failure is a row without numbers: a cell that was not measured, or not to the end.
type Failure struct {
	Cell   Cell
	Reason string      // one line
	Kind   FailureKind // "" is Failed
}

// A FailureKind says whose fault it is that a cell has no numbers. It is the word that opens the row's line.
type FailureKind string

// The kinds of rows without numbers.
const (
	Failed     FailureKind = "failed"      // a proof or a sample
	NotCarried FailureKind = "not-carried" // the codec cannot carry the schema or a value, which is no fault
	Unmeasured FailureKind = "unmeasured"  // there was no time for it
)

// wordSchema opens the line of facts about one schema.
const wordSchema = "schema"

// reserved reports whether a word opens lines that are no Facts.
func reserved(word string) bool {
	switch FailureKind(word) {
	case wordSchema, Failed, NotCarried, Unmeasured:
		return true
	}
	return false
}

// A Writer writes results in the Go benchmark format as they come. What it was given is written when the call returns,
// so that an interrupted run keeps what it has.
type Writer struct{ w io.Writer }

// NewWriter writes the Unit lines and the header to w. What may differ between comparable files does not belong into the
// header, but into Facts: benchstat splits its tables by every key.
func NewWriter(w io.Writer, header Header) (*Writer, error) {
	out := &Writer{w}
	for _, unit := range ExactUnits {
		if err := out.line("Unit %s assume=exact better=lower", unit); err != nil {
			return nil, err
		}
	}
	for _, f := range header.Facts() {
		if err := checkSetting(f); err != nil {
			return nil, err
		}
		if err := out.line("%s: %s", f.Key, f.Value); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Facts writes lines that benchstat skips. It may be called again with what is known later. A value is put on one line.
func (w *Writer) Facts(facts Facts) error {
	for _, f := range facts.lines() {
		if err := checkFactKey(f.Key); err != nil {
			return err
		}
		if err := w.line("# %s: %s", f.Key, short(OneLine(f.Value))); err != nil {
			return err
		}
	}
	return nil
}

// Schema writes the facts of one schema.
func (w *Writer) Schema(s SchemaFact) error {
	if err := s.check(); err != nil {
		return err
	}
	return w.line("# %s %s", wordSchema, s.line())
}

// Fail writes a row without numbers.
func (w *Writer) Fail(f Failure) error {
	return w.line("# %s %s %s", cmp.Or(f.Kind, Failed), f.Cell.Name(), short(OneLine(f.Reason)))
}

// Sample writes a result line.
func (w *Writer) Sample(s Sample) error { return w.line("%s", s) }

func (w *Writer) line(format string, args ...any) error {
	_, err := fmt.Fprintf(w.w, format+"\n", args...)
	return err
}

// OneLine returns s with each run of spaces, line ends and control characters as one space, and none around.
func OneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), notPrintable), " ")
}

// lineLimit is how much of a text a line keeps: those who read lines give up at 64 KiB.
const lineLimit = 4 << 10

// short returns the beginning of s if it is long.
func short(s string) string {
	if len(s) <= lineLimit {
		return s
	}
	return strings.ToValidUTF8(s[:lineLimit], "") + "…"
}

func notPrintable(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
