package measure

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// A File is what a Writer wrote, or what go test -bench printed.
type File struct {
	Header   []Fact // key: value
	Facts    []Fact // # key: value
	Schemas  []SchemaFact
	Failures []Failure
	Samples  []Sample // in the order of the file: the i-th of a cell is from round i
}

// Read reads a file; name is for errors, which have its line. One file is one run: a header key that changes is an error.
// Unit lines are checked and dropped, since a Writer always writes the same.
func Read(r io.Reader, name string) (*File, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f := &File{}
	if err := f.readFacts(text, name); err != nil {
		return nil, err
	}
	return f, f.readResults(text, name)
}

// readResults takes what x/perf understands. A benchfmt.Reader reuses its Result: sampleOf copies.
func (f *File) readResults(text []byte, name string) error {
	r := benchfmt.NewReader(bytes.NewReader(text), name)
	for r.Scan() {
		switch rec := r.Result().(type) {
		case *benchfmt.SyntaxError:
			return rec
		case *benchfmt.Result:
			if err := f.addResult(rec); err != nil {
				_, line := rec.Pos()
				return fmt.Errorf("%s:%d: %w", name, line, err)
			}
		}
	}
	return r.Err()
}

func (f *File) addResult(r *benchfmt.Result) error {
	s := sampleOf(r)
	if err := s.sane(); err != nil {
		return fmt.Errorf("%s: %w", s.Cell, err)
	}
	f.Samples = append(f.Samples, s)
	return nil
}

// readFacts takes the header and the lines that x/perf skips.
func (f *File) readFacts(text []byte, name string) error {
	s := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; s.Scan(); n++ {
		if err := f.addLine(s.Text()); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (f *File) addLine(line string) error {
	comment, isComment := strings.CutPrefix(line, "# ")
	if !isComment {
		return f.addSetting(line)
	}
	word, rest, _ := strings.Cut(comment, " ")
	switch word {
	case wordSchema:
		return f.addSchema(rest)
	case wordFailed, wordNotCarried:
		return f.addFailure(rest, word == wordNotCarried)
	}
	key, value, ok := strings.Cut(comment, ":")
	if key = oneLine(key); ok && checkFactKey(key) == nil {
		f.Facts = append(f.Facts, Fact{key, oneLine(value)})
	}
	return nil
}

// addSetting takes a line of the header; any other line is the business of readResults.
func (f *File) addSetting(line string) error {
	key, value, ok := strings.Cut(line, ":")
	set := Fact{key, oneLine(value)}
	if !ok || checkSetting(set) != nil || value[0] != ' ' && value[0] != '\t' {
		return nil
	}
	if have, ok := f.Setting(key); ok && have != set.Value {
		return fmt.Errorf("%s is %q, and was %q: two runs in one file", key, set.Value, have)
	} else if !ok {
		f.Header = append(f.Header, set)
	}
	return nil
}

func (f *File) addFailure(rest string, notCarried bool) error {
	name, reason, _ := strings.Cut(rest, " ")
	if !strings.HasPrefix(name, "Benchmark") || strings.ContainsFunc(name, notPrintable) {
		return fmt.Errorf("no benchmark name: %.200q", rest)
	}
	f.Failures = append(f.Failures, Failure{ParseName(name), oneLine(reason), notCarried})
	return nil
}

func (f *File) addSchema(rest string) error {
	name, rest, _ := strings.Cut(rest, " ")
	s := SchemaFact{Name: name}
	for field := range strings.FieldsSeq(rest) {
		if err := s.set(strings.Cut(field, "=")); err != nil {
			return fmt.Errorf("schema %s: %s: %w", s.Name, field, err)
		}
	}
	f.Schemas = append(f.Schemas, s)
	return s.check()
}

func (s *SchemaFact) set(key, value string, _ bool) (err error) {
	switch key {
	case "hash":
		s.Hash = value
	case "data":
		s.Data = value
	case "profile":
		s.Profile = value
	case "records":
		s.Records, err = strconv.Atoi(value)
	case "set-bytes":
		s.SetBytes, err = strconv.ParseInt(value, 10, 64)
	default:
		return errors.New("unknown fact")
	}
	return err
}

// Write writes f as a Writer would have: header, facts, schemas, failures, results.
func (f *File) Write(out io.Writer) error {
	w, err := NewWriter(out, f.Header)
	if err != nil {
		return err
	}
	fact := func(x Fact) error { return w.Fact(x.Key, x.Value) }
	return errors.Join(each(f.Facts, fact), each(f.Schemas, w.Schema), each(f.Failures, w.Fail), each(f.Samples, w.Sample))
}

func each[T any](xs []T, do func(T) error) error {
	for _, x := range xs {
		if err := do(x); err != nil {
			return err
		}
	}
	return nil
}

// Setting returns the value of a header key.
func (f *File) Setting(key string) (string, bool) { return lookup(f.Header, key) }

// Fact returns the first value of a "# key: value" line.
func (f *File) Fact(key string) (string, bool) { return lookup(f.Facts, key) }

func lookup(facts []Fact, key string) (string, bool) {
	i := slices.IndexFunc(facts, func(x Fact) bool { return x.Key == key })
	if i < 0 {
		return "", false
	}
	return facts[i].Value, true
}
