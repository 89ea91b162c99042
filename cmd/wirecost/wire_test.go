package main

import (
	"bufio"
	"io"
	"strings"
	"testing"
)

func TestLine(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	for _, tt := range []struct {
		in   string
		want []string
	}{
		{"", nil}, {"a", []string{"a"}}, {"a\n", []string{"a"}}, {"a\r\n\r\nb", []string{"a", "", "b"}}, {long + "\n" + long, []string{long, long}},
	} {
		r := bufio.NewReader(strings.NewReader(tt.in))
		var got []string
		for {
			b, err := line(r)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%.20q: %v", tt.in, err)
			}
			got = append(got, string(b))
		}
		if strings.Join(got, "|") != strings.Join(tt.want, "|") || len(got) != len(tt.want) {
			t.Errorf("%.20q: got %d lines, want %d", tt.in, len(got), len(tt.want))
		}
	}
}

// An endless line, or a record that claims to be large, ends with an error and not with the memory.
func TestEndlessInput(t *testing.T) {
	if _, err := line(bufio.NewReader(zeros{})); err == nil || !strings.Contains(err.Error(), "longer than 256 MB") {
		t.Errorf("an endless line: got error %v", err)
	}
	if _, err := nextRaw(bufio.NewReader(io.MultiReader(strings.NewReader("\xff\xff\xff\xff"), zeros{}))); err == nil || !strings.Contains(err.Error(), "a record of 4294967295 bytes") {
		t.Errorf("a record of 4 GB: got error %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
