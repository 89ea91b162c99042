package codectest

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wirecost/wirecost/codecs"
)

// DissectHex dissects each line of the files called name below dir, which are those of [Hex], and checks that the parts make
// up the line. How the first records of the directories shown are dissected is compared with the files
// golden/<format>_<directory>.txt, whose lines are those of [DissectGolden]; UPDATE=1 rewrites them.
func DissectHex(t *testing.T, f codecs.Format, dir, name, golden string, shown ...string) {
	t.Helper()
	for _, from := range vectorDirs(t, dir, name) {
		t.Run(filepath.Base(from), func(t *testing.T) {
			d, encoded := vectors(t, f, from, name)
			var text bytes.Buffer
			for i, enc := range encoded {
				parts, err := d.Dissect(enc)
				if err == nil {
					err = joined(parts, enc)
				}
				if err != nil {
					t.Fatalf("record %d: %v\nencoded %x", i, err, enc)
				}
				if i < recordsShown {
					fmt.Fprintf(&text, "record %d\n", i)
					writeParts(&text, enc, parts)
				}
			}
			if slices.Contains(shown, filepath.Base(from)) {
				sameText(t, filepath.Join(golden, f.Name+"_"+filepath.Base(from)+".txt"), text.Bytes())
			}
		})
	}
}

// recordsShown is how many records of a directory have their parts in a golden file.
const recordsShown = 2

func vectorDirs(t testing.TB, dir, name string) []string {
	t.Helper()
	var dirs []string
	for _, file := range glob(t, filepath.Join(dir, "*", name)) {
		dirs = append(dirs, filepath.Dir(file))
	}
	if len(dirs) == 0 {
		t.Errorf("no %s below %s", name, dir)
	}
	return dirs
}

// vectors returns the dissector of f for the schema in a directory, and the lines of the file called name there.
func vectors(t testing.TB, f codecs.Format, dir, name string) (codecs.Dissector, [][]byte) {
	t.Helper()
	b := bind(t, f, load(t, filepath.Join(dir, "schema.avsc"), filepath.Join(dir, "records.jsonl")))
	if b == nil {
		t.Skipf("%s cannot carry the schema", f.Name)
	}
	var encoded [][]byte
	for i, line := range lines(t, filepath.Join(dir, name)) {
		enc, err := hex.DecodeString(line)
		if err != nil {
			t.Fatalf("%s:%d: %v", dir, i+1, err)
		}
		encoded = append(encoded, enc)
	}
	return dissector(t, b), encoded
}

// joined reports how parts, one behind the other, differ from enc.
func joined(parts []codecs.Part, enc []byte) error {
	var got []byte
	for _, p := range parts {
		got = append(got, enc[p.Begin:p.End]...)
	}
	if !bytes.Equal(got, enc) {
		return fmt.Errorf("the parts are %x", got)
	}
	return gapless(parts, len(enc))
}

func writeParts(out *bytes.Buffer, enc []byte, parts []codecs.Part) {
	for _, p := range parts {
		fmt.Fprintf(out, "%d\t%x\t%s\t%s\t%s\n", p.Begin, enc[p.Begin:p.End], p.Path, p.Role, p.Text)
	}
}

// sameText compares text with a file, or with UPDATE=1 writes it.
func sameText(t *testing.T, file string, text []byte) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, text, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, text, want)
	}
}

// FuzzDissectHex is [FuzzDissect] on the schema and the lines of a directory.
func FuzzDissectHex(f *testing.F, format codecs.Format, dir string) {
	d, encoded := vectors(f, format, dir, format.Name+".hex")
	b := bind(f, format, load(f, filepath.Join(dir, "schema.avsc"), filepath.Join(dir, "records.jsonl")))
	for _, enc := range encoded {
		f.Add(enc)
	}
	f.Fuzz(func(t *testing.T, src []byte) { b.dissects(t, d, src) })
}
