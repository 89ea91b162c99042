package protobuf_test

import (
	"bufio"
	"context"
	"os"
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
// bytes are records of that form but for those zeros: with them the sizes are the published 242 and 239, and what is
// written then is read as the same record.
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
		out, err := proto.Marshal(m)
		if err != nil || len(out) != want {
			t.Errorf("record %d: got %d bytes and error %v, want %d", i+1, len(out), err, want)
		}
		if err := coder.reads(typ, v, out); err != nil {
			t.Errorf("record %d: %v", i+1, err)
		}
	}
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
