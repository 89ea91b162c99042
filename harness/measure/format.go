package measure

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// A Fact is something known about a run: a "key: value" line of the header, which must be equal for two files to be
// comparable, or a "# key: value" line, which is good to know.
type Fact struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// A SchemaFact is what must be equal for the cells of one schema in two files to be comparable.
type SchemaFact struct {
	Name     string // of the schema
	Hash     string // of its canonical form
	Data     string // hash of the records' canonical bytes
	Records  int    // in the set
	SetBytes int64  // of the records' canonical bytes
	Profile  string // name or hash of the profile
}

// The words that open the lines of facts about one schema or one cell.
const (
	wordSchema     = "schema"
	wordFailed     = "failed"
	wordNotCarried = "not-carried"
)

// A Writer writes results in the Go benchmark format as they come. What it was given is written when the call returns,
// so that an interrupted run keeps what it has.
type Writer struct{ w io.Writer }

// NewWriter writes the Unit lines and the header to w. What may differ between comparable files does not belong into the
// header, but is a Fact: benchstat splits its tables by every key.
func NewWriter(w io.Writer, header []Fact) (*Writer, error) {
	out := &Writer{w}
	for _, unit := range ExactUnits {
		if err := out.line("Unit %s assume=exact better=lower", unit); err != nil {
			return nil, err
		}
	}
	for _, f := range header {
		if err := checkSetting(f); err != nil {
			return nil, err
		}
		if err := out.line("%s: %s", f.Key, f.Value); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Fact writes a line that benchstat skips. Keys may repeat; a value is put on one line.
func (w *Writer) Fact(key, value string) error {
	if err := checkFactKey(key); err != nil {
		return err
	}
	return w.line("# %s: %s", key, short(oneLine(value)))
}

// Schema writes the facts of one schema.
func (w *Writer) Schema(s SchemaFact) error {
	if err := s.check(); err != nil {
		return err
	}
	return w.line("# %s %s hash=%s data=%s records=%d set-bytes=%d profile=%s", wordSchema, s.Name, s.Hash, s.Data, s.Records, s.SetBytes, s.Profile)
}

// check says why s would not be read back.
func (s SchemaFact) check() error {
	if s.Name == "" {
		return errors.New("schema without a name")
	}
	for _, word := range []string{s.Name, s.Hash, s.Data, s.Profile} {
		if strings.ContainsFunc(word, notPrintable) {
			return fmt.Errorf("schema %q: %q has a space or a control character", s.Name, word)
		}
	}
	return nil
}

// Fail writes a row without numbers.
func (w *Writer) Fail(f Failure) error {
	word := wordFailed
	if f.NotCarried {
		word = wordNotCarried
	}
	return w.line("# %s %s %s", word, f.Cell.Name(), short(oneLine(f.Reason)))
}

// Sample writes a result line.
func (w *Writer) Sample(s Sample) error { return w.line("%s", s) }

func (w *Writer) line(format string, args ...any) error {
	_, err := fmt.Fprintf(w.w, format+"\n", args...)
	return err
}

// checkSetting says why a header line would not be read back: x/perf wants keys that begin lower case and have neither
// spaces nor capitals.
func checkSetting(f Fact) error {
	first := true
	for _, r := range f.Key {
		if first && !unicode.IsLower(r) || unicode.IsUpper(r) || notPrintable(r) || r == ':' {
			return fmt.Errorf("header key %q: want lower case, without spaces", f.Key)
		}
		first = false
	}
	if first || f.Value == "" || f.Value != oneLine(f.Value) {
		return fmt.Errorf("header %q: value %q: want one line, single spaces, not empty", f.Key, f.Value)
	}
	return nil
}

// checkFactKey says why a fact would not be read back.
func checkFactKey(key string) error {
	word, _, _ := strings.Cut(key, " ")
	if key == "" || key != oneLine(key) || strings.Contains(key, ":") || word == wordSchema || word == wordFailed || word == wordNotCarried {
		return fmt.Errorf("fact %q: not a key", key)
	}
	return nil
}

// oneLine returns s with each run of spaces, line ends and control characters as one space, and none around.
func oneLine(s string) string {
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
