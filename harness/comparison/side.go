package comparison

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// pkgKey is the key with which go test says whose benchmarks follow: the one key that may change within a file.
const pkgKey = "pkg"

// A Side is one of the files that are compared. What go test prints of several packages is one Side, and several results.
type Side struct {
	Name  string
	Files []*results.File // by package
}

// Read reads a side; name is for errors and headings. Lines behind another "pkg:" line are another package's, under the same
// keys otherwise.
func Read(r io.Reader, name string) (*Side, error) {
	parts, err := split(r, name)
	if err != nil {
		return nil, err
	}
	s := &Side{Name: name}
	for _, p := range parts {
		f, err := results.Read(strings.NewReader(p), name)
		if err != nil {
			return nil, err
		}
		if before := s.Of(Package(f)); before != nil { // runs one behind the other
			before.Samples, before.Failures = append(before.Samples, f.Samples...), append(before.Failures, f.Failures...)
			continue
		}
		s.Files = append(s.Files, f)
	}
	return s, nil
}

// Of returns the file of a package, nil if there is none.
func (s *Side) Of(pkg string) *results.File {
	for _, f := range s.Files {
		if Package(f) == pkg {
			return f
		}
	}
	return nil
}

// codecs returns the codecs that have rows, in their order.
func (s *Side) codecs() []string {
	var names []string
	for _, f := range s.Files {
		for _, c := range f.Cells() {
			if c.Codec != "" && c.Codec != results.NoCodec && !c.IsTwin() && !slices.Contains(names, c.Codec) {
				names = append(names, c.Codec)
			}
		}
	}
	return names
}

// Package returns whose benchmarks a file has, "" if it does not say.
func Package(f *results.File) string { return other(f.Header.Other, pkgKey) }

// Label is a cell as tables have it.
func Label(pkg, cell string) string {
	return strings.TrimPrefix(pkg+" "+strings.TrimPrefix(cell, "Benchmark"), " ")
}

// split cuts a text where its package changes. Empty lines stand for what is cut away before, so that errors name the line.
func split(r io.Reader, name string) ([]string, error) {
	var parts []string
	var part strings.Builder
	var head []string // of the keys so far
	pkg, lines := "", 0
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadString('\n')
		if line != "" {
			lines++
			key, value, isKey := strings.Cut(line, ": ")
			value = strings.TrimSpace(value)
			switch {
			case isKey && key == pkgKey && pkg != "" && value != pkg:
				parts = append(parts, part.String())
				part.Reset()
				part.WriteString(strings.Repeat("\n", max(0, lines-1-len(head))) + strings.Join(head, ""))
				pkg = value
			case isKey && key == pkgKey:
				pkg = value
			case isKey && key != "" && key[0] >= 'a' && key[0] <= 'z' && !strings.ContainsAny(key, " \t"):
				head = append(head, line)
			}
			part.WriteString(line)
		}
		if err == io.EOF {
			return append(parts, part.String()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
}
