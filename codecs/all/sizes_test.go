package all

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/streams"
)

// A tally is what sizes.tsv says of a stream in a codec.
type tally struct {
	n, total, least, most int
	squares               float64
}

func (s *tally) add(size int) {
	if s.n == 0 || size < s.least {
		s.least = size
	}
	s.n, s.total, s.most = s.n+1, s.total+size, max(s.most, size)
	s.squares += float64(size) * float64(size)
}

// String returns the columns of sizes.tsv behind the codec.
func (s *tally) String() string {
	mean := float64(s.total) / float64(s.n)
	sd := math.Sqrt(max(s.squares/float64(s.n)-mean*mean, 0))
	return fmt.Sprintf("%d\t%.2f\t%.2f\t%d\t%d", s.total, mean, sd, s.least, s.most)
}

const sizesOf = 20_000 // records of each stream

// TestSizes: every row of sizes.tsv that names a codec.
func TestSizes(t *testing.T) {
	if testing.Short() {
		t.Skip("20000 records of each stream")
	}
	for _, name := range streams.Names() {
		want := readSizes(t, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sizes(name, want)
			if err != nil {
				t.Fatal(err)
			}
			for codec, row := range want {
				if got[codec] != row {
					t.Errorf("%s: got %s, want %s", codec, got[codec], row)
				}
			}
		})
	}
}

// readSizes returns the rows of a stream, by codec. Those in parentheses are no codecs.
func readSizes(t *testing.T, stream string) map[string]string {
	t.Helper()
	f, err := os.Open("../testdata/sizes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	in.Comma = '\t'
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, row := range rows {
		if row[0] == stream && row[1][0] != '(' {
			want[row[1]] = strings.Join(row[2:], "\t")
		}
	}
	if len(want) == 0 {
		t.Fatalf("sizes.tsv has no rows for %s", stream)
	}
	return want
}

// sizes returns the rows that the codecs in want give.
func sizes(stream string, want map[string]string) (map[string]string, error) {
	got := map[string]string{}
	sizers, err := encodeAll(stream, sizesOf, func(f codecs.Format) bool { return want[f.Name] != "" }, nil)
	for _, z := range sizers {
		got[z.name] = z.tally.String()
	}
	return got, err
}

// encodeAll encodes the first n records of a stream with the formats chosen, and calls each, if not nil, after every
// record.
func encodeAll(stream string, n int, chosen func(codecs.Format) bool, each func(i int, sizers []*sizer) error) ([]*sizer, error) {
	s, err := streams.Get(stream)
	if err != nil {
		return nil, err
	}
	plan, err := records.Compile(s, nil)
	if err != nil {
		return nil, err
	}
	sizers, err := newSizers(s, chosen)
	if err != nil {
		return nil, err
	}
	gen, v := plan.Generator(1), plan.Type.New()
	r, err := plan.Type.Ref(v)
	if err != nil {
		return nil, err
	}
	for i := range n {
		gen.Fill(uint64(i), r)
		for _, z := range sizers {
			if err := z.size(v); err != nil {
				return nil, fmt.Errorf("%s: record %d: %w", z.name, i, err)
			}
		}
		if each == nil {
			continue
		}
		if err := each(i, sizers); err != nil {
			return nil, err
		}
	}
	return sizers, nil
}

func newSizers(s *schemas.Schema, chosen func(codecs.Format) bool) ([]*sizer, error) {
	var sizers []*sizer
	for _, f := range Formats {
		if !chosen(f) {
			continue
		}
		z, err := newSizer(f, s)
		if err != nil {
			return nil, err
		}
		sizers = append(sizers, z)
	}
	return sizers, nil
}

// A sizer encodes records and adds up their sizes.
type sizer struct {
	name  string
	pipe  *codecs.Pipe
	buf   []byte // the last encoding
	tally tally
}

func newSizer(f codecs.Format, s *schemas.Schema) (*sizer, error) {
	p, err := codecs.Open(f, s)
	if err != nil {
		return nil, err
	}
	return &sizer{name: f.Name, pipe: p}, nil
}

func (z *sizer) size(v any) (err error) {
	z.buf, err = z.pipe.Encode(v)
	z.tally.add(len(z.buf))
	return err
}

// twins are codecs that write records as long as another of the same format does. Not so msgpack-msgp: it writes 128 as a
// signed integer, which takes a byte more than the unsigned one of msgpack-array.
var twins = map[string]string{
	"avro-twmb": "avro", "avro-generic": "avro", "protobuf-vt": "protobuf", "protobuf-dynamic": "protobuf",
}

func TestTwins(t *testing.T) {
	for _, name := range streams.Names() {
		_, err := encodeAll(name, 500, func(f codecs.Format) bool {
			return twins[f.Name] != "" || f.Name == "avro" || f.Name == "protobuf"
		}, sameLengths)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func sameLengths(i int, sizers []*sizer) error {
	lengths := map[string]int{}
	for _, z := range sizers {
		lengths[z.name] = len(z.buf)
	}
	for _, z := range sizers {
		if as := twins[z.name]; as != "" && lengths[as] != len(z.buf) {
			return fmt.Errorf("record %d: %d bytes in %s, %d in %s", i, len(z.buf), z.name, lengths[as], as)
		}
	}
	return nil
}

func TestTally(t *testing.T) {
	var s tally
	for _, n := range []int{4, 2, 6} {
		s.add(n)
	}
	if got, want := s.String(), strings.Join([]string{strconv.Itoa(12), "4.00", "1.63", "2", "6"}, "\t"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
