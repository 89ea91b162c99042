package trial

import (
	"regexp"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// resultLine is a result as testing prints it with -test.v: whole, whatever the benchmark printed before it, unless that had
// no line end.
var resultLine = regexp.MustCompile(`Benchmark\S*\s+\d+\s+[0-9.e+]+ ns/op.*$`)

// parse returns the result lines of what a test binary printed. What else is there is the benchmark's own.
func parse(stdout []byte) []results.Sample {
	var samples []results.Sample
	for line := range strings.Lines(string(stdout)) {
		text := resultLine.FindString(strings.TrimRight(line, "\r\n"))
		if text == "" {
			continue
		}
		if s, err := results.ParseSample(text); err == nil && s.Check() == nil {
			samples = append(samples, s)
		}
	}
	return samples
}

// resultOf returns a cell's result of n operations.
func resultOf(stdout []byte, c results.Cell, n int) (results.Sample, bool) {
	for _, s := range parse(stdout) {
		if s.Cell == c && s.N == n {
			return s, true
		}
	}
	return results.Sample{}, false
}

// anchored is the -test.bench that runs one benchmark and no other: each part of its name, quoted.
func anchored(c results.Cell) string {
	parts := strings.Split(c.Name(), "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return "-test.bench=" + strings.Join(parts, "/")
}
