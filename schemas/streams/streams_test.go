package streams_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/wirecost/wirecost/schemas/streams"
)

func TestGet(t *testing.T) {
	for _, name := range streams.Names() {
		s, err := streams.Get(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s.Name != name || !s.Static || s.Root.Go.PkgPath() == "" {
			t.Errorf("%s: got name %q, static %v, type %s; want a declared type", name, s.Name, s.Static, s.Root.Go)
		}
	}
}

// Every stream has all that can be generated: a message with the methods of vtprotobuf, and those of msgp.
func TestGenerated(t *testing.T) {
	type vt interface {
		proto.Message
		SizeVT() int
		MarshalToSizedBufferVT([]byte) (int, error)
		UnmarshalVT([]byte) error
	}
	type msgp interface {
		MarshalMsg([]byte) ([]byte, error)
		UnmarshalMsg([]byte) ([]byte, error)
	}
	for _, name := range streams.Names() {
		s, err := streams.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		if s.Message == nil {
			t.Fatalf("%s has no message", name)
		}
		if m, ok := s.Message.New().(vt); !ok {
			t.Errorf("%s: the message %T lacks methods of vtprotobuf", name, m)
		}
		if _, ok := reflect.New(s.Root.Go).Interface().(msgp); !ok {
			t.Errorf("%s: %s lacks methods of msgp", name, s.Root.Go)
		}
		wrong := s.Message.New()
		for _, v := range []any{nil, wrong, 1} {
			if err := s.Message.FromStruct(wrong, v); err == nil {
				t.Errorf("%s: FromStruct from a %T: got no error", name, v)
			}
			if err := s.Message.ToStruct(v, wrong); err == nil {
				t.Errorf("%s: ToStruct of a %T: got no error", name, v)
			}
		}
	}
}

// Names lists every schema file: a stream that is not listed cannot be had.
func TestNames(t *testing.T) {
	files, err := filepath.Glob("*.avsc")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, name := range streams.Names() {
		listed[name+".avsc"] = true
	}
	for _, f := range files {
		if !listed[f] {
			t.Errorf("%s is not among Names", f)
		}
	}
	if len(files) != len(listed) || len(files) != 25 {
		t.Errorf("got %d files and %d names, want 25", len(files), len(listed))
	}
}

func TestUnknown(t *testing.T) {
	for name, want := range map[string]string{
		"nexmark.bid": `unknown stream "nexmark.bid": did you mean "nexmark.Bid"?`,
		"Bid":         `unknown stream "Bid": did you mean "nexmark.Bid"?`,
		"nexmark.Bdi": `unknown stream "nexmark.Bdi": did you mean "nexmark.Bid"?`,
		"orders":      `unknown stream "orders": did you mean "orders.Order"?`,
		"nothing":     `unknown stream "nothing": there are nexmark.Person, nexmark.Auction,`,
	} {
		if _, err := streams.Get(name); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("Get(%q): got %v, want %s", name, err, want)
		}
	}
}
