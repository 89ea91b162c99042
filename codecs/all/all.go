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

// Released lists the codecs that only the runtimes of the released Flink have. Their bytes are made here, so that those of Flink are
// compared with something, and their time is nobody's: no command encodes or times them in Go.
var Released = []codecs.Format{
	flinkavro.Specific,
	flinkavro.Reflect,
	protobuf.Kryo,
}

// Find returns the formats that a list of names chooses, in the order of [Formats]. Names are separated by commas and
// may be patterns as of [path.Match]; "all" chooses every format. A name that fits none is an error.
func Find(list string) ([]codecs.Format, error) { return find(list, Formats) }

// FindReleased is Find among [Formats] and, behind them, [Released].
func FindReleased(list string) ([]codecs.Format, error) {
	return find(list, slices.Concat(Formats, Released))
}

func find(list string, among []codecs.Format) ([]codecs.Format, error) {
	chosen := map[string]bool{}
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		found, err := match(name, among)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 && slices.Contains(namesOf(Released), name) {
			return nil, fmt.Errorf("codec %s is timed in the released Flink alone: wirecost run --runtime flink2 --codec %s", name, name)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("unknown codec %q: %s", name, near.Hint(name, namesOf(among)))
		}
		for _, f := range found {
			chosen[f] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(among), func(f codecs.Format) bool { return !chosen[f.Name] }), nil
}

// match returns the names that pattern fits.
func match(pattern string, among []codecs.Format) ([]string, error) {
	if pattern == "all" {
		return namesOf(among), nil
	}
	var found []string
	for _, name := range namesOf(among) {
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
func Names() []string { return namesOf(Formats) }

func namesOf(formats []codecs.Format) []string {
	list := make([]string, len(formats))
	for i, f := range formats {
		list[i] = f.Name
	}
	return list
}
