package codegen

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/bufbuild/protocompile"
	_ "github.com/planetscale/vtprotobuf/features/marshal" // adds itself to the generator
	_ "github.com/planetscale/vtprotobuf/features/size"
	_ "github.com/planetscale/vtprotobuf/features/unmarshal"
	vtgenerator "github.com/planetscale/vtprotobuf/generator"
	"google.golang.org/protobuf/cmd/protoc-gen-go/internal_gengo"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

// compile returns the descriptor of .proto text.
func compile(path string, text []byte) (*descriptorpb.FileDescriptorProto, error) {
	sources := protocompile.SourceAccessorFromMap(map[string]string{path: string(text)})
	c := protocompile.Compiler{Resolver: &protocompile.SourceResolver{Accessor: sources}}
	files, err := c.Compile(context.Background(), path)
	if err != nil {
		return nil, err
	}
	return protodesc.ToFileDescriptorProto(files[0]), nil
}

// plugin returns what the generators of protobuf code work on.
func plugin(d *descriptorpb.FileDescriptorProto) (*protogen.Plugin, error) {
	return protogen.Options{}.New(&pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{d.GetName()},
		Parameter:      proto.String("paths=source_relative,default_api_level=API_OPEN"),
		ProtoFile:      []*descriptorpb.FileDescriptorProto{d},
	})
}

// generatePB returns the code of protoc-gen-go and of vtprotobuf for the file of gen.
func generatePB(gen *protogen.Plugin) (messages, vt []byte, err error) {
	vtgen, err := vtgenerator.NewGenerator(gen, []string{"marshal", "size", "unmarshal"}, &vtgenerator.Config{AllowEmpty: true})
	if err != nil {
		return nil, nil, err
	}
	gen.SupportedFeatures = internal_gengo.SupportedFeatures
	gen.SupportedEditionsMinimum = internal_gengo.SupportedEditionsMinimum
	gen.SupportedEditionsMaximum = internal_gengo.SupportedEditionsMaximum
	internal_gengo.GenerateFile(gen, gen.Files[0])
	vtgen.Generate()
	resp := gen.Response()
	if resp.Error != nil {
		return nil, nil, errors.New(resp.GetError())
	}
	for _, f := range resp.File {
		if text := []byte(f.GetContent()); strings.HasSuffix(f.GetName(), "_vtproto.pb.go") {
			vt = withoutVersion(text)
		} else {
			messages = text
		}
	}
	return messages, vt, nil
}

// withoutVersion takes out the line in which vtprotobuf's generator gives the version of the program it is part of: that
// differs between go run and go test.
func withoutVersion(text []byte) []byte {
	const line = "// protoc-gen-go-vtproto version:"
	if i := bytes.Index(text, []byte(line)); i >= 0 {
		end := i + bytes.IndexByte(text[i:], '\n') + 1
		return append(text[:i:i], text[end:]...)
	}
	return text
}
