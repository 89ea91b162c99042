package protobuf_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/wirecost/wirecost/codecs/protobuf"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Published sizes of media.1 are those of a proto2 form whose required fields are written even if they are zero. Our
// bytes are records of that form but for those zeros: with them they are those of the rows protobuf-proto2, of the
// published 242 and 239 bytes, and what is written then is read as the same record.
func TestMedia(t *testing.T) {
	c := protocompile.Compiler{Resolver: &protocompile.SourceResolver{ImportPaths: []string{"testdata"}}}
	files, err := c.Compile(context.Background(), "media.proto")
	if err != nil {
		t.Fatal(err)
	}
	desc := files[0].Messages().ByName("MediaContent")
	s, err := schemas.Load("../testdata/checks/media.avsc", "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	coder := open(t, protobuf.Dynamic, s)
	f, err := os.Open("../testdata/checks/media.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	rows := proto2Rows(t)
	for i, want := range []int{242, 239} {
		v := typ.New()
		if !in.Scan() {
			t.Fatalf("there are %d records", i)
		}
		if err := access.Unmarshal(typ, in.Bytes(), v); err != nil {
			t.Fatal(err)
		}
		m := dynamicpb.NewMessage(desc)
		if err := (proto.UnmarshalOptions{AllowPartial: true}).Unmarshal(coder.encode(t, v), m); err != nil {
			t.Fatal(err)
		}
		setRequired(m)
		out, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
		if err != nil || len(out) != want || hex.EncodeToString(out) != rows[i] {
			t.Errorf("record %d: got %d bytes %x and error %v, want %d bytes %s", i+1, len(out), out, err, want, rows[i])
		}
		if err := coder.reads(typ, v, out); err != nil {
			t.Errorf("record %d: %v", i+1, err)
		}
	}
}

// proto2Rows returns the bytes of the rows protobuf-proto2 of checks.tsv, in their order.
func proto2Rows(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../testdata/checks/checks.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(string(text)) {
		if cols := strings.Split(strings.TrimSpace(line), "\t"); len(cols) == 5 && cols[2] == "protobuf-proto2" {
			rows = append(rows, cols[4])
		}
	}
	if len(rows) != 2 {
		t.Fatalf("checks.tsv has %d rows of protobuf-proto2, want 2", len(rows))
	}
	return rows
}

// setRequired sets the required fields of m and the messages in it that are not set.
func setRequired(m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		switch f := fields.Get(i); {
		case f.IsList() && f.Message() != nil:
			list := m.Get(f).List()
			for j := range list.Len() {
				setRequired(list.Get(j).Message())
			}
		case f.Message() != nil:
			setRequired(m.Mutable(f).Message())
		case f.Cardinality() == protoreflect.Required && !m.Has(f):
			m.Set(f, f.Default())
		}
	}
}
