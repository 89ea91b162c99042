package records

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fileField is a field whose options are in a file.
func fileField(name string) string {
	return `{"name":"f","type":{"type":"string","arg.properties":{"options":{"file":"` + name + `","encoding":"json"}}}}`
}

// firstOption returns an option of the file called name, for a schema in dir, or the error.
func firstOption(t *testing.T, dir, name string) string {
	t.Helper()
	p, err := Compile(parsed(t, fileField(name)).In(dir), nil)
	if err != nil {
		return err.Error()
	}
	return record(t, p.Generator(1), 0).Text()
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// A file of options is looked for beside the schema, and then in the working directory.
func TestOptionFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(filepath.Join(dir))
	write(t, "schemas/beside.json", `"beside"`)
	write(t, "schemas/both.json", `["both, beside"]`)
	write(t, "both.json", `"both, working"`)
	write(t, "lists/nouns.json", "\ufeff\"sun\"\n\"sun\"\n")
	for _, tt := range []struct{ dir, file, want string }{
		{"schemas", "beside.json", "beside"},
		{"schemas", "both.json", "both, beside"},
		{"schemas", "lists/nouns.json", "sun"},
		{"schemas", "./lists/../lists/nouns.json", "sun"},
		{"", "lists/nouns.json", "sun"},
		{"", "both.json", "both, working"},
		{".", "both.json", "both, working"},
		{filepath.Join(dir, "schemas"), "beside.json", "beside"},
		{"schemas", "none.json", "f: arg.properties: options: none.json: there is no such file below schemas or the working directory"},
		{"", "none.json", "f: arg.properties: options: none.json: there is no such file below the working directory"},
	} {
		if got := firstOption(t, tt.dir, tt.file); got != tt.want {
			t.Errorf("%s for a schema in %q: got %s, want %s", tt.file, tt.dir, got, tt.want)
		}
	}
}

// A schema cannot reach what is outside of its folder and of the working directory, nor what has no end.
func TestOptionFileRefused(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	outside := filepath.Join(t.TempDir(), "secret.json")
	write(t, outside, `"secret"`)
	write(t, "schemas/x.json", `"x"`)
	if err := os.Symlink(outside, "schemas/link.json"); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink("x.json", "schemas/inside.json"); err != nil {
		t.Fatal(err)
	}
	large, err := os.Create("schemas/large.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := large.Truncate(maxFile + 1); err != nil {
		t.Fatal(err)
	}
	large.Close()
	for file, want := range map[string]string{
		"inside.json": "x",
		"../schemas/../../" + filepath.Base(filepath.Dir(outside)) + "/secret.json": "path escapes from parent: options are read below the schema's folder or the working directory",
		outside:                      "path escapes from parent: options are read below",
		"link.json":                  "path escapes from parent: options are read below",
		"../../../../../../dev/zero": "path escapes from parent: options are read below",
		".":                          "f: arg.properties: options: . is no regular file",
		"large.json":                 "f: arg.properties: options: large.json has 16.0 MB, more than 16 MB",
	} {
		got := firstOption(t, "schemas", file)
		if !strings.Contains(got, want) || strings.Contains(got, "\n") {
			t.Errorf("%s: got %s, want %s", file, got, want)
		}
	}
}
