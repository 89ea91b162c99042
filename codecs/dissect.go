package codecs

import (
	"errors"
	"fmt"
	"strings"
)

// A Dissector is a codec that tells what each byte of an encoding is for. It is slow, and reads a format on its own, beside
// Decode: the two are compared in tests.
type Dissector interface {
	// Dissect cuts src, the encoding of one record, into parts: in order, without gaps, to its end. The error is of
	// bytes that Decode refuses, too, or ErrDeep; the parts before it are returned.
	Dissect(src []byte) ([]Part, error)
}

// A Part is a run of bytes of an encoding.
type Part struct {
	Begin, End int
	Path       string // of the value that the bytes belong to: outer.inner, list[2], map{colour}; "" is the record itself
	Field      string // the same without numbers and keys: list[], map{value}, and map{key} for what belongs to a key
	Role       Role
	Text       string // what the bytes say: a value as JSON has it, a class, a number of elements
}

// A Role is what bytes are for. All but Value are overhead.
type Role string

// The roles.
const (
	Value     Role = "value"
	Flag      Role = "flag"       // which form follows: a subclass, a reference, a branch of a union, a row kind
	Null      Role = "null"       // whether there is a value
	ClassName Role = "class name" // which class a value has, by name or by number
	FieldName Role = "field name" // which field a value is of, by name or by number
	Length    Role = "length"     // of what follows: in bytes, characters or elements
	Layout    Role = "layout"     // offsets, padding, separators
)

// ErrDeep is returned by Dissect for values that nest so deep that the path of each would be long.
var ErrDeep = errors.New("nested too deep to dissect")

const (
	maxPath = 2000 // bytes of a path and a field: each part has both, so that deep records would take the square of their length
	maxKey  = 40   // bytes of a map's key in a path
)

// A Cutter cuts an encoding into parts.
type Cutter struct {
	Parts []Part
	at    int
	path  string
	field string
}

// At returns where the next part begins.
func (c *Cutter) At() int { return c.at }

// Cut adds the bytes up to end. There may be none, and then there is no part.
func (c *Cutter) Cut(end int, role Role, text string) {
	if end <= c.at {
		return
	}
	c.Parts = append(c.Parts, Part{c.at, end, c.path, c.field, role, text})
	c.at = end
}

// Field makes f cut the value of a field of the record at the present path.
func (c *Cutter) Field(name string, f func() error) error {
	if c.path != "" {
		name = "." + name
	}
	return c.in(name, name, f)
}

// Element makes f cut element i of the list at the present path.
func (c *Cutter) Element(i int, f func() error) error { return c.in(fmt.Sprintf("[%d]", i), "[]", f) }

// Key makes f cut a key of the map at the present path, which is not known before.
func (c *Cutter) Key(f func() error) error { return c.in("{}", "{key}", f) }

// Entry makes f cut the value that a key of the map at the present path has. The path has a part of a long key.
func (c *Cutter) Entry(key string, f func() error) error {
	if len(key) > maxKey {
		key = strings.ToValidUTF8(key[:maxKey], "") + "..."
	}
	return c.in("{"+key+"}", "{value}", f)
}

func (c *Cutter) in(step, field string, f func() error) error {
	if len(c.path)+len(step)+len(c.field)+len(field) > maxPath {
		return ErrDeep
	}
	path, around := c.path, c.field
	c.path, c.field = path+step, around+field
	err := f()
	c.path, c.field = path, around
	return err
}

// Done returns what Dissect returns for n bytes, of which the parts were cut until err.
func (c *Cutter) Done(n int, err error) ([]Part, error) {
	if err == nil && c.at < n {
		err = ErrTrailing
	}
	if err != nil {
		err = fmt.Errorf("byte %d: %w", c.at, err)
	}
	return c.Parts, err
}
