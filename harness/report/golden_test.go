package report

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// golden are the forms of a scenario that have a section in its golden file: the text at three widths, Markdown and JSON.
var golden = []string{"80", "100", "132", "md", "json"}

// printed returns one of the forms of a scenario.
func (s scenario) printed(form string) ([]byte, error) {
	o := s.options
	o.Width, _ = strconv.Atoi(form)
	r, err := New(s.file, o)
	if err != nil {
		return nil, err
	}
	print := r.Text
	switch form {
	case "md":
		print = r.Markdown
	case "json":
		print = r.JSON
	}
	var b bytes.Buffer
	err = print(&b)
	return b.Bytes(), err
}

// UPDATE=1 rewrites the golden files.
func TestGolden(t *testing.T) {
	for name, s := range scenarios() {
		t.Run(name, func(t *testing.T) {
			got := &txtar.Archive{}
			for _, form := range golden {
				text, err := s.printed(form)
				if err != nil {
					t.Fatal(err)
				}
				got.Files = append(got.Files, txtar.File{Name: form, Data: text})
			}
			file := "testdata/" + name + ".txtar"
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if diff := cmp.Diff(string(want), string(txtar.Format(got))); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", file, err, diff)
			}
		})
	}
}

// No line of a golden text is wider than its width, and there is a golden file of each scenario and no other.
func TestGoldenWidths(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".txtar")
		names = append(names, name)
		archive, err := txtar.ParseFile("testdata/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range archive.Files {
			if width, err := strconv.Atoi(section.Name); err == nil {
				checkWidth(t, fmt.Sprint(name, " at ", width), string(section.Data), width)
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(scenarios())), names); diff != "" {
		t.Errorf("golden files (-scenarios +files):\n%s", diff)
	}
}

func checkWidth(t interface{ Errorf(string, ...any) }, name, text string, width int) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); widthOf(line) > width {
			t.Errorf("%s: a line of %d columns:\n%s", name, widthOf(line), line)
		}
	}
}
