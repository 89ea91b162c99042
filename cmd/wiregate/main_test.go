package main

import (
	"os/exec"
	"strings"
	"testing"
)

// The program links no codec, nor what codecs are made of: it builds in seconds.
func TestLinksNoCodec(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		for _, heavy := range []string{"wirecost/codecs", "wirecost/schemas", "wirecost/records", "avro", "protobuf", "msgpack", "cbor"} {
			if strings.Contains(pkg, heavy) {
				t.Errorf("it links %s", pkg)
			}
		}
	}
}

func TestStatus(t *testing.T) {
	for _, tt := range []struct {
		args   string
		code   int
		stderr string
	}{
		{"--version", 0, ""},
		{"gate", 1, "wiregate: gate needs something to compare with: "},
		{"gate --nope", 1, "wiregate: unknown flag: --nope; see wiregate gate --help"},
		{"gate --schema order.avsc --base main", 1, "wiregate: --schema needs codecs, which wiregate does not link: wirecost gate --schema FILE does "},
		{"compare ../../results/baseline.txt ../../results/baseline.txt", 0, ""},
	} {
		var stdout, stderr strings.Builder
		if code := run(strings.Fields(tt.args), strings.NewReader(""), &stdout, &stderr); code != tt.code || !strings.HasPrefix(stderr.String(), tt.stderr) {
			t.Errorf("%s: got status %d and %q, want %d and %q", tt.args, code, stderr.String(), tt.code, tt.stderr)
		}
	}
}
