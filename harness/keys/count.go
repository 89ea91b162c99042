package keys

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas/access"
)

// longest is how long a key may be on its line, in bytes.
const longest = 1 << 20

// A counted is a key that was met.
type counted struct {
	text  string
	hash  int32
	count int
	line  int // on which it was met first
}

// A counter counts keys by their text.
type counter struct {
	keys  []counted // in the order in which they were met
	index map[string]int
	n     int // records
}

// add counts a key, and returns where it stands if it is new, otherwise -1. The counter does not retain text.
func (c *counter) add(text []byte, count int) (int, error) {
	c.n += count
	if i, ok := c.index[string(text)]; ok {
		c.keys[i].count += count
		return -1, nil
	}
	i := len(c.keys)
	if i == Most {
		return -1, fmt.Errorf("more than %d distinct keys: a sample of the records has enough", Most)
	}
	if c.index == nil {
		c.index = map[string]int{}
	}
	s := string(text)
	c.keys, c.index[s] = append(c.keys, counted{text: s, count: count}), i
	return i, nil
}

// result returns what was counted.
func (c *counter) result(name, class string) *Keys {
	keys := c.keys
	return &Keys{
		Name: name, Type: class, N: len(keys), Records: c.n,
		hash:   func(i int) int32 { return keys[i].hash },
		weight: func(i int) float64 { return float64(keys[i].count) },
		text:   func(i int) string { return keys[i].text },
	}
}

// Read counts the keys of a file, one a line, of type t; nil means long if every line is an integer as one writes it, and
// string otherwise. What it returns says which. Errors name the line.
func Read(name string, r io.Reader, t *Type) (*Keys, error) {
	c, err := readLines(r)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	doc := ""
	if t == nil {
		long, text := &Types[0], &Types[2]
		if t, doc = long, "every line is an integer"; !c.integers() {
			t, doc = text, "not every line is an integer"
		}
	}
	typed, err := c.as(t)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	k := typed.result(name, t.Java)
	k.Doc = doc
	return k, nil
}

// readLines counts lines.
func readLines(r io.Reader) (*counter, error) {
	c := &counter{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longest)
	n := 0
	for lines.Scan() {
		line := lines.Bytes()
		if n++; n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff")) // an editor's mark
		}
		if !utf8.Valid(line) {
			return nil, fmt.Errorf("%d: the key is no UTF-8", n)
		}
		i, err := c.add(line, 1)
		if err != nil {
			return nil, fmt.Errorf("%d: %w", n, err)
		}
		if i >= 0 {
			c.keys[i].line = n
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%d: a key longer than %d bytes", n+1, longest)
	case err != nil:
		return nil, fmt.Errorf("%d: %w", n+1, err)
	case n == 0:
		return nil, errors.New(" no keys: there is no line")
	}
	return c, nil
}

// integers reports whether every key is written as a long writes itself.
func (c *counter) integers() bool {
	for _, k := range c.keys {
		v, err := strconv.ParseInt(k.text, 10, 64)
		if err != nil || strconv.FormatInt(v, 10) != k.text {
			return false
		}
	}
	return true
}

// as returns the keys that the texts of c are, read as a type: several texts may be one key.
func (c *counter) as(t *Type) (*counter, error) {
	out := &counter{}
	for _, k := range c.keys {
		key, hash, err := t.parse(k.text)
		if err != nil {
			return nil, fmt.Errorf("%d: %w", k.line, err)
		}
		i, err := out.add([]byte(key), k.count)
		if err != nil {
			return nil, fmt.Errorf("%d: %w", k.line, err)
		}
		if i >= 0 {
			out.keys[i].hash = hash
		}
	}
	return out, nil
}

// OfPlan counts the keys of the first n records of a plan. None is null, which Flink refuses when it runs.
func OfPlan(plan *records.Source, paths []string, seed, n uint64) (*Keys, error) {
	plan, err := plan.Keyed(paths)
	if err != nil {
		return nil, err
	}
	gen := plan.Generator(seed)
	return OfRecords(plan.Type, paths, func(yield func(any, error) bool) {
		for i := range n {
			if !yield(gen.New(i), nil) {
				return
			}
		}
	})
}

// OfRecords counts the keys of records, structs of type t: what stands at the paths. It is the place for any source of
// records. An error of the source ends it, and so does a record without a key, which Flink refuses, too.
func OfRecords(t *access.Type, paths []string, list iter.Seq2[any, error]) (*Keys, error) {
	keyer, err := state.NewKeyer(t, javatype.Flink2, paths)
	if err != nil {
		return nil, err
	}
	values := make([]func(access.Ref) (access.Value, error), len(paths))
	for i, path := range paths {
		if values[i], err = access.Getter(t, path); err != nil {
			return nil, err
		}
	}
	c := &counter{}
	var text []byte
	for record, err := range list {
		if err != nil {
			return nil, err
		}
		_, hash, err := keyer.Key(record)
		if err == nil {
			text, err = appendText(text[:0], t, record, values)
		}
		at := 0
		if err == nil {
			at, err = c.add(text, 1)
		}
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", c.n, err)
		}
		if at >= 0 {
			c.keys[at].hash = hash
		}
	}
	if c.n == 0 {
		return nil, errors.New("no records: there are no keys")
	}
	return c.result(strings.Join(paths, ","), keyer.JavaNames()), nil
}

// appendText appends what stands in a record, for people.
func appendText(dst []byte, t *access.Type, record any, values []func(access.Ref) (access.Value, error)) ([]byte, error) {
	r, err := t.Ref(record)
	if err != nil {
		return dst, err
	}
	for i, value := range values {
		v, err := value(r)
		if err != nil {
			return dst, err
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, access.ScalarText(v.Node, v.Num, v.Text)...)
	}
	return dst, nil
}
