// Package protomap says how records of an Avro schema travel in protobuf, whoever writes them: generated code or a
// message made from a descriptor at run time.
//
// The rules, for proto3. Fields are numbered from 1 in schema order.
//
//	boolean bool    int int32    long int64    float float    double double    string string
//	bytes and fixed bytes    enum enum, numbered from 0 in order of symbols    record message
//	array repeated    map map<string, V>    both also if nullable, null then being empty
//	union of null and one other branch: optional
//	any other union: a oneof of its branches other than null, with consecutive numbers
//	null: nothing, but its number is taken; a union without branches, of which there is no value: nothing
//
// Where protobuf wants a single value (an element, a map's value, a member of a oneof) and the schema has a union, an
// array, a map or null, there is a message of its own around it, a wrapper, with fields numbered from 1.
//
// Int and long are plain varints, so that negative ones take ten bytes. A record is always present, even if it is all
// zero; any other plain field is absent when it is zero.
package protomap

import "github.com/wirecost/wirecost/schemas"

// A File is the protobuf form of a schema.
type File struct {
	Package  string // of protobuf
	Path     string // that importers would know it by
	Messages []*Message
	Enums    []*Enum
	Root     *Message
}

// A Message is the form of a record or a wrapper.
type Message struct {
	Name   string
	Record *schemas.Node // the definition; nil for a wrapper
	Slots  []Slot        // one for each field of the record, one for a wrapper
}

// An Enum is the form of an enum. Values[i] stands for symbol i and has the number i.
type Enum struct {
	Name   string
	Node   *schemas.Node
	Values []string
}

// A Form says which fields carry the value at one place of a schema.
type Form uint8

const (
	Nothing  Form = iota // no field
	Plain                // one field without presence, or a message
	Optional             // one field with presence
	Repeated             // a list
	Map                  // a map
	OneOf                // one of several fields
)

// A Slot is the form of what one place of a schema holds: of a field, or of the content of a wrapper.
type Slot struct {
	Name   string // of the field or the oneof; "" for Nothing
	Node   *schemas.Node
	Form   Form
	Number int32  // of the field
	Value  Value  // of a Plain or Optional, of the elements of a Repeated, of the values of a Map
	Entry  string // of a Map: the name of the message of its entries, inside the Message
	Cases  []Case // of a OneOf, one for each branch of Node
}

// A Case is the form of a branch of a union. That of null has no name.
type Case struct {
	Name   string
	Number int32
	Value  Value
}

// A Value is the form of a single value.
type Value struct {
	Node    *schemas.Node
	Message *Message // of a record, or the wrapper around Node; nil for scalars
	Enum    *Enum    // of an enum
}

// Collection returns the array or map that s carries, and whether it may be null instead, which then is empty.
func (s *Slot) Collection() (n *schemas.Node, nullable bool) {
	if b, ok := s.Node.Nullable(); ok {
		return b, true
	}
	return s.Node, false
}
