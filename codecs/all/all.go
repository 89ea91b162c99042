// Package all lists every codec.
package all

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/avro"
	"github.com/wirecost/wirecost/codecs/cbor"
	flinkavro "github.com/wirecost/wirecost/codecs/flink/avro"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
	"github.com/wirecost/wirecost/codecs/flink/row"
	"github.com/wirecost/wirecost/codecs/flink/rowdata"
	"github.com/wirecost/wirecost/codecs/gob"
	"github.com/wirecost/wirecost/codecs/json"
	"github.com/wirecost/wirecost/codecs/memcpy"
	"github.com/wirecost/wirecost/codecs/msgpack"
	"github.com/wirecost/wirecost/codecs/protobuf"
	"github.com/wirecost/wirecost/internal/near"
)

// Formats lists every codec, in the order reports show them.
var Formats = []codecs.Format{
	memcpy.Format,  // the floor: what the harness itself costs
	avro.Format,    // hamba, bytes as Java writes them
	avro.BlockSize, // hamba with its defaults
	avro.Twmb,
	avro.Generic,    // hamba, map[string]any
	protobuf.Format, // generated
	protobuf.VT,
	protobuf.Dynamic, // from a descriptor, made at run time
	msgpack.Format,
	msgpack.Array,
	msgpack.Msgp, // generated
	cbor.Format,
	json.Format,
	gob.Format,
	gob.Fresh, // types with every record

	// Flink's: 2.x unless the name says flink1, and what is the same in both lines.
	pojo.Format,
	pojo.Flink1,
	kryo.Format,
	kryo.Registered,
	kryo.Flink1,
	kryo.Flink1Registered,
	flinkavro.Format,
	row.Format,
	row.Flink1,
	row.Tuple,
	row.TupleFlink1,
	rowdata.Format,
}

// Find returns the formats that a list of names chooses, in the order of [Formats]. Names are separated by commas and
// may be patterns as of [path.Match]; "all" chooses every format. A name that fits none is an error.
func Find(list string) ([]codecs.Format, error) {
	chosen := map[string]bool{}
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		found, err := match(name)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("unknown codec %q: %s", name, near.Hint(name, Names()))
		}
		for _, f := range found {
			chosen[f] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(Formats), func(f codecs.Format) bool { return !chosen[f.Name] }), nil
}

// match returns the names that pattern fits.
func match(pattern string) ([]string, error) {
	if pattern == "all" {
		return Names(), nil
	}
	var found []string
	for _, name := range Names() {
		ok, err := path.Match(pattern, name)
		if err != nil {
			return nil, fmt.Errorf("codec %q: %w", pattern, err)
		}
		if ok {
			found = append(found, name)
		}
	}
	return found, nil
}

// Names returns the names of all formats, in their order.
func Names() []string {
	list := make([]string, len(Formats))
	for i, f := range Formats {
		list[i] = f.Name
	}
	return list
}
