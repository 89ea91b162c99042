package protobuf

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

const (
	// maxDepth is how deep messages may nest, as deep as the Go implementation of protobuf lets them.
	maxDepth = protowire.DefaultRecursionLimit
	// maxParts is how many parts a list may come in. An encoder writes one.
	maxParts = 64
	// maxUnseen is how long an input may be that is not looked at for parts: it has 170 at most, which make the Go
	// implementation allocate 116 KB.
	maxUnseen = 512
)

var (
	errDepth = errors.New("messages nest too deep")
	errParts = errors.New("a list comes in too many parts, or a message in more than one")
)

// An outline is what a look at the bytes of a message needs to know: which of its fields are messages, and how often a
// field may stand in it.
type outline struct {
	fields map[protowire.Number]outlined
	counts int // of fields that may not stand as often as they like
}

// An outlined is a field that is a message, or a list of numbers.
type outlined struct {
	message *outline // nil for a list
	most    int      // how often it may stand in a message; 0 means any number
	index   int      // among the counts
}

// outlineOf returns the outline of the messages that d describes. With parts, how often fields stand is limited.
func outlineOf(d protoreflect.MessageDescriptor, parts bool) *outline {
	return outliner{parts, map[protoreflect.FullName]*outline{}}.message(d)
}

// An outliner holds the outlines of messages, finished or not.
type outliner struct {
	parts bool
	done  map[protoreflect.FullName]*outline
}

func (o outliner) message(d protoreflect.MessageDescriptor) *outline {
	if m := o.done[d.FullName()]; m != nil {
		return m
	}
	m := &outline{fields: map[protowire.Number]outlined{}}
	o.done[d.FullName()] = m
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		var out outlined
		if f.Message() != nil {
			out.message = o.message(f.Message())
		}
		if out.most = o.most(f); out.most > 0 {
			out.index = m.counts
			m.counts++
		}
		if out.message != nil || out.most > 0 {
			m.fields[f.Number()] = out
		}
	}
	return m
}

// most returns how often f may stand in a message, 0 for any number.
func (o outliner) most(f protoreflect.FieldDescriptor) int {
	switch {
	case !o.parts:
		return 0
	case f.IsPacked():
		return maxParts
	case f.Message() != nil && f.Cardinality() != protoreflect.Repeated: // its parts, and the lists in them, become one
		return 1
	}
	return 0
}

// hasLists reports whether messages that d describes have lists of numbers.
func hasLists(d protoreflect.MessageDescriptor) bool {
	o := outliner{true, map[protoreflect.FullName]*outline{}}
	o.message(d)
	for _, m := range o.done {
		for _, f := range m.fields {
			if f.message == nil {
				return true
			}
		}
	}
	return false
}

// check reports whether messages in src, one that m outlines, nest deeper than depth, or fields stand in them too often.
func (m *outline) check(src []byte, depth int) error {
	if depth == 0 {
		return errDepth
	}
	var few [16]uint8
	counts := few[:]
	if m.counts > len(few) {
		counts = make([]uint8, m.counts)
	}
	for len(src) > 0 {
		number, typ, n := protowire.ConsumeTag(src)
		if n < 0 {
			return protowire.ParseError(n)
		}
		src = src[n:]
		size := protowire.ConsumeFieldValue(number, typ, src)
		if size < 0 {
			return protowire.ParseError(size)
		}
		if f, ok := m.fields[number]; ok && typ == protowire.BytesType {
			if err := f.check(src, counts, depth); err != nil {
				return err
			}
		}
		src = src[size:]
	}
	return nil
}

// check counts f, whose value src begins with, and looks into it if it is a message.
func (f outlined) check(src []byte, counts []uint8, depth int) error {
	if f.most > 0 {
		if counts[f.index]++; int(counts[f.index]) > f.most {
			return errParts
		}
	}
	if f.message == nil {
		return nil
	}
	inner, _ := protowire.ConsumeBytes(src)
	return f.message.check(inner, depth-1)
}
