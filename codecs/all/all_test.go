package all

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for _, tt := range []struct{ list, want, err string }{
		{"avro", "avro", ""},
		{"json,avro", "avro json", ""},
		{"gob*", "gob gob-fresh", ""},
		{"avro-*, json ,avro-twmb", "avro-blocksize avro-twmb avro-generic json", ""},
		{"all", strings.Join(Names(), " "), ""},
		{"*", strings.Join(Names(), " "), ""},
		{"arvo", "", `unknown codec "arvo": did you mean "avro"?`},
		{"thrift", "", `unknown codec "thrift": there are memcpy, avro, `},
		{"", "", `unknown codec ""`},
		{"json,", "", `unknown codec ""`},
		{"x*", "", `unknown codec "x*"`},
		{"flink-avro-specific", "", "codec flink-avro-specific is timed in the released Flink alone: wirecost run --runtime flink2"},
		{"flink-avro*", "flink-avro", ""},
		{"[", "", `codec "[": syntax error`},
	} {
		found, err := Find(tt.list)
		var got []string
		for _, f := range found {
			got = append(got, f.Name)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("Find(%q) = %v, want %s", tt.list, got, tt.want)
		}
		if (err == nil) != (tt.err == "") || err != nil && !strings.HasPrefix(err.Error(), tt.err) {
			t.Errorf("Find(%q): got error %v, want %q", tt.list, err, tt.err)
		}
	}
}

// A name stands in the names of benchmarks, where "/" separates and a number at the end is GOMAXPROCS.
func TestFormats(t *testing.T) {
	bad, seen := regexp.MustCompile(`[/,\s*]|-\d+$|^all$`), map[string]bool{}
	for i, f := range slices.Concat(Formats, Released) {
		if f.Released != (i >= len(Formats)) {
			t.Errorf("%s: Released is %v", f.Name, f.Released)
		}
		if bad.MatchString(f.Name) || f.Name == "" || seen[f.Name] {
			t.Errorf("name %q is not allowed or stands twice", f.Name)
		}
		seen[f.Name] = true
		if f.Doc == "" || strings.Contains(f.Doc, "\n") || f.New == nil {
			t.Errorf("%s: Doc %q must be one line, and New must be set", f.Name, f.Doc)
		}
		if f.Module == "" && !f.Floor && !f.Flink {
			t.Errorf("%s: Module is missing", f.Name)
		}
	}
}
