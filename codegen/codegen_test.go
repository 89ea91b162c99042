package codegen

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/protomap"
)

// Where the schemas of the streams are, and their code.
const (
	streamsDir    = "../schemas/streams"
	generatedDir  = streamsDir + "/generated"
	generatedPath = "github.com/wirecost/wirecost/schemas/streams/generated"
)

// The committed code is what the generator makes.
func TestFresh(t *testing.T) {
	want, err := Folder(streamsDir, generatedPath, "streams")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(generatedDir, name))
		if diff := cmp.Diff(string(got), string(text)); diff != "" || err != nil {
			t.Errorf("%s is stale, run go generate ./...: %v (-committed +generated):\n%.3000s", name, err, diff)
		}
	}
	for _, name := range generatedFiles(t, generatedDir) {
		if want[name] == nil {
			t.Errorf("%s is generated from no schema: delete it", name)
		}
	}
}

// Write makes the folders that files are in, and leaves other files alone.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "own.go"), []byte("own"), 0o666); err != nil {
		t.Fatal(err)
	}
	want := map[string][]byte{"a_types.go": []byte("types"), "pb/a/a.proto": []byte("proto"), "pb/a/a.pb.go": []byte("messages")}
	for range 2 { // over what is there, too
		if err := Write(dir, want); err != nil {
			t.Fatal(err)
		}
	}
	want["own.go"] = []byte("own")
	for name, text := range want {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s: got %q, error %v, want %q", name, got, err, text)
		}
	}
	if err := Write(dir, map[string][]byte{"own.go/x.go": nil}); err == nil {
		t.Error("a file below a file: got no error")
	}
}

// generatedFiles returns the files below dir that say they are generated.
func generatedFiles(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.HasPrefix(string(text), "// Code generated ") {
			name, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// folders have a schema.avsc and a records.jsonl each.
var folders = []string{"testdata/awkward", "testdata/names", "../schemas/access/testdata/alike", "../schemas/access/testdata/deep", "../schemas/access/testdata/everything", "../schemas/access/testdata/unions"}

func load(t *testing.T, file string) *schemas.Schema {
	t.Helper()
	s, err := schemas.Load(file, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The .proto text and the descriptor that dynamic messages are made from say the same.
func TestProtoText(t *testing.T) {
	files, err := filepath.Glob(streamsDir + "/*.avsc")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		files = append(files, f+"/schema.avsc")
	}
	for _, file := range files {
		f := protomap.Of(load(t, file), "")
		text := protoText(f, "example.org/pb")
		got, err := compile(f.Path, text)
		if err != nil {
			t.Errorf("%s: %v\n%s", file, err, text)
			continue
		}
		want, err := protodesc.NewFile(f.Descriptor(), nil)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		got.Options = nil
		for _, m := range got.MessageType {
			clearJSON(m)
		}
		if want := protodesc.ToFileDescriptorProto(want); !proto.Equal(got, want) {
			t.Errorf("%s: the text gives\n%v\nwant\n%v", file, got, want)
		}
	}
}

// clearJSON takes out the names that follow from others.
func clearJSON(m *descriptorpb.DescriptorProto) {
	for _, f := range m.Field {
		f.JsonName = nil
	}
	for _, n := range m.NestedType {
		clearJSON(n)
	}
}

// Generated code compiles, and its codecs give records back. It is compiled where it does not exist: as an overlay.
func TestGeneratedCode(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles code")
	}
	const base = "codegen/overlaid/"
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	overlay, args := newOverlay(t), []string{"build", "-overlay", "", "-o", t.TempDir() + "/"}
	for _, folder := range folders {
		name := filepath.Base(folder)
		for path, text := range program(t, folder, base+name) {
			overlay.add(filepath.Join(root, base, name, path), text)
		}
		args = append(args, "./"+base+name)
	}
	args[2] = overlay.write()
	build := exec.Command("go", args...)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, folder := range folders {
		out, err := exec.Command(filepath.Join(args[4], filepath.Base(folder)), folder).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", folder, err, out)
		}
	}
}

// program returns the code of the schema in folder as a main package, with a program that tries it.
func program(t *testing.T, folder, path string) map[string][]byte {
	t.Helper()
	files, err := Generate(load(t, folder+"/schema.avsc"), Options{
		Package: "github.com/wirecost/wirecost/" + path, Name: "main", Proto: "codegen." + filepath.Base(folder),
	})
	if err != nil {
		t.Fatal(err)
	}
	template, err := os.ReadFile("testdata/roundtrip.txt")
	if err != nil {
		t.Fatal(err)
	}
	files["roundtrip.go"] = bytes.ReplaceAll(template, []byte("BIND"), []byte(bindFunc(files)))
	return files
}

// bindFunc returns the name of the function that binds a schema.
func bindFunc(files map[string][]byte) string {
	for _, text := range files {
		if _, after, ok := strings.Cut(string(text), "\nfunc Bind"); ok {
			name, _, _ := strings.Cut(after, "(")
			return "Bind" + name
		}
	}
	return "no function"
}

// An overlay is a set of files that the go command sees where they are not.
type overlay struct {
	t       *testing.T
	dir     string
	Replace map[string]string
}

func newOverlay(t *testing.T) *overlay { return &overlay{t, t.TempDir(), map[string]string{}} }

func (o *overlay) add(path string, text []byte) {
	real := filepath.Join(o.dir, strconv.Itoa(len(o.Replace)))
	if err := os.WriteFile(real, text, 0o666); err != nil {
		o.t.Fatal(err)
	}
	o.Replace[path] = real
}

// write writes the file that -overlay wants, and returns its name.
func (o *overlay) write() string {
	text, err := json.Marshal(map[string]any{"Replace": o.Replace})
	if err != nil {
		o.t.Fatal(err)
	}
	name := filepath.Join(o.dir, "overlay.json")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		o.t.Fatal(err)
	}
	return name
}

func TestNames(t *testing.T) {
	for in, want := range map[string]string{
		"trace_id": "TraceID", "dateTime": "DateTime", "id": "ID", "_": "X", "_1": "X1", "a__b": "AB", "URL": "URL", "f00": "F00", "type": "Type",
	} {
		if got := exported(in); got != want {
			t.Errorf("exported(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"nexmark.Bid": "nexmark_bid", "shape.Wide60": "shape_wide60", "HTTPEvent": "httpevent", "order_line": "order_line", "NestedDeep": "nested_deep",
	} {
		if got := snake(in); got != want {
			t.Errorf("snake(%q) = %q, want %q", in, got, want)
		}
	}
}

// Names of files and packages that go would not build, or not import, are others.
func TestFileNames(t *testing.T) {
	for record, want := range map[string]string{
		"_1": "pb/pb1/1.proto", "__": "pb/record/record.proto", "Main": "pb/mainpb/main.proto", "internal": "pb/internalpb/internal.proto",
		"Bid": "pb/bid/bid.proto", "OrderLine": "pb/orderline/order_line.proto",
	} {
		s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "`+record+`", "fields": []}`), "")
		if err != nil {
			t.Fatal(err)
		}
		files, err := Generate(s, Options{Package: "example.org/x"})
		if err != nil || files[want] == nil {
			t.Errorf("%s: no file %s, error %v", record, want, err)
		}
	}
}

// Which files there are, and what decides it.
func TestFiles(t *testing.T) {
	for _, tt := range []struct{ fields, want string }{
		{`{"name": "a", "type": "int"}`, "msgp"},
		{`{"name": "u", "type": ["int", "string"]}`, "msgp"},
		{`{"name": "e", "type": ["int", {"type": "enum", "name": "E", "symbols": ["A"]}]}`, "no msgp"},
		{`{"name": "f", "type": [{"type": "fixed", "name": "F", "size": 2}, {"type": "fixed", "name": "G", "size": 3}]}`, "msgp"},
		{`{"name": "f", "type": [{"type": "fixed", "name": "F", "size": 2}, {"type": "fixed", "name": "G", "size": 2}]}`, "no msgp"},
		{`{"name": "n", "type": "null"}`, "no msgp"},
		{`{"name": "m", "type": ["null", {"type": "map", "values": "int"}]}`, "no msgp"},
		{`{"name": "u", "type": ["int", {"type": "record", "name": "Big", "fields": [{"name": "b", "type": "bytes"}]}]}`, "no msgp"},
		{`{"name": "u", "type": ["int", {"type": "record", "name": "Small", "fields": [{"name": "b", "type": "long"}]}]}`, "msgp"},
	} {
		s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "go", "fields": [`+tt.fields+`]}`), "")
		if err != nil {
			t.Fatal(err)
		}
		files, err := Generate(s, Options{Package: "example.org/x"})
		if err != nil {
			t.Errorf("%s: %v", tt.fields, err)
			continue
		}
		want := []string{"go_proto.go", "go_types.go", "pb/gopb/go.pb.go", "pb/gopb/go.proto", "pb/gopb/go_vtproto.pb.go"}
		if tt.want != "no msgp" {
			want = append([]string{"go_msgp.go"}, want...)
		}
		var got []string
		for name := range files {
			got = append(got, name)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", tt.fields, got, want)
		}
	}
}

// enums returns n enums, as branches of a union.
func enums(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`{"type": "enum", "name": "E%d", "symbols": ["A"]}`, i)
	}
	return strings.Join(list, ", ")
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		fields, pkg, want string
		unsupported       bool
	}{
		{`{"name": "a", "type": "int"}`, "", "import path", false},
		{`{"name": "a", "type": "int"}`, "example.org/my-types", `"my-types" is no name of a Go package`, false},
		{`{"name": "r", "type": "R"}`, "example.org/x", "record R holds itself", true},
		{`{"name": "u", "type": ["int", ` + enums(9) + `]}`, "example.org/x", "more than 8 enums", true},
	} {
		s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [`+tt.fields+`]}`), "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = Generate(s, Options{Package: tt.pkg})
		if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, schemas.ErrUnsupported) != tt.unsupported {
			t.Errorf("%s in %q: got error %v, want %s", tt.fields, tt.pkg, err, tt.want)
		}
	}
}
