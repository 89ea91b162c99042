package results

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// A File is what a Writer wrote, or what go test -bench printed.
type File struct {
	Header   Header
	Facts    Facts
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
	if err := s.Check(); err != nil {
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
	switch {
	case word == wordSchema:
		s, err := parseSchema(rest)
		f.Schemas = append(f.Schemas, s)
		return err
	case reserved(word):
		return f.addFailure(rest, FailureKind(word))
	}
	key, value, ok := strings.Cut(comment, ":")
	if key = OneLine(key); ok && checkFactKey(key) == nil {
		f.Facts.add(Fact{key, OneLine(value)})
	}
	return nil
}

// addSetting takes a line of the header; any other line is the business of readResults.
func (f *File) addSetting(line string) error {
	key, value, ok := strings.Cut(line, ":")
	set := Fact{key, OneLine(value)}
	if !ok || checkSetting(set) != nil || value[0] != ' ' && value[0] != '\t' {
		return nil
	}
	return f.Header.set(set)
}

func (f *File) addFailure(rest string, kind FailureKind) error {
	name, reason, _ := strings.Cut(rest, " ")
	if !strings.HasPrefix(name, "Benchmark") || strings.ContainsFunc(name, notPrintable) {
		return fmt.Errorf("no benchmark name: %.200q", rest)
	}
	f.Failures = append(f.Failures, Failure{ParseName(name), OneLine(reason), kind})
	return nil
}

// Write writes f as a Writer would have: header, facts, schemas, failures, results.
func (f *File) Write(out io.Writer) error {
	w, err := NewWriter(out, f.Header)
	if err != nil {
		return err
	}
	return errors.Join(w.Facts(f.Facts), each(f.Schemas, w.Schema), each(f.Failures, w.Fail), each(f.Samples, w.Sample))
}

func each[T any](xs []T, do func(T) error) error {
	for _, x := range xs {
		if err := do(x); err != nil {
			return err
		}
	}
	return nil
}
