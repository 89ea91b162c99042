package jvm

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/schemas/protomap"
)

// The codec whose messages a JVM makes of classes that protoc generates, and the one whose bytes they are made of.
const (
	kryoProtobuf = "kryo-protobuf"
	plainMessage = "protobuf-dynamic"
)

// messages are the records of a schema for kryo-protobuf.
type messages struct {
	Protoc  string `json:"protoc"`  // program
	Set     string `json:"set"`     // file with a FileDescriptorSet
	File    string `json:"file"`    // the one in it
	Class   string `json:"class"`   // of the root, in Java
	Records string `json:"records"` // file of messages, each behind its length
}

// javaPackage is that of the generated classes: their names are in no byte.
const javaPackage = "wirecost.messages"

// writeMessages writes the messages of s, and what protoc needs to know, to files whose names begin with path. A schema that
// protobuf cannot carry is an error that is a measure.NotCarried, and a worker without protoc one that is a measure.Unmeasured.
func writeMessages(protoc, path string, formats []codecs.Format, s *harness.Subject) (*messages, error) {
	if _, err := os.Stat(protoc); err != nil {
		return nil, measure.Unmeasured{Err: errNoProtoc}
	}
	i := slices.IndexFunc(formats, func(f codecs.Format) bool { return f.Name == plainMessage })
	if i < 0 {
		return nil, fmt.Errorf("%s needs the codec %s", kryoProtobuf, plainMessage)
	}
	b, err := harness.Bind(formats[i], s)
	if err != nil {
		return nil, err
	}
	of := protomap.Of(s.Schema, "")
	d := of.Descriptor()
	d.Options = &descriptorpb.FileOptions{JavaMultipleFiles: proto.Bool(true), JavaPackage: proto.String(javaPackage)}
	set, err := proto.Marshal(&descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{d}})
	if err != nil {
		return nil, err
	}
	m := &messages{protoc, path + ".set", d.GetName(), javaPackage + "." + of.Root.Name, path + ".messages"}
	var buf []byte
	for _, e := range b.Encoded {
		buf = appendSized(buf, e)
	}
	return m, errors.Join(os.WriteFile(m.Set, set, 0o600), os.WriteFile(m.Records, buf, 0o600))
}

// protocIn is where a build has protoc; beside it, in lib, are the jars of kryo-protobuf.
func protocIn(dir string) string { return filepath.Join(dir, "protobuf", "target", "protoc.exe") }
