package javatype

import (
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/schemas"
)

// A Line is a line of Flink releases.
type Line uint8

// The lines. What Flink does with a type differs in List and Map only, and in the release of Kryo that it brings.
const (
	Flink2 Line = iota // 2.0 and later, with Kryo 5.6
	Flink1             // 1.20, with Kryo 2.24
)

// A Serializer is what Flink chooses for a type: the classes of its type information and of its serializer, and whether
// that is Kryo.
type Serializer struct {
	Info, Name string
	Kryo       bool
}

var kryo = Serializer{"GenericTypeInfo", "KryoSerializer", true}

// own are the serializers of the classes that have one of their own, whatever is around them.
var own = map[Class]Serializer{
	Boolean: {Info: "BasicTypeInfo", Name: "BooleanSerializer"}, Byte: {Info: "IntegerTypeInfo", Name: "ByteSerializer"},
	Short: {Info: "IntegerTypeInfo", Name: "ShortSerializer"}, Int: {Info: "IntegerTypeInfo", Name: "IntSerializer"},
	Long: {Info: "IntegerTypeInfo", Name: "LongSerializer"}, Float: {Info: "FractionalTypeInfo", Name: "FloatSerializer"},
	Double: {Info: "FractionalTypeInfo", Name: "DoubleSerializer"}, String: {Info: "BasicTypeInfo", Name: "StringSerializer"},
	Bytes: {Info: "PrimitiveArrayTypeInfo", Name: "BytePrimitiveArraySerializer"}, Enum: {Info: "EnumTypeInfo", Name: "EnumSerializer"},
	Pojo: {Info: "PojoTypeInfo", Name: "PojoSerializer"}, List: {Info: "NullableListTypeInfo", Name: "NullableSerializer"},
	Map: {Info: "NullableMapTypeInfo", Name: "NullableSerializer"}, Instant: {Info: "BasicTypeInfo", Name: "InstantSerializer"},
	UtilDate: {Info: "BasicTypeInfo", Name: "DateSerializer"}, SQLTimestamp: {Info: "SqlTimeTypeInfo", Name: "SqlTimestampSerializer"},
	BigDecimal: {Info: "BasicTypeInfo", Name: "BigDecSerializer"}, Void: {Info: "BasicTypeInfo", Name: "VoidSerializer"},
}

// primitiveArrays are the beginnings of the names of the serializers of primitive arrays.
var primitiveArrays = [...]string{Boolean: "Boolean", Byte: "Byte", Short: "Short", Int: "Int", Long: "Long", Float: "Float", Double: "Double"}

// An Extractor is Flink's TypeExtractor at some place in a record. The zero Extractor is that of 2.x at the root.
type Extractor struct {
	Line Line
	// open are the records that the extractor is inside of, outer those that the extractors around it are: the type
	// arguments of a collection are analysed by a fresh one.
	open, outer []*Record
}

// Choose returns the serializer of t. The error is of types that Flink 2.x cannot analyse at all.
func (x Extractor) Choose(t *Type) (Serializer, error) {
	switch t.Class {
	case List, Map:
		if x.Line == Flink1 || parameterized(t.Elem) {
			return kryo, nil
		}
	case Array:
		return arraySerializer(t.Elem), nil
	case Pojo:
		switch {
		case len(t.Record.Fields) == 0, slices.Contains(x.open, t.Record):
			return kryo, nil
		case slices.Contains(x.outer, t.Record):
			return Serializer{}, fmt.Errorf("%s is inside itself through a List or a Map, which Flink 2.x cannot type (StackOverflowError): %w", t.Name, schemas.ErrUnsupported)
		}
	}
	if s, ok := own[t.Class]; ok {
		return s, nil
	}
	return kryo, nil
}

func arraySerializer(elem *Type) Serializer {
	switch {
	case elem.Primitive():
		return Serializer{Info: "PrimitiveArrayTypeInfo", Name: primitiveArrays[elem.Class] + "PrimitiveArraySerializer"}
	case elem.Class == String:
		return Serializer{Info: "BasicArrayTypeInfo", Name: "StringArraySerializer"}
	case elem.Wrapper():
		return Serializer{Info: "BasicArrayTypeInfo", Name: "GenericArraySerializer"}
	}
	return Serializer{Info: "ObjectArrayTypeInfo", Name: "GenericArraySerializer"}
}

// parameterized reports whether t has type arguments: as the argument of a collection it leaves that to Kryo.
func parameterized(t *Type) bool {
	switch t.Class {
	case List, Map:
		return true
	case Array:
		return parameterized(t.Elem)
	}
	return false
}

// Into returns the extractor of the fields of r.
func (x Extractor) Into(r *Record) Extractor {
	x.open = append(slices.Clip(x.open), r)
	return x
}

// Argument returns the extractor of the type arguments of a collection.
func (x Extractor) Argument() Extractor {
	x.outer = append(slices.Clip(x.outer), x.open...)
	x.open = nil
	return x
}

// Walk calls visit for t, at path, and for each place inside it that Flink gives a serializer of its own. Fields are
// behind dots, elements are [], keys and values {key} and {value}; the root is ".".
func (x Extractor) Walk(path string, t *Type, visit func(path string, t *Type, s Serializer)) error {
	s, err := x.Choose(t)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	visit(path, t, s)
	switch {
	case s.Kryo:
		return nil
	case t.Class == Pojo:
		return x.walkFields(path, t.Record, visit)
	case t.Class == List:
		return x.Argument().Walk(path+"[]", t.Elem, visit)
	case t.Class == Map:
		visit(path+"{key}", key, own[String])
		return x.Argument().Walk(path+"{value}", t.Elem, visit)
	case t.Class == Array && !t.Elem.Primitive():
		return x.Walk(path+"[]", t.Elem, visit)
	}
	return nil
}

// key is the type of a map's keys, which have no place in a record.
var key = &Type{Class: String, branch: -1}

func (x Extractor) walkFields(path string, r *Record, visit func(path string, t *Type, s Serializer)) error {
	path += "."
	if path == ".." {
		path = ""
	}
	for _, f := range r.Fields {
		if err := x.Into(r).Walk(path+f.Name, f.Type, visit); err != nil {
			return err
		}
	}
	return nil
}
