package codecs

import (
	"fmt"
	"strings"
)

// A Dissector is a codec that tells what each byte of an encoding is for. It is slow, and reads a format on its own, beside
// Decode: the two are compared in tests.
type Dissector interface {
	// Dissect cuts src, the encoding of one record, into parts: in order, without gaps, to its end. The error is of
	// bytes that Decode refuses, too; the parts before it are returned.
	Dissect(src []byte) ([]Part, error)
}

// A Part is a run of bytes of an encoding.
type Part struct {
	Begin, End int
	Path       string // of the value that the bytes belong to: outer.inner, list[2], map{key}; "" is the record itself
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

// A Cutter cuts an encoding into parts.
type Cutter struct {
	Parts []Part
	at    int
	path  []string
}

// At returns where the next part begins.
func (c *Cutter) At() int { return c.at }

// Cut adds the bytes up to end. There may be none, and then there is no part.
func (c *Cutter) Cut(end int, role Role, text string) {
	if end <= c.at {
		return
	}
	c.Parts = append(c.Parts, Part{c.at, end, strings.TrimPrefix(strings.Join(c.path, ""), "."), role, text})
	c.at = end
}

// Field makes f cut the value of a field of the record at the present path.
func (c *Cutter) Field(name string, f func() error) error { return c.in("."+name, f) }

// Element makes f cut element i of the list at the present path.
func (c *Cutter) Element(i int, f func() error) error { return c.in(fmt.Sprintf("[%d]", i), f) }

// Entry makes f cut an entry of the map at the present path.
func (c *Cutter) Entry(key string, f func() error) error { return c.in("{"+key+"}", f) }

func (c *Cutter) in(step string, f func() error) error {
	c.path = append(c.path, step)
	err := f()
	c.path = c.path[:len(c.path)-1]
	return err
}
