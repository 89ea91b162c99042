// Package infer makes an Avro schema of JSON lines whose schema nobody wrote down: a draft, to be looked at, by which the same
// lines are read.
//
// The rules, for all values at one path: numbers without a fraction are an int or a long, others a double; integers that all lie
// between the years 1990 and 2100 in milliseconds, microseconds or nanoseconds are a timestamp; texts are an enum if there are
// few different ones that are often there and can be symbols, and else a string, which may be a uuid; objects are a record, or a
// map where they have many different keys, or one that is no name in Avro. What is null or left out somewhere is a union with
// null; values of several types are a union of these. The doc of each field says what was seen. Memory is bounded: by the
// number of different paths, which is.
package infer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"time"
)

const (
	mostShapes  = 20000 // paths
	mostKeys    = 256   // of a record: an object with more different ones is a map
	mostSymbols = 16    // of an enum
	mostSymbol  = 40    // characters of one
	perSymbol   = 10    // how often each symbol of an enum is there, at least and on average
)

// A Draft is what is known of some records.
type Draft struct {
	root   shape
	shapes int
}

// A shape is what is known of the values at one path.
type shape struct {
	nulls, booleans, integers, floats, texts, objects, arrays int

	least, most int64          // of integers
	symbols     map[string]int // different texts, nil if they are too many
	uuids       int            // texts that are one
	times       map[string]int // texts by the format that they are a time in
	first       time.Time      // the least of these
	keys        []*key         // of objects, in the order in which they were met
	index       map[string]*key
	values      *shape // of objects that are a map
	items       *shape // of arrays
}

// A key is one of an object.
type key struct {
	name  string
	count int // objects that have it
	shape shape
}

// Records returns how many records d has seen.
func (d *Draft) Records() int { return d.root.objects }

// Add takes a record, a JSON object.
func (d *Draft) Add(line []byte) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	tok, err := dec.Token()
	if err != nil {
		return ended(err)
	}
	if tok != json.Delim('{') {
		return fmt.Errorf("%.40s is no object: there is one on each line", bytes.TrimSpace(line))
	}
	r := reader{d, dec}
	if err := r.object(&d.root, true); err != nil {
		return ended(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("there is text behind the object")
	}
	return nil
}

// ended says of the end of a text that it is too early.
func ended(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the line ends within its object")
	}
	return err
}

// A reader reads the values of a line.
type reader struct {
	*Draft
	dec *json.Decoder
}

// value takes the next value.
func (r reader) value(s *shape) error {
	tok, err := r.dec.Token()
	if err != nil {
		return err
	}
	switch v := tok.(type) {
	case nil:
		s.nulls++
	case bool:
		s.booleans++
	case json.Number:
		s.number(string(v))
	case string:
		s.text(v)
	case json.Delim:
		if v == '{' {
			return r.object(s, false)
		}
		return r.array(s)
	}
	return nil
}

func (s *shape) number(text string) {
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		s.floats++
		return
	}
	if s.integers == 0 {
		s.least, s.most = v, v
	}
	s.integers++
	s.least, s.most = min(s.least, v), max(s.most, v)
}

// formats are those of texts that are times, as profiles name them.
var formats = []struct{ name, layout string }{
	{"rfc3339", "2006-01-02T15:04:05.000Z"}, {"rfc3339s", "2006-01-02T15:04:05Z"}, {"date", "2006-01-02"},
}

// isUUID is the canonical form, which is the one that the logical type has.
var isUUID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

func (s *shape) text(v string) {
	if s.texts == 0 {
		s.symbols, s.times = map[string]int{}, map[string]int{}
	}
	s.texts++
	if s.symbols != nil {
		s.symbols[v]++
		if len(s.symbols) > mostSymbols || len(v) > mostSymbol {
			s.symbols = nil
		}
	}
	if isUUID.MatchString(v) {
		s.uuids++
		return
	}
	for _, f := range formats {
		if len(v) != len(f.layout) {
			continue
		}
		if t, err := time.Parse(f.layout, v); err == nil {
			if len(s.times) == 0 || t.Before(s.first) {
				s.first = t
			}
			s.times[f.name]++
		}
	}
}

func (r reader) array(s *shape) error {
	s.arrays++
	if s.items == nil {
		s.items = &shape{}
		r.shapes++
	}
	for r.dec.More() {
		if err := r.value(s.items); err != nil {
			return err
		}
	}
	_, err := r.dec.Token()
	return err
}

// object takes an object whose brace has been read.
func (r reader) object(s *shape, root bool) error {
	s.objects++
	for r.dec.More() {
		tok, err := r.dec.Token()
		if err != nil {
			return err
		}
		in, err := r.member(s, tok.(string), root)
		if err != nil {
			return err
		}
		if err := r.value(in); err != nil {
			return err
		}
	}
	_, err := r.dec.Token()
	return err
}

// member returns the shape of the values of a key.
func (r reader) member(s *shape, name string, root bool) (*shape, error) {
	if s.values != nil {
		return s.values, nil
	}
	k := s.index[name]
	if k == nil {
		named := isName.MatchString(name)
		switch {
		case root && !named:
			return nil, fmt.Errorf("key %q is no name in Avro, which has letters, digits and _ alone: rename it on the way, as "+
				`jq -c 'with_entries(.key |= gsub("[^A-Za-z0-9_]"; "_"))' does`, name)
		case root && len(s.keys) == mostKeys:
			return nil, fmt.Errorf("key %q is one too many: the records have more than %d different ones", name, mostKeys)
		case !named || len(s.keys) == mostKeys:
			r.toMap(s)
			return s.values, nil
		case r.shapes == mostShapes:
			return nil, fmt.Errorf("key %q is one too many: there are more than %d paths", name, mostShapes)
		}
		k = &key{name: name}
		if s.index == nil {
			s.index = map[string]*key{}
		}
		s.index[name], s.keys = k, append(s.keys, k)
		r.shapes++
	}
	k.count++
	return &k.shape, nil
}

// isName is a name in Avro.
var isName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// toMap makes one shape of those of all keys of s.
func (d *Draft) toMap(s *shape) {
	s.values = &shape{}
	for _, k := range s.keys {
		s.values.join(&k.shape)
	}
	d.shapes -= len(s.keys) - 1
	s.keys, s.index = nil, nil
}

// join adds what o knows to s.
func (s *shape) join(o *shape) {
	if o.integers > 0 {
		if s.integers == 0 {
			s.least, s.most = o.least, o.most
		}
		s.least, s.most = min(s.least, o.least), max(s.most, o.most)
	}
	if o.texts > 0 {
		s.joinTexts(o)
	}
	s.nulls, s.booleans, s.integers, s.floats = s.nulls+o.nulls, s.booleans+o.booleans, s.integers+o.integers, s.floats+o.floats
	s.texts, s.objects, s.arrays, s.uuids = s.texts+o.texts, s.objects+o.objects, s.arrays+o.arrays, s.uuids+o.uuids
	if o.items != nil {
		if s.items == nil {
			s.items = &shape{}
		}
		s.items.join(o.items)
	}
	switch {
	case o.values != nil && s.values == nil:
		v := &shape{}
		for _, k := range s.keys {
			v.join(&k.shape)
		}
		s.values, s.keys, s.index = v, nil, nil
		s.values.join(o.values)
	case o.values != nil:
		s.values.join(o.values)
	default:
		s.joinKeys(o)
	}
}

func (s *shape) joinTexts(o *shape) {
	if s.texts == 0 {
		s.symbols, s.times, s.first = map[string]int{}, map[string]int{}, o.first
	}
	if o.first.Before(s.first) {
		s.first = o.first
	}
	for name, n := range o.times {
		s.times[name] += n
	}
	for v, n := range o.symbols {
		if s.symbols != nil {
			s.symbols[v] += n
		}
	}
	if o.symbols == nil || len(s.symbols) > mostSymbols {
		s.symbols = nil
	}
}

func (s *shape) joinKeys(o *shape) {
	for _, k := range o.keys {
		if s.values != nil {
			s.values.join(&k.shape)
			continue
		}
		if s.index == nil {
			s.index = map[string]*key{}
		}
		have := s.index[k.name]
		if have == nil {
			have = &key{name: k.name}
			s.index[k.name], s.keys = have, append(s.keys, have)
		}
		have.count += k.count
		have.shape.join(&k.shape)
	}
}

// isMap reports whether objects are a map rather than a record: they have many different keys, of which each has few.
func (s *shape) isMap() bool {
	const many, full = 8, 0.3
	if s.values != nil || len(s.keys) == 0 {
		return true
	}
	held := 0
	for _, k := range s.keys {
		held += k.count
	}
	return len(s.keys) >= many && float64(held) < full*float64(len(s.keys))*float64(s.objects)
}

// isEnum reports whether texts are one of a few symbols.
func (s *shape) isEnum() bool {
	if len(s.symbols) == 0 || s.texts < perSymbol*len(s.symbols) {
		return false
	}
	for v := range s.symbols {
		if !isName.MatchString(v) {
			return false
		}
	}
	return true
}

// Units of timestamps, and how many there are in a second.
var units = []struct {
	logical string
	per     float64
}{{"timestamp-millis", 1e3}, {"timestamp-micros", 1e6}, {"timestamp-nanos", 1e9}}

// timestamp returns the logical type of integers that are all times, "" if they are not.
func (s *shape) timestamp() string {
	from, to := float64(time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).Unix()), float64(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
	for _, u := range units {
		if float64(s.least) >= from*u.per && float64(s.most) <= to*u.per {
			return u.logical
		}
	}
	return ""
}

// isInt reports whether integers are of 32 bits.
func (s *shape) isInt() bool { return s.least >= math.MinInt32 && s.most <= math.MaxInt32 }
